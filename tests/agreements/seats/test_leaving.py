"""Who leaves an organisation, and keeps access to the convention for another, speaks for it no
more: the seat waits for somebody else, and the coordinator is told."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.rights import NOT_A_MEMBER
from agreements.models import Delegation, Seat
from agreements.seats import events as seats
from agreements.seats.voices import advises, bench_of
from committee.points.tasks import committee_tasks
from conventions.models import Membership
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of, yesterday
from tests.committee.pages import page_of
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


def leave(user, organisation, role=None) -> None:
    rows = Membership.objects.filter(user=user, organisation=organisation)
    rows = rows.filter(role=role) if role else rows
    rows.update(ended_at=timezone.now())


def move(user, committee) -> None:
    """From the Caf to the agglomération, as a reader."""
    f.MembershipFactory(user=user, organisation=committee.epci, reader=True)
    leave(user, committee.caf)


def bench(committee):
    return bench_of(committee.convention, timezone.localdate())


def tasks(committee) -> list[str]:
    found = committee_tasks(committee.coordinator, [committee.convention], timezone.localdate())
    return [task.title for task in found.get(committee.convention.pk, [])]


def test_who_moved_elsewhere_reads_and_speaks_for_it_no_more(committee):
    version, user = committee.proposed(), committee.caf_member
    move(user, committee)
    assert bench(committee).voices_of(user) == []
    assert not bench(committee).is_represented(committee.caf.pk)
    assert committee.caf_seat not in Seat.objects.sitting(timezone.localdate())
    with pytest.raises(Refused) as refused:
        answers.answer(Reply(version), by=user)
    assert refused.value.refusal == NOT_A_MEMBER


def test_another_role_in_the_same_organisation_is_enough(committee):
    user = committee.caf_member
    f.MembershipFactory(user=user, organisation=committee.caf)
    leave(user, committee.caf, role="reader")
    assert bench(committee).is_represented(committee.caf.pk)
    leave(user, committee.caf, role="contributor")
    assert not bench(committee).is_represented(committee.caf.pk)
    # Who comes back speaks again.
    f.MembershipFactory(user=user, organisation=committee.caf, reader=True)
    assert bench(committee).is_represented(committee.caf.pk)


def test_who_never_had_access_for_the_organisation_advises_it_and_speaks_with_one(committee):
    """Two bodies share their staff: the seat is for one, the access for the other."""
    user = f.MembershipFactory(organisation=committee.epci, reader=True).user
    SeatFactory(organisation=committee.caf, user=user, adviser=True)
    SeatFactory(organisation=committee.caf, user=user)
    Membership.objects.filter(user=user, organisation=committee.caf).delete()
    assert bench(committee).advice(user)
    assert not bench(committee).voice(user, committee.caf, "objective")
    f.MembershipFactory(user=user, organisation=committee.caf, reader=True)
    assert bench(committee).voice(user, committee.caf, "objective")
    # What was left in another convention is another matter.
    elsewhere = f.MembershipFactory(user=user)
    leave(user, elsewhere.organisation)
    assert bench(committee).voice(user, committee.caf, "objective")


def test_an_adviser_who_left_prepares_nothing_more(committee):
    user = SeatFactory(organisation=committee.caf, adviser=True).user
    assert advises(user, committee.convention)
    move(user, committee)
    assert not advises(user, committee.convention)
    assert bench(committee).advice(user) is None


def test_a_delegate_who_left_answers_no_more_and_the_member_does(committee):
    delegation = DelegationFactory(seat=committee.caf_seat)
    assert bench(committee).voice(delegation.user, committee.caf, "objective")
    move(delegation.user, committee)
    assert bench(committee).voice(delegation.user, committee.caf, "objective") is None
    assert not Delegation.objects.answering(timezone.localdate()).exists()
    assert bench(committee).voice(committee.caf_member, committee.caf, "objective")


def test_who_left_is_named_and_delegated_to_only_once_invited_again(committee):
    user = f.MembershipFactory(organisation=committee.caf, reader=True).user
    move(user, committee)

    def name():
        return seats.name_to_seat(
            committee.caf, kind="member", capacity="Cheffe", user=user, by=committee.coordinator
        )

    def delegate():
        return seats.delegate(
            committee.caf_seat, capacity="Cheffe", starts_on=timezone.localdate(), user=user,
            by=committee.caf_member,
        )  # fmt: skip

    for act in (name, delegate):
        with pytest.raises(Refused, match="n’a plus d’accès au titre de la Caf d’Exemple"):
            act()
    f.MembershipFactory(user=user, organisation=committee.caf, reader=True)
    assert delegate().user == name().user == user


def test_a_delegation_goes_to_anybody_with_access_who_speaks_for_one_party_only(committee):
    version, user = committee.proposed(), committee.epci_member
    seats.delegate(
        committee.caf_seat, capacity="Directeur mutualisé", starts_on=timezone.localdate(),
        user=user, act=a_document(committee.caf_member), by=committee.caf_member,
    )  # fmt: skip
    answers.answer(Reply(version), by=user, organisation=committee.caf)
    with pytest.raises(Refused, match="ne parle pas pour deux parties"):
        answers.answer(Reply(version), by=user, organisation=committee.epci)


@pytest.mark.parametrize("kind", ["member", "substitute"])
def test_the_coordinator_is_told_whom_to_replace(committee, kind):
    seat = SeatFactory(organisation=committee.caf, kind=kind)
    word = "membre" if kind == "member" else "suppléant"
    move(seat.user, committee)
    told = f"{seat.name} n’a plus d’accès au titre de la Caf d’Exemple : nommez un autre {word}."
    assert tasks(committee) == [told]
    seats.end_seat(seat, by=committee.coordinator)
    assert tasks(committee) == []


def test_one_task_is_enough_for_a_party_that_nobody_speaks_for(committee):
    move(committee.caf_member, committee)
    [told] = tasks(committee)
    assert told.startswith("Aucun membre pour la Caf d’Exemple")


def test_nobody_is_to_be_replaced_out_of_mandate_nor_after_the_term(committee):
    over = SeatFactory(organisation=committee.caf, ends_on=yesterday())
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    lost = SeatFactory(organisation=committee.caf)
    for seat in (over, adviser, lost):
        move(seat.user, committee)
    assert len(tasks(committee)) == 1
    committee.convention.end = yesterday()
    assert tasks(committee) == []
    # A point that is still discussed waits for an answer all the same.
    committee.proposed()
    assert len(tasks(committee)) == 1


def test_the_composition_says_so(committee, client):
    user = committee.caf_member
    move(user, committee)
    client.force_login(committee.coordinator)
    address = reverse("committee:composition", args=[committee.convention.slug])
    text = page_of(client.get(address)).replace("\u00a0", " ")
    assert (
        f"{user} n’a plus d’accès au titre de la Caf d’Exemple : son siège ne compte plus" in text
    )
    assert f"l’accès de {user} au titre de la Caf d’Exemple a pris fin" in text
