"""Summarise the plan for the dashboard, by theme: actions done and late, money spent."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from actions.follow_up.tasks import InForce, actions_in_force
from actions.follow_up.words import LateWord, late_word
from actions.plan.models import Action, ActionState, Funding
from actions.sheet.lines import Amounts
from actions.ways.budget import Sums, format_short_euros
from conventions.models import Convention
from ctg_portal.house import Place, StateColumn, StateFigure
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import number, plural


@dataclass(frozen=True)
class Done:
    """The actions done and ``late`` among ``total``, with the addresses of their lists;
    ``late_text``: « 3 en retard », « 3 non achevées », empty for none."""

    total: int
    done: int
    late: int
    late_text: str
    url: str
    late_url: str


@dataclass(frozen=True)
class Spent:
    """What is known to be spent, and on how many lines."""

    sums: Sums
    url: str

    @property
    def amount(self) -> str:
        return format_short_euros(self.sums.spent.total) if self.sums.spent.known else ""

    @property
    def lines(self) -> int:
        return self.sums.spent.known + self.sums.spent.unknown

    @property
    def known(self) -> str:
        """« 12 des 20 lignes renseignées »: the lines that the amount rests on."""
        known = self.sums.spent.known
        if known == self.lines:
            return plural(known, "ligne renseignée,lignes renseignées")
        lines = "ligne renseignée" if known < 2 else "lignes renseignées"
        return f"{number(known)} {lines} sur {number(self.lines)}"


def plan_state(user: User, convention: Convention, today: datetime.date):
    """Yield the columns of the dashboard on the actions in force today, and on their money."""
    by_theme = defaultdict(list)
    for row in actions_in_force([convention], today):
        by_theme[row.theme].append(row)
    if by_theme:
        yield _actions(convention, by_theme, late_word(convention, today))
    if money := _lines_of(convention):
        yield _money(convention, money)


@cached(Subject.PLAN)
def _lines_of(convention: Convention) -> dict[int, list[Amounts]]:
    """Return the funding lines of the actions in force, by key of their theme."""
    agreed = Action.objects.of(convention).agreed()
    lines = Funding.objects.filter(action__in=agreed.order_by()).order_by()
    lines_by_theme = defaultdict(list)
    for theme, *amounts in lines.values_list("action__theme", "planned", "granted", "spent"):
        lines_by_theme[theme].append(Amounts(*amounts))
    return lines_by_theme


def _actions(
    convention: Convention, by_theme: dict[int, list[InForce]], word: LateWord
) -> StateColumn:
    """Return the column of actions done and late, with its figure for the whole plan."""
    plan = reverse("actions:plan", args=[convention.slug])

    def cell(actions: Sequence[InForce], place: Place) -> Done:
        asked, late = _asked(place), sum(action.late_since is not None for action in actions)
        return Done(
            total=len(actions),
            done=sum(action.state == ActionState.DONE for action in actions),
            late=late,
            late_text=word.count_in_cell(late),
            url=f"{plan}?{asked}" if asked else plan,
            late_url=f"{plan}?{asked}&retard=on" if asked else f"{plan}?retard=on",
        )

    everything = [action for actions in by_theme.values() for action in actions]
    whole = cell(everything, Place())
    words = "actions terminées" if whole.total >= 2 else "action terminée"
    return StateColumn(
        rank=20,
        title="Actions terminées",
        by_theme=by_theme,
        cell=cell,
        template="actions/parts/done.html",
        figure=StateFigure(
            f"{whole.done} sur {whole.total}", words, word.predicate(whole.late), whole.url
        ),
        note="actions : aujourd’hui",
    )


def _money(convention: Convention, by_theme: dict[int, list[Amounts]]) -> StateColumn:
    """Return the column of money spent, by theme of the funding lines; without a figure where
    nothing is known to be spent."""
    budget = reverse("actions:budget", args=[convention.slug])

    def cell(lines: Sequence[Amounts], place: Place) -> Spent:
        asked = _asked(place)
        return Spent(Sums.of(lines), f"{budget}?{asked}" if asked else budget)

    whole = cell([line for lines in by_theme.values() for line in lines], Place())
    figure = None
    if whole.amount:
        share = whole.sums.share
        verb = "dépensés" if whole.sums.spent.total >= 2 else "dépensé"
        figure = StateFigure(whole.amount, verb, share.text if share else whole.known, whole.url)
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
    """Return the query that asks the plan for a theme or an axis; empty for the whole plan."""
    if place.theme is not None:
        return f"thematique={place.theme.pk}"
    return f"axe={place.axis.pk}" if place.axis is not None else ""
