"""What is given for the whole territory beside a table of communes: an absence that answers for all
of them, a total that is less than they come to."""

import datetime
from decimal import Decimal

import pytest

from indicators.collection.progress import progress_of, tallies
from indicators.models import CampaignIndicator, TableState, Value
from indicators.values import events, giving
from indicators.values.figure import Figure
from indicators.values.tables import update_all_for_perimeters
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, communes, indicator_in_force
from tests.indicators.values.entering import entry_url
from tests.stories import told_once

pytestmark = pytest.mark.django_db

YEAR = 2024
ABSENT = Figure(absence="not_available", reason="Trop peu de ménages.")


@told_once
def places(committee):
    return communes(committee, "Archigny", "Cernay", "Thuré")


@told_once
def entry(committee, places):
    indicator = indicator_in_force(
        committee, title="Niveau de vie", grain="commune", aggregation="sum", baseline_value=None
    )
    return campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()


@pytest.fixture
def answered(entry, agent):
    events.save_value(entry, ABSENT, by=agent)
    giving.submit_values([entry], by=agent)
    return entry


def state(entry):
    entry = CampaignIndicator.objects.get(pk=entry.pk)
    return entry.table_state, entry.communes_given


def read(client, entry, address="") -> str:
    return " ".join(page_of(client.get(entry_url(entry.campaign, address))).split())


# An absence ------------------------------------------------------------------------------------


def test_an_absence_of_the_whole_territory_answers_for_its_communes(
    entry, places, agent, colleague
):
    events.save_value(entry, ABSENT, by=agent)
    assert state(entry) == (TableState.DRAFT, 0)
    giving.submit_values([entry], by=agent)
    assert state(entry) == (TableState.SUBMITTED, 0)
    giving.verify_table(entry, by=colleague)
    assert state(entry) == (TableState.VERIFIED, 0)
    giving.return_table(entry, reason="L’Insee le publie.", by=colleague)
    assert state(entry) == (TableState.RETURNED, 0)


def test_nothing_of_an_answered_table_is_owed_any_more(answered):
    [part] = progress_of(answered.campaign, frozenset(), datetime.date(YEAR + 1, 9, 1)).parts
    assert (part.total, part.given, part.in_part, part.late) == (1, 1, 0, 0)
    assert part.lines[0].words == "transmise, à vérifier, pour tout le territoire"
    tally = tallies(answered.campaign.convention)[answered.campaign.pk]
    assert (tally.owed, tally.in_part) == (0, 0)


def test_a_commune_given_after_an_absence_asks_for_the_others(answered, places, agent):
    events.save_value(answered, Figure(number=Decimal(3)), commune=places[0], by=agent)
    assert state(answered) == (TableState.DRAFT, 0)
    giving.submit_values([answered], by=agent)
    assert state(answered) == (TableState.PARTIAL, 1)


def test_a_number_of_the_territory_answers_for_no_commune(answered, agent):
    events.save_value(answered, Figure(number=Decimal(10)), by=agent)
    assert state(answered) == (TableState.NOTHING, 0)
    giving.submit_values([answered], by=agent)
    assert state(answered) == (TableState.NOTHING, 0)


def test_an_answer_of_before_is_counted_by_the_clock(answered):
    CampaignIndicator.objects.update(table_state="")
    update_all_for_perimeters()
    assert state(answered) == (TableState.SUBMITTED, 0)


def test_pages_tell_an_absence_of_the_whole_territory(client, entry, agent):
    client.force_login(agent)
    events.save_value(entry, ABSENT, by=agent)
    page = read(client, entry, "transmettre/")
    assert "1 tableau est prêt à transmettre" in page
    assert "non disponible Trop peu de ménages." in page
    assert "0 commune" not in page
    giving.submit_values([entry], by=agent)
    assert "Vos données de 2024 sont transmises" in read(client, entry)
    page = read(client, entry, f"{entry.pk}/communes/")
    assert "Niveau de vie : non disponible pour tout le territoire" in page
    assert "rien d’autre n’est à saisir" in page
    assert Value.objects.count() == 1


# A total ---------------------------------------------------------------------------------------


def fill(entry, places, by, *numbers, total=None, comment=""):
    for commune, number in zip(places, numbers, strict=False):
        events.save_value(entry, Figure(number=Decimal(number)), commune=commune, by=by)
    if total is not None:
        events.save_value(entry, Figure(number=Decimal(total), comment=comment), by=by)


def held(entry, by) -> str:
    return " ".join(one.refusal.reason for one in giving.submit_values([entry], by=by).blocked)


def test_a_total_that_is_less_than_its_communes_is_asked_about(entry, places, agent):
    fill(entry, places, agent, 20, 41, total=10)
    assert held(entry, agent) == (
        "Le chiffre du territoire, 10, est inférieur à ce que comptent 2\u00a0communes : 61. "
        "Vérifiez-le, ou dites pourquoi en commentaire."
    )
    fill(entry, places, agent, total=10, comment="Sans les doubles comptes.")
    assert held(entry, agent) == ""


def test_of_a_total_that_was_given_a_commune_explains_it(entry, places, agent):
    fill(entry, places, agent, 4, total=10)
    assert held(entry, agent) == ""
    fill(entry, places[1:], agent, 41)
    assert "45" in held(entry, agent)
    figure = Figure(number=Decimal(41), comment="Ouverte depuis.")
    events.save_value(entry, figure, commune=places[1], by=agent)
    assert held(entry, agent) == ""


def test_a_total_that_is_more_or_no_count_is_not_asked_about(committee, entry, places, agent):
    fill(entry, places, agent, 20, 41, total=70)
    assert held(entry, agent) == ""
    spent = indicator_in_force(
        committee, title="Solde", grain="commune", aggregation="sum", unit="€", baseline_value=None
    )
    row = campaign_of(committee, YEAR + 1, [spent]).campaign_indicators.get()
    fill(row, places, agent, 20, 41, total=10)
    assert held(row, agent) == ""


def test_pages_tell_a_total_below_its_communes_and_one_that_was_given(client, entry, places, agent):
    client.force_login(agent)
    fill(entry, places, agent, 20, 41, total=10)
    page = read(client, entry, f"{entry.pk}/communes/").replace("\u00a0", " ")
    assert "10, est inférieur à ce que comptent 2 communes : 61" in page
    fill(entry, places, agent, total=70)
    page = read(client, entry, "transmettre/").replace("\u00a0", " ")
    assert "70 (donné pour tout le territoire ; 2 communes sur 3)" in page
