"""Show public statistics of a convention: what is in use, a file that is loaded, what it
changes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import plural
from documents.turns import TakesFiles
from indicators.collection.mixins import CollectionPage
from indicators.figures.releases import Release
from indicators.statistics import events, rights
from indicators.statistics.forms import AsideForm, LoadForm
from indicators.statistics.page import ReleasePage, SourcesPage
from indicators.statistics.source import sources

# A census comes out three years after its own, and compares the first years of a convention.
YEARS_BEFORE = 5


class SourcesView(CollectionPage, TemplateView):
    """Page of the statistics that fill campaigns, their releases, their limits."""

    template_name = "indicators/statistics/sources.html"

    def get_context_data(self, **kwargs):
        """Add the ``page``, with a row for each source."""
        page = SourcesPage(self.convention, self.request.user)
        return super().get_context_data(page=page, **kwargs)


class StatisticsMixin(CollectionPage):
    """A page below that of all sources, with a link back to it."""

    def release_address(self, release: Release) -> str:
        return reverse("indicators:release", args=[self.convention.slug, release.pk])

    def get_context_data(self, **kwargs):
        """Add the address of the list of sources (``back``)."""
        back = reverse("indicators:statistics", args=[self.convention.slug])
        return super().get_context_data(back=back, **kwargs)


class LoadRelease(StatisticsMixin, TakesFiles, FormView):
    """Page that loads a publisher's file as a release, and leads to that."""

    form_class = LoadForm
    template_name = "indicators/statistics/load.html"

    @property
    def refusal(self):
        return rights.may_load(self.request.user, self.convention)

    def refuse_upload(self):
        return self.refusal

    def get_form_kwargs(self):
        """Add the ``years`` to choose from, the latest first: those of the term, and
        ``YEARS_BEFORE`` before."""
        term = self.convention.years(self.today)
        years = list(range(term[-1], term[0] - YEARS_BEFORE - 1, -1))
        return super().get_form_kwargs() | {"years": years}

    def get_initial(self):
        return {"source": self.request.GET.get("source", "")}

    def form_valid(self, form):
        """Load the file and go to its release; a refusal is shown at the file."""
        data = form.cleaned_data
        try:
            release = events.load_release(
                sources()[data["source"]], data["year"], name=data["file"].name,
                content=data["file"].read(), convention=self.convention, by=self.request.user,
            )  # fmt: skip
        except Refused as refused:
            form.add_error("file", refused.refusal.reason)
            return self.form_invalid(form)
        loaded = plural(release.count, "chiffre est chargé,chiffres sont chargés")
        onward = "comparez, puis décidez" if release.is_waiting else "cette édition est en usage"
        messages.success(self.request, f"{loaded} : {onward}.")
        return redirect(self.release_address(release))

    def get_context_data(self, **kwargs):
        return super().get_context_data(refusal=self.refusal, **kwargs)


class ReleaseMixin(StatisticsMixin):
    """A page about one release that the convention may see; 404 for another."""

    def setup(self, request, *args, **kwargs):
        """Find the release among those that the convention sees; else 404."""
        super().setup(request, *args, **kwargs)
        release = get_object_or_404(Release.objects.seen_by(self.convention), pk=kwargs["pk"])
        if release.convention_id:
            # The very object of which the accesses are read already.
            release.convention = self.convention
        self.page = ReleasePage(release, self.convention, request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=self.page, **kwargs)


class ReleaseView(ReleaseMixin, TemplateView):
    """Page of what a release holds and changes; posting puts it in use."""

    template_name = "indicators/statistics/release.html"

    def post(self, request, *args, **kwargs):
        """Put the release in use; raise Refused if the user may not, or it does not wait."""
        release = events.adopt_release(self.page.release, by=request.user)
        messages.success(request, f"L’édition {release.number} est en usage.")
        return redirect(self.release_address(release))


class SetAside(ReleaseMixin, FormView):
    """Page that sets a waiting release aside, with a reason."""

    form_class = AsideForm
    template_name = "indicators/statistics/set_aside.html"

    def form_valid(self, form):
        """Set the release aside and go back to it; a refusal is shown in the form."""
        release = self.page.release
        try:
            enforce(self.page.may_decide)
            events.set_release_aside(release, **form.cleaned_data, by=self.request.user)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, f"L’édition {release.number} est écartée.")
        return redirect(self.release_address(release))

    def get_context_data(self, **kwargs):
        """Add the ``address`` of the release."""
        address = self.release_address(self.page.release)
        return super().get_context_data(address=address, **kwargs)
