"""Count the values by which the plan shown may be narrowed (faceted search).

Counted over what is shown, from the rows that were read: no query. The form holds all that can be
asked for; these are the few questions that most ask.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import QueryDict

from actions.filters import STATES
from actions.plan.models import Action, ActionState
from actions.ways.filters import AGREED, DISCUSSED, DRAFTED
from conventions.models import Standing
from ctg_portal.templatetags.french import number
from ctg_portal.text.typography import polish

MOST = 8  # values of a question; the others are in the form


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet; ``url`` asks for it, or no longer where it is chosen."""

    label: str
    count: int
    url: str
    is_chosen: bool

    @property
    def formatted_count(self) -> str:
        return number(self.count)


@dataclass(frozen=True)
class Facet:
    label: str
    values: list[FacetValue]


@dataclass(frozen=True)
class Counted:
    """A value that may be asked for, with the number of actions that have it."""

    value: str
    label: str
    count: int


def facets_of(plan) -> list[Facet]:
    """Return the facets that would narrow, or do, what a ``ways.list.Plan`` shows."""
    words = plan.convention.words
    questions = [
        (words.axis.title, "axe", _axes),
        ("Où en est l’action", "etat", _states),
        ("Échéances", "retard", _late),
        ("Pilote", "pilote", _leads),
        ("Accord", "accord", _standings),
    ]
    facets = [Facet(label, _values(plan, name, count)) for label, name, count in questions]
    total = len(plan.shown)
    return [
        facet
        for facet in facets
        if len(facet.values) > 1 or any(v.is_chosen or v.count < total for v in facet.values)
    ]


def _values(plan, name: str, count: Callable[..., Iterator[Counted]]) -> list[FacetValue]:
    """Return the values of the question ``name`` that ``count`` yields, with addresses."""
    chosen = plan.filter.data.get(name, "")
    return [
        FacetValue(
            counted.label,
            counted.count,
            url=_address(plan, name, "" if counted.value == chosen else counted.value),
            is_chosen=counted.value == chosen,
        )
        for counted in count(plan)
    ]


def _address(plan, name: str, value: str) -> str:
    """Return the query of the plan with ``value`` alone for ``name``; without it if empty."""
    asked = QueryDict(plan.filter.query, mutable=True)
    asked.pop(name, None)
    if value:
        asked[name] = value
    return f"?{asked.urlencode()}"


def _axes(plan) -> Iterator[Counted]:
    for axis, count in Counter(action.theme.axis for action in plan.shown).items():
        yield Counted(str(axis.pk), polish(f"{axis.mark}. {axis.title}"), count)


def _states(plan) -> Iterator[Counted]:
    """Count the actions in force by state, without states that none is in."""
    counted = Counter(action.state for action in plan.shown if action.is_agreed)
    for value, state in STATES.items():
        if counted[state]:
            yield Counted(value, ActionState(state).label.capitalize(), counted[state])


def _late(plan) -> Iterator[Counted]:
    if count := sum(action.pk in plan.late for action in plan.shown):
        yield Counted("on", plan.late_word.title_of_several, count)


def _leads(plan) -> Iterator[Counted]:
    """Count the organisations that lead, those that lead most first, ``MOST`` of them at most."""
    counted = Counter(
        lead.organisation
        for action in plan.shown
        for lead in {row.organisation_id: row for row in action.leads.all()}.values()
    )
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].acronym))
    for organisation, count in ordered[:MOST]:
        yield Counted(str(organisation.pk), polish(str(organisation)), count)


def _standings(plan) -> Iterator[Counted]:
    """Count the actions in force, with a proposed version, and drafts, where there are any."""

    def standing(action: Action) -> str:
        return AGREED if action.is_agreed else DRAFTED if action.standing == Standing.DRAFT else ""

    counted = Counter(standing(action) for action in plan.shown)
    discussed = sum(action.pk in plan.points for action in plan.shown)
    values = (
        Counted(AGREED, "En vigueur", counted[AGREED]),
        Counted(DISCUSSED, "En discussion", discussed),
        Counted(DRAFTED, "Brouillon", counted[DRAFTED]),
    )
    yield from (value for value in values if value.count)
