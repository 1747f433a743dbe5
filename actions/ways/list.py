"""The action plan as a person reads it: in as many queries for 500 actions as for one."""

import datetime
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.urls import reverse

from accounts.models import User
from actions.follow_up.words import reasons_why_late
from actions.models import Action, ActionState, Lead
from actions.plan.reading import actions_of
from actions.ways.columns import SORTS
from actions.ways.facets import Facet, facets_of
from actions.ways.filters import WITHDRAWN, PlanFilter, drawn_form
from agreements.answers.lights import Point, points_of, required_of
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from conventions.access.viewer import accesses_of
from conventions.models import Axis, Convention, Objective, Role, Standing, Theme
from ctg_portal.templatetags.french import enumerate_words, number, plural

PAGE_SIZE = 50
NOTHING_FOUND = "Aucune action ne répond à votre recherche"
COUNTED = {
    ActionState.TO_COME: "à venir,à venir",
    ActionState.IN_PROGRESS: "en cours,en cours",
    ActionState.DONE: "terminée,terminées",
    ActionState.PAUSED: "en pause,en pause",
    ActionState.BLOCKED: "bloquée,bloquées",
    ActionState.ABANDONED: "abandonnée,abandonnées",
}
TABS = [
    ("Liste", "plan"),
    ("Calendrier", "timeline"),
    ("États", "board"),
    ("{words.objective.titles}", "by_objective"),
    ("Communes", "by_commune"),
    ("Budget", "budget"),
]


def may_draft(user: User | None, convention: Convention) -> bool:
    return commitment_of(Action()).may_draft(user, convention) is None


def readable_actions(convention: Convention, user: User | None):
    """The actions that the person may know of; a mere draft is for who may write one."""
    found = Action.objects.of(convention)
    return found if may_draft(user, convention) else found.exclude(standing=Standing.DRAFT)


@dataclass(frozen=True)
class Tab:
    """A way to look at the plan, with what the address asks for kept."""

    label: str
    path: str
    url: str


@dataclass(frozen=True)
class Row:
    """An action as the list shows it. ``point``: the version discussed, with its lights; ``late``:
    how it is behind what was agreed, in sentences."""

    action: Action
    point: Point | None
    late: list[str]
    is_after_term: bool = False

    @property
    def is_late(self) -> bool:
        return bool(self.late)


@dataclass(frozen=True)
class Group:
    """Rows under one theme; all in one, without either, where they are sorted otherwise."""

    axis: Axis | None
    theme: Theme | None
    rows: list[Row]


@dataclass(frozen=True)
class AxisPart:
    """The groups of an axis on a page, with what it counts on all pages; one part without axis
    where they are sorted otherwise."""

    axis: Axis | None
    groups: list[Group]
    count: int
    late: int

    @property
    def told(self) -> str:
        """« 12 actions, 3 en retard »."""
        told = plural(self.count, "action,actions")
        return f"{told}, {number(self.late)} en retard" if self.late else told


