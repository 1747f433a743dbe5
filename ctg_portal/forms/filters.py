"""Filters of lists: what is asked for stands in the address of the page."""

from collections.abc import Iterable
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Model
from django.http import QueryDict


class AskedFilterSet(django_filters.FilterSet):
    """A filter whose ``qs`` is empty while something that is asked makes no sense."""

    def __init__(self, data, **kwargs):
        # No person types a NUL, no database takes one, no page may hold one.
        clean = QueryDict(mutable=True)
        for name in data or {}:
            values = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
            clean.setlist(name, [value.replace("\0", "") for value in values])
        super().__init__(clean, **kwargs)

    @property
    def qs(self):
        return super().qs if self.form.is_valid() else self.queryset.none()

    @property
    def asked(self) -> dict | None:
        """The values of the filters that were given, by name; None while one of them is invalid."""
        if not self.form.is_valid():
            return None
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """All filters as a query string, invalid ones too."""
        pairs = [
            (name, value) for name in self.filters for value in self.data.getlist(name) if value
        ]
        return urlencode(pairs)

    def offer(self, name: str, rows: Iterable[Model]) -> None:
        """Let the field ``name`` offer these rows, which were read already, without a query."""
        field = self.form.fields[name]
        choices = [(row.pk, field.label_from_instance(row)) for row in rows]
        field.widget.choices = [("", field.empty_label), *choices]

    def by_words(self, queryset, name, value):
        """Return the rows of ``queryset`` that have every word of ``value``."""
        return queryset.matching(value)


def words_filter() -> django_filters.CharFilter:
    """Return a filter by the words of a row, with or without accents (``by_words``)."""
    return django_filters.CharFilter(
        label="Mots",
        method="by_words",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class TickField(forms.BooleanField):
    """A box whose value is True or None: without a tick nothing is asked for."""

    def to_python(self, value):
        return super().to_python(value) or None


class MarkFilter(django_filters.Filter):
    """A box to tick: asked for, or not (``?retard=on``)."""

    field_class = TickField

    def __init__(self, **kwargs):
        super().__init__(widget=forms.CheckboxInput, **kwargs)
