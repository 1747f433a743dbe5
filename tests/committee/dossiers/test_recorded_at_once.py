"""Two who record, or answer, the same dossier at the same moment (PostgreSQL)."""

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import NoneRecorded, Received, Reply, confirm_all
from agreements.models import Agreement, Confirmation, Version
from committee.dossiers.events import record_dossier, send_dossier
from committee.models import Dossier
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.committee.scene import a_document

pytestmark = ON_POSTGRESQL


@pytest.fixture
def committee():
    return committee_of()


@pytest.fixture
def versions(committee):
    return [committee.proposed("Ouvrir"), committee.proposed("Former")]


@pytest.fixture
def dossier(committee, versions):
    return send_dossier(committee.convention, versions, title="Mars", by=committee.coordinator)


def record(committee, versions, dossier, by):
    evidence = a_document(by)

    def run():
        read = Version.objects.filter(pk__in=[v.pk for v in versions]).order_by("pk")
        return record_dossier(
            Dossier.objects.get(pk=dossier.pk), [Received(version) for version in read],
            committee.caf_seat, received_on=timezone.localdate(), evidence=evidence, by=by,
        )  # fmt: skip

    return run


def test_two_who_record_the_same_make_one_entry_a_point(committee, versions, dossier):
    colleague = SeatFactory(organisation=committee.caf, adviser=True).user
    first, second = at_once(
        record(committee, versions, dossier, committee.coordinator),
        record(committee, versions, dossier, colleague),
    )
    assert len(first) == 2
    assert isinstance(second, NoneRecorded)
    assert len(second.refused) == 2
    assert Agreement.objects.count() == 2


def test_who_answers_in_person_meanwhile_is_not_recorded_over(committee, versions, dossier):
    entry, refused = at_once(
        lambda: answers.answer(
            Reply(Version.objects.get(pk=versions[1].pk)), by=committee.caf_member
        ),
        record(committee, versions, dossier, committee.coordinator),
    )
    assert isinstance(refused, NoneRecorded)
    assert [version.pk for version, _refusal in refused.refused] == [versions[1].pk]
    assert Agreement.objects.get() == entry


def test_answers_confirmed_twice_at_once_count_once(committee, versions, dossier):
    entries = record(committee, versions, dossier, committee.coordinator)()

    def confirm():
        read = Agreement.objects.filter(pk__in=[e.pk for e in entries]).order_by("pk")
        return confirm_all(read.select_related("version__convention"), by=committee.caf_member)

    first, second = at_once(confirm, confirm)
    assert len(first) == 2
    assert isinstance(second, Refused)
    assert Confirmation.objects.count() == 2
