"""Readings for the pages of appreciation: how far one is, theme by theme."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from conventions.models import Theme
from ctg_portal.templatetags.french import plural
from evaluation.stakes.reading import FORMS
from evaluation.stakes.reading import describe_awaited as describe_awaited_stakes
from evaluation.verdicts.models import Appreciation
from evaluation.verdicts.words import awaited_sentence, verdict_word
from evaluation.verdicts.yearly import those_on_objectives
from evaluation.year.objectives import ObjectiveReading
from evaluation.year.reading import FigureReading, ThemeReading, YearReading


@dataclass(frozen=True)
class ThemeLine:
    """A theme with objectives, and where they are appreciated."""

    reading: ThemeReading
    url: str

    @property
    def theme(self) -> Theme:
        return self.reading.theme

    @property
    def title(self) -> str:
        """The number and title of the theme; its name alone where the convention has none."""
        return f"{self.theme.number if self.theme.title else ''} {self.theme}".strip()

    @property
    def awaited(self) -> int:
        return self.reading.appreciations.awaited

    @property
    def progress(self) -> str:
        """« 2 sur 5 restent à apprécier », « 5 objectifs appréciés »."""
        counts = self.reading.appreciations
        if not counts.awaited:
            done = f"apprécié{'e' * counts.word.is_feminine}{'s' * (counts.total >= 2)}"
            return f"{plural(counts.total, counts.word.forms)} {done}"
        if counts.awaited == counts.total:
            return awaited_sentence(counts)
        verb = "restent" if counts.awaited >= 2 else "reste"
        return f"{counts.awaited} sur {counts.total} {verb} à apprécier"


class Appreciating:
    """How far the objectives and stakes of a year, or the term, are appreciated."""

    def __init__(self, reading: YearReading):
        self.reading = reading

    @cached_property
    def lines(self) -> list[ThemeLine]:
        """The themes with objectives to appreciate, or appreciated, in reading order."""
        where = self.reading.convention.slug, self.reading.period
        return [
            ThemeLine(theme, reverse("evaluation:appreciate", args=[*where, theme.theme.pk]))
            for theme in self.reading.themes
            if theme.appreciations.total
        ]

    @cached_property
    def uncounted(self) -> list[tuple[Appreciation, str]]:
        """The appreciations of what is only a text by now, each with its verdict in words: they
        are shown, and count no more. One query."""
        convention = self.reading.convention
        rows = Appreciation.objects.of(convention).for_year(self.reading.period.year).given()
        rows = rows.select_related("objective").order_by("pk")
        counted = {row.pk for row in those_on_objectives(rows, convention)}
        word = convention.words.objective
        return [(row, verdict_word(row.verdict, word)) for row in rows if row.pk not in counted]

    @property
    def title(self) -> str:
        """The title of the page: how many objectives, else stakes, still await a verdict."""
        counts, name = self.reading.appreciations, self.reading.period.name
        if not counts.total:
            return f"{name} : {counts.word.no} n’est en vigueur"
        if counts.awaited:
            return f"{name} : {awaited_sentence(counts)}"
        if self.stakes_awaited:
            return f"{name} : {self.stakes_progress}"
        whole, e = ("toutes", "e") if counts.word.is_feminine else ("tous", "")
        return f"{name} : {whole} les {counts.word.plural} sont apprécié{e}s"

    @property
    def stakes_awaited(self) -> int:
        return sum(not stake.verdict for stake in self.reading.stakes)

    @property
    def stakes_progress(self) -> str:
        """« 2 enjeux partagés restent à apprécier », « 3 enjeux partagés appréciés »."""
        if self.stakes_awaited:
            return describe_awaited_stakes(self.stakes_awaited)
        count = len(self.reading.stakes)
        if not count:
            return "aucun enjeu partagé n’est en vigueur"
        return f"{plural(count, FORMS)} {'appréciés' if count >= 2 else 'apprécié'}"

    @property
    def stakes_url(self) -> str:
        """The address of the page of stakes; empty without stakes."""
        if not self.reading.stakes:
            return ""
        where = [self.reading.convention.slug, self.reading.period]
        return reverse("evaluation:appreciate_stakes", args=where)

    @property
    def first(self) -> ThemeLine | None:
        return next((line for line in self.lines if line.awaited), None)

    def after(self, theme: Theme) -> ThemeLine | None:
        """Return the next theme with an objective that awaits a verdict, from the first again after
        the last; None where no other has one."""
        place = [line.theme for line in self.lines].index(theme)
        ahead = self.lines[place + 1 :] + self.lines[:place]
        return next((line for line in ahead if line.awaited), None)

    @property
    def holes(self) -> list[ObjectiveReading]:
        return [objective for objective in self.reading.objectives if objective.is_hole]

    @property
    def unbased(self) -> list[FigureReading]:
        return [figure for figure in self.reading.figures if figure.lacks_baseline]
