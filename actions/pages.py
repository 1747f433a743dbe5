"""Read the action that a page is about, if the person may know of it."""

from django.http import Http404

from accounts.models import User
from actions.plan.models import Action
from actions.ways.list import can_draft
from conventions.models import Convention, Standing
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


def action_of(convention: Convention, user: User, pk: int) -> Action:
    """Return an action with all that its sheet shows; 404 outside the convention, and for a draft
    that the person may not write."""
    action = _action(convention, pk)
    if action is None or (action.standing == Standing.DRAFT and not can_draft(user, convention)):
        raise Http404
    return action


@cached(Subject.PLAN, Subject.TEXT)
def _action(convention: Convention, pk: int) -> Action | None:
    """Return an action of the convention with all that its sheet shows, even a draft; None outside
    the convention."""
    action = Action.objects.of(convention).with_sheet().filter(pk=pk).first()
    if action:
        action.convention = action.theme.axis.convention = convention
    return action
