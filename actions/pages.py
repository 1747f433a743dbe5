"""What all pages of one action share: which action it is, and who may know of it."""

from django.http import Http404

from accounts.models import User
from actions.models import Action
from actions.ways.list import may_draft
from conventions.models import Convention, Standing
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


def action_of(convention: Convention, user: User, pk: int) -> Action:
    """The action, with all that its sheet tells, if the person may know of it; 404 otherwise."""
    action = _action(convention, pk)
    if action is None or (action.standing == Standing.DRAFT and not may_draft(user, convention)):
        raise Http404
    return action


@cached(Subject.PLAN, Subject.TEXT)
def _action(convention: Convention, pk: int) -> Action | None:
    """Return an action of the convention as its sheet tells it, be it a mere draft."""
    action = Action.objects.of(convention).with_sheet().filter(pk=pk).first()
    if action:
        action.convention = action.theme.axis.convention = convention
    return action
