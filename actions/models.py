"""The action plan, as rows."""

from actions.follow_up.models import ActionDocument, BroughtPart, FollowUp, JournalEntry
from actions.plan.models import (
    Action,
    ActionState,
    Funding,
    Lead,
    Means,
    Milestone,
    Nature,
    Priority,
    UnclearText,
)

__all__ = [
    "Action",
    "ActionDocument",
    "ActionState",
    "BroughtPart",
    "FollowUp",
    "Funding",
    "JournalEntry",
    "Lead",
    "Means",
    "Milestone",
    "Nature",
    "Priority",
    "UnclearText",
]
