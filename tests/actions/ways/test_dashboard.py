"""The plan on the dashboard: actions done and late, money spent, by theme."""

import datetime

import pytest
from django.utils import timezone

from actions.follow_up.tasks import action_tasks
from actions.ways.dashboard import plan_state
from ctg_portal.house import Place
from tests import factories as f
from tests.actions.factories import (
    action_in_force,
    draft_action,
    funding,
    in_state,
    proposed_action,
    spent,
    with_milestones,
)
from tests.actions.ways.scene import plain
from tests.agreements.factories import committee_of, yesterday

pytestmark = pytest.mark.django_db


def columns(committee):
    today = timezone.localdate()
    drawn = plan_state(committee.coordinator, committee.convention, today)
    return {column.title: column for column in drawn}


def whole(column):
    return column.cell([one for things in column.by_theme.values() for one in things], Place())


def late_action(committee, **values):
    return with_milestones(action_in_force(committee, **values), ("Étape", yesterday(), None))


def test_plan_without_an_action_in_force_has_no_column(committee):
    proposed_action(committee)
    draft_action(committee)
    late_action(committee_of())
    assert columns(committee) == {}


def test_actions_done_and_late_are_counted_by_theme(committee):
    other = f.ThemeFactory(axis__convention=committee.convention, title="Santé")
    done = in_state(action_in_force(committee), "done")
    late_action(committee)
    in_state(late_action(committee, theme=other), "done")
    column = columns(committee)["Actions terminées"]
    assert (column.figure.figure, column.figure.text) == ("2 sur 3", "actions terminées")
    assert column.figure.note == "1\u00a0est en retard"
    cell = column.cell(column.by_theme[done.theme_id], Place(theme=done.theme))
    assert (cell.total, cell.done, cell.late) == (2, 1, 1)
    assert cell.url.endswith(f"/plan-d-actions/?thematique={done.theme_id}")
    assert cell.late_url == f"{cell.url}&retard=on"
    cell = column.cell(column.by_theme[other.pk], Place(axis=other.axis))
    assert (cell.total, cell.late) == (1, 0)
    assert cell.url.endswith(f"?axe={other.axis_id}")
    assert whole(column).late_url.endswith("/plan-d-actions/?retard=on")


def test_money_tells_on_how_many_lines_it_is_known(committee):
    year = committee.convention.start.year
    lines = [funding(committee.caf, year, planned="1000"), funding("Région", year, planned="500")]
    action = action_in_force(committee, fundings=lines)
    money = columns(committee)["Dépensé"]
    assert (money.figure, whole(money).amount) == (None, "")
    assert whole(money).lines == 2
    known = action.fundings.get(funder=committee.caf)
    spent(action, {known.pk: (None, "800")})
    money = columns(committee)["Dépensé"]
    assert money.figure.figure == "800\u202f€"
    assert plain(money.figure.note) == ("80 % du prévu : 800 € sur 1 000 €, pour 1 ligne sur 2")
    spent(action, {line.pk: ("0", "700") for line in action.fundings.all()})
    assert whole(columns(committee)["Dépensé"]).known == "2\u00a0lignes renseignées"


def test_columns_take_as_many_queries_for_many(committee, django_assert_num_queries):
    for _ in range(2):
        late_action(committee)
        with django_assert_num_queries(4):
            columns(committee)


def test_late_action_says_since_when(committee):
    since = timezone.localdate() - datetime.timedelta(days=40)
    action = action_in_force(committee, leads=[{"organisation": committee.caf, "user": None}])
    in_state(action, "in_progress")
    with_milestones(action, ("Étape", yesterday(), None), ("Avant", since, None))
    agent = f.MembershipFactory(organisation=committee.caf).user
    tasks = action_tasks(agent, [committee.convention], timezone.localdate())
    assert tasks[committee.convention.pk][0].due == since
