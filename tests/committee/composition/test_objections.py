"""From the page: a colleague objects to a seat and confirms it; whoever sits for two parties brings
the délibération of each."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agreements.models import Seat
from documents.models import StoredFile
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.scene import PDF, a_document
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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
    colleague = f.MembershipFactory(organisation=committee.caf).user
    assert f"S’opposer au siège de {seat.name}" in read(
        page(client, colleague, committee, "composition")
    )
    done = page(client, colleague, committee, "object_to_seat", seat.pk, sent="1")
    assert f"Le siège de {seat.name} est suspendu." in read(done)
    assert "suspendu par une opposition le" in read(done)
    done = page(client, colleague, committee, "confirm_seat", seat.pk, sent="1")
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
    assert "ce siège compte une fois son accès confirmé" in read(named)
    assert "attend un accès confirmé au titre de la Caf d’Exemple" in read(named)


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
