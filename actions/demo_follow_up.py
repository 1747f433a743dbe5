"""Write the follow-up of the actions of the demonstration, act by act, each on its own day."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from actions.demo_sheets import STATES, Sheets, amount
from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.follow_up.models import FollowUp, JournalEntry
from actions.plan.models import Action
from committee.demo import account

NOTE = [
    ("text", "texte"), ("brakes", "freins"), ("levers", "leviers"), ("prospects", "perspectives"),
]  # fmt: skip


@dataclass(frozen=True)
class Act:
    """What somebody writes of one part of an action, on a day."""

    day: datetime.date
    part: parts.FollowUpPart
    values: dict

    @property
    def moment(self) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(self.day, datetime.time(16, 40)))


class FollowUps:
    """Writes the follow-up of actions in force; ``actions`` are all of them, by key of the file."""

    def __init__(self, sheets: Sheets, actions: dict[str, Action]):
        self.sheets, self.actions = sheets, actions
        self.people: dict[str, User] = {}

    def play(self, sheets: list[dict]) -> None:
        """Write the follow-up of each entry as its lead, or the coordinator, dated in the past."""
        self.starts = {sheet["cle"]: sheet["debut"] for sheet in sheets}
        # A link shows on both sheets.
        self.links: dict[str, set[str]] = defaultdict(set)
        for sheet in sheets:
            for other in sheet.get("liens", []):
                self.links[sheet["cle"]].add(other)
                self.links[other].add(sheet["cle"])
        entries, notes, last = [], [], 0
        for sheet in sheets:
            action, by = self.actions[sheet["cle"]], self._writer(sheet)
            for act in sorted(self._acts(sheet), key=lambda act: act.day):
                entry = follow_up(action, act.part, act.part.plain(act.values), by=by)
                if entry is None:  # the other end of the link has written it
                    continue
                # A link is journaled for the other actions too.
                new_entries = JournalEntry.objects.filter(pk__gt=last, pk__lte=entry.pk)
                for written in new_entries if act.part is parts.LINKED else [entry]:
                    written.created_at = act.moment
                    written.day = act.day
                    entries.append(written)
                last = entry.pk
                if isinstance(act.part, parts.NotePart):
                    note = FollowUp.objects.get(action=action, year=act.part.year)
                    note.written_at = act.moment
                    notes.append(note)
        JournalEntry.objects.bulk_update(entries, ["created_at", "day"])
        FollowUp.objects.bulk_update(notes, ["written_at"])

    def _writer(self, sheet: dict) -> User:
        """Return the first lead of an entry who has an account, else the coordinator; each user is
        read once."""
        accounts = [lead["compte"] for lead in sheet["pilotes"] if "compte" in lead]
        name = (accounts or ["coordination"])[0]
        if name not in self.people:
            self.people[name] = account(name)
        return self.people[name]

    def _acts(self, sheet: dict) -> Iterator[Act]:
        """Yield all that is written of an action, each act on its day."""
        # Milestones are planned from the start; those reached are entered with the last of them.
        rows = [
            {"title": step["titre"], "due_on": step["le"], "done_on": step.get("fait_le"),
             "weight": step.get("poids", 1)}
            for step in sheet["jalons"]
        ]  # fmt: skip
        planned = [row | {"done_on": None} for row in rows]
        yield Act(sheet["debut"], parts.MILESTONES, {"milestones": planned})
        if done := [row["done_on"] for row in rows if row["done_on"]]:
            yield Act(max(done), parts.MILESTONES, {"milestones": rows})
        # A step is a new state, or more progress in the same one, which holds ``since`` then.
        state = since = None
        for step in sheet.get("etapes", []):
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
            yield Act(step["le"], parts.STATE, values)
        # What was given and spent, at the end of the last year of which something is known.
        lines = [
            self.sheets.line(line)
            | {"granted": amount(line.get("accorde")), "spent": amount(line.get("depense"))}
            for line in sheet.get("financements", [])
        ]
        known = [row["year"] for row in lines if (row["granted"], row["spent"]) != (None, None)]
        if known:
            yield Act(datetime.date(max(known), 12, 10), parts.SPENDING, {"fundings": lines})
        for note in sheet.get("bilans", []):
            year, values = note["annee"], {name: note.get(key, "").strip() for name, key in NOTE}
            yield Act(datetime.date(year + 1, 1, 18), parts.NotePart(year), values)
        if links := self.links[sheet["cle"]]:
            related = [action for key, action in self.actions.items() if key in links]
            both = max(self.starts.get(key, sheet["debut"]) for key in [sheet["cle"], *links])
            yield Act(both, parts.LINKED, {"related": related})
