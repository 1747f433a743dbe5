"""From the page: a colleague objects to a seat and confirms it; whoever sits for two parties brings
the délibération of each."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agreements.models import Seat
from documents.models import StoredFile
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import SeatFactory, committee_of
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
