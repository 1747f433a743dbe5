"""What was chosen for the document of a year: its sections, its successes and difficulties."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from conventions.models import Convention
from ctg_portal.templatetags.french import enumerate_words
from evaluation.layout.candidates import Candidate, candidates_of
from evaluation.layout.models import LONGEST_SENTENCE, Highlight, HighlightKind, Layout
from evaluation.publication.models import Evaluation
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
        """All of them, those left out too."""
        return whole_order(self.order)

    @property
    def keys(self) -> list[str]:
        """Those that the document has."""
        return arranged(self.order, self.left_out)

    @property
    def told(self) -> str:
        """Those that the document has, in words."""
        kept = self.keys
        return enumerate_words(f"« {one.title} »" for one in self.sections if one.key in kept)

    def says_the_same(self, other: "Choice") -> bool:
        """Whether the document has the same sections, in the same order."""
        return (self.sections, self.keys) == (other.sections, other.keys)

    def moved(self, key: str, step: int) -> "Choice":
        """The same with one section further up (-1) or down (1) in the order."""
        order = list(self.order)
        if key in order:
            place = order.index(key)
            order.insert(max(place + step, 0), order.pop(place))
        return replace(self, order=tuple(order))


def choice_of(convention: Convention, year: int | None) -> Choice:
    """The one of that year, or of the term, else the last one before it, else the usual order. One
    query."""
    layouts = Layout.objects.of(convention).until(year).select_related("evaluation")
    layout = layouts.first()
    if layout is None:
        return Choice(tuple(usual_order()))
    return Choice(tuple(layout.order), frozenset(layout.left_out), layout.evaluation.year)


def layout_of(convention: Convention, year: int | None) -> Layout | None:
    """That of this evaluation alone, which counts how often it was chosen."""
    return Layout.objects.filter(evaluation__convention=convention, evaluation__year=year).first()


@dataclass(frozen=True)
class Chosen:
    """A success or a difficulty as it was chosen; ``candidate``: what of the year it tells, None
    of one that is only in her own words, or that the year tells no more."""

    kind: HighlightKind
    source: str
    sentence: str
    candidate: Candidate | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the year tells its source no more: the figure has changed, or the state."""
        return bool(self.source) and self.candidate is None

    @property
    def line(self) -> SummaryLine | None:
        """As the page of the year tells it; nothing of one that is gone and has no words."""
        found = self.candidate and self.candidate.line
        if not self.sentence:
            return found
        if found is None:
            return SummaryLine(self.sentence, "", "", 0)
        is_long = len(found.title) > LONGEST_SENTENCE
        return replace(found, title=self.sentence, text=found.text if is_long else found.title)


def chosen_of(reading: YearReading) -> list[Chosen]:
    """The successes, then the difficulties, that were chosen for the year. One query."""
    rows = Highlight.objects.of(reading.convention).of_year(reading.period.year).in_order()
    rows = sorted(rows, key=lambda row: list(HighlightKind).index(row.kind))
    if not rows:
        return []
    known = candidates_of(reading)
    return [
        Chosen(HighlightKind(row.kind), row.source, row.sentence, known[row.kind].get(row.source))
        for row in rows
    ]


def evaluation_of(reading: YearReading) -> Evaluation | None:
    """The row that counts how often its successes and difficulties were chosen."""
    rows = Evaluation.objects.filter(convention=reading.convention, year=reading.period.year)
    return rows.first()


def lines_of(chosen: Iterable[Chosen], kind: HighlightKind) -> list[SummaryLine]:
    return [line for one in chosen if one.kind == kind and (line := one.line)]
