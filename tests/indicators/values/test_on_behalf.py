"""« Pour le compte de »: the coordinator enters what a provider sent, its people are told, and it
is they who verify; never for a provider with a secrecy rule, whatever the way in."""

from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from conventions.models import Organisation
from ctg_portal.rules import Refused
from indicators.collection.rights import contributor_of
from indicators.models import Value
from indicators.values import events, giving
from indicators.values.figure import Figure
from indicators.values.files.importing import ImportOfValues
from notifications.sending import send_due_mail
from spreadsheets.columns.questions import Asking
from spreadsheets.reading.open import open_book
from tests.committee.mail.mailing import after, at, on_one_line
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.indicators.values.entering import Desk, entry_url
from tests.stories import told_once

pytestmark = pytest.mark.django_db

CSV = "Indicateur;2024\nPlaces agréées;110\n".encode()


@told_once
def campaign(committee):
    return campaign_of(committee, 2024, [indicator_in_force(committee, title="Places agréées")])


@pytest.fixture
def entry(campaign):
    return campaign.campaign_indicators.with_relations().get()


def secret(committee):
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=5)


def read(campaign, user):
    scope = f"{campaign.convention.slug}/{campaign.year}"
    return ImportOfValues().preview(scope, open_book("a.csv", CSV), Asking(), user)


def test_the_coordinators_page_says_for_whom_and_that_they_verify(
    client, committee, campaign, entry, agent
):
    desk = Desk(client, committee.coordinator, campaign, f"?pour={committee.caf.pk}").open()
    assert "Elles en sont averties, et ce sont elles qui vérifient" in desk.text
    desk.type(entry, figure="110").send()
    value = Value.objects.get()
    assert value.is_on_behalf
    giving.submit_values([entry], by=committee.coordinator)
    client.force_login(agent)
    page = " ".join(page_of(client.get(entry_url(campaign, f"{entry.pk}/"))).split())
    sentence = f"par {committee.coordinator}, pour le compte {committee.caf.genitive}"
    assert page.count(sentence) == 2
    giving.verify_value(value, by=agent)
    with pytest.raises(Refused, match="vérifie"):
        giving.verify_value(value, by=committee.coordinator)


def test_people_of_the_organisation_are_told_once(committee, entry, agent, mailoutbox):
    with at(now := timezone.now()):
        events.save_value(entry, Figure(number=Decimal(110)), by=committee.coordinator)
        giving.submit_values([entry], by=committee.coordinator)
    for minutes in (1, 40, 1500):
        with at(after(now, minutes=minutes)):
            send_due_mail()
    [message] = [one for one in mail.outbox if one.to == [agent.email]]
    assert "attend votre vérification" in on_one_line(message.subject)
    assert f"a saisi pour le compte {committee.caf.genitive}" in on_one_line(message.body)
    assert "110" not in message.body


def test_people_who_only_enter_are_told_as_well(committee, agent, mailoutbox):
    indicator = indicator_in_force(committee, title="Trajets", provider=committee.epci,
                                   enterer=committee.caf)  # fmt: skip
    entry = campaign_of(committee, 2022, [indicator]).campaign_indicators.get()
    with at(now := timezone.now()):
        events.save_value(entry, Figure(number=Decimal(110)), by=committee.coordinator)
        giving.submit_values([entry], by=committee.coordinator)
    for minutes in (1, 40, 1500):
        with at(after(now, minutes=minutes)):
            send_due_mail()
    [message] = [one for one in mail.outbox if one.to == [agent.email]]
    assert "Une donnée est saisie pour votre compte" in on_one_line(message.subject)


def test_what_its_people_have_begun_is_neither_shown_nor_taken(
    client, committee, campaign, entry, agent
):
    events.save_value(entry, Figure(number=Decimal(105)), by=agent)
    coordinator = committee.coordinator
    client.force_login(coordinator)
    for address in (
        f"?pour={committee.caf.pk}",
        f"{entry.pk}/",
        f"grille/?pour={committee.caf.pk}",
    ):
        assert "105" not in page_of(client.get(entry_url(campaign, address)))
    with pytest.raises(Refused, match="a commencé cette saisie"):
        events.save_value(entry, Figure(number=Decimal(110)), by=coordinator)
    preview = read(campaign, coordinator)
    assert not preview.lines
    assert "a commencé cette saisie" in preview.mistakes[0].text


def test_the_coordinator_has_no_way_in_under_a_secrecy_rule(client, committee, campaign, entry):
    secret(committee)
    coordinator, caf = committee.coordinator, committee.caf
    client.force_login(coordinator)
    for address in ("", "grille/"):  # she sends its link instead
        page = client.get(entry_url(campaign, f"{address}?pour={caf.pk}"))
        assert page.url.endswith(f"/liens/{caf.pk}/envoyer/")
    for address in ("coller/", "transmettre/", "fichier/", "modele/"):
        page = entry_url(campaign, f"{address}?pour={caf.pk}")
        assert client.get(page).status_code == 404
        assert client.post(page, {"block": "110"}).status_code in (404, 405)
    assert "secret statistique" in read(campaign, coordinator).mistakes[0].text
    with pytest.raises(Refused, match="Envoyez-lui son lien"):
        events.save_value(entry, Figure(number=Decimal(110)), by=coordinator)


def test_the_coordinator_enters_for_her_own_organisation_under_a_rule(committee):
    Organisation.objects.filter(pk=committee.epci.pk).update(masking_threshold=5)
    indicator = indicator_in_force(committee, title="Trajets", provider=committee.epci)
    entry = campaign_of(committee, 2021, [indicator]).campaign_indicators.get()
    assert events.save_value(entry, Figure(number=Decimal(3)), by=committee.coordinator)


def test_the_coordinator_is_not_called_for_what_somebody_else_enters(committee, entry, agent):
    coordinator = contributor_of(committee.coordinator, committee.convention)
    assert coordinator.enters(entry)
    assert not coordinator.is_asked(entry)


def test_what_its_people_have_given_is_returned_not_written_over(committee, campaign, entry, agent):
    """Words of hers are not put beside their figure either, in person or by a file."""
    coordinator = committee.coordinator
    events.save_value(entry, Figure(number=Decimal(117)), by=agent)
    giving.submit_values([entry], by=agent)
    for figure in (Figure(number=Decimal(95)), Figure(number=Decimal(117), comment="Mal compté")):
        with pytest.raises(Refused, match="retournez-la avec un motif"):
            events.save_value(entry, figure, by=coordinator)
    assert "retournez-la avec un motif" in read(campaign, coordinator).mistakes[0].text
    giving.return_value(Value.objects.get(), reason="À revoir", by=coordinator)
    figure = Figure(number=Decimal(117), comment="Confirmé par courriel")
    value = events.save_value(entry, figure, by=coordinator)
    assert (value.is_on_behalf, value.entered_by) == (True, coordinator)
