"""Entries of the library taken up together: what each still asks, and their drafts."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from accounts.models import User
from agreements.models import Version
from conventions.models import Convention, Theme
from ctg_portal.forms.fields import FrenchDecimalField, prose
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.text.typography import polish
from indicators.definitions.events import add_indicator, canonical_content
from indicators.definitions.models import Calculation
from indicators.library.entries import LibraryEntry, prefill_each


class TakingForm(forms.Form):
    """What the library cannot say of an entry: who gives the figure, where it belongs, a target;
    and, where no document says them, its definition and the terms of its ratio, without which it
    stays a draft."""

    provider = forms.TypedChoiceField(label="Fournisseur")
    theme = forms.TypedChoiceField()
    target = FrenchDecimalField(label="Cible à terme (facultatif)", required=False)
    definition = prose("Définition", required=False, rows=2)
    numerator = forms.CharField(label="Ce que l’on divise", required=False, max_length=300)
    denominator = forms.CharField(label="Par quoi", required=False, max_length=300)

    def __init__(self, data, *, prefix: str, guessed: dict[str, Any], choices: "Choices"):
        initial = guessed | {
            name: str(guessed[name].pk) if guessed[name] else "" for name in ("provider", "theme")
        }
        super().__init__(data, prefix=prefix, initial=initial)
        self.guessed = guessed
        for name, rows in (("provider", choices.organisations), ("theme", choices.themes)):
            field: Any = self.fields[name]
            field.choices, field.coerce = rows.offered, rows.by_key.__getitem__
        self.fields["theme"].label = choices.place
        is_ratio = guessed["calculation"] == Calculation.RATIO
        for name in ("definition", "numerator", "denominator"):
            if guessed[name] or not (is_ratio or name == "definition"):
                del self.fields[name]

    @property
    def content(self) -> dict:
        """The canonical content of the indicator, as guessed and then chosen."""
        chosen = dict(self.cleaned_data)
        target = chosen.pop("target")
        targets = [] if target is None else [{"year": None, "value": target}]
        return canonical_content(self.guessed | chosen | {"targets": targets})


@dataclass(frozen=True)
class Taking:
    """An entry that is taken up, with the form of what it still asks."""

    entry: LibraryEntry
    form: TakingForm


@dataclass(frozen=True)
class Rows:
    """Rows to choose from: as a field offers them, and by the key that it sends."""

    offered: list[tuple[str, Any]]
    by_key: dict[str, Any]


@dataclass(frozen=True)
class Choices:
    """Organisations and themes of a convention, read once for many forms; ``place``: the word for
    a theme, or for an axis where there are no themes."""

    organisations: Rows
    themes: Rows
    place: str


def choices_of(convention: Convention, day: datetime.date | None) -> Choices:
    """Return what every form offers, as the text reads on ``day``."""
    organisations = list(convention.organisations.all())
    themes = Theme.objects.filter(axis__convention=convention).selectable(day)
    themes = list(themes.select_related("axis").order_by("axis__number", "rank", "pk"))
    empty = ("", "Choisir…")
    by_axis = [
        (heading, [(str(theme.pk), polish(str(theme))) for theme in group])
        for heading, group in groupby(
            themes, lambda theme: polish(f"{theme.axis.mark}. {theme.axis.title}")
        )
    ]
    words = convention.words
    return Choices(
        Rows(
            [empty, *((str(o.pk), polish(o.name)) for o in organisations)],
            {str(o.pk): o for o in organisations},
        ),
        Rows([empty, *by_axis], {str(theme.pk): theme for theme in themes}),
        (words.theme if any(theme.title for theme in themes) else words.axis).title,
    )


def takings_of(
    convention: Convention, entries: Sequence[LibraryEntry], day: datetime.date | None, data=None
) -> list[Taking]:
    """Return the entries with their forms, filled in as far as the library knows."""
    choices = choices_of(convention, day)
    guesses = prefill_each(entries, convention, day)
    return [
        Taking(entry, TakingForm(data, prefix=entry.code, guessed=guessed, choices=choices))
        for entry, guessed in zip(entries, guesses, strict=True)
    ]


@event(Subject.FIGURES)
def take_up(convention: Convention, takings: Sequence[Taking], *, by: User) -> list[Version]:
    """Write a draft of each entry, all of them or none; return their versions. What the same person
    has written word for word before is returned as it is. Raise Refused."""
    return [
        add_indicator(
            convention, taking.form.content, by=by, once=True, library_code=taking.entry.code
        )
        for taking in takings
    ]
