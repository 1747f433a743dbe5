"""The page where a file of organisations and people is brought in."""

from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from conventions.directory.importing import ImportOfOrganisations
from conventions.directory.views import DirectoryPage
from ctg_portal.rules import Refused
from documents.turns import one_at_a_time
from spreadsheets.forms import BringForm
from spreadsheets.importing import events
from spreadsheets.models import Import


@method_decorator(one_at_a_time, name="post")
class BringOrganisations(DirectoryPage, FormView):
    """Take a file for its preview; list the files that were brought before."""

    form_class = BringForm
    template_name = "conventions/directory/bring.html"

    def form_valid(self, form):
        """Store the file for its preview and go there; show the form again where it is refused."""
        name, upload = ImportOfOrganisations.name, form.cleaned_data["table"]
        try:
            row = events.bring(name, self.convention.slug, upload, by=self.request.user)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        return redirect(row)

    def get_context_data(self, **kwargs):
        """Return the form and the last twenty files that this person has brought."""
        brought = Import.objects.of(ImportOfOrganisations.name, self.convention.slug)
        return super().get_context_data(
            brought=brought.brought_by(self.request.user)[:20], **kwargs
        )
