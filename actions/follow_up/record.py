"""What was told of actions over time, read back from the journal of their follow-up: for who asks
where they stood on a day that has passed."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.utils import timezone

from actions.follow_up.parts import MILESTONES, STATE
from actions.models import Action, JournalEntry, Milestone
from agreements.commitments.fields import Day

DAY = Day("", "")
STATED = ("state", "state_on", "state_reason")
ESTIMATED = ("stated_progress", "stated_on")


class Telling(NamedTuple):
    """What somebody told, and from which day on it holds."""

    since: datetime.date
    values: dict


class Step(NamedTuple):
    """A milestone as it was to be on a day, and when it was reached, whenever that was told."""

    due_on: datetime.date | None
    done_on: datetime.date | None
    weight: int

    def is_done(self, day: datetime.date) -> bool:
        return self.done_on is not None and self.done_on <= day

    def is_overdue(self, day: datetime.date) -> bool:
        return self.due_on is not None and self.due_on < day and not self.is_done(day)


@dataclass
class Record:
    """All that was told of an action, in the order of writing; ``rows``: its milestones today."""

    rows: list[Milestone]
    states: list[Telling] = field(default_factory=list)
    estimates: list[Telling] = field(default_factory=list)
    plans: list[Telling] = field(default_factory=list)
    # Of milestones, by key: how each is called, and as which one it was known before it was taken
    # off and told again.
    titles: dict[int, str] = field(default_factory=dict)
    known_as: dict[int, int] = field(default_factory=dict)

    def state(self, day: datetime.date) -> dict:
        """What holds of the state at the end of a day; empty before anything is told."""
        return _last_word(self.states, day) or {}

    def estimate(self, day: datetime.date) -> dict:
        return _last_word(self.estimates, day) or {}

    def steps(self, day: datetime.date) -> list[Step]:
        """The milestones of a day: those that were told by its end, due when they were then, and
        reached where that was told by then, or is today of that day. One that was told later is as
        it was on the day it was told: what is put off, taken off or not reached any more since
        changes no day before."""
        now = {self.known_as.get(row.pk, row.pk): row for row in self.rows}
        first_told: dict[int, datetime.date] = {}
        last_told: dict[int, Step] = {}
        for plan in self.plans:
            for key, step in plan.values.items():
                first_told.setdefault(key, plan.since)
                last_told[key] = step
        found = []
        for key, since in first_told.items():
            then = (_last_word(self.plans, max(day, since)) or {}).get(key)
            if then is not None and since <= day and then.is_done(day):
                found.append(then)
            elif then is not None:
                done_on = now[key].done_on if key in now else last_told[key].done_on
                found.append(then._replace(done_on=done_on))
        untold = [row for key, row in now.items() if key not in first_told]
        return found + [Step(row.due_on, row.done_on, row.weight) for row in untold]


def records_of(actions: Iterable[Action]) -> dict[int, Record]:
    """What was told of each, by primary key. Two queries."""
    actions = list(actions)
    prefetch_related_objects(actions, "milestones")
    found = {action.pk: Record(list(action.milestones.all())) for action in actions}
    entries = JournalEntry.objects.filter(action__in=actions, part__in=[STATE.key, MILESTONES.key])
    names = ("action", "part", "day", "before", "after", "created_at")
    for entry in standing(entries.order_by("created_at", "pk").only(*names)):
        record = found[entry.action_id]
        if entry.part == STATE.key:
            _keep_state(record, entry)
        else:
            _keep_plan(record, entry)
    return found


def standing(entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """Entries, in the order of writing, without what was taken back
    (``actions.follow_up.events.put_back``): neither the one that told it nor the one that undid it
    has anything to say."""
    kept: dict[tuple, list[JournalEntry]] = defaultdict(list)
    for entry in entries:
        own = kept[entry.action_id, entry.part]
        if own and entry.takes_back(own[-1]):
            own.pop()
        else:
            own.append(entry)
    return [entry for own in kept.values() for entry in own]


def _keep_state(record: Record, entry: JournalEntry) -> None:
    before, after = _values(entry.before), _values(entry.after)
    if not before or any(before[name] != after[name] for name in STATED):
        record.states.append(Telling(entry.day, after))
    if not before or any(before[name] != after[name] for name in ESTIMATED):
        record.estimates.append(Telling(_estimated_since(entry, before, after), after))


def _estimated_since(entry: JournalEntry, before: dict, after: dict) -> datetime.date:
    """An estimate holds from the day it was made, which may come long after that of the state. One
    that is taken away ends with the state in which it was made, else on the day on which that is
    told: a day of the state that is corrected takes no estimate from the days before."""
    if after["stated_on"]:
        return after["stated_on"]
    made_on = before.get("stated_on")
    if made_on is None or entry.day > made_on:
        return entry.day
    return timezone.localdate(entry.created_at)


def _keep_plan(record: Record, entry: JournalEntry) -> None:
    if not record.plans:  # what is there without having been told
        record.plans.append(Telling(datetime.date.min, _steps(record, entry.before)))
    record.plans.append(Telling(entry.day, _steps(record, entry.after)))


def _steps(record: Record, text: str) -> dict[int, Step]:
    """The milestones of a text by key; one that is told again, once it was taken off, has the key
    that it had."""
    rows = MILESTONES.told(text).get("milestones", [])
    there = {record.known_as.get(row["id"], row["id"]) for row in rows}
    found = {}
    for row in rows:
        key = record.known_as.get(row["id"], row["id"])
        if key not in record.titles:
            gone = (one for one in record.titles if one not in there)
            key = next((one for one in gone if record.titles[one] == row["title"]), key)
            record.known_as[row["id"]] = key
            there.add(key)
        record.titles[key] = row["title"]
        found[key] = Step(DAY.parse(row["due_on"]), DAY.parse(row["done_on"]), row["weight"])
    return found


def _values(text: str) -> dict:
    content = STATE.told(text)
    return {one.name: one.parse(content[one.name]) for one in STATE.fields} if content else {}


def _last_word(told: list[Telling], day: datetime.date) -> dict | None:
    """What holds on a day. Each telling takes away what had been told for its own day and later:
    the last one written that reaches back to the day is the one that counts."""
    return next((one.values for one in reversed(told) if one.since <= day), None)
