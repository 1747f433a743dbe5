"""The page of one value: who reads what of it, and what each may do there."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conventions.models import Organisation
from documents.models import StoredFile
from indicators.collection.events import close_campaign, reopen_campaign
from indicators.disclosure.events import disclose_now
from indicators.models import Evidence, Value, ValueState
from indicators.values import events, giving, writing
from indicators.values.figure import Figure
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.committee.scene import PDF, a_document
from tests.factories import MembershipFactory
from tests.indicators.factories import association, campaign_of, indicator_in_force, later
from tests.indicators.values.entering import entry_url, fields_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    committee = committee_of()
    committee.caf.masking_threshold = 5
    committee.caf.save()
    return committee


@told_once
def people(committee):
    return {
        "agent": MembershipFactory(organisation=committee.caf).user,
        "colleague": MembershipFactory(organisation=committee.caf).user,
        "other": MembershipFactory(organisation=committee.epci).user,
        "reader": MembershipFactory(organisation=committee.caf, reader=True).user,
        "coordinator": committee.coordinator,
    }


@told_once
def entry(committee):
    indicator = indicator_in_force(committee, is_confidential=True)
    return campaign_of(committee, 2024, [indicator]).campaign_indicators.get()


@told_once
def address(entry):
    return entry_url(entry.campaign, f"{entry.pk}/")


@told_once
def value(entry, people):
    events.save_value(entry, Figure(number=3, comment="Trois, pas quatre"), by=people["agent"])
    [sent] = giving.submit_values([entry], by=people["agent"]).sent
    disclose_now(entry, by=people["agent"])
    return sent


def read(client, user, address, **posted) -> str:
    client.force_login(user)
    response = client.post(address, posted, follow=True) if posted else client.get(address)
    return " ".join(page_of(response).split())


def form_of(client, user, address) -> dict:
    client.force_login(user)
    return fields_of(client.get(address))


@pytest.mark.parametrize("who", ["agent", "colleague"])
def test_the_providers_contributors_read_the_figure_itself(client, people, value, address, who):
    text = read(client, people[who], address)
    assert "donnée transmise" in text
    assert "Les autres personnes lisent : secret" in text
    assert "Trois, pas quatre" in text


@pytest.mark.parametrize("who", ["other", "reader", "coordinator"])
def test_all_others_read_what_is_disclosed(client, people, value, address, who):
    """They read neither the number, nor the comment that would tell it, nor what a form holds."""
    client.force_login(people[who])
    response = client.get(address)
    text = " ".join(page_of(response).split())
    assert "secret" in text
    assert "Trois" not in text
    history = text.partition("Histoire de la donnée")[2]
    assert "transmise" in history
    assert " 3," not in history
    assert 'name="figure"' not in response.content.decode()


def test_a_small_figure_is_in_no_page_that_others_read(client, committee, people, entry):
    """987 654 is a number that no page holds by chance; rounding hides it."""
    committee.caf.masking_threshold, committee.caf.rounding_base = None, 5
    committee.caf.save()
    events.save_value(entry, Figure(number=987_654), by=people["agent"])
    giving.submit_values([entry], by=people["agent"])
    pages = ["", "transmettre/", "verification/", f"{entry.pk}/", f"{entry.pk}/retourner/"]
    for who in ("other", "reader", "coordinator"):
        client.force_login(people[who])
        for page in pages:
            html = client.get(entry_url(entry.campaign, page)).content.decode()
            assert "987\u202f654" not in html
            assert "987654" not in html
    assert "987 654" in read(client, people["colleague"], entry_url(entry.campaign, f"{entry.pk}/"))


def test_what_is_written_beside_a_rounded_figure_is_told_to_be_reserved(
    client, committee, people, entry, address
):
    """The check of surprises asks for such a sentence; its form says who will read it."""
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=None, rounding_base=5)
    texts = {"comment": "Exactement 8317 enfants", "source": "8317 dossiers"}
    events.save_value(entry, Figure(number=8317, **texts), by=people["agent"])
    giving.submit_values([entry], by=people["agent"])
    disclose_now(entry, by=people["agent"])
    own = read(client, people["colleague"], address)
    assert "Exactement 8317 enfants" in own
    assert "8317 dossiers" in own
    assert "Commentaire, réservé à qui fournit ou saisit la donnée" in own
    indicator = f"/conventions/{committee.convention.slug}/indicateurs/{entry.indicator_id}/"
    for page in (address, indicator):
        text = read(client, people["coordinator"], page)
        assert "commentaire réservé à l’organisme qui fournit la donnée" in text
        assert committee.caf.source in text
        assert "8317" not in "".join(text.split())


def test_the_reason_of_a_correction_is_read_by_all_unless_secrecy_protects_it(
    client, committee, people
):
    plain, protected = (
        indicator_in_force(committee, title=title, is_confidential=secret)
        for title, secret in [("a", False), ("b", True)]
    )
    campaign = campaign_of(committee, 2024, [plain, protected], state="closed")
    for entry in campaign.campaign_indicators.all():
        events.correct_value(entry, Figure(number=31), reason="Deux doublons", by=people["agent"])
    is_read = {
        entry.indicator: "Deux doublons" in read(
            client, people["reader"], entry_url(campaign, f"{entry.pk}/")
        )
        for entry in campaign.campaign_indicators.all()
    }  # fmt: skip
    assert is_read == {plain: True, protected: False}


def test_who_confirms_a_figure_reads_all_its_decimals(client, people, entry, address):
    events.save_value(entry, Figure(number=Decimal("12.5")), by=people["agent"])
    assert "12,5 places" in read(client, people["colleague"], address)
    giving.submit_values([entry], by=people["agent"])
    assert "Les autres personnes lisent : en attente" in read(client, people["colleague"], address)
    disclose_now(entry, by=people["agent"])
    assert "Les autres personnes lisent : 13" in read(client, people["colleague"], address)


def test_all_that_is_said_of_a_value_is_entered_on_its_page(client, people, entry, address):
    sent = form_of(client, people["agent"], address) | {
        "figure": "12", "provisional": "on", "comment": "Estimé",
        "observed_from": "2023-09-01", "observed_until": "2024-08-31", "source": "Bilan Laep",
    }  # fmt: skip
    assert "La valeur est enregistrée." in read(client, people["agent"], address, **sent)
    value = Value.objects.get()
    assert (str(value.number), value.provisional, value.source) == ("12.000000", True, "Bilan Laep")
    assert f"{value.observed_from} {value.observed_until}" == "2023-09-01 2024-08-31"


def test_the_list_keeps_what_only_the_page_tells(client, people, entry, address):
    sent = form_of(client, people["agent"], address) | {"figure": "12", "source": "Bilan Laep"}
    read(client, people["agent"], address, **sent)
    desk = form_of(client, people["agent"], entry_url(entry.campaign))
    read(client, people["agent"], entry_url(entry.campaign), **desk | {f"v{entry.pk}-figure": "13"})
    assert (Value.objects.get().number, Value.objects.get().source) == (13, "Bilan Laep")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"figure": "douze"}, "n’est pas un nombre"),
        ({"figure": "−12"}, "« −12 » est négatif"),
        ({"figure": "1", "observed_until": "2023-12-31"}, "finit avant de commencer"),
        ({"figure": "1", "observed_from": "hier"}, "Ce jour n’existe pas"),
        ({"figure": "n.d."}, "Dites pourquoi"),
    ],
)
def test_what_is_wrong_is_told_on_the_page_and_stays(client, people, address, typed, told):
    sent = form_of(client, people["agent"], address) | typed
    client.force_login(people["agent"])
    response = client.post(address, sent)
    assert told in page_of(response)
    assert fields_of(response)["figure"] == typed["figure"]
    assert not Value.objects.exists()


def test_two_people_on_the_page_are_shown_both(client, people, entry, address):
    sent = form_of(client, people["agent"], address) | {"figure": "12"}
    theirs = events.save_value(entry, Figure(number=13), by=people["colleague"])
    asked = client.post(address, sent)
    assert "choisissez d’abord l’une des deux valeurs" in page_of(
        client.post(address, fields_of(asked))
    )
    text = read(client, people["agent"], address, **sent)
    assert "Prendre l’autre : 13" in text
    assert "Garder ce que j’ai saisi : 12" in text
    read(client, people["agent"], address, **sent, decision="prendre")
    assert Value.objects.get().number == 13
    read(client, people["agent"], address, **sent, decision=f"garder:{writing.revision_of(theirs)}")
    assert Value.objects.get().number == 12


def test_who_may_not_enter_cannot(client, people, address):
    for who in ("other", "reader", "coordinator"):
        read(client, people[who], address, figure="5")
    assert not Value.objects.exists()


def test_a_second_person_verifies_from_the_page(client, people, value, address):
    assert "Vérifier cette valeur" not in read(client, people["agent"], address)
    assert "Vérifier cette valeur" in read(client, people["colleague"], address)
    token = writing.revision_of(value)
    assert "vérifiée" in read(client, people["colleague"], f"{address}verifier/", revision=token)
    assert Value.objects.get().is_verified


def test_the_coordinator_returns_a_value_with_a_reason(client, people, value, address):
    page = f"{address}retourner/"
    sent = form_of(client, people["coordinator"], page)
    client.force_login(people["coordinator"])
    assert client.post(page, sent | {"reason": ""}).status_code == 200
    text = read(client, people["coordinator"], page, **sent | {"reason": "À revoir"})
    assert "La valeur est retournée" in text
    assert Value.objects.get().state == ValueState.RETURNED
    own = read(client, people["agent"], address)
    assert own.index("Retournée par") < own.index("À revoir") < own.index("Saisir cette donnée")
    assert "transmise se retourne" in read(client, people["coordinator"], page)


def test_a_closed_year_is_corrected_with_a_reason(client, committee, people, value, address):
    close_campaign(value.campaign_indicator.campaign, by=committee.coordinator)
    assert "Corriger cette donnée" in read(client, people["agent"], address)
    sent = form_of(client, people["agent"], address) | {"figure": "31"}
    client.force_login(people["agent"])
    assert client.post(address, sent).status_code == 200  # without a reason
    read(client, people["agent"], address, **sent | {"why": "Doublons retirés"})
    assert Value.objects.get().number == 31
    assert "31 places" in read(client, people["agent"], address)
    text = read(client, people["reader"], address)
    assert "corrigée après la clôture" in text
    assert "secret" in text  # what was stays so


def test_a_correction_is_no_draft_of_a_year_that_was_opened_again(
    client, committee, people, value, address
):
    campaign = value.campaign_indicator.campaign
    close_campaign(campaign, by=committee.coordinator)
    sent = form_of(client, people["agent"], address) | {"figure": "31"}
    reopen_campaign(campaign, due_on=later(), reason="Une erreur.", by=committee.coordinator)
    text = read(client, people["agent"], address, **sent | {"why": "Doublons retirés"})
    assert "a été rouvert depuis que cette page est ouverte" in text
    assert "Doublons retirés" in text
    assert (Value.objects.get().number, Value.objects.get().is_submitted) == (3, True)
    sent = {name: told for name, told in sent.items() if name != "why"}  # the page asks none now
    read(client, people["agent"], address, **sent | {"comment": "Doublons retirés"})
    assert (Value.objects.get().number, Value.objects.get().is_draft) == (31, True)


# Several at once ---------------------------------------------------------------------------------


def test_several_values_are_verified_in_one_act(client, committee, people):
    rows = [indicator_in_force(committee, title=title) for title in "abc"]
    campaign = campaign_of(committee, 2024, rows)
    entries = list(campaign.campaign_indicators.order_by("indicator"))
    for entry in entries[:2]:
        events.save_value(entry, Figure(number=7), by=people["agent"])
    events.save_value(entries[2], Figure(number=7), by=people["colleague"])
    giving.submit_values(entries, by=people["agent"])
    page = entry_url(campaign, "verification/")
    text = read(client, people["colleague"], page)
    assert "2 valeurs attendent votre vérification" in text
    assert "Saisies par vous" in text
    values = {v.campaign_indicator_id: v for v in Value.objects.all()}
    ticked = [f"{e.pk}:{writing.revision_of(values[e.pk])}" for e in entries]
    text = read(client, people["colleague"], page, valeur=ticked)
    assert "2 valeurs sont vérifiées." in text
    assert "Une autre personne que celle qui a saisi" in text
    assert "Cochez" in read(client, people["colleague"], page, valeur=[])
    assert "Aucune valeur" in read(client, people["other"], page)


# Pieces ------------------------------------------------------------------------------------------


def test_a_piece_is_kept_and_read_by_who_may(client, people, value, address):
    upload = SimpleUploadedFile("bilan.pdf", PDF, "application/pdf")
    text = read(client, people["agent"], f"{address}joindre/", document=upload)
    assert "La pièce est jointe." in text
    assert "bilan.pdf" in text
    piece = entry_url(value.campaign_indicator.campaign, f"pieces/{Evidence.objects.get().pk}/")
    read_it = {"colleague", "coordinator"}
    for rule in (None, 5):  # once a rule protects the figure, its provider alone reads them
        Organisation.objects.update(masking_threshold=rule, opts_out_of_secrecy=not rule)
        for who in ("colleague", "coordinator", "other", "reader"):
            client.force_login(people[who])
            response = client.get(piece)
            assert response.status_code == (200 if who in read_it else 302)
            assert (PDF in response.content) == (who in read_it)
        read_it = {"colleague"}
    assert "bilan.pdf" not in read(client, people["other"], address)


def test_who_may_not_attach_leaves_no_file(client, people, value, address):
    upload = SimpleUploadedFile("bilan.pdf", PDF, "application/pdf")
    read(client, people["other"], f"{address}joindre/", document=upload)
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_piece_of_another_year_or_convention_is_not_there(client, people, value):
    elsewhere = committee_of()
    indicator = indicator_in_force(elsewhere)
    foreign = campaign_of(elsewhere, 2024, [indicator]).campaign_indicators.get()
    theirs = events.save_value(foreign, Figure(number=1), by=None)
    piece = events.attach_evidence(theirs, a_document(elsewhere.coordinator), by=None)
    client.force_login(people["coordinator"])
    campaign = value.campaign_indicator.campaign
    for path in (f"pieces/{piece.pk}/", f"{foreign.pk}/", f"{foreign.pk}/joindre/"):
        assert client.get(entry_url(campaign, path)).status_code == 404


def test_the_provider_reads_what_another_enters_for_it(client, committee, people):
    asso = association(committee)
    entry = campaign_of(
        committee, 2023, [indicator_in_force(committee, title="Laep", enterer=asso)]
    ).campaign_indicators.get()  # fmt: skip
    there = MembershipFactory(organisation=asso).user
    events.save_value(entry, Figure(number=77), by=there)
    giving.submit_values([entry], by=there)
    text = read(client, people["agent"], entry_url(entry.campaign, f"{entry.pk}/"))
    assert f"Saisie par {there}" in text
    assert "Vérifier cette valeur" in text
    assert "Saisir cette donnée" not in text


def test_who_comes_to_verify_is_not_asked_to_type(client, committee, people):
    entry = campaign_of(committee, 2023, [indicator_in_force(committee)]).campaign_indicators.get()
    value = events.save_value(entry, Figure(number=77), by=people["agent"])
    address = entry_url(entry.campaign, f"{entry.pk}/")
    client.force_login(people["agent"])
    assert '<details class="fold"' not in client.get(address).content.decode().split("Histoire")[0]
    giving.submit_values([entry], by=people["agent"])
    html = client.get(address).content.decode()
    fold = html.split('<details class="fold">')[1].split("</details>")[0]
    assert "Changer cette donnée" in fold
    assert 'id="saisie"' in fold
    form = {"figure": "abc", "revision": value.revision}
    html = client.post(address, form).content.decode()
    assert '<details class="fold" open>' in html
