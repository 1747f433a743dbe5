"""A collection on the dashboard: who has given what, and by when."""

import datetime

import pytest

from indicators.collection.dashboard import collection_deadlines, collection_panel
from indicators.collection.tasks import campaign_tasks
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory
from tests.indicators.factories import association, campaign_of, indicator_in_force, value_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

BEFORE, AFTER = datetime.date(2024, 6, 1), datetime.date(2024, 6, 20)
DUE = datetime.date(2024, 6, 15)


@told_once
def asked(committee):
    own = [indicator_in_force(committee, title=title) for title in "ab"]
    return [*own, indicator_in_force(committee, title="c", provider=association(committee))]


def panel_of(committee, day=BEFORE):
    return next(collection_panel(committee.coordinator, committee.convention, day), None)


def rows(panel):
    return [(row.name, row.given, row.total, row.late) for row in panel.context.rows]


def test_an_open_collection_is_counted_by_organisation(committee, asked):
    assert panel_of(committee) is None
    campaign = campaign_of(committee, 2023, asked)
    value_of(campaign, asked[0], 410)
    value_of(campaign, asked[1], 410, state="draft", submitted_at=None)
    panel = panel_of(committee)
    assert panel.title == "Recueil 2023 : 1 donnée sur 3"
    assert panel.clause == "le recueil 2023 n’est pas clos"
    assert sorted(rows(panel)) == [
        ("Association d’exemple", 0, 1, 0), (committee.caf.name, 1, 2, 0),
    ]  # fmt: skip
    assert sorted(row[3] for row in rows(panel_of(committee, AFTER))) == [1, 1]
    assert [row[3] for row in rows(panel_of(committee, DUE))] == [0, 0]


def test_a_closed_collection_is_shown_without_lateness(committee, asked):
    campaign_of(committee, 2022, asked, state="closed")
    panel = panel_of(committee, AFTER)
    assert (panel.title, panel.clause) == ("Recueil 2022 clos : 0 donnée sur 3", "")
    assert not any(row[3] for row in rows(panel))
    campaign_of(committee, 2024, asked, state="prepared")
    assert panel_of(committee).title.startswith("Recueil 2022")


def test_panel_takes_three_queries(committee, asked, django_assert_num_queries):
    campaign_of(committee, 2023, asked)
    with django_assert_num_queries(3):
        panel_of(committee)


def test_due_days_are_listed_for_each_convention(committee, asked, django_assert_num_queries):
    other = committee_of()
    campaign_of(committee, 2023, asked)
    campaign_of(other, 2023)
    both = [committee.convention, other.convention]
    with django_assert_num_queries(5):  # on the page, who one is was read: two less
        deadlines = collection_deadlines(committee.coordinator, both, DUE)
    assert {pk: [(one.day, one.text) for one in days] for pk, days in deadlines.items()} == {
        one.pk: [(DUE, "Données 2023 à transmettre")] for one in both
    }
    assert not collection_deadlines(committee.coordinator, both, AFTER)


def test_a_due_day_is_not_listed_for_a_provider_who_has_given_all(committee, asked):
    campaign = campaign_of(committee, 2023, asked)
    user = MembershipFactory(organisation=committee.caf).user
    first, *others = campaign.campaign_indicators.filter(enterer=committee.caf)

    def is_told(who) -> bool:
        return bool(collection_deadlines(who, [committee.convention], DUE))

    value_of(campaign, first.indicator, 5)
    assert is_told(user)
    for other in others:
        value_of(campaign, other.indicator, 5)
    assert not is_told(user)
    assert is_told(committee.coordinator)
    assert is_told(MembershipFactory(organisation=committee.epci, reader=True).user)


@pytest.mark.parametrize(
    ("count", "day", "expected"),
    [(1, BEFORE, "Une donnée de 2023 est attendue avant le 15\u00a0juin 2024"),
     (2, BEFORE, "Deux données de 2023 sont attendues avant le 15\u00a0juin 2024"),
     (2, DUE, "Deux données de 2023 sont attendues avant le 15\u00a0juin 2024"),
     (2, AFTER, "Deux données de 2023 sont attendues depuis le 15\u00a0juin 2024")],
)  # fmt: skip
def test_agent_reads_in_the_title_what_is_owed_and_by_when(
    committee, agent, asked, count, day, expected
):
    campaign_of(committee, 2023, asked[:count])
    [task] = campaign_tasks(agent, [committee.convention], day)[committee.convention.pk]
    assert task.headline == expected
    assert task.due == DUE
    assert task.blocks == (day > DUE)
