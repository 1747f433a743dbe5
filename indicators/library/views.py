"""The library as a page and a file; several of its entries are taken up together; an indicator is
offered to it on a page that says what goes along."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import FormView, TemplateView

from agreements.commitments.commitment import commitment_of
from committee.pages import CommitteePage
from conventions.access.pages import ConventionPage
from conventions.lists import ListFile
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import in_words
from documents.tables import Table
from indicators.definitions.commitments import IndicatorCommitment
from indicators.definitions.models import Indicator
from indicators.definitions.reading import readable_indicators
from indicators.library.entries import THEMES
from indicators.library.page import COLUMNS, LibraryPage
from indicators.library.sharing import all_entries, may_offer, offer
from indicators.library.taking import Taking, take_up, takings_of


class LibraryFile(ConventionPage, ListFile):
    """File of the entries that the page at the same address lists."""

    name = "bibliotheque-d-indicateurs"

    def tables(self) -> list[Table]:
        library = LibraryPage(self.convention, self.request.user, self.request.GET)
        return [Table.of("Bibliothèque", COLUMNS, library.shelves)]


class LibraryView(ConventionPage, TemplateView):
    """The library of indicators that the convention may take up."""

    template_name = "indicators/library/library.html"

    def get_context_data(self, **kwargs):
        library = LibraryPage(self.convention, self.request.user, self.request.GET)
        return super().get_context_data(library=library, **kwargs)


class TakeUp(CommitteePage, TemplateView):
    """What the ticked entries (``?codes=…``) still ask; they become drafts together, and whoever
    manages the committee goes on to propose them in one dossier."""

    template_name = "indicators/library/take_up.html"

    def takings(self, data=None) -> list[Taking]:
        """Return the ticked entries with their forms, in the order of the library."""
        codes = set(self.request.GET.getlist("codes"))
        entries = [entry for entry in all_entries() if entry.code in codes]
        day = self.convention.reading_day(self.here.today)
        return takings_of(self.convention, entries, day, data)

    def get_context_data(self, **kwargs):
        """Add the ``takings``, none where there is a ``refusal``, and the ``invalid`` ones."""
        refusal = commitment_of(Indicator()).may_draft(self.here.user, self.convention)
        kwargs.setdefault("takings", [] if refusal else self.takings())
        invalid = [taking for taking in kwargs["takings"] if taking.form.errors]
        return super().get_context_data(refusal=refusal, invalid=invalid, **kwargs)

    def post(self, request, *args, **kwargs):
        """Write the drafts; show the forms again where one of them lacks something."""
        takings = self.takings(request.POST)
        valid = [taking.form.is_valid() for taking in takings]
        if not takings or not all(valid):
            return self.render_to_response(self.get_context_data(takings=takings))
        try:
            drafts = take_up(self.convention, takings, by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
            return self.render_to_response(self.get_context_data(takings=takings))
        return self.go_on(drafts)

    def go_on(self, drafts) -> HttpResponse:
        """Go to where the drafts are proposed, or to the indicators for who may not propose."""
        slug = self.convention.slug
        if not self.here.manages:
            written = in_words(len(drafts), "brouillon est écrit,brouillons sont écrits")
            messages.success(self.request, f"{written.capitalize()} : la coordination les propose.")
            return redirect("indicators:indicators", slug)
        asked = {
            "nature": IndicatorCommitment.kind,
            "points": ".".join(str(draft.pk) for draft in drafts),
            "titre": "Nouveaux indicateurs",
        }
        return redirect(f"{reverse('committee:propose_drafts', args=[slug])}?{urlencode(asked)}")


class OfferForm(forms.Form):
    domaine = forms.ChoiceField(label="Domaine de la bibliothèque", choices=THEMES.items())


class OfferIndicator(ConventionPage, FormView):
    """Page that offers a readable indicator to the library, or shows why it may not be."""

    template_name = "indicators/library/offer.html"
    form_class = OfferForm

    def setup(self, request, *args, **kwargs):
        """Find the indicator among those that the user may read; else 404."""
        super().setup(request, *args, **kwargs)
        rows = readable_indicators(self.convention, request.user)
        self.indicator = get_object_or_404(rows, pk=kwargs["pk"])
        self.indicator.convention = self.convention

    def form_valid(self, form):
        """Offer it and go to its page; a refusal is shown in the form."""
        try:
            offer(self.indicator, form.cleaned_data["domaine"], by=self.request.user)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"« {self.indicator.title} » est proposé pour la bibliothèque : l’hébergeur du portail "
            "répondra.",
        )
        return redirect(self.indicator)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            indicator=self.indicator,
            heading=f"Proposer « {self.indicator.title} » pour la bibliothèque",
            button="Proposer pour la bibliothèque",
            back=self.indicator.get_absolute_url(),
            refusal=may_offer(self.request.user, self.indicator),
            **kwargs,
        )
