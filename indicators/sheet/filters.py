"""What can be asked of the list of indicators: all of it is in the address."""

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef

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
    """Indicators by words, theme, kind, provider, state of agreement; those of one objective.

    ``with_drafts``: whether the person who asks may see drafts, and so ask for them.
    """

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
        """Offer these to choose from on a page that shows the form."""
        if not any(theme.title for theme in themes):
            self.form.fields["thematique"].label = self.words.axis.title
        self.offer("thematique", themes)
        self.offer("fournisseur", providers)

    def by_state(self, queryset, name, value):
        if value == DISCUSSED:
            return queryset.filter(Exists(proposed_versions()))
        return queryset.filter(standing=STANDINGS[value])


def proposed_versions():
    """Return the version that is discussed of the indicator of an outer query."""
    content_type = ContentType.objects.get_for_model(Indicator)
    return Version.objects.proposed().filter(content_type=content_type, object_id=OuterRef("pk"))
