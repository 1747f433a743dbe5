"""What a convention deposits has a limit, told with what is used; what is erased counts no more."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Delegation
from agreements.seats.events import delegate, end_delegation
from ctg_portal.house import house, in_turn
from ctg_portal.rules import Refused
from documents.events import erase
from documents.models import StoredFile, store
from tests.agreements.factories import SeatFactory, committee_of
from tests.documents.files import PDF
from tests.factories import MembershipFactory, UserFactory
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
MEGABYTE = 1024 * 1024


@told_once
def committee():
    return committee_of()


def deposit(committee, size: int, by=None) -> StoredFile:
    """The délibération of a seat, of so many bytes."""
    content = PDF.ljust(size - 6) + b"%%EOF\n"
    user = by or UserFactory()
    act = store(ContentFile(content, name="a.pdf"), by=user, within=committee.convention)
    SeatFactory(organisation=committee.caf, act=act)
    return act


def test_a_deposited_document_counts_once_for_its_convention(committee):
    assert StoredFile.objects.of(committee.convention).weight() == 0
    act = deposit(committee, MEGABYTE)
    SeatFactory(organisation=committee.caf, act=act)
    store(ContentFile(PDF, name="b.pdf"), by=UserFactory())
    assert StoredFile.objects.of(committee.convention).weight() == MEGABYTE
    erase(act, asked_by="X", reason="Y", by=None)
    assert StoredFile.objects.of(committee.convention).weight() == 0


def test_the_proof_of_a_cancelled_delegation_counts(committee):
    """Giving and cancelling again and again would otherwise fill the disk."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    act = store(ContentFile(PDF, name="a.pdf"), by=UserFactory(), within=committee.convention)
    delegation = delegate(
        committee.caf_seat, capacity="Adjointe", starts_on=tomorrow, act=act,
        user=MembershipFactory(organisation=committee.caf).user, by=committee.caf_member,
    )  # fmt: skip
    end_delegation(delegation, by=committee.caf_member)
    assert not Delegation.objects.exists()
    assert StoredFile.objects.of(committee.convention).weight() == act.size


def test_a_file_beyond_the_quota_is_refused_with_what_is_used(committee, settings):
    settings.CONVENTION_UPLOADS_MB = 2
    deposit(committee, 3 * MEGABYTE // 2)
    with pytest.raises(Refused, match="pèsent déjà 1,5\u00a0Mo, sur 2\u00a0Mo au plus"):
        deposit(committee, MEGABYTE)
    assert StoredFile.objects.count() == 1
    deposit(committee, MEGABYTE // 2)


def test_the_page_that_refuses_keeps_what_was_typed(committee, client, settings):
    settings.CONVENTION_UPLOADS_MB = 0
    version = committee.proposed()
    client.force_login(committee.caf_member)
    page = reverse("committee:answer", args=[committee.convention.slug, version.pk])
    sent = {
        "reponse": "deliberation", "body": "Bureau", "body_date": "2099-03-01",
        "reason": "Après le vote", "last_rank": 0,
    }  # fmt: skip
    answer = client.post(page, sent | {"act": ContentFile(PDF, name="a.pdf")})
    assert answer.status_code == 200
    assert "Après le vote" in answer.content.decode()
    assert "pèsent déjà" in answer.content.decode()
    assert not Agreement.objects.exists()
    assert not StoredFile.objects.exists()


def test_the_coordinator_reads_what_is_used(committee, client):
    deposit(committee, MEGABYTE)
    client.force_login(committee.coordinator)
    page = client.get(reverse("conventions:access", args=[committee.convention.slug]))
    assert "1 Mo sur 2 000 Mo" in page.content.decode().replace("\u00a0", " ").replace(
        "\u202f", " "
    )


def test_every_model_of_stored_files_counts_in_the_quota(committee):
    """The room of each model that refers to stored files counts them."""
    counted = {rows.model for rows in in_turn(house().uploads, committee.convention)}
    related = {field.related_model for field in StoredFile._meta.get_fields(include_hidden=True)
               if field.is_relation and field.auto_created}  # fmt: skip
    assert counted == related
