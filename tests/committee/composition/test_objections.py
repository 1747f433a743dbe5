"""From the page: a colleague objects to a seat and confirms it; whoever sits for two parties brings
the délibération of each."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agreements.models import Seat
from agreements.seats import events as seats
from committee.composition.journal import changes_of
from documents.models import StoredFile
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of, since_long
from tests.committee.scene import PDF, a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


def page(client, asker, committee, name, *pk, **data):
    client.force_login(asker)
    url = reverse(f"committee:{name}", args=[committee.convention.slug, *pk])
    return client.post(url, data, follow=True) if data else client.get(url)


def read(response) -> str:
    return text_of(response.content.decode()).replace("\u00a0", " ")


def test_a_colleague_objects_to_a_seat_and_confirms_it(client, committee):
    seat = committee.caf_seat
    colleague = since_long(f.MembershipFactory(organisation=committee.caf)).user
    assert f"S’opposer au siège de {seat.name}" in read(
        page(client, colleague, committee, "composition")
    )
    done = page(client, colleague, committee, "object_to_seat", seat.pk, sent="1")
    assert f"Le siège de {seat.name} est suspendu." in read(done)
    assert "suspendu par une opposition le" in read(done)
    done = page(client, colleague, committee, "confirm_seat", seat.pk, seen=seat.revision)
    assert f"Le siège de {seat.name} est confirmé." in read(done)
    told = read(page(client, colleague, committee, "composition_history"))
    assert f"Opposition au siège de {seat.name}, suspendu" in told
    assert f"Siège de {seat.name} confirmé" in told


def test_a_seat_that_waits_for_an_access_says_so(client, committee):
    waiting = f.MembershipFactory(organisation=committee.caf, reader=True, pending=True).user
    named = page(
        client, committee.coordinator, committee, "name_seat_for", committee.caf.pk,
        user=waiting.pk, kind="member", capacity="Directeur", starts_on="2024-01-01",
    )  # fmt: skip
    word = "confirmé par une personne de la Caf d’Exemple qui y saisit ou y siège, comme son accès"
    assert f"ce siège compte une fois {word}" in read(named)
    seats.confirm_seat(Seat.objects.get(user=waiting), by=committee.caf_member)
    told = page(client, committee.coordinator, committee, "composition")
    assert "attend un accès confirmé au titre de la Caf d’Exemple" in read(told)


def test_a_seat_named_from_outside_is_confirmed_from_the_dashboard(client, committee):
    let_in = f.MembershipFactory(organisation=committee.caf, reader=True).user
    coordinator, caf = committee.coordinator, committee.caf.pk
    named = page(
        client, coordinator, committee, "name_seat_for", caf,
        user=let_in.pk, kind="member", capacity="Directeur", starts_on="2024-01-01",
    )  # fmt: skip
    assert "à confirmer par une personne de la Caf d’Exemple qui y saisit ou y siège" in read(named)
    seat = Seat.objects.get(user=let_in)
    address = reverse("committee:confirm_seat", args=[committee.convention.slug, seat.pk])
    dashboard = reverse("conventions:dashboard", args=[committee.convention.slug])
    for user in (coordinator, let_in, committee.epci_member):
        assert client.get(address).status_code == 403
        client.force_login(user)
        assert address not in client.get(dashboard).content.decode()
    client.force_login(committee.caf_member)
    assert address in client.get(dashboard).content.decode()
    asked = read(client.get(address))
    assert f"Cette personne a été nommée d’un autre organisme, par {coordinator}." in asked
    # A name is anybody's.
    assert seat.user.email in asked
    assert seat.user.email in read(page(client, committee.caf_member, committee, "composition"))
    stale = client.post(address, {"seen": seat.revision - 1})
    assert "Ce siège a changé depuis que la page est ouverte" in read(stale)
    done = client.post(address, {"seen": seat.revision}, follow=True)
    assert f"Le siège de {seat.name} est confirmé." in read(done)
    assert f"siège de {seat.name} à confirmer" in told_in_journal(committee)
    assert f"siège de {seat.name} confirmé" in told_in_journal(committee)


def test_a_voice_lent_from_outside_is_confirmed_by_the_member(client, committee):
    let_in = f.MembershipFactory(organisation=committee.caf, reader=True).user
    lent = page(
        client, committee.coordinator, committee, "delegate", committee.caf_seat.pk,
        user=let_in.pk, capacity="Adjoint", starts_on="2024-01-01",
        act=SimpleUploadedFile("acte.pdf", PDF, "application/pdf"),
    )  # fmt: skip
    assert f"elle compte une fois confirmée par {committee.caf_seat.name}." in read(lent)
    [delegation] = committee.caf_seat.delegations.all()
    shown = page(client, committee.caf_member, committee, "composition")
    assert f"à confirmer par {committee.caf_seat.name}, la délégation ne compte pas" in read(shown)
    address = reverse(
        "committee:confirm_delegation", args=[committee.convention.slug, delegation.pk]
    )
    assert address in shown.content.decode()
    assert f"({let_in.email}) répondra au nom de la Caf d’Exemple" in read(client.get(address))
    assert "est confirmée" in read(client.post(address, follow=True))
    assert any("confirmée" in line for line in told_in_journal(committee))


def told_in_journal(committee) -> list[str]:
    return [change.what for change in changes_of(committee.convention)]


def test_who_sits_for_another_party_is_named_with_a_deliberation(client, committee):
    user = f.MembershipFactory(organisation=committee.epci, reader=True).user
    SeatFactory(organisation=committee.caf, user=user, act=a_document(committee.coordinator))
    fields = {"user": user.pk, "kind": "member", "capacity": "Maire", "starts_on": "2024-01-01"}
    coordinator, pk = committee.coordinator, committee.epci.pk
    refused = page(client, coordinator, committee, "name_seat_for", pk, **fields)
    assert "joignez la délibération" in read(refused)
    assert StoredFile.objects.count() == 1
    upload = SimpleUploadedFile("acte.pdf", PDF, "application/pdf")
    page(client, coordinator, committee, "name_seat_for", pk, **fields, act=upload)
    seat = Seat.objects.get(organisation=committee.epci, user=user)
    assert page(client, coordinator, committee, "seat_act", seat.pk).status_code == 200


def test_who_is_named_again_after_an_objection_is_said_to_be_suspended(client, committee):
    agent = f.MembershipFactory(organisation=committee.caf, reader=True).user
    naming = {
        "user": agent.pk, "kind": "member", "capacity": "Directeur", "starts_on": "2024-01-01",
    }  # fmt: skip
    here = (client, committee.coordinator, committee)
    page(*here, "name_seat_for", committee.caf.pk, **naming)
    seat = Seat.objects.get(user=agent)
    page(client, committee.caf_member, committee, "object_to_seat", seat.pk, sent="1")
    page(*here, "end_seat", seat.pk, on="2024-02-01")
    done = read(page(*here, "name_seat_for", committee.caf.pk, **naming | {"kind": "substitute"}))
    assert "reste suspendu jusqu’à ce qu’une personne de cet organisme le confirme" in done
    assert "suspendu par une opposition le" in done
    told = read(page(*here, "composition_history"))
    assert f"Opposition au siège de {agent} : elle demeure, le siège est suspendu" in told


def test_who_coordinates_for_another_organisation_is_said_to_be_silent(client, committee):
    member, seat = committee.caf_member, committee.caf_seat
    delegate = DelegationFactory(seat=SeatFactory(organisation=committee.caf)).user
    for user in (member, delegate):
        f.MembershipFactory(organisation=committee.epci, user=user, coordinator=True)
    told = read(page(client, committee.coordinator, committee, "composition"))
    assert "ne répond pas : coordonne la convention pour un autre organisme" in told
    assert (
        "cette personne coordonne la convention pour un autre organisme, la délégation ne" in told
    )
    Seat.objects.filter(organisation=committee.caf).exclude(pk=seat.pk).update(ends_on="2024-01-01")
    told = read(page(client, committee.coordinator, committee, "composition"))
    assert f"Aucun membre ne répond : {member} coordonne la convention pour un autre" in told
