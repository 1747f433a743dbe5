"""What the yearly collections ask of each person, on the dashboard."""

import datetime

import pytest

from ctg_portal.house import by_key, house
from indicators.collection.events import close_campaign
from indicators.collection.tasks import campaign_tasks, feminine
from indicators.values import events, giving
from indicators.values.figure import Figure
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory
from tests.indicators.factories import (
    association,
    campaign_of,
    communes,
    indicator_in_force,
    value_of,
)
from tests.stories import told_once

pytestmark = pytest.mark.django_db
BEFORE, AFTER = datetime.date(2025, 6, 15), datetime.date(2025, 6, 16)


@told_once
def indicators(committee):
    return [indicator_in_force(committee, title=title) for title in "abcd"]


@told_once
def campaign(committee, indicators):
    return campaign_of(committee, 2024, indicators)


def task_titles(committee, user, today=BEFORE) -> list[str]:
    tasks = campaign_tasks(user, [committee.convention], today)
    return [task.title for task in tasks.get(committee.convention.pk, [])]


def test_tasks_of_a_contributor_count_values_by_what_remains_to_do(
    committee, agent, campaign, indicators
):
    caf = committee.caf.the
    assert task_titles(committee, agent) == [f"Quatre valeurs de 2024 sont à saisir pour {caf}."]
    value_of(campaign, indicators[0], 1)
    value_of(campaign, indicators[1], 1, state="draft")
    value_of(campaign, indicators[2], 1, state="returned")
    assert task_titles(committee, agent) == [
        f"Une valeur de 2024 est à saisir pour {caf}.",
        f"Une valeur de 2024 est retournée à {caf}.",
        f"Une valeur de 2024 est enregistrée pour {caf} : il reste à la transmettre.",
        "Une valeur de 2024 attend une vérification.",
    ]


def test_the_buttons_of_tasks_lead_to_pages(client, committee, agent, campaign, indicators):
    value_of(campaign, indicators[1], 1, state="draft")
    value_of(campaign, indicators[2], 1)
    tasks = campaign_tasks(agent, [committee.convention], BEFORE)[committee.convention.pk]
    client.force_login(agent)
    pages = {task.button: client.get(task.url) for task in tasks}
    assert pages.keys() == {"Saisir mes données", "Transmettre", "Vérifier"}
    assert all(page.status_code == 200 for page in pages.values())


def test_the_button_of_a_value_that_came_back_leads_to_its_line(
    client, committee, agent, campaign, indicators
):
    colleague = MembershipFactory(organisation=committee.caf).user

    def come_back(indicator) -> str:
        value = value_of(campaign, indicator, 1, entered_by=agent)
        giving.return_value(value, reason="Deux chiffres", by=colleague)
        tasks = campaign_tasks(agent, [committee.convention], BEFORE)[committee.convention.pk]
        [url] = [task.url for task in tasks if task.button == "Reprendre"]
        return url

    page, anchor = come_back(indicators[2]).split("#")
    client.force_login(agent)
    assert f'<tr id="{anchor}"' in client.get(page).content.decode()
    assert come_back(indicators[3]) == page


def test_the_author_of_a_value_is_not_asked_to_verify_it(committee, agent, campaign):
    """The typist is asked only while nobody else could verify it."""
    for entry in campaign.campaign_indicators.all():
        events.save_value(entry, Figure(number=3), by=agent)
    giving.submit_values(campaign.campaign_indicators.all(), by=agent)
    assert task_titles(committee, agent) == ["Quatre valeurs de 2024 attendent une vérification."]
    colleague = MembershipFactory(organisation=committee.caf).user
    assert task_titles(committee, agent) == []
    assert task_titles(committee, colleague) == [
        "Quatre valeurs de 2024 attendent une vérification."
    ]


@pytest.mark.parametrize("state", ["prepared", "closed"])
def test_nothing_is_asked_for_a_year_that_takes_nothing(committee, agent, indicators, state):
    campaign = campaign_of(committee, 2024, indicators)
    if state == "closed":
        close_campaign(campaign, by=committee.coordinator)
    else:
        campaign.state, campaign.opened_at = state, None
        campaign.save()
    assert task_titles(committee, agent) == []
    assert task_titles(committee, committee.coordinator) == []


def test_a_reader_and_a_stranger_are_asked_nothing(committee, campaign):
    reader = MembershipFactory(organisation=committee.caf, reader=True).user
    assert task_titles(committee, reader) == []
    assert task_titles(committee, committee_of().coordinator) == []
    former = MembershipFactory(organisation=committee.caf, ended=True).user
    assert task_titles(committee, former) == []


