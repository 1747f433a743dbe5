"""The filter of the points: by axis, by situation, by words."""

import django_filters
from django import forms

from agreements.models import Version

CONVENTION = "convention"


class PointFilter(django_filters.FilterSet):
    """Filters of the list: words in the database; axis and situation on points already read."""

    mots = django_filters.CharFilter(
        label="Mots",
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    axe = django_filters.ChoiceFilter(method="unfiltered", empty_label="Tout")
    etat = django_filters.ChoiceFilter(label="Situation", method="unfiltered", empty_label="Toutes")

    class Meta:
        model = Version
        fields: list[str] = []

    def __init__(self, *args, axes, groups, words, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(str(n), f"{n}. {axis.title}") for n, axis in sorted(axes.items())]
        self.filters["axe"].extra["choices"] = [*choices, (CONVENTION, "La convention")]
        self.filters["axe"].label = words.axis.title
        self.filters["etat"].extra["choices"] = [(g.key, f"{g.title} ({len(g)})") for g in groups]

    def by_words(self, queryset, name, value):
        return queryset.matching(value)

    def unfiltered(self, queryset, name, value):
        return queryset

    @property
    def asked(self) -> dict[str, str]:
        """The values of the filters, without invalid ones."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def keep(self, items: list) -> list:
        """Return the placed points that match all valid filters, in order, in at most one query."""
        asked = self.asked
        if "mots" in asked:
            pks = set(self.qs.values_list("pk", flat=True))
            items = [item for item in items if item.point.version.pk in pks]
        if "axe" in asked:
            items = [item for item in items if axis_asked(item.axis) == asked["axe"]]
        if "etat" in asked:
            items = [item for item in items if item.group.key == asked["etat"]]
        return items


def axis_asked(axis) -> str:
    """Return the value in an address for the points of an axis; None: of the whole convention."""
    return str(axis.number) if axis else CONVENTION
