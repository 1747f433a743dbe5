"""The choices for the document of a year: its sections, its successes and difficulties."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from conventions.models import Convention
from ctg_portal.templatetags.french import enumerate_words
from evaluation.editions.models import Evaluation
from evaluation.layout.candidates import Candidate, candidates_of
from evaluation.layout.models import LONGEST_SENTENCE, Highlight, HighlightKind, Layout
from evaluation.report.content import SummaryLine
from evaluation.report.sections import Section, arranged, usual_order, whole_order
from evaluation.year.reading import YearReading


@dataclass(frozen=True)
class Choice:
    """Sections in an order, by their keys, and those that are left out; ``year``: when it was
    chosen, None of the usual order."""

    order: tuple[str, ...]
    left_out: frozenset[str] = frozenset()
    year: int | None = None

    @property
    def sections(self) -> list[Section]:
        """All sections in their order, those left out too."""
        return whole_order(self.order)

    @property
    def keys(self) -> list[str]:
        """The keys of the sections that the document has."""
        return arranged(self.order, self.left_out)

    @property
    def words(self) -> str:
        """The titles of the sections that the document has, in one sentence."""
        chosen = self.keys
        return enumerate_words(f"« {row.title} »" for row in self.sections if row.key in chosen)

    def says_the_same(self, other: "Choice") -> bool:
        """Return whether the document has the same sections, in the same order."""
        return (self.sections, self.keys) == (other.sections, other.keys)

    def moved(self, key: str, step: int) -> "Choice":
        """Return this choice with one section further up (``step`` -1) or down (1); unchanged for
        an unknown key."""
        order = list(self.order)
        if key in order:
            place = order.index(key)
            order.insert(max(place + step, 0), order.pop(place))
        return replace(self, order=tuple(order))


def choice_of(convention: Convention, year: int | None) -> Choice:
    """Return the choice for a year or the term, else the last one of a year before it, else the
    usual order. One query."""
    layouts = Layout.objects.of(convention).until(year).select_related("evaluation")
    layout = layouts.first()
    if layout is None:
        return Choice(tuple(usual_order()))
    return Choice(tuple(layout.order), frozenset(layout.left_out), layout.evaluation.year)


def layout_of(convention: Convention, year: int | None) -> Layout | None:
    """Return the stored choice of this evaluation alone; None without one."""
    return Layout.objects.filter(evaluation__convention=convention, evaluation__year=year).first()


@dataclass(frozen=True)
class Chosen:
    """A success or difficulty as it was chosen. ``candidate`` is None for one in the coordinator's
    own words, and for one that the year no longer says."""

    kind: HighlightKind
    source: str
    sentence: str
    candidate: Candidate | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the year no longer says its source: the figure has changed, or the state."""
        return bool(self.source) and self.candidate is None

    @property
    def line(self) -> SummaryLine | None:
        """The line on the page of the year, with the writer's words as title; None where the year
        no longer says it and there are no words."""
        line = self.candidate and self.candidate.line
        if not self.sentence:
            return line
        if line is None:
            return SummaryLine(self.sentence, "", "", 0)
        is_long = len(line.title) > LONGEST_SENTENCE
        return replace(line, title=self.sentence, text=line.text if is_long else line.title)


def chosen_of(reading: YearReading) -> list[Chosen]:
    """Return the chosen successes, then the difficulties, of a year, those that it no longer says
    too. One query."""
    rows = Highlight.objects.of(reading.convention).for_year(reading.period.year).in_order()
    rows = sorted(rows, key=lambda row: list(HighlightKind).index(row.kind))
    if not rows:
        return []
    known = candidates_of(reading)
    return [
        Chosen(HighlightKind(row.kind), row.source, row.sentence, known[row.kind].get(row.source))
        for row in rows
    ]


def evaluation_of(reading: YearReading) -> Evaluation | None:
    """Return the row of the evaluation, whose revision counts choices of highlights; None before
    anything is submitted or chosen."""
    rows = Evaluation.objects.filter(convention=reading.convention, year=reading.period.year)
    return rows.first()


def lines_of(chosen: Iterable[Chosen], kind: HighlightKind) -> list[SummaryLine]:
    """Return the lines of the chosen highlights of a kind, without those that are gone and have no
    words."""
    return [line for row in chosen if row.kind == kind and (line := row.line)]
