"""The actions of a convention as everybody reads them, kept while the plan and the text stay."""

from actions.plan.models import Action
from conventions.models import Convention
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
    without their long texts; mere drafts too: a reader leaves out those they may not know of."""
    rows = Action.objects.of(convention).with_relations().in_reading_order()
    actions = list(rows.defer(*LONG))
    for action in actions:
        action.convention = action.theme.axis.convention = convention
    return actions
