"""The ways to look at the plan as text, drawn once for all to whom an address shows the same."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from actions.models import Action
from actions.ways.board import Board
from actions.ways.budget import Budget
from actions.ways.by_commune import CommunePlan
from actions.ways.by_objective import ObjectiveTree
from actions.ways.list import Plan
from actions.ways.timeline import Timeline
from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject

# By the name of a way, what it tells, as its template calls it.
WAYS: dict[str, tuple[str, Callable]] = {
    "timeline": ("timeline", Timeline),
    "board": ("board", Board),
    "by_objective": ("tree", ObjectiveTree),
    "by_commune": ("places", CommunePlan),
    "budget": ("budget", Budget),
}


@dataclass(frozen=True)
class Drawn:
    """A way to look at the plan: what stands over it, and what it shows, as text."""

    title: str
    lead: str
    view: str


class SamePlan(Plan):
    """The plan as an address shows it to all who read the same actions, those of ``keys``."""

    def __init__(self, convention: Convention, asked: str, with_drafts: bool, keys: tuple):
        super().__init__(convention, None, QueryDict(asked), timezone.localdate(), with_drafts)
        known = {action.pk: action for action in self.everything}
        self._chosen = [known[pk] for pk in keys if pk in known]

    @property
    def matching(self) -> list[Action]:
        return self._chosen


def drawn(plan: Plan, way: str) -> Drawn:
    """Return a way to look at a plan."""
    return _drawn(plan.convention, way, *_alike(plan))


def lists_of(plan: Plan) -> tuple[str, str]:
    """Return the list of a plan, and what narrows it."""
    return _lists(plan.convention, *_alike(plan))


def _alike(plan: Plan) -> tuple[str, bool, tuple[int, ...]]:
    """Return all that what is drawn of a plan depends on: nothing of the person else."""
    return plan.asked.urlencode(), plan.may_draft, tuple(action.pk for action in plan.matching)


@cached(Subject.PLAN, Subject.TEXT, Subject.COMMITTEE)
def _drawn(
    convention: Convention, way: str, asked: str, with_drafts: bool, keys: tuple[int, ...]
) -> Drawn:
    plan = SamePlan(convention, asked, with_drafts, keys)
    name, tell = WAYS[way]
    told = tell(plan)
    context = {"plan": plan, name: told, "convention": convention, "words": convention.words}
    view = render_to_string(f"actions/ways/{way}_view.html", context)
    return Drawn(told.title, getattr(told, "lead", ""), view)


@cached(Subject.PLAN, Subject.TEXT, Subject.COMMITTEE)
def _lists(
    convention: Convention, asked: str, with_drafts: bool, keys: tuple[int, ...]
) -> tuple[str, str]:
    plan = SamePlan(convention, asked, with_drafts, keys)
    context = {"plan": plan, "words": convention.words}
    return (
        render_to_string("actions/ways/plan_parts.html", context),
        render_to_string("actions/ways/facets.html", context),
    )
