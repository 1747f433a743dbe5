"""What the ways to look at the plan share: what counts of the actions that are shown."""

from actions.models import Action
from actions.ways.list import Plan


def counted(plan: Plan) -> list[Action]:
    """The actions shown that all parties have agreed to."""
    return [action for action in plan.shown if action.is_agreed]


def nothing_in_force(plan: Plan) -> str:
    """The title of a page on which no action counts."""
    if plan.is_searched:
        return "Aucune action en vigueur ne répond à votre recherche"
    return "Aucune action n’est encore en vigueur"
