"""How the actions of the demonstration went on, told act by act, each set on its own day."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from actions.demo_sheets import STATES, Sheets, amount
from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action, FollowUp, JournalEntry
from committee.demo import account

NOTE = [
    ("text", "texte"), ("brakes", "freins"), ("levers", "leviers"), ("prospects", "perspectives"),
]  # fmt: skip


@dataclass(frozen=True)
class ToldAct:
    """What somebody tells of one part of an action, on a day."""

    day: datetime.date
    part: parts.FollowUpPart
    values: dict

    @property
    def moment(self) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(self.day, datetime.time(16, 40)))


class FollowUps:
    """Plays the follow-up of actions in force; ``actions`` are all of them, by key of the file."""

    def __init__(self, sheets: Sheets, actions: dict[str, Action]):
        self.sheets, self.actions = sheets, actions
        self.people: dict[str, User] = {}

    def play(self, told: list[dict]) -> None:
        """Have each told by who leads it, or by the coordinator, and put it in the past."""
        self.starts = {one["cle"]: one["debut"] for one in told}
        # A link holds from both of its ends.
        self.links: dict[str, set[str]] = defaultdict(set)
        for one in told:
            for other in one.get("liens", []):
                self.links[one["cle"]].add(other)
                self.links[other].add(one["cle"])
        entries, notes, last = [], [], 0
        for one in told:
            action, by = self.actions[one["cle"]], self._writer(one)
            for act in sorted(self._acts(one), key=lambda act: act.day):
                entry = follow_up(action, act.part, act.part.plain(act.values), by=by)
                if entry is None:  # the other end of a link has told it
                    continue
                # A link is told on the other sheets too.
                told_now = JournalEntry.objects.filter(pk__gt=last, pk__lte=entry.pk)
                for one_side in told_now if act.part is parts.LINKED else [entry]:
                    one_side.created_at = act.moment
                    one_side.day = act.day
                    entries.append(one_side)
                last = entry.pk
                if isinstance(act.part, parts.NotePart):
                    note = FollowUp.objects.get(action=action, year=act.part.year)
                    note.written_at = act.moment
                    notes.append(note)
        JournalEntry.objects.bulk_update(entries, ["created_at", "day"])
        FollowUp.objects.bulk_update(notes, ["written_at"])

    def _writer(self, told: dict) -> User:
        accounts = [lead["compte"] for lead in told["pilotes"] if "compte" in lead]
        name = (accounts or ["coordination"])[0]
        if name not in self.people:
            self.people[name] = account(name)
        return self.people[name]

    def _acts(self, told: dict) -> Iterator[ToldAct]:
        """All that is told of an action, each on its day."""
        # Milestones are planned from the start; those done are told when the last of them is.
        rows = [
            {"title": one["titre"], "due_on": one["le"], "done_on": one.get("fait_le"),
             "weight": one.get("poids", 1)}
            for one in told["jalons"]
        ]  # fmt: skip
        planned = [row | {"done_on": None} for row in rows]
        yield ToldAct(told["debut"], parts.MILESTONES, {"milestones": planned})
        if done := [row["done_on"] for row in rows if row["done_on"]]:
            yield ToldAct(max(done), parts.MILESTONES, {"milestones": rows})
        # A step is a new state, or more progress in the same one, which holds ``since`` then.
        state = since = None
        for step in told.get("etapes", []):
            if step["etat"] != state:
                state, since = step["etat"], step["le"]
            progress = step.get("avancement")
            values = {
                "state": STATES[state],
                "state_on": since,
                "state_reason": step.get("motif", ""),
                "stated_progress": progress,
                "stated_on": None if progress is None else step["le"],
            }
            yield ToldAct(step["le"], parts.STATE, values)
        # What was given and spent, at the end of the last year of which something is known.
        lines = [
            self.sheets.line(one)
            | {"granted": amount(one.get("accorde")), "spent": amount(one.get("depense"))}
            for one in told.get("financements", [])
        ]
        known = [one["year"] for one in lines if (one["granted"], one["spent"]) != (None, None)]
        if known:
            yield ToldAct(datetime.date(max(known), 12, 10), parts.SPENDING, {"fundings": lines})
        for note in told.get("bilans", []):
            year, values = note["annee"], {name: note.get(key, "").strip() for name, key in NOTE}
            yield ToldAct(datetime.date(year + 1, 1, 18), parts.NotePart(year), values)
        if links := self.links[told["cle"]]:
            related = [action for key, action in self.actions.items() if key in links]
            both = max(self.starts.get(key, told["debut"]) for key in [told["cle"], *links])
            yield ToldAct(both, parts.LINKED, {"related": related})
