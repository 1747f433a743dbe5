"""The action plan, as rows."""

from actions.follow_up.models import ActionDocument, FollowUp, JournalEntry
from actions.plan.models import (
    Action,
    ActionState,
    Funding,
    Lead,
    Means,
    Milestone,
    Nature,
    Priority,
)

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
