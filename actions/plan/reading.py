"""Read the actions of a convention that a person may know of; what everybody reads alike is kept
while the plan and the text stay."""

from django.http import Http404

from accounts.models import User
from actions.plan.models import Action, ActionQuerySet
from agreements.commitments.commitment import commitment_of
from conventions.models import Convention, Standing
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject

# What no list shows.
LONG = (
    *("search_text", "diagnosis", "description", "audience", "expected_results"),
    *("elected_referent", "other_partners", "plans"),
)


@cached(Subject.PLAN, Subject.TEXT)
def actions_of(convention: Convention) -> list[Action]:
    """Return all actions of a convention in reading order, with what a list of them shows and
    without their long texts; drafts too, which the caller leaves out for who may not see them."""
    rows = Action.objects.of(convention).with_relations().in_reading_order()
    actions = list(rows.defer(*LONG))
    for action in actions:
        action.convention = action.theme.axis.convention = convention
    return actions


def can_draft(user: User | None, convention: Convention) -> bool:
    """Return whether ``user`` may write, and so see, drafts of actions; None, the system, may."""
    return commitment_of(Action()).may_draft(user, convention) is None


def readable_actions(convention: Convention, user: User | None) -> ActionQuerySet:
    """Return the actions that ``user`` may know of, withdrawn too; drafts for who drafts."""
    rows = Action.objects.of(convention)
    return rows if can_draft(user, convention) else rows.exclude(standing=Standing.DRAFT)


def action_of(convention: Convention, user: User, pk: int) -> Action:
    """Return an action with all that its sheet shows. Raises Http404 outside the convention, and
    for a draft that ``user`` may not write."""
    action = _read_action(convention, pk)
    if action is None or (action.standing == Standing.DRAFT and not can_draft(user, convention)):
        raise Http404
    return action


@cached(Subject.PLAN, Subject.TEXT)
def _read_action(convention: Convention, pk: int) -> Action | None:
    """Return an action of the convention with all that its sheet shows, a draft too; None for
    another key."""
    action = Action.objects.of(convention).with_sheet().filter(pk=pk).first()
    if action:
        action.convention = action.theme.axis.convention = convention
    return action
