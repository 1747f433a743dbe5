"""What an evaluation is of: a year, or the whole term of a convention.

Both are written, appreciated, validated, agreed to and published by the same code; what differs is
here: how the period is called, and from which day to which it goes. Rows and addresses hold a
``year``, which is None for the term.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from conventions.models import Convention
from indicators.collection.dashboard import campaigns_of
from indicators.models import Campaign

FINAL = "finale"


@dataclass(frozen=True)
class Period:
    """A year, or the whole term (``year`` is None), in the words of a sentence."""

    year: int | None = None

    @property
    def is_term(self) -> bool:
        return self.year is None

    @property
    def slug(self) -> str:
        """The name in addresses and names of files."""
        return FINAL if self.is_term else str(self.year)

    @property
    def label(self) -> str:
        """« 2023 », « la convention »."""
        return "la convention" if self.is_term else str(self.year)

    def __str__(self):
        return self.label

    # How it is called --------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The title of its evaluation as a document: « Évaluation annuelle 2023 »."""
        return "Évaluation finale" if self.is_term else f"Évaluation annuelle {self.year}"

    @property
    def called(self) -> str:
        """« évaluation 2023 », « évaluation finale »."""
        return f"évaluation {self.slug}"

    @property
    def name(self) -> str:
        """« Évaluation 2023 », « Évaluation finale »."""
        return f"É{self.called[1:]}"

    @property
    def evaluation(self) -> str:
        """« l’évaluation 2023 », « l’évaluation finale »."""
        return f"l’{self.called}"

    @property
    def shortly(self) -> str:
        """« 2023 », « l’évaluation finale »: where it is plain that an evaluation is meant."""
        return self.evaluation if self.is_term else str(self.year)

    @property
    def account(self) -> str:
        """The name of the text on a theme: « bilan 2023 », « bilan final »."""
        return "bilan final" if self.is_term else f"bilan {self.year}"

    @property
    def subject(self) -> str:
        """« l’année », « la convention »: what has changed something."""
        return "la convention" if self.is_term else "l’année"

    @property
    def page(self) -> str:
        """« L’année 2023 », « L’évaluation finale »: its page, in a link back."""
        return "L’évaluation finale" if self.is_term else f"L’année {self.year}"

    @property
    def back(self) -> str:
        """« Revenir à l’année »."""
        return f"Revenir à {'l’évaluation finale' if self.is_term else 'l’année'}"

    @property
    def within(self) -> str:
        """« en 2023 », « sur toute la convention »: when something is."""
        return "sur toute la convention" if self.is_term else f"en {self.year}"

    @property
    def in_brief(self) -> str:
        """« L’année 2023 »: what its summary is of."""
        return "L’ensemble de la convention" if self.is_term else f"L’année {self.year}"

    def writing_url(self, convention: Convention) -> str:
        """Return the page that lists what is to be written: « Compléter » of a year, the one page
        of the term."""
        if self.is_term:
            return reverse("evaluation:final", args=[convention.slug])
        return reverse("evaluation:complete", args=[convention.slug, self])

    # From when to when -------------------------------------------------------------------------

    def first_day(self, convention: Convention) -> datetime.date:
        """Return 1 January of its year, or of the first year of the term."""
        return datetime.date(self.years(convention)[0], 1, 1)

    def last_day(self, convention: Convention) -> datetime.date:
        """Return 31 December of its year, or the day on which the convention ends."""
        return convention.end if self.is_term else datetime.date(self.year, 12, 31)

    def end(self, convention: Convention, today: datetime.date) -> datetime.date:
        """Return its last day, or today while it goes on."""
        return min(self.last_day(convention), today)

    def years(self, convention: Convention) -> range:
        """Return its own year alone, or all years that the term touches; of a project without a
        first day, only the last."""
        if self.is_term:
            return range((convention.start or convention.end).year, convention.end.year + 1)
        return range(self.year, self.year + 1)

    def campaign(self, convention: Convention) -> Campaign | None:
        """Return the collection that has its figures, or None: that of its year; of the term, the
        last one within it that is closed, else the last that is open, else the last that is
        prepared."""
        campaigns = campaigns_of([convention])
        if not self.is_term:
            return next((one for one in campaigns if one.year == self.year), None)
        campaigns = [one for one in campaigns if one.year <= convention.end.year]
        return max(
            campaigns, key=lambda one: (one.is_closed, not one.is_prepared, one.year), default=None
        )


TERM = Period()


def years_of_term(convention: Convention) -> list[int]:
    """Return the years of the convention that are evaluated: the term has half of them or more. A
    term that has half of none has all that it touches; a project without a first day begins today.
    """
    today = timezone.localdate()
    start, years = convention.start or today, convention.years(today)

    def is_mostly_of_term(year: int) -> bool:
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        days = min(convention.end, last) - max(start, first)
        return 2 * (days.days + 1) >= (last - first).days + 1

    return [year for year in years if is_mostly_of_term(year)] or list(years)


def span(convention: Convention) -> str:
    """Return « 2020–2024 », or « 2024 »: the years of the term that are evaluated."""
    years = years_of_term(convention)
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


class PeriodConverter:
    """The converter of a part of an address: four digits are a year, « finale » is the term. Views
    are given the year, None for the term; addresses are made from either, or from a ``Period``."""

    regex = f"[0-9]{{4}}|{FINAL}"

    def to_python(self, value: str) -> int | None:
        return None if value == FINAL else int(value)

    def to_url(self, value: int | Period | None) -> str:
        """Return « 2023 » for a year, also one in digits, and « finale » for None or the term."""
        if isinstance(value, Period):
            return value.slug
        return Period(None if value is None else int(value)).slug


# What the rows of an evaluation hold of it -------------------------------------------------------


def year_field() -> models.PositiveSmallIntegerField:
    """Return the field for the year of a row; empty for the whole term."""
    return models.PositiveSmallIntegerField(
        "année", null=True, blank=True, help_text="vide : toute la convention"
    )


def once_a_period(
    fields: Iterable[str], name: str, message: str, condition: Q | None = None
) -> list[models.UniqueConstraint]:
    """Return two constraints, for one row of these fields a year and one for the term: to a
    database two empty years are not the same. ``message`` has a place for the period, ``condition``
    is of the rows that count."""
    is_of_term = Q(year__isnull=True)
    return [
        models.UniqueConstraint(
            fields=[*fields, "year"],
            name=name,
            condition=condition,
            violation_error_message=message.format("cette année"),
        ),
        models.UniqueConstraint(
            fields=list(fields),
            name=f"{name}_of_term",
            condition=is_of_term if condition is None else condition & is_of_term,
            violation_error_message=message.format("toute la convention"),
        ),
    ]
