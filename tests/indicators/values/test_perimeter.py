"""The perimeter changes while a year is open: its tables are asked of the communes that there are,
and what a commune gave that has left is kept."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from conventions.loading.apply import LoadReport
from conventions.models import Coverage
from ctg_portal.house import house, let_follow
from indicators.collection import events as collection
from indicators.disclosure.reading import disclosed_by_commune
from indicators.models import CampaignIndicator, TableState, Value
from indicators.series.reading import read_series
from indicators.values import events, giving
from indicators.values.figure import Figure
from indicators.values.table_row import table_rows, values_of
from indicators.values.tables import update_all_for_perimeters, update_for_perimeter
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, communes, indicator_in_force
from tests.stories import told_once

pytestmark = pytest.mark.django_db

YEAR = 2024


@told_once
def places(committee):
    return communes(committee, "Archigny", "Cernay", "Thuré")


@told_once
def entry(committee, places):
    indicator = indicator_in_force(committee, grain="commune", aggregation="sum")
    return campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()


@pytest.fixture
def given(entry, places, agent):
    """Whole: 3, 0 and 41."""
    for commune, number in zip(places, (3, 0, 41), strict=True):
        events.save_value(entry, Figure(number=Decimal(number)), commune=commune, by=agent)
    giving.submit_values([entry], by=agent)
    return entry


def now(entry) -> CampaignIndicator:
    return CampaignIndicator.objects.with_relations().get(pk=entry.pk)


def state(entry):
    entry = now(entry)
    return entry.table_state, entry.communes_given, entry.communes_asked


def leaves(commune):
    """In the middle of the year."""
    Coverage.objects.filter(commune=commune).update(left_on=datetime.date(YEAR, 6, 30))


def enters(committee, name="Vouneuil"):
    return communes(committee, name, joined_on=datetime.date(YEAR, 7, 1))[0]


def told(entry) -> str:
    [series] = read_series(entry.campaign.convention, [entry.indicator])
    page = disclosed_by_commune([now(entry)])[entry.pk].territory
    assert page.words == series.figure(YEAR).words
    return page.words.replace("\u00a0", " ")


def test_sums_are_of_the_communes_that_there_are(committee, given, places):
    assert told(given) == "44"
    leaves(places[2])
    assert told(given) == "3"
    enters(committee)
    assert told(given) == "3 (partiel : 2 communes sur 3)"


@pytest.mark.parametrize("follow", [lambda _: update_all_for_perimeters(), update_for_perimeter])
def test_tables_are_counted_again_as_communes_leave_and_enter(committee, given, places, follow):
    convention = given.campaign.convention
    leaves(places[2])
    follow(convention)
    assert state(given) == (TableState.SUBMITTED, 2, 2)
    enters(committee)
    follow(convention)
    assert state(given) == (TableState.PARTIAL, 2, 3)
    assert now(given).communes_label == "2\u00a0communes sur 3"


def test_a_file_that_is_loaded_has_tables_counted_again(given, places):
    leaves(places[2])
    convention = given.campaign.convention
    let_follow(house().after_load, convention, LoadReport(convention))
    assert state(given) == (TableState.SUBMITTED, 2, 2)


def test_counting_a_second_time_writes_nothing(given, places, django_assert_num_queries):
    leaves(places[2])
    update_all_for_perimeters()
    with django_assert_num_queries(6):
        update_all_for_perimeters()


def test_a_table_that_lacked_but_who_has_left_is_whole(entry, places, agent):
    for commune in places[:2]:
        events.save_value(entry, Figure(number=Decimal(9)), commune=commune, by=agent)
    giving.submit_values([entry], by=agent)
    assert state(entry) == (TableState.PARTIAL, 2, 3)
    leaves(places[2])
    update_all_for_perimeters()
    assert state(entry) == (TableState.SUBMITTED, 2, 2)


def test_what_has_left_is_kept_and_told_as_that(client, committee, given, places, agent, colleague):
    leaves(places[2])
    update_all_for_perimeters()
    assert Value.objects.get(commune=places[2]).number == 41
    entry = now(given)
    row = table_rows([entry], values_of([entry]))[0]
    assert [value.commune for value in row.commune_values] == places[:2]
    assert (row.text, row.total.number) == ("2\u00a0communes sur 2", 3)
    client.force_login(agent)
    args = [committee.convention.slug, YEAR, given.pk]
    page = page_of(client.get(reverse("indicators:table", args=args)))
    assert "Thuré ne fait plus partie du territoire au 31 décembre 2024" in page
    assert "son chiffre est gardé" in page
    giving.verify_table(now(given), by=colleague, revision=row.revision)
    assert state(given) == (TableState.VERIFIED, 2, 2)
    assert Value.objects.get(commune=places[2]).is_submitted
    # It comes back with what it had given.
    Coverage.objects.filter(commune=places[2]).update(left_on=None)
    update_all_for_perimeters()
    assert told(given) == "44"
    assert state(given) == (TableState.SUBMITTED, 3, 3)


def test_what_was_begun_of_who_has_left_holds_nothing_back(entry, places, agent):
    for commune in places:
        events.save_value(entry, Figure(number=Decimal(9)), commune=commune, by=agent)
    leaves(places[2])
    assert len(giving.submit_values([now(entry)], by=agent).sent) == 1
    assert Value.objects.get(commune=places[2]).is_draft
    assert state(entry) == (TableState.SUBMITTED, 2, 2)


def test_a_year_that_becomes_another_asks_the_communes_of_that_one(committee, places):
    first = committee.convention.start.year
    Coverage.objects.filter(commune=places[2]).update(left_on=datetime.date(first + 1, 6, 30))
    indicator = indicator_in_force(committee, grain="commune", aggregation="sum")
    campaign = campaign_of(committee, first, [indicator])
    asked = campaign.campaign_indicators.get()
    assert state(asked) == ("", 0, 3)
    due_on = datetime.date(first + 2, 3, 1)
    collection.change_year(campaign, first + 1, due_on=due_on, by=committee.coordinator)
    assert state(asked) == ("", 0, 2)
