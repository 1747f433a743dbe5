"""Read back from the journal what was stated of actions over time, to know where they stood on a
past day."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from actions.follow_up.models import JournalEntry
from actions.follow_up.parts import MILESTONES, STATE
from actions.plan.models import Action, Milestone
from agreements.commitments.fields import Day

DAY = Day("", "")
STATED = ("state", "state_on", "state_reason")
ESTIMATED = ("stated_progress", "stated_on")
# The attribute of an action that has its entries about these.
STATEMENTS = "statements_read"


class Statement(NamedTuple):
    """What somebody stated, and the day from which it holds."""

    since: datetime.date
    values: dict


class Step(NamedTuple):
    """A milestone as it was planned on a day, and the day on which it was reached."""

    due_on: datetime.date | None
    done_on: datetime.date | None
    weight: int

    def is_done(self, day: datetime.date) -> bool:
        return self.done_on is not None and self.done_on <= day

    def is_overdue(self, day: datetime.date) -> bool:
        return self.due_on is not None and self.due_on < day and not self.is_done(day)


@dataclass
class Record:
    """All that was stated of an action, in the order of writing; ``rows``: its milestones today.

    ``titles`` are those of milestones by key; ``known_as`` maps the key of a milestone that was
    removed and entered again to its first key.
    """

    rows: list[Milestone]
    states: list[Statement] = field(default_factory=list)
    estimates: list[Statement] = field(default_factory=list)
    plans: list[Statement] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    known_as: dict[int, int] = field(default_factory=dict)

    def state(self, day: datetime.date) -> dict:
        """Return the values of the state at the end of a day; empty before any was stated."""
        return _values_on(self.states, day) or {}

    def estimate(self, day: datetime.date) -> dict:
        """Return the values of the estimate that hold at the end of a day; empty for none."""
        return _values_on(self.estimates, day) or {}

    def steps(self, day: datetime.date) -> list[Step]:
        """Return the milestones as they stood at the end of a day: those entered by then, due and
        weighing as they did then.

        A plan is as it stood, a fact as it is known: one is reached where it was stated so by then,
        or where it is stated today to have been reached by then. What is entered, put off, removed
        or undone since changes no day before. Rows that no entry has are as today.
        """
        now = {self.known_as.get(row.pk, row.pk): row.done_on for row in self.rows}
        latest = {key: step.done_on for plan in self.plans for key, step in plan.values.items()}
        steps = [
            step if step.is_done(day) else step._replace(done_on=now.get(key, latest[key]))
            for key, step in (_values_on(self.plans, day) or {}).items()
        ]
        unjournaled = [row for row in self.rows if self.known_as.get(row.pk, row.pk) not in latest]
        return steps + [Step(row.due_on, row.done_on, row.weight) for row in unjournaled]


def with_statements() -> Prefetch:
    """Return the prefetch of what was stated of actions, by time, that ``records_of`` reads."""
    entries = JournalEntry.objects.filter(part__in=[STATE.key, MILESTONES.key])
    names = ("action", "part", "day", "before", "after", "created_at")
    rows = entries.order_by("created_at", "pk").only(*names)
    return Prefetch("journal", rows, to_attr=STATEMENTS)


def records_of(actions: Iterable[Action]) -> dict[int, Record]:
    """Return the record of each action, by primary key. Two queries, unless their milestones and
    ``with_statements`` are read, and one of the conventions that are not read yet."""
    actions = list(actions)
    prefetch_related_objects(actions, "milestones", "convention", with_statements())
    records = {}
    for action in actions:
        record = records[action.pk] = Record(list(action.milestones.all()))
        for entry in without_undone(getattr(action, STATEMENTS)):
            if entry.part == STATE.key:
                _add_state(record, entry)
            else:
                _add_plan(record, entry)
    return records


def without_undone(entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """Return the entries, in the order of writing, without those that were undone and those that
    undid them (``actions.follow_up.events.restore_part``)."""
    remaining: dict[tuple, list[JournalEntry]] = defaultdict(list)
    for entry in entries:
        own = remaining[entry.action_id, entry.part]
        if own and entry.undoes(own[-1]):
            own.pop()
        else:
            own.append(entry)
    return [entry for own in remaining.values() for entry in own]


def _add_state(record: Record, entry: JournalEntry) -> None:
    """Add what an entry changed of the state, and of the estimate, each from the day it holds."""
    before, after = _values(entry.before), _values(entry.after)
    if not before or any(before[name] != after[name] for name in STATED):
        record.states.append(Statement(entry.day, after))
    if not before or any(before[name] != after[name] for name in ESTIMATED):
        record.estimates.append(Statement(_estimated_since(entry, before, after), after))


def _estimated_since(entry: JournalEntry, before: dict, after: dict) -> datetime.date:
    """Return the day from which an estimate holds: the day it was made, which may be long after
    that of the state.

    One that is removed ends with the state in which it was made, else on the day of the entry: a
    corrected day of the state takes no estimate from the days before.
    """
    if after["stated_on"]:
        return after["stated_on"]
    made_on = before.get("stated_on")
    if made_on is None or entry.day > made_on:
        return entry.day
    return timezone.localdate(entry.created_at)


def _add_plan(record: Record, entry: JournalEntry) -> None:
    """Add the milestones after an entry; before the first one, those that it found."""
    if not record.plans:  # milestones that were there before the first entry
        record.plans.append(Statement(datetime.date.min, _steps(record, entry.before)))
    record.plans.append(Statement(entry.day, _steps(record, entry.after)))


def _steps(record: Record, text: str) -> dict[int, Step]:
    """Return the milestones of a stored text by key; one that was removed and entered again under
    the same title has its first key."""
    rows = MILESTONES.decode(text).get("milestones", [])
    present = {record.known_as.get(row["id"], row["id"]) for row in rows}
    steps = {}
    for row in rows:
        key = record.known_as.get(row["id"], row["id"])
        if key not in record.titles:
            gone = (old for old in record.titles if old not in present)
            key = next((old for old in gone if record.titles[old] == row["title"]), key)
            record.known_as[row["id"]] = key
            present.add(key)
        record.titles[key] = row["title"]
        steps[key] = Step(DAY.parse(row["due_on"]), DAY.parse(row["done_on"]), row["weight"])
    return steps


def _values(text: str) -> dict:
    """Return the values of the state in a stored text, by field; empty for an empty text."""
    content = STATE.decode(text)
    return {part.name: part.parse(content[part.name]) for part in STATE.fields} if content else {}


def _values_on(statements: list[Statement], day: datetime.date) -> dict | None:
    """Return the values that hold on a day; None before any.

    A statement replaces all that were made for its own day and later: the last one written that
    reaches back to the day counts.
    """
    return next((made.values for made in reversed(statements) if made.since <= day), None)
