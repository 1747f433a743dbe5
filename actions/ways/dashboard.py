"""How far the plan is, on the dashboard: actions done and late, money spent, theme by theme."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from accounts.models import User
from actions.follow_up.tasks import actions_in_force
from actions.models import Action, ActionState, Funding
from actions.ways.budget import Sums, short
from conventions.models import Convention
from ctg_portal.house import Place, StateColumn, StateFigure
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import number, plural
from ctg_portal.typography import NARROW_NO_BREAK_SPACE as NNBSP


class Followed(NamedTuple):
    """An action in force, as far as it is counted."""

    is_done: bool
    is_late: bool
    is_fictional: bool


class Line(NamedTuple):
    """A line of financing, as far as it is summed."""

    planned: Decimal | None
    granted: Decimal | None
    spent: Decimal | None


@dataclass(frozen=True)
class Done:
    """How many are done of how many; ``late``: behind what was agreed."""

    total: int
    done: int
    late: int
    url: str
    late_url: str


@dataclass(frozen=True)
class Spent:
    """What is known to be spent, on how many lines of how many."""

    sums: Sums
    url: str

    @property
    def amount(self) -> str:
        return short(self.sums.spent.total) if self.sums.spent.known else ""

    @property
    def lines(self) -> int:
        return self.sums.spent.known + self.sums.spent.unknown

    @property
    def known(self) -> str:
        """« 12 des 20 lignes renseignées »: on what the amount rests."""
        known = self.sums.spent.known
        if known == self.lines:
            return plural(known, "ligne renseignée,lignes renseignées")
        told = "ligne renseignée" if known < 2 else "lignes renseignées"
        return f"{number(known)} {told} sur {number(self.lines)}"

    @property
    def share(self) -> int | None:
        """In percent of what was planned, as far as a bar shows it."""
        return None if self.sums.share is None else min(self.sums.share, 100)


def plan_state(user: User, convention: Convention, today: datetime.date):
    """What the actions in force have come to today."""
    by_theme = defaultdict(list)
    for row in actions_in_force([convention], today):
        is_done = row.state == ActionState.DONE
        is_late = row.late_since is not None
        by_theme[row.theme].append(Followed(is_done, is_late, row.is_fictional))
    if by_theme:
        yield _actions(convention, by_theme)
    if money := _lines_of(convention):
        yield _money(convention, money)


@cached(Subject.PLAN)
def _lines_of(convention: Convention) -> dict[int, list[Line]]:
    """The financing of the actions in force, by theme."""
    agreed = Action.objects.of(convention).agreed()
    lines = Funding.objects.filter(action__in=agreed.order_by()).order_by()
    found = defaultdict(list)
    for theme, *sums in lines.values_list("action__theme", "planned", "granted", "spent"):
        found[theme].append(Line(*sums))
    return found


def _actions(convention: Convention, by_theme: dict[int, list[Followed]]) -> StateColumn:
    plan = reverse("actions:plan", args=[convention.slug])

    def cell(actions: Sequence[Followed], place: Place) -> Done:
        asked = _asked(place)
        return Done(
            total=len(actions),
            done=sum(one.is_done for one in actions),
            late=sum(one.is_late for one in actions),
            url=f"{plan}?{asked}" if asked else plan,
            late_url=f"{plan}?{asked}&retard=on" if asked else f"{plan}?retard=on",
        )

    everything = [one for actions in by_theme.values() for one in actions]
    whole = cell(everything, Place())
    late = plural(whole.late, "est en retard,sont en retard") if whole.late else ""
    told = "actions terminées" if whole.done >= 2 else "action terminée"
    return StateColumn(
        rank=20,
        title="Actions terminées",
        by_theme=by_theme,
        cell=cell,
        template="actions/parts/done.html",
        figure=StateFigure(f"{whole.done} sur {whole.total}", told, late, whole.url),
        note="actions : aujourd’hui",
        fictional="les actions" if any(one.is_fictional for one in everything) else "",
    )


def _money(convention: Convention, by_theme: dict[int, list]) -> StateColumn:
    budget = reverse("actions:budget", args=[convention.slug])

    def cell(lines: Sequence, place: Place) -> Spent:
        asked = _asked(place)
        return Spent(Sums.of(lines), f"{budget}?{asked}" if asked else budget)

    whole = cell([one for lines in by_theme.values() for one in lines], Place())
    figure = None
    if whole.amount:
        share = whole.sums.share
        beside = f"{share}{NNBSP}% du prévu, " if share is not None else ""
        verb = "dépensés" if whole.sums.spent.total >= 2 else "dépensé"
        figure = StateFigure(whole.amount, verb, f"{beside}{whole.known}", whole.url)
    return StateColumn(
        rank=30,
        title="Dépensé",
        by_theme=by_theme,
        cell=cell,
        template="actions/parts/spent.html",
        figure=figure,
        note="dépenses : toutes les années",
    )


def _asked(place: Place) -> str:
    if place.theme is not None:
        return f"thematique={place.theme.pk}"
    return f"axe={place.axis.pk}" if place.axis is not None else ""
