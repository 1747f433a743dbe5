"""Read the action plan as a person sees it, in as many queries for 500 actions as for one."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.urls import reverse

from accounts.models import User
from actions.follow_up.words import LateWord, late_word
from actions.plan.models import Action, ActionState, Lead
from actions.plan.reading import actions_of, can_draft
from actions.ways.facets import Facet, facets_of
from actions.ways.filters import SORTS, WITHDRAWN, PlanFilter, draw_form
from agreements.answers.lights import Point, points_of, required_of
from agreements.models import Version
from conventions.access.viewer import accesses_of
from conventions.models import Convention, Objective, Role, Standing, Theme
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


@dataclass(frozen=True)
class Tab:
    """One of the pages of the plan, whose ``url`` keeps what the address asks for."""

    label: str
    path: str
    url: str


@dataclass(frozen=True)
class Row:
    """An action as the list shows it. ``late``: the word for its lateness, empty where it is not;
    ``point``: the version that is discussed, with its lights."""

    action: Action
    late: str
    point: Point | None = None


@dataclass(frozen=True)
class Group:
    """The rows of one theme on a page; all rows, without theme, where they are sorted otherwise."""

    theme: Theme | None
    rows: list[Row]


class Plan:
    """The actions that ``user`` reads, by what ``asked`` (the query of the address) asks for.

    ``with_drafts``: whether drafts are shown, instead of asking for the right of the user.
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
        self.can_draft = can_draft(user, convention) if with_drafts is None else with_drafts
        self.filter = PlanFilter(
            asked,
            queryset=Action.objects.of(convention),
            convention=convention,
            user=user,
            today=today,
            with_drafts=self.can_draft,
        )

    # What there is --------------------------------------------------------------------------------

    @cached_property
    def everything(self) -> list[Action]:
        """The actions that the person may know of, in reading order."""
        actions = actions_of(self.convention)
        return actions if self.can_draft else [a for a in actions if a.standing != Standing.DRAFT]

    @cached_property
    def agreed(self) -> list[Action]:
        """The agreed actions: they alone are counted."""
        return [action for action in self.everything if action.is_agreed]

    @cached_property
    def late(self) -> set[int]:
        """The keys of the actions that are late today; only actions in force can be."""
        return {action.pk for action in self.everything if action.is_late(self.today)}

    @property
    def late_word(self) -> LateWord:
        return late_word(self.convention, self.today)

    def describe_late(self, action: Action) -> str:
        """Return the word for the lateness of an action today, empty where it is not late."""
        return self.late_word.singular if action.pk in self.late else ""

    def count_late(self, actions: Iterable[Action]) -> str:
        """Return how many of some actions are late today, « 3 en retard »; empty for none."""
        return self.late_word.count(sum(action.pk in self.late for action in actions))

    @property
    def withdrawn_count(self) -> int:
        """The number of withdrawn actions that the person may know of."""
        return sum(action.standing == Standing.WITHDRAWN for action in self.everything)

    @property
    def draft_count(self) -> int:
        """The number of new actions that nobody has proposed yet."""
        return sum(action.standing == Standing.DRAFT for action in self.everything)

    @cached_property
    def can_lead(self) -> bool:
        """Whether an action names the person, or they enter data for an organisation."""
        accesses = accesses_of(self.user, self.convention)
        return any(access.role in Role.entering() for access in accesses) or any(
            self._is_named(lead) for a in self.everything for lead in a.leads.all()
        )

    def _is_named(self, lead: Lead) -> bool:
        return self.user is not None and lead.user_id == self.user.pk

    @cached_property
    def leads_some(self) -> bool:
        """Whether the person leads an action in force."""
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
        text = plural(len(self.agreed), "action en vigueur,actions en vigueur")
        late = self.count_late(self.agreed)
        return f"{text}, dont {late}" if late else text

    def _title_of_search(self) -> str:
        """Return « 6 actions sur 40, dont 2 en retard »; withdrawn ones are not of the 40."""
        count = len(self.shown)
        if not count:
            return NOTHING_FOUND
        if self.asks_for_withdrawn:
            return plural(count, "action retirée,actions retirées")
        whole = len(self.everything) - self.withdrawn_count
        text = f"{plural(count, 'action,actions')} sur {number(whole)}"
        late = sum(action.pk in self.late for action in self.shown)
        if not late:
            return text
        if late < count:
            return f"{text}, dont {self.late_word.count(late)}"
        return f"{text}, {'toutes ' if count >= 2 else ''}{self.late_word.agree(count)}"

    @property
    def result_summary(self) -> str:
        """« 6 actions répondent à votre recherche »."""
        if not self.shown:
            return NOTHING_FOUND
        count = plural(len(self.shown), "action répond,actions répondent")
        return f"{count} à votre recherche"

    @property
    def counts(self) -> str:
        """« 12 en cours, 9 terminées et 5 à venir » among the actions shown; empty without any."""
        counted = Counter(action.state for action in self.shown if action.is_agreed)
        return enumerate_words(
            plural(counted[state], words) for state, words in COUNTED.items() if counted[state]
        )

    # What is asked for ----------------------------------------------------------------------------

    @cached_property
    def matching(self) -> list[Action]:
        """The actions asked for, in order, withdrawn ones too; none for a senseless query."""
        asked, actions = self.filter.asked, self.everything
        if asked is None:
            return []
        if self.is_searched:
            matches = set(self.filter.qs.values_list("pk", flat=True))
            actions = [action for action in actions if action.pk in matches]
        column = SORTS.get(asked.get("tri", ""))
        return sorted(actions, key=column.sort) if column else actions

    @cached_property
    def shown(self) -> list[Action]:
        """The actions asked for, in order; withdrawn ones only where they are asked for."""
        if self.asks_for_withdrawn:
            return self.matching
        return [a for a in self.matching if a.standing != Standing.WITHDRAWN]

    @cached_property
    def counted(self) -> list[Action]:
        """The actions in force among those shown: other ways than the list count them alone."""
        return [action for action in self.shown if action.is_agreed]

    @property
    def title_without_actions(self) -> str:
        """The title of a way to look at the plan where no action is counted."""
        if self.is_searched:
            return "Aucune action en vigueur ne répond à votre recherche"
        return "Aucune action n’est encore en vigueur"

    @property
    def withdrawn(self) -> list[Action]:
        """The withdrawn actions that the address asks for, shown or not."""
        return [a for a in self.matching if a.standing == Standing.WITHDRAWN]

    @property
    def asks_for_withdrawn(self) -> bool:
        return (self.filter.asked or {}).get("accord") == WITHDRAWN

    @property
    def is_searched(self) -> bool:
        """Whether the address asks for some actions only, or makes no sense."""
        asked = self.filter.asked
        return asked is None or bool(asked.keys() - {"tri"})

    @property
    def known(self) -> int | None:
        """The number of actions from which those shown were chosen; None for the whole plan."""
        return len(self.everything) if self.is_searched else None

    @property
    def is_sorted(self) -> bool:
        """Whether the actions are in another order than that of the convention."""
        return bool((self.filter.asked or {}).get("tri"))

    @property
    def objective(self) -> Objective | None:
        """The objective whose actions are asked for, or None."""
        return (self.filter.asked or {}).get("objectif")

    @property
    def form(self) -> str:
        """The HTML of the filter's form."""
        return draw_form(self.convention, self.filter.query, self.can_draft, self.today)

    @property
    def query(self) -> str:
        """The query of the filter, ready for one more parameter: « axe=2&retard=on& »."""
        return f"{self.filter.query}&" if self.filter.query else ""

    @property
    def tabs(self) -> list[Tab]:
        """The pages of the plan, each under the query of this one."""
        query = f"?{self.filter.query}" if self.filter.query else ""
        tabs = []
        for label, name in TABS:
            path = reverse(f"actions:{name}", args=[self.convention.slug])
            text = label.format(words=self.convention.words)
            tabs.append(Tab(text, path, f"{path}{query}"))
        return tabs

    # The list -------------------------------------------------------------------------------------

    @cached_property
    def page(self) -> Page:
        return Paginator(self.shown, PAGE_SIZE).get_page(self.asked.get("page"))

    @cached_property
    def points(self) -> dict[int, Point]:
        """The discussed version of each action, with its lights, by key of the action."""
        rows = Action.objects.of(self.convention)
        versions = Version.objects.about_rows(rows).proposed().defer("text", "search_text")
        points = points_of(versions, required_of(self.convention))
        return {point.version.object_id: point for point in points}

    @cached_property
    def groups(self) -> list[Group]:
        """The rows of the page by theme; in one group where they are sorted otherwise."""
        rows = [
            Row(action, self.describe_late(action), self.points.get(action.pk))
            for action in self.page
        ]
        if self.is_sorted:
            return [Group(None, rows)] if rows else []
        return [
            Group(theme, list(own)) for theme, own in groupby(rows, lambda row: row.action.theme)
        ]

    @cached_property
    def facets(self) -> list[Facet]:
        return facets_of(self)

    @property
    def chosen(self) -> int:
        """The number of values of the facets that are asked for."""
        return sum(value.is_chosen for facet in self.facets for value in facet.values)
