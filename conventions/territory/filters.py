"""Filters of the list of communes."""

import django_filters
from django import forms

from conventions.territory.models import Coverage
from conventions.territory.naming import fold_name
from ctg_portal.search.rows import fold


class CoverageFilter(django_filters.FilterSet):
    """Communes by name or INSEE code, by membership of the EPCI, by end of CEJ."""

    nom = django_filters.CharFilter(
        label="Commune, par son nom ou son code Insee",
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
        """Keep communes that the text matches as typed, or with « St » as « Saint »."""
        rows = queryset.with_commune_matching(value)
        spelled = fold_name(value)
        return rows if spelled == fold(value) else rows | queryset.with_commune_matching(spelled)

    def by_cej(self, queryset, name, value):
        """Keep coverages whose CEJ ends on that day, or has no end for « aucune »."""
        if value == "aucune":
            return queryset.filter(cej_end__isnull=True)
        return queryset.filter(cej_end=value)
