"""The action plan, as rows."""

from actions.follow_up.models import (
    ActionDocument,
    FollowUp,
    Funding,
    JournalEntry,
    Milestone,
    Nature,
)
from actions.plan.models import Action, ActionState, Lead, Means, Priority

__all__ = [
    "Action",
    "ActionDocument",
    "ActionState",
    "FollowUp",
    "Funding",
    "JournalEntry",
    "Lead",
    "Means",
    "Milestone",
    "Nature",
    "Priority",
]
