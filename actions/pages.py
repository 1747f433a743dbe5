"""What all pages of one action share: which action it is, and who may know of it."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from actions.models import Action
from actions.ways.list import readable_actions


def action_of(convention, user: User, pk: int) -> Action:
    """The action, with all that its sheet tells, if the person may know of it; 404 otherwise."""
    rows = readable_actions(convention, user).with_sheet()
    action = get_object_or_404(rows, pk=pk)
    action.convention = action.theme.axis.convention = convention
    return action
