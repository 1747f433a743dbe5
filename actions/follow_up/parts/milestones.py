"""The part that holds the milestones of an action."""

from dataclasses import dataclass, field

from actions.follow_up.parts.base import FollowUpPart
from actions.plan.faults import YEAR_MISTYPED, is_mistyped, overlong, period_faults
from actions.plan.models import HEAVIEST, Milestone
from agreements.commitments.fields import Children, Day, Field, Key, Number, Text


@dataclass(frozen=True)
class MilestoneRows(Children):
    """« 15 janvier 2021 : convention signée, atteint le 1er février 2021 »."""

    fields: tuple[Field, ...] = field(
        default=(
            Key(),
            Text("title", "Jalon"),
            Day("due_on", "Échéance"),
            Day("done_on", "Atteint le"),
            Number("weight", "Poids"),
        )
    )
    # A form sends the key back; a row without one is matched by its title and day.
    identity: tuple[tuple[str, ...], ...] = (("id",), ("title", "due_on"), ("title",))

    def plain(self, value):
        """Return the canonical rows by due day, then title, however they were typed."""
        rows = super().plain(value)
        return sorted(rows, key=lambda row: (row["due_on"] or "", row["title"]))

    def read(self, row):
        return self.plain(super().read(row))

    def show_child(self, child: dict) -> str:
        """Return a milestone on one line; its weight is only said where it is not 1."""
        title, due, done, weight = (part.show(child[part.name]) for part in self._written)
        words = f"{due} : {title}" + (f", atteint le {done}" if done else "")
        return words if child["weight"] == 1 else f"{words} (poids {weight})"


class MilestonesPart(FollowUpPart):
    """The milestones, each due within the period that was agreed."""

    key, title = "jalons", "Jalons"
    fields = (MilestoneRows("milestones", "Jalons"),)

    def faults(self, action, content, today):
        """Yield what is wrong with the milestones; a day outside the agreed period only where no
        stored milestone has it already."""
        there = {row["due_on"] for row in self.read(action)["milestones"]}
        for row in content["milestones"]:
            title = row["title"].strip()
            if not title or not row["due_on"]:
                yield "milestones", "Un jalon a un titre et une échéance."
                continue
            for _, reason in overlong(Milestone, row):
                yield "milestones", reason
            if is_mistyped(row["due_on"]) or is_mistyped(row["done_on"]):
                reason = f"« {title} » : {YEAR_MISTYPED[0].lower()}{YEAR_MISTYPED[1:]}"
                yield "milestones", reason
                continue
            # The calendar may have been changed since: what was there is not refused afterwards.
            if row["due_on"] not in there:
                for reason in period_faults(action, title, row["due_on"]):
                    yield "milestones", reason
            if row["done_on"] and row["done_on"] > today.isoformat():
                reason = f"« {title} » : le jour où il a été atteint n’est pas encore venu."
                yield "milestones", reason
            if row["weight"] is None or not 1 <= row["weight"] <= HEAVIEST:
                yield "milestones", f"« {title} » : un poids va de 1 à {HEAVIEST}."

    def write(self, action, content):
        self.fields[0].write(action, content["milestones"])