class Plan:
    """The actions that ``user`` reads; ``asked`` is what the address asks for.

    ``with_drafts``: whether mere drafts are shown, where no right of the user tells.
    """

    def __init__(
        self,
        convention: Convention,
        user: User | None,
        asked,
        today: datetime.date,
        with_drafts: bool | None = None,
    ):
        self.convention, self.user, self.asked, self.today = convention, user, asked, today
        self.may_draft = may_draft(user, convention) if with_drafts is None else with_drafts
        self.filter = PlanFilter(
            asked,
            queryset=Action.objects.of(convention),
            convention=convention,
            user=user,
            today=today,
            with_drafts=self.may_draft,
        )

    # What there is --------------------------------------------------------------------------------

    @cached_property
    def everything(self) -> list[Action]:
        """Every action that the person may know of, in reading order."""
        found = actions_of(self.convention)
        return found if self.may_draft else [a for a in found if a.standing != Standing.DRAFT]

    @cached_property
    def agreed(self) -> list[Action]:
        """Those that all parties have agreed to: they alone count."""
        return [action for action in self.everything if action.is_agreed]

    @cached_property
    def late(self) -> set[int]:
        """Those that are behind what was agreed, by primary key."""
        return {action.pk for action in self.everything if action.is_late(self.today)}

    @property
    def withdrawn_count(self) -> int:
        return sum(action.standing == Standing.WITHDRAWN for action in self.everything)

    @cached_property
    def may_lead(self) -> bool:
        """Whether actions may be the person's to follow: by name, or by entering for a body."""
        held = accesses_of(self.user, self.convention)
        return any(access.role in Role.entering() for access in held) or any(
            self._is_named(lead) for a in self.everything for lead in a.leads.all()
        )

    def _is_named(self, lead: Lead) -> bool:
        return self.user is not None and lead.user_id == self.user.pk

    @cached_property
    def leads_some(self) -> bool:
        """Whether actions in force are the person's to follow."""
        entering = {
            access.organisation_id
            for access in accesses_of(self.user, self.convention)
            if access.role in Role.entering()
        }
        return any(
            self._is_named(lead) or lead.organisation_id in entering
            for action in self.agreed
            for lead in action.leads.all()
        )

    @property
    def title(self) -> str:
        """« 34 actions en vigueur, dont 5 en retard »; « 6 actions sur 40, … » of a search."""
        if self.is_searched:
            return self._title_of_search()
        if not self.agreed:
            return "Aucune action n’est encore en vigueur"
        told = plural(len(self.agreed), "action en vigueur,actions en vigueur")
        late = len(self.late)
        return f"{told}, dont {number(late)} en retard" if late else told

    def _title_of_search(self) -> str:
        count = len(self.shown)
        if not count:
            return NOTHING_FOUND
        if self.asks_for_withdrawn:
            return plural(count, "action retirée,actions retirées")
        whole = len(self.everything) - self.withdrawn_count
        told = f"{plural(count, 'action,actions')} sur {number(whole)}"
        late = sum(action.pk in self.late for action in self.shown)
        if not late:
            return told
        if late < count:
            return f"{told}, dont {number(late)} en retard"
        return f"{told}, toutes en retard" if count >= 2 else f"{told}, en retard"

    @property
    def found(self) -> str:
        """« 6 actions répondent à votre recherche »."""
        if not self.shown:
            return NOTHING_FOUND
        told = plural(len(self.shown), "action répond,actions répondent")
        return f"{told} à votre recherche"

    @property
    def counts(self) -> str:
        """« 12 en cours, 9 terminées et 5 à venir » of what is shown; empty without any action."""
        counted = Counter(action.state for action in self.shown if action.is_agreed)
        return enumerate_words(
            plural(counted[state], words) for state, words in COUNTED.items() if counted[state]
        )

    @property
    def is_fictional(self) -> bool:
        """Whether actions of a demonstration are among those shown."""
        return any(action.is_fictional for action in self.shown)

    # What is asked for ----------------------------------------------------------------------------

    @cached_property
    def matching(self) -> list[Action]:
        """Those that the address asks for, in its order, the withdrawn among them."""
        asked, found = self.filter.asked, self.everything
        if asked is None:
            return []
        if self.is_searched:
            kept = set(self.filter.qs.values_list("pk", flat=True))
            found = [action for action in found if action.pk in kept]
        column = SORTS.get(asked.get("tri", ""))
        return sorted(found, key=column.sort) if column else found

    @cached_property
    def shown(self) -> list[Action]:
        """Those that the address asks for, in its order; the withdrawn only where it asks for
        them."""
        if self.asks_for_withdrawn:
            return self.matching
        return [a for a in self.matching if a.standing != Standing.WITHDRAWN]

    @property
    def withdrawn(self) -> list[Action]:
        """The withdrawn that answer what the address asks for, shown or not."""
        return [a for a in self.matching if a.standing == Standing.WITHDRAWN]

    @property
    def asks_for_withdrawn(self) -> bool:
        return (self.filter.asked or {}).get("accord") == WITHDRAWN

    @property
    def is_searched(self) -> bool:
        """Whether the address asks for some only, or for what makes no sense."""
        asked = self.filter.asked
        return asked is None or bool(asked.keys() - {"tri"})

    @property
    def known(self) -> int | None:
        """Of how many actions those shown were chosen; None for the whole plan."""
        return len(self.everything) if self.is_searched else None

    @property
    def is_sorted(self) -> bool:
        """Whether they stand in another order than that of the convention."""
        return bool((self.filter.asked or {}).get("tri"))

    @property
    def objective(self) -> Objective | None:
        """The objective whose actions are asked for."""
        return (self.filter.asked or {}).get("objectif")

    @property
    def form(self) -> str:
        """What may be asked for, as the page shows it."""
        return drawn_form(self.convention, self.filter.query, self.may_draft)

    @property
    def query(self) -> str:
        """What the address asks for, before something more: « axe=2&retard=on& »."""
        return f"{self.filter.query}&" if self.filter.query else ""

    @property
    def tabs(self) -> list[Tab]:
        query = f"?{self.filter.query}" if self.filter.query else ""
        tabs = []
        for label, name in TABS:
            path = reverse(f"actions:{name}", args=[self.convention.slug])
            told = label.format(words=self.convention.words)
            tabs.append(Tab(told, path, f"{path}{query}"))
        return tabs

    # The list -------------------------------------------------------------------------------------

    @cached_property
    def page(self) -> Page:
        return Paginator(self.shown, PAGE_SIZE).get_page(self.asked.get("page"))

    @cached_property
    def points(self) -> dict[int, Point]:
        """The version that is discussed of each action of the page, with its lights."""
        rows = Action.objects.of(self.convention)
        versions = Version.objects.about_rows(rows).proposed().defer("text", "search_text")
        points = points_of(versions, required_of(self.convention))
        return {point.version.object_id: point for point in points}

    @cached_property
    def after_term(self) -> set[int]:
        """Those that were proposed after the term of the convention, by primary key."""
        versions = Version.objects.about_rows(Action.objects.of(self.convention)).live()
        return set(versions.exclude(after_term="").values_list("object_id", flat=True))

    @cached_property
    def parts(self) -> list[AxisPart]:
        """The rows of the page, by axis and theme; all together where they are sorted otherwise."""
        rows = [self._row(action) for action in self.page]
        counted = Counter(action.theme.axis_id for action in self.shown)
        late = Counter(a.theme.axis_id for a in self.shown if a.pk in self.late)
        if self.is_sorted:
            groups = [Group(None, None, rows)] if rows else []
            return [AxisPart(None, groups, len(self.shown), late.total())] if rows else []
        groups = [
            Group(theme.axis, theme, list(own))
            for theme, own in groupby(rows, lambda row: row.action.theme)
        ]
        return [
            AxisPart(axis, list(own), counted[axis.pk], late[axis.pk])
            for axis, own in groupby(groups, lambda group: group.axis)
        ]

    def _row(self, action: Action) -> Row:
        pk = action.pk
        late = list(reasons_why_late(action, self.today)) if pk in self.late else []
        return Row(action, self.points.get(pk), late, pk in self.after_term)

    @cached_property
    def facets(self) -> list[Facet]:
        return facets_of(self)

    @property
    def chosen(self) -> int:
        """How many values of the facets are asked for."""
        return sum(value.is_chosen for facet in self.facets for value in facet.values)
