"""Keep what counts among the actions that a plan shows, for the ways to look at it."""

from actions.plan.models import Action
from actions.ways.list import Plan


def counted_actions(plan: Plan) -> list[Action]:
    """Return the agreed actions that the plan shows: they alone are counted."""
    return [action for action in plan.shown if action.is_agreed]


def title_without_actions(plan: Plan) -> str:
    """Return the title of a page on which no action is counted."""
    if plan.is_searched:
        return "Aucune action en vigueur ne répond à votre recherche"
    return "Aucune action n’est encore en vigueur"
