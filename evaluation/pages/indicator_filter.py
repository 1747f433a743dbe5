"""What can be asked of the list of indicators: all of it is in the address."""

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef

from committee.models import Version
from conventions.models import Objective, Organisation, Standing, Theme
from evaluation.models import Indicator, Kind

AGREED, DISCUSSED, WITHDRAWN, DRAFTED = "en-vigueur", "en-discussion", "retire", "brouillon"
STATES = [(AGREED, "En vigueur"), (DISCUSSED, "En discussion"), (WITHDRAWN, "Retiré")]
STANDINGS = {
    AGREED: Standing.IN_FORCE, WITHDRAWN: Standing.WITHDRAWN, DRAFTED: Standing.DRAFT
}  # fmt: skip


class IndicatorFilter(django_filters.FilterSet):
    """Indicators by words, theme, kind, provider, state of agreement; those of one objective.

    ``with_drafts``: whether the person who asks may see drafts, and so ask for them.
    """

    mots = django_filters.CharFilter(
        label="Mots",
        method="by_words",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
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
        # No person types a NUL, no database takes one.
        super().__init__({name: data[name].replace("\0", "") for name in data}, **kwargs)
        listed = Indicator.objects.of(convention)
        theme, provider = self.filters["thematique"], self.filters["fournisseur"]
        theme.label = convention.words.theme.title
        theme.queryset = Theme.objects.filter(pk__in=listed.values("theme")).select_related("axis")
        provider.queryset = Organisation.objects.filter(pk__in=listed.values("provider"))
        self.filters["objectif"].queryset = Objective.objects.of(convention)
        drafts = [(DRAFTED, "Brouillon")] if with_drafts else []
        self.filters["etat"].extra["choices"] = [*STATES, *drafts]

    @property
    def qs(self):
        return super().qs if self.form.is_valid() else self.queryset.none()

    @property
    def asked(self) -> dict | None:
        """What is asked for, by name; None while something makes no sense."""
        if not self.form.is_valid():
            return None
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def by_words(self, queryset, name, value):
        return queryset.matching(value)

    def by_state(self, queryset, name, value):
        if value == DISCUSSED:
            return queryset.filter(Exists(proposed_versions()))
        return queryset.filter(standing=STANDINGS[value])


def proposed_versions():
    """The version that is discussed of the indicator of an outer query."""
    content_type = ContentType.objects.get_for_model(Indicator)
    return Version.objects.proposed().filter(content_type=content_type, object_id=OuterRef("pk"))
