"""Filter sets of the lists: what can be asked is in the address."""

import django_filters
from django import forms

from conventions.models import Coverage


class CoverageFilter(django_filters.FilterSet):
    """Communes by name or INSEE code, by membership of the EPCI, by end of CEJ."""

    nom = django_filters.CharFilter(
        label="Commune",
        method="by_name",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    cej = django_filters.ChoiceFilter(
        label="Fin du contrat enfance jeunesse", method="by_cej", empty_label="Toutes"
    )

    class Meta:
        model = Coverage
        fields: list[str] = []

    def __init__(self, *args, dates, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(day.isoformat(), f"{day:%d/%m/%Y}") for day in dates]
        self.filters["cej"].extra["choices"] = [*choices, ("aucune", "Sans date")]

    def by_name(self, queryset, name, value):
        return queryset.of_communes_matching(value)

    def by_cej(self, queryset, name, value):
        if value == "aucune":
            return queryset.filter(cej_end__isnull=True)
        return queryset.filter(cej_end=value)
