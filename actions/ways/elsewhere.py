"""What the action plan brings to the pages of other chapters."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.models import Action
from agreements.commitments.commitment import commitment_of
from conventions.models import Commune, Convention
from ctg_portal.house import ActionLink, CommuneSection
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import plural


def action_links(user: User, convention, objectives):
    """Under each objective, the actions that serve it or what is beneath it: agreed or proposed;
    for who may draft one, to add another, folded."""
    parents = {objective.pk: objective.parent_id for objective in objectives}
    serving = defaultdict(set)
    for objective, pk in _served_by(convention):
        if objective in parents:
            serving[objective].add(pk)
            serving[parents[objective]].add(pk)
    may_draft = commitment_of(Action()).may_draft(user, convention) is None
    links = {}
    for objective in objectives:
        found, served = [], serving[objective.pk]
        if served:
            url = f"{_plan(convention)}?objectif={objective.pk}"
            if len(served) == 1:
                url = reverse("actions:action", args=[convention.slug, *served])
            found.append(ActionLink(plural(len(served), "action,actions"), url))
        if may_draft and objective.is_agreed and not objective.is_closed:
            url = reverse("actions:add", args=[convention.slug])
            address = f"{url}?objectif={objective.pk}"
            found.append(ActionLink("Ajouter une action", address, is_folded=True))
        if found:
            links[objective.pk] = found
    return links


@cached(Subject.PLAN)
def _served_by(convention: Convention) -> list[tuple[int, int]]:
    """Objectives and the actions, agreed or proposed, that serve them, by primary keys."""
    rows = Action.objects.of(convention).readable().filter(objectives__isnull=False)
    return list(rows.order_by().values_list("objectives", "pk"))


MOST_OPEN = 5


@dataclass(frozen=True)
class Shown:
    """An action on the page of a commune."""

    action: Action
    is_late: bool


@dataclass(frozen=True)
class CommuneActions:
    """The actions that concern a commune: those that name it, those of the whole territory."""

    commune: Commune
    named: list[Shown]
    everywhere: list[Shown]
    has_plan: bool
    plan_url: str

    @property
    def is_folded(self) -> bool:
        """Whether those of the whole territory are too many to be read at once."""
        return len(self.everywhere) > MOST_OPEN

    @property
    def everywhere_told(self) -> str:
        """« 23 actions de tout le territoire, dont 3 proposées »."""
        told = f"{plural(len(self.everywhere), 'action,actions')} de tout le territoire"
        proposed = sum(shown.action.is_proposed for shown in self.everywhere)
        return f"{told}, dont {plural(proposed, 'proposée,proposées')}" if proposed else told

    @property
    def is_fictional(self) -> bool:
        return any(shown.action.is_fictional for shown in self.named + self.everywhere)


def commune_actions(user: User, commune, _year):
    """What the plan undertakes in a commune; an honest sentence where that is nothing."""
    convention = commune.convention
    shown, has_plan = _shown_in(convention, commune.pk, timezone.localdate())
    part = CommuneActions(
        commune=commune,
        named=[one for one in shown if not one.action.is_whole_territory],
        everywhere=[one for one in shown if one.action.is_whole_territory],
        has_plan=has_plan,
        plan_url=f"{_plan(convention)}?commune={commune.pk}",
    )
    yield CommuneSection("actions/parts/commune_section.html", part)


@cached(Subject.PLAN, Subject.TEXT)
def _shown_in(
    convention: Convention, commune: int, today: datetime.date
) -> tuple[list[Shown], bool]:
    """The actions that concern a commune, and whether the plan has any."""
    readable = Action.objects.of(convention).readable()
    rows = readable.concerning(commune).with_relations().in_reading_order()
    shown = [Shown(action, action.is_late(today)) for action in rows]
    return shown, bool(shown) or readable.exists()


def _plan(convention) -> str:
    return reverse("actions:plan", args=[convention.slug])
