"""What can be asked of the list of indicators: all of it is in the address."""

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from agreements.models import Version
from conventions.models import Objective, Organisation, Standing, Theme
from ctg_portal.forms.filters import AskedFilterSet, words_filter
from indicators.definitions.models import Indicator, Kind

AGREED, DISCUSSED, WITHDRAWN, DRAFTED = "en-vigueur", "en-discussion", "retire", "brouillon"
STATES = [(AGREED, "En vigueur"), (DISCUSSED, "En discussion"), (WITHDRAWN, "Retiré")]
STANDINGS = {
    AGREED: Standing.IN_FORCE, WITHDRAWN: Standing.WITHDRAWN, DRAFTED: Standing.DRAFT
}  # fmt: skip


class IndicatorFilter(AskedFilterSet):
    """Filter of indicators by words, theme, kind, provider, state of agreement, objective.
    ``with_drafts``: whether drafts may be asked for."""

    mots = words_filter()
    thematique = django_filters.ModelChoiceFilter(
        field_name="theme", queryset=Theme.objects.none(), empty_label="Tout"
    )
    nature = django_filters.ChoiceFilter(
        label="Nature", field_name="kind", choices=Kind.choices, empty_label="Toutes"
    )
    fournisseur = django_filters.ModelChoiceFilter(
        label="Fournisseur", field_name="provider", queryset=Organisation.objects.none(),
        empty_label="Tous",
    )  # fmt: skip
    etat = django_filters.ChoiceFilter(label="Accord", method="by_state", empty_label="Tous")
    objectif = django_filters.ModelChoiceFilter(
        field_name="objectives", queryset=Objective.objects.none(), widget=forms.HiddenInput
    )

    class Meta:
        model = Indicator
        fields: list[str] = []

    def __init__(self, data, *, convention, with_drafts: bool, **kwargs):
        super().__init__(data, **kwargs)
        self.words = convention.words
        listed = Indicator.objects.of(convention)
        theme, provider = self.filters["thematique"], self.filters["fournisseur"]
        theme.label = self.words.theme.title
        theme.queryset = Theme.objects.filter(pk__in=listed.values("theme")).select_related("axis")
        provider.queryset = Organisation.objects.filter(pk__in=listed.values("provider"))
        self.filters["objectif"].queryset = Objective.objects.of(convention)
        drafts = [(DRAFTED, "Brouillon")] if with_drafts else []
        self.filters["etat"].extra["choices"] = [*STATES, *drafts]

    def offer_all(self, themes: list[Theme], providers: list[Organisation]) -> None:
        """Fill the choices of theme and provider for a page that shows the form, without a query;
        call the theme field « axe » where no theme has a title."""
        if not any(theme.title for theme in themes):
            self.form.fields["thematique"].label = self.words.axis.title
        self.offer("thematique", themes)
        self.offer("fournisseur", providers)

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep indicators of this state; « en discussion »: any with a proposed version."""
        if value == DISCUSSED:
            return queryset.filter(Exists(proposed_versions()))
        return queryset.filter(standing=STANDINGS[value])


def proposed_versions() -> QuerySet:
    """Return the proposed versions of the indicator of an outer query (``OuterRef("pk")``)."""
    content_type = ContentType.objects.get_for_model(Indicator)
    return Version.objects.proposed().filter(content_type=content_type, object_id=OuterRef("pk"))
