"""The follow-up of an action, part by part: how each is read, shown, checked and written.

A part is to the follow-up what a commitment is to agreements: fields of plain content, but free to
change. ``actions.follow_up.events.follow_up`` writes it and stores in the journal what it was
before.
"""

from actions.follow_up.parts.base import FollowUpPart
from actions.follow_up.parts.milestones import MilestonesPart
from actions.follow_up.parts.notes import LinksPart, NotePart
from actions.follow_up.parts.spending import SpendingPart
from actions.follow_up.parts.state import StatePart
from actions.plan.models import FIRST_YEAR, LAST_YEAR

STATE, MILESTONES, SPENDING, LINKED = StatePart(), MilestonesPart(), SpendingPart(), LinksPart()
PARTS = {part.key: part for part in (STATE, MILESTONES, SPENDING, LINKED)}


def part_by_key(key: str) -> FollowUpPart | None:
    """Return the part that an address or a journal entry names; None for an unknown key."""
    head, _, year = key.partition("-")
    if head == "bilan" and year in map(str, range(FIRST_YEAR, LAST_YEAR + 1)):
        return NotePart(int(year))
    return PARTS.get(key)


__all__ = [
    "LINKED", "MILESTONES", "PARTS", "SPENDING", "STATE", "FollowUpPart", "LinksPart",
    "MilestonesPart", "NotePart", "SpendingPart", "StatePart", "part_by_key",
]  # fmt: skip
