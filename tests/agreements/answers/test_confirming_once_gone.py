"""Silence counts for nobody who can no longer speak up: who is recorded and then shut out, or whose
seat is objected to, has not agreed."""

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.models import Agreement, Confirmed, State
from agreements.seats.events import confirm_seat, object_to_seat
from committee.points.tasks import committee_tasks
from conventions.access.events import end_membership
from conventions.models import Membership
from ctg_portal.rules import Refused
from tests.agreements import clock
from tests.agreements.factories import committee_of
from tests.committee.register.scene import record
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    version = committee.proposed()
    committee.agree(version, committee.epci_member)
    return version


@told_once
def entry(committee, version):
    return record(version, committee.caf_seat, committee.coordinator)


def shut_out(committee) -> None:
    """The coordinator ends the access of whom she has recorded an agreement for."""
    access = Membership.objects.get(user=committee.caf_member, organisation=committee.caf)
    end_membership(access, by=committee.coordinator)


def after_the_delay(version, entry) -> str:
    with clock.on(entry.contestable_until + clock.days(1)):
        answers.confirm_unchallenged()
    version.refresh_from_db()
    return version.state


def test_no_delay_counts_for_who_was_shut_out(committee, version, entry):
    shut_out(committee)
    assert after_the_delay(version, entry) == State.PROPOSED
    assert Agreement.objects.pending().get() == entry


def test_nor_for_who_was_shut_out_of_the_organisation_alone(committee, version, entry):
    MembershipFactory(organisation=committee.epci, user=committee.caf_member, reader=True)
    shut_out(committee)
    assert after_the_delay(version, entry) == State.PROPOSED


def test_a_colleague_confirms_in_the_place_of_who_was_shut_out(committee, version, entry):
    shut_out(committee)
    colleague = MembershipFactory(organisation=committee.caf).user
    for person in (committee.caf_member, committee.coordinator, committee.epci_member):
        with pytest.raises(Refused, match="n’agit plus pour cet organisme"):
            answers.confirm(entry, by=person)
    assert entry in Agreement.objects.recorded_for(colleague)
    answers.confirm(entry, by=colleague)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE
    assert Agreement.objects.get(pk=entry.pk).confirmation.way == Confirmed.COLLEAGUE


def test_no_delay_counts_for_a_seat_that_a_colleague_objects_to(committee, version, entry):
    colleague = MembershipFactory(organisation=committee.caf).user
    object_to_seat(committee.caf_seat, by=colleague)
    assert after_the_delay(version, entry) == State.PROPOSED
    for person in (committee.caf_member, colleague):
        with pytest.raises(Refused, match="s’est opposée au siège"):
            answers.confirm(entry, by=person)
    confirm_seat(committee.caf_seat, by=colleague)
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE


def test_the_task_goes_to_who_may_confirm(committee, entry):
    colleague = MembershipFactory(organisation=committee.caf).user
    asked = committee.caf_member, colleague, committee.coordinator
    assert [tells_of(entry, committee, person) for person in asked] == [True, False, False]
    shut_out(committee)
    assert [tells_of(entry, committee, person) for person in asked] == [False, True, False]


def tells_of(entry, committee, person) -> bool:
    """Whether a task asks the person to confirm it."""
    tasks = committee_tasks(person, [committee.convention], timezone.localdate())
    told = [task.title for task in tasks.get(committee.convention.pk, [])]
    return any("a saisi" in title and "confirmez-le" in title for title in told)
