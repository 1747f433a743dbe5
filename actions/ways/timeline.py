"""Read the plan as a calendar: when actions run, what was reached on the way, what is overdue."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from actions.plan.models import Action, ActionState, Milestone
from actions.ways.list import PAGE_SIZE, Plan
from actions.ways.timeline_drawing import Scale, TimelineDrawing
from conventions.models import Axis
from ctg_portal.templatetags.french import enumerate_words, long_date, plural

# By kind of milestone: its sign, of the same shape as on the drawing, and its words.
SIGNS = {"done": "●", "due": "◇", "overdue": "▲", "missed": "◇"}
WORDS = {
    "done": "atteint le {}",
    "due": "attendu le {}",
    "overdue": "dépassé depuis le {}",
    "missed": "non atteint, attendu le {}",
}

MARKED = {"done": "atteint", "due": "attendu", "overdue": "dépassé", "missed": "non atteint"}


@dataclass(frozen=True)
class MilestoneMark:
    """A milestone; ``kind``: done, due, overdue, or missed (of an action that is over)."""

    milestone: Milestone
    kind: str

    @property
    def day(self):
        return self.milestone.done_on or self.milestone.due_on

    @property
    def sign(self) -> str:
        return SIGNS[self.kind]

    @property
    def words(self) -> str:
        return WORDS[self.kind].format(long_date(self.day))


@dataclass(frozen=True)
class TimelineRow:
    """An action that has a first day. ``late``: the word for its lateness, empty where it is not
    late."""

    action: Action
    late: str
    marks: list[MilestoneMark]
    url: str

    @property
    def is_hollow(self) -> bool:
        """Whether its bar is drawn hollow: the action is not in force, or was given up."""
        return not self.action.is_agreed or self.action.state == ActionState.ABANDONED


@dataclass(frozen=True)
class AxisTimeline:
    axis: Axis
    rows: list[TimelineRow]
    drawing: TimelineDrawing


@dataclass(frozen=True)
class Dated:
    """A day of the calendar, with what is due or was done on it; ``url`` is the page of the action,
    ``sign`` that of the drawing, empty for a first or last day."""

    day: datetime.date
    action: Action
    url: str
    text: str
    sign: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Agenda:
    """Days under one heading, in their order; past ones are folded. ``late``: the word beside each
    day, where what was agreed for it is late."""

    title: str
    days: list[Dated]
    is_open: bool
    late: str = ""


class Timeline:
    """The dated actions that a plan shows, by axis and first day; undated ones apart."""

    def __init__(self, plan: Plan):
        self.plan, self.convention, self.today = plan, plan.convention, plan.today

    @property
    def undated(self) -> list[Action]:
        return [action for action in self.plan.shown if action.starts_on is None]

    @property
    def dated(self) -> list[Action]:
        return [action for action in self.plan.shown if action.starts_on is not None]

    @cached_property
    def rows(self) -> list[TimelineRow]:
        """The dated actions, from the first to begin unless the address asks for another order."""
        dated = list(self.dated)
        if not self.plan.is_sorted:
            dated.sort(key=lambda action: action.starts_on)
        return [
            TimelineRow(
                action,
                self.plan.describe_late(action),
                [MilestoneMark(m, self._kind(action, m)) for m in action.milestones.all()],
                action.get_absolute_url(),
            )
            for action in dated
        ]

    @property
    def is_long(self) -> bool:
        """Whether the tables of dates are folded, axis by axis."""
        return len(self.rows) > PAGE_SIZE

    def _kind(self, action: Action, milestone: Milestone) -> str:
        """Return « done », « missed » (the action is over), « overdue » or « due » today."""
        if milestone.done_on:
            return "done"
        if action.is_over:
            return "missed"
        return "overdue" if milestone.is_overdue(self.today) else "due"

    @cached_property
    def axes(self) -> list[AxisTimeline]:
        """The axes that have rows, in the order of the convention, drawn on one scale."""
        scale = Scale.of(self.rows, self.convention, self.today)
        by_axis: dict[Axis, list[TimelineRow]] = {}
        for row in self.rows:
            by_axis.setdefault(row.action.theme.axis, []).append(row)
        return [
            AxisTimeline(axis, by_axis[axis], TimelineDrawing(by_axis[axis], scale))
            for axis in sorted(by_axis, key=lambda axis: (axis.number, axis.pk))
        ]

    @property
    def title(self) -> str:
        """« 35 actions, de 2019 à 2026 »: those that are drawn, over the years that they take."""
        if not self.rows:
            if self.plan.counted:
                return "Aucune action n’a de début fixé"
            return self.plan.title_without_actions
        ends = [day for action in self.dated for day in (action.starts_on, action.ends_on)]
        days = [day for day in ends if day is not None]
        first, last = min(days).year, max(days).year
        count = plural(len(self.rows), "action,actions")
        return f"{count} en {first}" if first == last else f"{count}, de {first} à {last}"

    @property
    def lead(self) -> str:
        """The sentence on the term of the convention."""
        convention = self.convention
        if not convention.start:
            return f"Le projet de convention va {convention.describe_term()}."
        if not convention.is_signed:
            return f"Le projet de convention, non signé, va {convention.describe_term()}."
        runs = "courait" if convention.has_ended(self.today) else "court"
        return f"La convention {runs} {convention.describe_term()}."

    @property
    def warning(self) -> str:
        """« 5 actions en retard et 3 jalons dépassés »; empty without any."""
        word = self.plan.late_word
        late = sum(action.pk in self.plan.late for action in self.plan.shown)
        overdue = sum(
            len(action.overdue(self.today)) for action in self.plan.counted if action.is_open
        )
        counts = [(late, f"action {word.singular},actions {word.plural}"),
                (overdue, "jalon dépassé,jalons dépassés")]  # fmt: skip
        return enumerate_words(plural(count, forms) for count, forms in counts if count)

    @cached_property
    def agendas(self) -> list[Agenda]:
        """The days in lists: what is late, what comes year by year, what is past; a long plan
        leaves the past to its tables."""
        days = sorted(self._days(), key=lambda dated: (dated.day, dated.action.number))
        late = [dated for dated in days if dated.is_late]
        to_come = [dated for dated in days if dated.day >= self.today and not dated.is_late]
        past = [dated for dated in days if dated.day < self.today and not dated.is_late]
        word, agendas = self.plan.late_word, []
        if late:
            agendas.append(Agenda(word.title_of_several, late, is_open=True, late=word.singular))
        for number, (year, own) in enumerate(_by_year(to_come)):
            agendas.append(Agenda(f"À venir en {year}", own, is_open=number == 0))
        if self.is_long:
            return agendas
        return [*agendas, *(Agenda(f"Passé, {y}", own, is_open=False) for y, own in _by_year(past))]

    def _days(self) -> Iterator[Dated]:
        """Yield the first day, the last day and the milestones of each row; only what is awaited of
        an action in force can be late."""
        for row in self.rows:
            action = row.action
            is_awaited = action.is_agreed and action.is_open
            begins_late = is_awaited and action.state == ActionState.TO_COME
            yield Dated(
                action.starts_on,
                action,
                row.url,
                "début",
                is_late=begins_late and action.starts_on < self.today,
            )
            if action.ends_on:
                is_late = is_awaited and action.ends_on < self.today
                yield Dated(action.ends_on, action, row.url, "fin", is_late=is_late)
            for mark in row.marks:
                text = f"{mark.milestone.title} ({MARKED[mark.kind]})"
                is_late = action.is_agreed and mark.kind == "overdue"
                yield Dated(mark.day, action, row.url, text, mark.sign, is_late)


def _by_year(days: list[Dated]) -> list[tuple[int, list[Dated]]]:
    """Group days, which are in order, by year."""
    return [(year, list(own)) for year, own in groupby(days, lambda dated: dated.day.year)]
