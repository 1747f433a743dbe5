"""Draw the pages of the plan as text, once for all to whom an address shows the same actions."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from actions.ways.board import Board
from actions.ways.budget import Budget
from actions.ways.by_commune import CommunePlan
from actions.ways.by_objective import ObjectiveTree
from actions.ways.list import Plan
from actions.ways.timeline import Timeline
from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject

# By the name of a way, the name of its variable in the template, and what reads it.
WAYS: dict[str, tuple[str, Callable]] = {
    "timeline": ("timeline", Timeline),
    "board": ("board", Board),
    "by_objective": ("tree", ObjectiveTree),
    "by_commune": ("places", CommunePlan),
    "budget": ("budget", Budget),
}


@dataclass(frozen=True)
class DrawnWay:
    """A page of the plan: its title and lead, and its content as HTML."""

    title: str
    lead: str
    view: str


class SharedPlan(Plan):
    """The plan as an address shows it to all who read the same actions, those of ``keys``."""

    def __init__(
        self, convention: Convention, asked: str, with_drafts: bool, keys: tuple[int, ...]
    ):
        super().__init__(convention, None, QueryDict(asked), timezone.localdate(), with_drafts)
        by_key = {action.pk: action for action in self.everything}
        self.matching = [by_key[pk] for pk in keys if pk in by_key]


def draw_way(plan: Plan, way: str) -> DrawnWay:
    """Return one of the ``WAYS`` to look at a plan, drawn."""
    return _draw_way(plan.convention, way, *_cache_key(plan))


def draw_list(plan: Plan) -> tuple[str, str]:
    """Return the HTML of the list of a plan, and of its facets."""
    return _draw_list(plan.convention, *_cache_key(plan))


def _cache_key(plan: Plan) -> tuple[str, bool, tuple[int, ...]]:
    """Return all that the drawing of a plan depends on: nothing else of the person."""
    return plan.asked.urlencode(), plan.can_draft, tuple(action.pk for action in plan.matching)


@cached(Subject.PLAN, Subject.TEXT, Subject.COMMITTEE)
def _draw_way(
    convention: Convention, way: str, asked: str, with_drafts: bool, keys: tuple[int, ...]
) -> DrawnWay:
    """Draw a way to look at the plan; cached by all that it depends on (``_cache_key``)."""
    plan = SharedPlan(convention, asked, with_drafts, keys)
    name, read_way = WAYS[way]
    way_read = read_way(plan)
    context = {"plan": plan, name: way_read, "convention": convention, "words": convention.words}
    view = render_to_string(f"actions/ways/{way}_view.html", context)
    return DrawnWay(way_read.title, getattr(way_read, "lead", ""), view)


@cached(Subject.PLAN, Subject.TEXT, Subject.COMMITTEE)
def _draw_list(
    convention: Convention, asked: str, with_drafts: bool, keys: tuple[int, ...]
) -> tuple[str, str]:
    """Return the HTML of the list and of its facets; cached by all that it depends on."""
    plan = SharedPlan(convention, asked, with_drafts, keys)
    context = {"plan": plan, "words": convention.words}
    return (
        render_to_string("actions/ways/plan_parts.html", context),
        render_to_string("actions/ways/facets.html", context),
    )
