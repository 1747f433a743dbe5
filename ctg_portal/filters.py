"""What can be asked of a list stands in its address: what all such filters share."""

from collections.abc import Iterable
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Model
from django.http import QueryDict


class AskedFilterSet(django_filters.FilterSet):
    """A filter whose ``qs`` is empty while something asked makes no sense: nothing is shown for
    what was not asked."""

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
        """What is asked for, by name; None while something makes no sense."""
        if not self.form.is_valid():
            return None
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The same, as it stands in an address; also what makes no sense."""
        told = [
            (name, value) for name in self.filters for value in self.data.getlist(name) if value
        ]
        return urlencode(told)

    def offer(self, name: str, rows: Iterable[Model]) -> None:
        """Have the page show these rows to choose from, as they were read: drawing asks nothing."""
        field = self.form.fields[name]
        told = [(row.pk, field.label_from_instance(row)) for row in rows]
        field.widget.choices = [("", field.empty_label), *told]

    def by_words(self, queryset, name, value):
        return queryset.matching(value)


def words_filter() -> django_filters.CharFilter:
    """Words that a row contains, accents or not: ``by_words`` looks for them."""
    return django_filters.CharFilter(
        label="Mots",
        method="by_words",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class TickField(forms.BooleanField):
    """Ticked, or nothing asked for."""

    def to_python(self, value):
        return super().to_python(value) or None


class MarkFilter(django_filters.Filter):
    """A box to tick: asked for, or not (``?retard=on``)."""

    field_class = TickField

    def __init__(self, **kwargs):
        super().__init__(widget=forms.CheckboxInput, **kwargs)
