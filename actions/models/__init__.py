"""The action plan, as rows."""

from actions.models.actions import Action, ActionState, Lead, Means, Priority
from actions.models.documents import ActionDocument
from actions.models.followup import FollowUp, JournalEntry, Milestone
from actions.models.funding import Funding, Nature

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
