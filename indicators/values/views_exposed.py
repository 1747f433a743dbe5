"""Show to their provider small counts that were read before they would be masked."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.generic import TemplateView

from indicators.collection.mixins import CollectionPage
from indicators.values.exposed import exposed_figures, note_exposed


class ExposedFigures(CollectionPage, TemplateView):
    """List the small counts that everybody could read before a secrecy rule came, for the people
    of their provider, until they are acknowledged."""

    template_name = "indicators/values/exposed.html"

    def get_context_data(self, **kwargs):
        """Add ``figures``: the exposed figures that the person's organisations provide and have not
        acknowledged, the last year first."""
        figures = exposed_figures(self.convention, self.contributor)
        return super().get_context_data(figures=figures, **kwargs)

    def post(self, request, *args, **kwargs):
        """Acknowledge all of them for the person's organisations, so that they are listed no more,
        and redirect to the dashboard."""
        note_exposed(self.convention, self.contributor)
        messages.success(request, "C’est noté.")
        return redirect("conventions:dashboard", self.convention.slug)
