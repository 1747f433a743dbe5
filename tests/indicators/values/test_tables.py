"""Figures by commune: saved one by one, submitted, verified and returned as one table."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from agreements.models import Version
from ctg_portal.rules import Refused
from indicators.collection.events import close_campaign
from indicators.collection.progress import progress_of
from indicators.collection.things import Things
from indicators.models import CampaignIndicator, TableState, Value, ValueState
from indicators.values import events, giving
from indicators.values.figure import Figure
from indicators.values.table_row import table_rows, values_of
from indicators.values.tables import revision_of_table
from notifications.models import Notice
from tests.committee.pages import page_of
from tests.factories import CommuneFactory, MembershipFactory, OrganisationFactory
from tests.indicators.factories import (
    campaign_of,
    communes,
    indicator_in_force,
)
from tests.indicators.values.entering import fields_of
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

YEAR = 2024
BY_COMMUNE = {"grain": "commune", "aggregation": "sum"}


@told_once
def places(committee):
    return communes(committee, "Archigny", "Cernay", "Thuré")


@told_once
def entry(committee, places):
    indicator = indicator_in_force(committee, **BY_COMMUNE)
    return campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()


def save(entry, commune, number, by, **fields):
    return events.save_value(
        entry, Figure(number=Decimal(number)), commune=commune, by=by, **fields
    )


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.refusal.reason


def state(entry):
    entry = CampaignIndicator.objects.get(pk=entry.pk)
    return entry.table_state, entry.communes_given, entry.communes_asked


def fill(entry, places, by, numbers=(3, 0, 41)):
    for commune, number in zip(places, numbers, strict=False):
        save(entry, commune, number, by)


def test_each_commune_has_its_value_and_the_territory_its_own(entry, places, agent):
    save(entry, places[0], 3, agent)
    save(entry, places[1], 0, agent)
    events.save_value(entry, Figure(number=Decimal(50)), by=agent)
    numbers = {(v.commune and v.commune.name): v.number for v in entry.values.all()}
    assert numbers == {"Archigny": 3, "Cernay": 0, None: 50}
    assert all(value.transitions.count() == 1 for value in entry.values.all())
    assert Value.objects.whole().get().number == 50


def test_a_table_is_as_far_as_what_of_it_is_least_far(entry, places, agent, colleague):
    assert state(entry) == ("", 0, 3)
    save(entry, places[0], 3, agent)
    assert state(entry) == (TableState.DRAFT, 0, 3)
    giving.submit_values([entry], by=agent)
    assert state(entry) == (TableState.PARTIAL, 1, 3)
    fill(entry, places, agent)
    giving.submit_values([entry], by=agent)
    assert state(entry) == (TableState.SUBMITTED, 3, 3)
    giving.verify_table(entry, by=colleague)
    assert state(entry) == (TableState.VERIFIED, 3, 3)
    save(entry, places[0], 4, agent)
    assert state(entry) == (TableState.DRAFT, 2, 3)


def test_a_table_that_is_being_filled_in_says_so(entry, places, agent):
    save(entry, places[0], 3, agent)
    assert table_rows([entry], values_of([entry]))[0].words == "saisie en partie, à compléter"
    fill(entry, places, agent)
    entry.refresh_from_db()
    assert table_rows([entry], values_of([entry]))[0].words == "saisie, à transmettre"


def test_values_and_tables_agree_with_what_is_done_of_them():
    assert Things(3, 2).sentence("transmis") == "3\u00a0valeurs et 2\u00a0tableaux sont transmis"
    assert Things(2, 0).sentence("transmis") == "2\u00a0valeurs sont transmises"
    assert Things(0, 2).sentence("vérifié") == "2\u00a0tableaux sont vérifiés"


def test_a_table_is_submitted_and_verified_as_one_thing(entry, places, agent, colleague):
    fill(entry, places, agent)
    done = giving.submit_values([entry], by=agent)
    assert len(done.sent) == 1
    assert {value.state for value in entry.values.all()} == {ValueState.SUBMITTED}
    assert all(
        list(value.transitions.values_list("verb", flat=True)) == ["saved", "submitted"]
        for value in entry.values.all()
    )
    assert Notice.objects.filter(kind="verification_awaited").count() == 1
    assert "Une autre personne" in refusal(giving.verify_table, entry, by=agent)
    assert len(giving.verify_table(entry, by=colleague)) == 3
    assert {value.verified_by for value in entry.values.all()} == {colleague}


def test_who_reads_a_table_as_it_is_disclosed_is_led_to_where_it_is(
    client, committee, entry, places, agent
):
    fill(entry, places, agent)
    giving.submit_values([entry], by=agent)
    client.force_login(MembershipFactory(organisation=committee.epci, reader=True).user)
    slug, year = committee.convention.slug, entry.campaign.year
    response = client.get(reverse("indicators:value", args=[slug, year, entry.pk]))
    page = entry.indicator.get_absolute_url()
    assert response.url == f"{page}?annee={year}#communes"
    assert client.get(response.url).status_code == 200


def test_a_table_given_in_part_is_still_owed(committee, entry, places, agent):
    fill(entry, places[:2], agent)
    giving.submit_values([entry], by=agent)
    [part] = progress_of(entry.campaign, frozenset(), datetime.date(YEAR + 1, 1, 1)).parts
    assert (part.total, part.given) == (1, 0)
    assert part.lines[0].words == "transmise en partie, 2\u00a0communes sur 3"
    absent = Figure(absence="not_available", reason="Pas de relevé.")
    events.save_value(entry, absent, commune=places[2], by=agent)
    giving.submit_values([entry], by=agent)
    [part] = progress_of(entry.campaign, frozenset(), datetime.date(YEAR + 1, 1, 1)).parts
    assert (part.total, part.given) == (1, 1)


def test_a_table_that_changed_since_it_was_shown_is_held(entry, places, agent, colleague):
    fill(entry, places, agent)
    seen = {entry.pk: revision_of_table(entry.values.all())}
    save(entry, places[1], 7, colleague)
    assert not giving.submit_values([entry], by=agent, revisions=seen).sent
    seen = {entry.pk: revision_of_table(entry.values.all())}
    assert giving.submit_values([entry], by=agent, revisions=seen).sent


def test_a_count_of_a_commune_below_zero_is_refused(entry, places, agent):
    assert "négatif" in refusal(save, entry, places[1], -2, agent)
    assert not Value.objects.exists()


def test_a_balance_of_a_commune_may_be_below_zero(committee, places, agent):
    indicator = indicator_in_force(committee, allows_negative=True, **BY_COMMUNE)
    entry = campaign_of(committee, YEAR + 1, [indicator]).campaign_indicators.get()
    save(entry, places[1], -600, agent)
    assert entry.values.get().number == -600


def test_a_table_comes_back_whole(entry, places, agent, colleague):
    fill(entry, places, agent)
    giving.submit_values([entry], by=agent)
    assert "motif" in refusal(giving.return_table, entry, reason=" ", by=colleague)
    giving.return_table(entry, reason="Deux communes sont inversées.", by=colleague)
    assert state(entry) == (TableState.RETURNED, 0, 3)
    assert Notice.objects.filter(kind="value_returned").count() == 1
    [blocked] = giving.submit_values([entry], by=agent).blocked
    assert "retournée" in blocked.refusal.reason


def test_a_table_that_was_written_meanwhile_goes_not_back_unread(
    client, committee, entry, places, agent, colleague
):
    another = MembershipFactory(organisation=committee.caf).user
    fill(entry, places, agent)
    giving.submit_values([entry], by=agent)
    client.force_login(colleague)
    slug = entry.campaign.convention.slug
    page = reverse("indicators:return_value", args=[slug, YEAR, entry.pk])
    sent = fields_of(client.get(page)) | {"reason": "Est-ce bien 3 ?"}
    save(entry, places[0], 4, another)
    giving.submit_values([entry], by=agent)
    sentence = f"{another} a enregistré une autre valeur depuis que la page est ouverte."
    assert sentence in page_of(client.post(page, sent))
    assert state(entry)[0] == TableState.SUBMITTED
    client.post(page, fields_of(client.get(page)) | {"reason": "Est-ce bien 4 ?"})
    assert state(entry)[0] == TableState.RETURNED


def test_a_commune_of_no_such_year_has_no_figure(committee, entry, places, agent):
    left = communes(committee, "Partie", left_on=datetime.date(YEAR, 6, 30))[0]
    elsewhere = CommuneFactory(name="Ailleurs")
    sentence = "ne faisait pas partie du territoire de la convention au 31 décembre 2024."
    assert sentence in refusal(save, entry, left, 1, agent)
    assert sentence in refusal(save, entry, elsewhere, 1, agent)


def test_an_indicator_of_the_territory_has_no_figure_of_a_commune(committee, places, agent):
    indicator = indicator_in_force(committee)
    entry = campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()
    assert refusal(save, entry, places[0], 1, agent) == (
        "Cet indicateur n’est pas demandé par commune."
    )


def test_a_figure_of_a_commune_is_corrected_once_the_year_is_closed(
    committee, entry, places, agent
):
    fill(entry, places, agent)
    giving.submit_values([entry], by=agent)
    closing = close_campaign(entry.campaign, by=committee.coordinator)
    assert (closing.not_given, closing.without) == (0, 0)
    entry = CampaignIndicator.objects.get(pk=entry.pk)
    value = events.correct_value(
        entry, Figure(number=Decimal(5)), commune=places[0], reason="Oubli.", by=agent
    )
    assert (value.commune, value.number, value.state) == (places[0], 5, ValueState.SUBMITTED)


# A commune's own people ------------------------------------------------------------------------


@told_once
def mayor(committee, places):
    organisation = OrganisationFactory(
        convention=committee.convention, name="Commune d’Archigny", acronym="Archigny",
        kind="commune",
    )  # fmt: skip
    return MembershipFactory(organisation=organisation).user


def test_a_communes_own_people_enter_theirs_alone(entry, places, mayor):
    assert save(entry, places[0], 3, mayor).entered_by == mayor
    assert "saisie par" in refusal(save, entry, places[1], 3, mayor)
    assert "saisie par" in refusal(events.save_value, entry, Figure(number=1), by=mayor)


def test_what_a_commune_has_begun_keeps_nobody_from_giving_the_rest(
    committee, entry, places, mayor
):
    """Who enters on behalf of another neither reads it nor gives it."""
    by = committee.coordinator
    save(entry, places[0], 3, mayor)
    save(entry, places[1], 5, by)
    submission = giving.submit_values([entry], by=by)
    assert [value.commune for value in submission.sent] == [places[1]]
    assert "a commencé cette saisie" in submission.blocked[0].refusal.reason
    assert [value.state for value in Value.objects.order_by("commune")] == ["draft", "submitted"]
    again = giving.submit_values([entry], by=by)
    assert (again.sent, len(again.blocked)) == ([], 1)
    # Nor from the other figures of the page.
    other = indicator_in_force(committee, title="Places", enterer=entry.enterer)
    row = entry.campaign.campaign_indicators.create(
        indicator=other, version=Version.objects.about(other).get(), provider=entry.provider,
        enterer=entry.enterer, due_on=entry.campaign.due_on,
    )  # fmt: skip
    events.save_value(row, Figure(number=Decimal(7)), by=by)
    sent = giving.submit_values([entry, row], by=by).sent
    assert [value.campaign_indicator for value in sent] == [row]


def test_the_log_says_for_which_commune_they_act(entry, places, mayor):
    [act] = save(entry, places[0], 3, mayor).transitions.all()
    assert (act.by, act.capacity) == (mayor, "pour la Commune d’Archigny")


@pytest.mark.parametrize("is_on_behalf", [False, True])
@pytest.mark.parametrize("is_verified", [False, True])
def test_what_was_given_is_not_taken_back_by_the_commune(
    committee, entry, places, colleague, agent, mayor, is_on_behalf, is_verified
):
    """It would be a draft again that its provider had given, or confirmed."""
    save(entry, places[0], 3, committee.coordinator if is_on_behalf else agent)
    giving.submit_values([entry], by=agent)
    if is_verified:
        giving.verify_table(entry, by=colleague)
    sentence = "Cette donnée est transmise : la coordination peut vous la retourner."
    for figure in (Figure(number=Decimal(4)), Figure(absence="not_available"), Figure()):
        assert refusal(events.save_value, entry, figure, commune=places[0], by=mayor) == sentence
    assert entry.values.get().is_shown
    giving.return_table(entry, reason="À revoir avec la mairie.", by=committee.coordinator)
    assert save(entry, places[0], 4, mayor).is_draft


def test_what_secrecy_protects_is_its_providers_alone(committee, places, mayor):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    indicator = indicator_in_force(committee, is_confidential=True, **BY_COMMUNE)
    entry = campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()
    assert "saisie par" in refusal(save, entry, places[0], 3, mayor)
