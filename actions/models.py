"""The action plan, as rows."""

from actions.follow_up.documents import ActionDocument
from actions.follow_up.funding import Funding, Nature
from actions.follow_up.models import FollowUp, JournalEntry, Milestone
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
