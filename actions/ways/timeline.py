"""The plan as a calendar: when actions run, what was reached on the way, what is overdue."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from actions.models import Action, ActionState, Milestone
from actions.ways.counted import counted, nothing_in_force
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
    """A milestone in time. ``kind``: done, due, overdue, or missed by an action that is over."""

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
    """An action that has a first day."""

    action: Action
    is_late: bool
    marks: list[MilestoneMark]
    url: str

    @property
    def is_hollow(self) -> bool:
        """Whether its bar stands for something that is not, or not any more, under way."""
        return not self.action.is_agreed or self.action.state == ActionState.ABANDONED


@dataclass(frozen=True)
class AxisTimeline:
    axis: Axis
    rows: list[TimelineRow]
    drawing: TimelineDrawing


@dataclass(frozen=True)
class Dated:
    """What is to be done, or was, on a day; ``url`` is the page of its action. ``sign`` as on the
    drawing, empty for a first or last day; ``is_late``: it is behind what was agreed."""

    day: datetime.date
    action: Action
    url: str
    told: str
    sign: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Agenda:
    """Days under one heading, in their order; what is behind us is folded."""

    title: str
    days: list[Dated]
    is_open: bool


class Timeline:
    """The actions that a plan shows, by axis and from the first to begin; undated ones apart."""

    def __init__(self, plan: Plan):
        self.plan, self.convention, self.today = plan, plan.convention, plan.today

    @property
    def undated(self) -> list[Action]:
        return [action for action in self.plan.shown if action.starts_on is None]

    @cached_property
    def rows(self) -> list[TimelineRow]:
        dated = [action for action in self.plan.shown if action.starts_on is not None]
        if not self.plan.is_sorted:
            dated.sort(key=lambda action: action.starts_on)
        return [
            TimelineRow(
                action,
                action.pk in self.plan.late,
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
        if milestone.done_on:
            return "done"
        if action.is_over:
            return "missed"
        return "overdue" if milestone.is_overdue(self.today) else "due"

    @cached_property
    def axes(self) -> list[AxisTimeline]:
        """By axis, in the order of the convention; one scale for all."""
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
        """« 12 actions s’achèvent en 2024 »: this year, else the next in which some do."""
        actions = counted(self.plan)
        if not actions:
            return nothing_in_force(self.plan)
        ends = Counter(a.ends_on.year for a in actions if a.ends_on and a.state != "abandoned")
        to_come = [year for year in ends if year >= self.today.year]
        if to_come:
            told = plural(ends[min(to_come)], "action s’achève,actions s’achèvent")
            return f"{told} en {min(to_come)}"
        if not ends:
            return "Aucune action n’a de fin fixée"
        if ends[max(ends)] == 1:
            return f"La dernière action devait s’achever en {max(ends)}"
        return f"Les dernières actions devaient s’achever en {max(ends)}"

    @property
    def lead(self) -> str:
        """When the convention runs."""
        convention = self.convention
        if not convention.start:
            return f"Le projet de convention va {convention.describe_term()}."
        if not convention.is_signed:
            return f"Le projet de convention, non signé, va {convention.describe_term()}."
        runs = "courait" if convention.has_ended(self.today) else "court"
        return f"La convention {runs} {convention.describe_term()}."

    @property
    def warning(self) -> str:
        """« 5 actions en retard et 3 jalons dépassés »; empty when all goes as agreed."""
        late = sum(action.pk in self.plan.late for action in self.plan.shown)
        overdue = sum(
            len(action.overdue(self.today)) for action in counted(self.plan) if action.is_open
        )
        told = [(late, "action en retard,actions en retard"),
                (overdue, "jalon dépassé,jalons dépassés")]  # fmt: skip
        return enumerate_words(plural(count, forms) for count, forms in told if count)

    @cached_property
    def agendas(self) -> list[Agenda]:
        """The same by date: what is late, what comes year by year, what is behind us; of a long
        plan this last is left to the tables."""
        days = sorted(self._days(), key=lambda one: (one.day, one.action.number))
        late = [one for one in days if one.is_late]
        to_come = [one for one in days if one.day >= self.today and not one.is_late]
        past = [one for one in days if one.day < self.today and not one.is_late]
        found = [Agenda("En retard", late, is_open=True)] if late else []
        for number, (year, own) in enumerate(_by_year(to_come)):
            found.append(Agenda(f"À venir en {year}", own, is_open=number == 0))
        if self.is_long:
            return found
        return [*found, *(Agenda(f"Passé, {y}", own, is_open=False) for y, own in _by_year(past))]

    def _days(self) -> Iterator[Dated]:
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
                told = f"{mark.milestone.title} ({MARKED[mark.kind]})"
                is_late = action.is_agreed and mark.kind == "overdue"
                yield Dated(mark.day, action, row.url, told, mark.sign, is_late)


def _by_year(days: list[Dated]) -> list[tuple[int, list[Dated]]]:
    return [(year, list(own)) for year, own in groupby(days, lambda one: one.day.year)]
