"""Contribute to the pages of other chapters: links under objectives, the section of a commune."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.follow_up.words import late_word
from actions.plan.models import Action
from agreements.commitments.commitment import commitment_of
from conventions.models import Commune, Convention
from ctg_portal.house import ActionLink, CommuneSection
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import euros, plural


def action_links(user: User, convention, objectives):
    """Return links by objective: to the actions, agreed or proposed, that serve it or one beneath
    it; for who may draft one, to add another (folded)."""
    parents = {objective.pk: objective.parent_id for objective in objectives}
    serving = defaultdict(set)
    for objective, pk in _serving_pairs(convention):
        if objective in parents:
            serving[objective].add(pk)
            serving[parents[objective]].add(pk)
    may_draft = commitment_of(Action()).may_draft(user, convention) is None
    links = {}
    for objective in objectives:
        own, served = [], serving[objective.pk]
        if served:
            url = f"{_plan(convention)}?objectif={objective.pk}"
            if len(served) == 1:
                url = reverse("actions:action", args=[convention.slug, *served])
            own.append(ActionLink(plural(len(served), "action,actions"), url))
        is_to_be_served = objective.is_objective and objective.is_agreed
        if may_draft and is_to_be_served and not objective.is_closed:
            url = reverse("actions:add", args=[convention.slug])
            address = f"{url}?objectif={objective.pk}"
            own.append(ActionLink("Ajouter une action", address, is_folded=True))
        if own:
            links[objective.pk] = own
    return links


def count_serving(convention: Convention, objectives: Iterable[int]) -> list[tuple[int, str]]:
    """Return how many actions, agreed or proposed, serve any of these objectives."""
    keys = set(objectives)
    serving = {action for objective, action in _serving_pairs(convention) if objective in keys}
    return [(len(serving), "action,actions")]


@cached(Subject.PLAN)
def _serving_pairs(convention: Convention) -> list[tuple[int, int]]:
    """Return pairs of keys: an objective, and an action, agreed or proposed, that serves it."""
    rows = Action.objects.of(convention).readable().filter(objectives__isnull=False)
    return list(rows.order_by().values_list("objectives", "pk"))


MOST_OPEN = 5


@dataclass(frozen=True)
class CommuneAction:
    """An action on the page of a commune. ``late``: the word for its lateness, empty where it is
    not late."""

    action: Action
    late: str


@dataclass(frozen=True)
class CommuneActions:
    """The actions that concern a commune: those that name it, those of the whole territory."""

    commune: Commune
    named: list[CommuneAction]
    everywhere: list[CommuneAction]
    has_plan: bool
    plan_url: str

    @property
    def money(self) -> str:
        """« 268 000 € prévus pour ces actions, soit 45 € par habitant »: for the agreed actions
        that name the commune; empty where nothing is planned."""
        planned = sum(
            (
                line.planned
                for shown in self.named
                if shown.action.is_agreed
                for line in shown.action.fundings.all()
                if line.planned is not None
            ),
            Decimal(0),
        )
        if not planned:
            return ""
        words, population = f"{euros(planned)} prévus pour ces actions", self.commune.population
        if not population:
            return words
        return f"{words}, soit {euros(round(planned / population))} par habitant"

    @property
    def is_folded(self) -> bool:
        """Whether those of the whole territory are too many to be read at once."""
        return len(self.everywhere) > MOST_OPEN

    @property
    def everywhere_summary(self) -> str:
        """« 23 actions de tout le territoire, dont 3 proposées »."""
        count = f"{plural(len(self.everywhere), 'action,actions')} de tout le territoire"
        proposed = sum(shown.action.is_proposed for shown in self.everywhere)
        return f"{count}, dont {plural(proposed, 'proposée,proposées')}" if proposed else count


def commune_actions(user: User, commune, _year):
    """Yield the section on the plan in a commune, the same for every reader: actions that name the
    commune, then those of the whole territory. It says so if there are none."""
    convention = commune.convention
    shown, has_plan = _shown_in(convention, commune.pk, timezone.localdate())
    part = CommuneActions(
        commune=commune,
        named=[row for row in shown if not row.action.is_whole_territory],
        everywhere=[row for row in shown if row.action.is_whole_territory],
        has_plan=has_plan,
        plan_url=f"{_plan(convention)}?commune={commune.pk}",
    )
    yield CommuneSection("actions/parts/commune_section.html", part)


@cached(Subject.PLAN, Subject.TEXT)
def _shown_in(
    convention: Convention, commune: int, today: datetime.date
) -> tuple[list[CommuneAction], bool]:
    """Return the agreed and proposed actions that concern a commune, in reading order, and whether
    the plan has any such action at all."""
    readable = Action.objects.of(convention).readable()
    rows = readable.concerning(commune).with_relations()
    rows = rows.prefetch_related("fundings").in_reading_order()
    word = late_word(convention, today).singular
    shown = [CommuneAction(action, word if action.is_late(today) else "") for action in rows]
    return shown, bool(shown) or readable.exists()


def _plan(convention) -> str:
    return reverse("actions:plan", args=[convention.slug])