def test_a_task_of_the_coordinator_counts_late_organisations_after_the_due_day(
    committee, agent, campaign
):
    assert task_titles(committee, committee.coordinator, BEFORE) == []
    assert task_titles(committee, committee.coordinator, AFTER) == [
        "Recueil 2024 : 1 organisme est en retard."
    ]


def test_the_coordinator_enters_for_who_has_no_account(committee, agent):
    asso = association(committee)
    campaign_of(committee, 2024, [indicator_in_force(committee, enterer=asso)])
    expected = f"Une valeur de 2024 est à saisir pour le compte {asso.genitive}."
    [task] = campaign_tasks(committee.coordinator, [committee.convention], BEFORE)[
        committee.convention.pk
    ]
    assert task.title == expected
    assert task.url.endswith(f"?pour={asso.pk}")
    assert task_titles(committee, agent) == []
    MembershipFactory(organisation=asso)
    assert task_titles(committee, committee.coordinator) == []


def test_two_years_are_two_tasks(committee, agent, indicators):
    for year in (2023, 2024):
        campaign_of(committee, year, indicators)
    assert [title[:29] for title in task_titles(committee, agent)] == [
        "Quatre valeurs de 2023 sont à", "Quatre valeurs de 2024 sont à",
    ]  # fmt: skip


def test_tasks_take_as_many_queries_for_many_conventions(
    committee, agent, campaign, django_assert_num_queries
):
    conventions = [committee.convention]
    for _ in range(3):
        other = committee_of()
        MembershipFactory(organisation=other.caf, user=agent)
        campaign_of(other, 2024, [indicator_in_force(other)])
        conventions.append(other.convention)
    for some in (conventions[:1], conventions):
        with django_assert_num_queries(3):  # on a page, who one is was read
            assert len(campaign_tasks(agent, some, AFTER)) == len(some)


def test_tasks_are_registered(committee, agent, campaign):
    tasks = by_key(house().tasks, agent, [committee.convention], BEFORE)[committee.convention.pk]
    assert any("à saisir" in task.title for task in tasks)


@pytest.mark.parametrize(
    ("count", "words"), [(1, "Une"), (2, "Deux"), (16, "Seize"), (17, "17"), (1234, "1\u202f234")]
)
def test_counts_in_words_are_feminine(count, words):
    assert feminine(count) == words


@pytest.fixture
def table(committee):
    """An indicator that is asked of three communes, beside an empty dashboard."""
    places = communes(committee, "Archigny", "Cernay", "Thuré")
    indicator = indicator_in_force(committee, grain="commune", aggregation="sum")
    return campaign_of(committee, 2024, [indicator]).campaign_indicators.get(), places


def test_a_table_by_commune_counts_once(committee, agent, table):
    entry, places = table
    caf = committee.caf.the
    assert task_titles(committee, agent) == [
        f"Un tableau par commune de 2024 est à saisir pour {caf}."
    ]
    for place in places[:2]:
        events.save_value(entry, Figure(number=3), commune=place, by=agent)
    assert task_titles(committee, agent) == [
        f"Un tableau par commune de 2024 est enregistré pour {caf} : il reste à le transmettre."
    ]


def test_a_table_given_in_part_is_to_be_completed_and_may_be_verified(committee, agent, table):
    """The person who typed it is not asked to verify it."""
    entry, places = table
    for place in places[:2]:
        events.save_value(entry, Figure(number=3), commune=place, by=agent)
    giving.submit_values([entry], by=agent)
    to_complete = f"Un tableau par commune de 2024 est à compléter pour {committee.caf.the}."
    colleague = MembershipFactory(organisation=committee.caf).user
    assert task_titles(committee, agent) == [to_complete]
    to_verify = "Un tableau par commune de 2024 attend une vérification."
    assert task_titles(committee, colleague) == [to_complete, to_verify]
    giving.verify_table(entry, by=colleague)
    assert task_titles(committee, colleague) == [to_complete]


def test_values_and_tables_are_one_task(committee, agent):
    communes(committee, "Archigny")
    plain = [indicator_in_force(committee, title=title) for title in "ab"]
    of_communes = indicator_in_force(committee, grain="commune", aggregation="sum")
    campaign_of(committee, 2024, [*plain, of_communes])
    assert task_titles(committee, agent) == [
        f"Deux valeurs et un tableau par commune de 2024 sont à saisir pour {committee.caf.the}."
    ]
