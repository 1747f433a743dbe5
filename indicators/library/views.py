"""The library as a page and a file; an indicator is offered to it on a page that says what goes
along."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView, TemplateView

from conventions.access.pages import ConventionPage
from conventions.lists import ListFile
from ctg_portal.rules import Refused
from documents.tables import Table
from indicators.definitions.reading import readable_indicators
from indicators.library.entries import THEMES
from indicators.library.page import COLUMNS, LibraryPage
from indicators.library.sharing import may_offer, offer


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
