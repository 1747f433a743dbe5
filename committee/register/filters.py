"""The filters of the register; all their values are in the address."""

import datetime

import django_filters
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone

from agreements.commitments.commitment import commitments
from agreements.models import Agreement, Answer, Version, VersionTransition
from committee.words import ACTS
from conventions.models import Organisation
from ctg_portal.forms.filters import AskedFilterSet, words_filter
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject

# Days that a calendar and every database know.
FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)
ANSWERS = [
    ("Réponses des parties", [(answer.value, answer.label) for answer in Answer
                              if answer in Answer.party_answers()]),
    ("Avis", [(answer.value, answer.label) for answer in Answer if answer in Answer.opinions()]),
    ("Annulations", [(Answer.UNDONE.value, Answer.UNDONE.label)]),
    ("Versions", [(verb.value, label) for verb, label in ACTS.items()]),
]  # fmt: skip


class EntryForm(forms.Form):
    """The form of the filters; it refuses a period that ends before it begins."""

    def clean(self):
        """Add an error to a period that ends before it begins; either day may be empty."""
        values = super().clean()
        since, until = values.get("du"), values.get("au")
        if since and until and until < since:
            self.add_error("au", "La fin de la période précède son début.")
        return values


OUT_OF_CALENDAR = f"Indiquez une date entre {FIRST.year} et {LAST.year}."


def day_filter(label: str, method: str) -> django_filters.DateFilter:
    """Return a filter of days whose ``method`` filters the queryset."""
    limits = {"min": FIRST.isoformat(), "max": LAST.isoformat()}
    return django_filters.DateFilter(
        label=label,
        method=method,
        widget=forms.DateInput({"type": "date", **limits}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(FIRST, OUT_OF_CALENDAR), MaxValueValidator(LAST, OUT_OF_CALENDAR)
        ],
    )  # fmt: skip


class EntryFilter(AskedFilterSet):
    """Entries by words, organisation, answer, nature of the point, period; or those of one point.

    ``acts`` are the acts on versions that match the same filters.
    """

    mots = words_filter()
    organisme = django_filters.ModelChoiceFilter(
        label="Organisme", field_name="organisation", queryset=Organisation.objects.none(),
        empty_label="Tous",
    )  # fmt: skip
    reponse = django_filters.ChoiceFilter(
        label="Réponse", field_name="answer", choices=ANSWERS, empty_label="Toutes"
    )
    nature = django_filters.ChoiceFilter(
        label="Nature du point", field_name="version__kind", empty_label="Toutes"
    )
    du = day_filter("Du", "since")
    au = day_filter("Au", "until")
    point = django_filters.ModelChoiceFilter(
        label="Point",
        method="on_same_point",
        queryset=Version.objects.none(),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Agreement
        fields: list[str] = []
        form = EntryForm

    def __init__(self, data, *, convention, **kwargs):
        super().__init__(data, **kwargs)
        self.convention = convention
        spoken = Agreement.objects.filter(organisation=OuterRef("pk"))
        organisations = Organisation.objects.filter(Exists(spoken), convention=convention)
        self.filters["organisme"].queryset = organisations
        self.filters["organisme"].field.label_from_instance = lambda row: row.name
        self.filters["point"].queryset = Version.objects.of(convention).numbered()
        kinds = _kinds_of(convention)
        self.filters["nature"].extra["choices"] = kinds
        if len(kinds) < 2:
            del self.filters["nature"]  # where all points are of one nature it chooses nothing

    @property
    def acts(self):
        """Return the matching acts on versions; none if invalid or an organisation is asked."""
        rows = VersionTransition.objects.of(self.convention).announced()
        asked = self.asked
        if asked is None or "organisme" in asked:  # they are the coordination's
            return rows.none()
        for name, value in asked.items():
            by_filter = self.filters[name].filter
            rows = rows.filter(verb=value) if name == "reponse" else by_filter(rows, value)
        return rows

    def since(self, queryset, name, value):
        return queryset.filter(created_at__gte=_midnight(value))

    def until(self, queryset, name, value):
        return queryset.filter(created_at__lt=_midnight(value + datetime.timedelta(days=1)))

    def on_same_point(self, queryset, name, value):
        """Filter entries on any version of the same point."""
        return queryset.filter(
            version__content_type=value.content_type_id, version__object_id=value.object_id
        )


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


@cached(Subject.COMMITTEE, Subject.TEXT)
def drawn_form(convention, query: str) -> str:
    """Return the form as it stands for an address that asks for ``query``."""
    entries = Agreement.objects.of(convention)
    listing = EntryFilter(QueryDict(query), queryset=entries, convention=convention)
    listing.offer("organisme", listing.filters["organisme"].queryset)
    return as_crispy_form(listing.form)


@cached(Subject.COMMITTEE, Subject.TEXT)
def _kinds_of(convention) -> list[tuple[str, str]]:
    """Return the natures of points that the parties were asked about, each with its label."""
    rows = Version.objects.of(convention).from_committee().numbered()
    kinds = set(rows.order_by().values_list("kind", flat=True).distinct())
    return [(c.kind, c.word(convention).title) for c in commitments() if c.kind in kinds]
