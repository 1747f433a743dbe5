"""What is recorded for somebody counts once it is confirmed, and not before (art. 4)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Received, Reply
from agreements.answers.lights import point_of
from agreements.models import Agreement, Answer, Confirmed, State
from agreements.seats.events import (
    confirm_seat,
    contest_ending,
    declare_absence,
    end_seat,
    name_to_seat,
    object_to_seat,
)
from agreements.versions import events as drafts
from committee.points.tasks import committee_tasks
from conventions.access.events import confirm_access, end_membership, object_to_access
from conventions.models import Membership
from ctg_portal.rules import Refused
from tests.agreements import clock
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of, since_long
from tests.agreements.telling import confirm_unchallenged
from tests.committee.register.scene import record
from tests.committee.scene import a_document
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


@told_once
def no_account(committee, version):
    """The word of a member without account, typed by the coordinator."""
    seat = SeatFactory(organisation=committee.caf, user=None)
    return record(version, seat, committee.coordinator)


def state(version) -> str:
    version.refresh_from_db()
    return version.state


def refused(entry, by) -> str:
    with pytest.raises(Refused) as refused:
        answers.confirm(entry, by=by)
    return refused.value.refusal.reason


def test_what_is_recorded_binds_nobody_yet(committee, version, entry):
    assert state(version) == State.PROPOSED
    [caf, epci] = point_of(version).lights
    assert (caf.state, epci.state) == ("deliberation", "ok")
    assert caf.word.endswith("à confirmer")
    assert [*Agreement.objects.pending()] == [entry]
    assert entry not in Agreement.objects.binding()


def test_nor_once_the_others_have_agreed(committee):
    version = committee.proposed("Un autre")
    record(version, committee.caf_seat, committee.coordinator)
    committee.agree(version, committee.epci_member)
    assert state(version) == State.PROPOSED


def test_the_member_confirms_and_it_counts(committee, version, entry):
    answers.confirm(entry, by=committee.caf_member)
    assert state(version) == State.IN_FORCE
    confirmation = Agreement.objects.get(pk=entry.pk).confirmation
    assert (confirmation.way, confirmation.by) == (Confirmed.IN_PERSON, committee.caf_member)
    assert confirmation.capacity == f"Directrice, {committee.caf}"
    assert refused(entry, committee.caf_member) == "Cet accord est déjà confirmé."


@pytest.mark.parametrize("is_own", [True, False])
def test_who_sits_for_two_confirms_in_the_capacity_of_the_party(committee, is_own):
    mayor, act = committee.caf_member, a_document(committee.coordinator)
    type(committee.caf_seat).objects.filter(pk=committee.caf_seat.pk).update(act=act)
    hers = SeatFactory(
        organisation=committee.epci, user=mayor, act=act, capacity="Présidente de l’agglomération"
    )
    seat = hers if is_own else SeatFactory(organisation=committee.epci, user=None)
    other = committee.proposed("Un autre")
    confirmation = answers.confirm(record(other, seat, committee.coordinator), by=mayor)
    assert confirmation.capacity == f"Présidente de l’agglomération, {committee.epci}"


def test_nobody_else_confirms_for_a_member_with_an_account(committee, version, entry):
    colleague = SeatFactory(organisation=committee.caf, adviser=True).user
    for person in (committee.coordinator, committee.epci_member, colleague):
        assert refused(entry, person).startswith(f"C’est à {committee.caf_member} de confirmer")
    assert state(version) == State.PROPOSED


def test_a_colleague_confirms_for_who_has_no_account(committee, version, no_account):
    reader = MembershipFactory(organisation=committee.caf, reader=True).user
    for person in (committee.coordinator, committee.epci_member, reader):
        assert "n’a pas de compte : une autre personne" in refused(no_account, person)
    contributor = MembershipFactory(organisation=committee.caf).user
    answers.confirm(no_account, by=contributor)
    assert state(version) == State.IN_FORCE
    confirmation = Agreement.objects.get(pk=no_account.pk).confirmation
    assert (confirmation.way, confirmation.by) == (Confirmed.COLLEAGUE, contributor)
    assert confirmation.capacity == f"contribution, {committee.caf}"


def test_an_adviser_from_elsewhere_confirms_nothing(committee, version, no_account):
    """Who coordinates names advisers from anywhere: a seat alone makes nobody a colleague."""
    friend = MembershipFactory(organisation=committee.epci, reader=True).user
    advising = {"kind": "adviser", "capacity": "Conseil", "user": friend}
    seat = name_to_seat(committee.caf, by=committee.coordinator, **advising)
    confirm_seat(seat, by=committee.caf_member)
    assert "une autre personne" in refused(no_account, friend)
    assert state(version) == State.PROPOSED
    # Nor once he may read there.
    MembershipFactory(user=friend, organisation=committee.caf, reader=True)
    assert "une autre personne" in refused(no_account, friend)


@pytest.mark.parametrize("kind", ["adviser", "advisory"])
def test_who_advises_or_only_reads_confirms_nothing(committee, version, no_account, kind):
    advising = SeatFactory(organisation=committee.caf, kind=kind).user
    assert "une autre personne" in refused(no_account, advising)
    assert state(version) == State.PROPOSED
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    answers.confirm(no_account, by=substitute)
    assert state(version) == State.IN_FORCE


def test_a_voice_without_account_whose_mandate_is_over_is_confirmed_by_who_speaks(
    committee, version, no_account
):
    """An agent who enters figures would have a former member agree."""
    agent = MembershipFactory(organisation=committee.caf).user
    end_seat(no_account.seat, by=committee.coordinator)
    assert "une personne qui répond aujourd’hui au nom" in refused(no_account, agent)
    answers.confirm(no_account, by=committee.caf_member)
    assert state(version) == State.IN_FORCE


def test_who_typed_it_does_not_confirm_it(committee, version):
    seat = SeatFactory(organisation=committee.caf, user=None)
    own = record(version, seat, committee.caf_member)
    assert "que celle qui a saisi cet accord" in refused(own, committee.caf_member)


def test_the_delay_confirms_for_who_could_have_contested(committee, version, entry):
    last = entry.contestable_until
    for day, expected in ((last, State.PROPOSED), (last + clock.days(1), State.IN_FORCE)):
        with clock.on(day):
            confirm_unchallenged()
        assert state(version) == expected
    confirmation = Agreement.objects.get(pk=entry.pk).confirmation
    assert (confirmation.way, confirmation.by) == (Confirmed.DELAY, None)


def test_no_delay_counts_for_who_has_no_account(version, no_account):
    with clock.on(no_account.contestable_until + clock.days(400)):
        confirm_unchallenged()
    assert state(version) == State.PROPOSED


def test_what_is_contested_answered_or_withdrawn_is_not_confirmed(committee, version, entry):
    other = committee.proposed("Un autre")
    withdrawn = record(other, committee.caf_seat, committee.coordinator)
    drafts.withdraw_version(other, reason="Non", by=committee.coordinator)
    assert refused(withdrawn, committee.caf_member).endswith("il n’y a plus rien à répondre.")
    answers.contest(entry, reason="Jamais dit", by=committee.caf_member)
    assert refused(entry, committee.caf_member).startswith("Une réponse plus récente")
    with clock.on(entry.contestable_until + clock.days(1)):
        confirm_unchallenged()
    assert not Agreement.objects.filter(confirmation__isnull=False).exists()
    assert state(version) == State.PROPOSED


def test_what_one_confirmed_one_does_not_contest(committee, version, entry):
    answers.confirm(entry, by=committee.caf_member)
    with pytest.raises(Refused, match="Vous avez confirmé cet accord"):
        answers.contest(entry, reason="Jamais dit", by=committee.caf_member)
    answers.retract(version, reason="Après réflexion", by=committee.caf_member)
    assert state(version) == State.PROPOSED


def test_the_member_may_as_well_answer_in_person(committee, version, entry):
    reply = Reply(version, "agreed", seen=entry.rank)
    answers.answer(reply, by=committee.caf_member)
    assert state(version) == State.IN_FORCE


def test_what_was_said_in_person_is_not_to_be_confirmed(committee, version):
    said = version.agreements.get()
    assert refused(said, committee.epci_member).startswith("Cette réponse a été donnée en personne")


def test_an_earlier_agreement_that_was_never_confirmed_is_none(committee, version, entry):
    """« À revalider » is said of parties that had agreed."""
    draft = drafts.save_draft(
        version.subject, committee.content("Autrement"), base=version, by=committee.coordinator
    )
    lights = point_of(drafts.propose(draft, by=committee.coordinator)).lights
    assert [light.state for light in lights] == ["awaited", "again"]


def test_the_clock_asks_one_query_when_nothing_is_due(committee, version, entry):
    with CaptureQueriesContext(connection) as asked:
        answers.confirm_unchallenged()
    assert len(asked) == 1
    assert entry.contestable_until - timezone.localdate() > datetime.timedelta(days=1)


# Silence counts for nobody who can no longer speak up ---------------------------------------------


def shut_out(committee) -> None:
    """The coordinator ends the access of whom she has recorded an agreement for."""
    access = Membership.objects.get(user=committee.caf_member, organisation=committee.caf)
    end_membership(access, by=committee.coordinator)


def after_the_delay(version, entry) -> str:
    with clock.on(entry.contestable_until + clock.days(1)):
        confirm_unchallenged()
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


def test_who_may_speak_for_the_party_confirms_in_the_place_of_who_was_shut_out(
    committee, version, entry
):
    """Whoever ends an access does not choose so who confirms: an agent without a seat, whose word
    would not have been taken before, does not."""
    agent = MembershipFactory(organisation=committee.caf).user
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    shut_out(committee)
    others = (committee.caf_member, committee.coordinator, committee.epci_member, agent, adviser)
    for person in others:
        with pytest.raises(Refused, match="une personne qui répond aujourd’hui au nom de la Caf"):
            answers.confirm(entry, by=person)
    colleague = SeatFactory(organisation=committee.caf).user
    assert entry in Agreement.objects.recorded_for(colleague, timezone.localdate())
    answers.confirm(entry, by=colleague)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE
    assert Agreement.objects.get(pk=entry.pk).confirmation.way == Confirmed.COLLEAGUE


def test_no_delay_counts_for_a_seat_that_a_colleague_objects_to(committee, version, entry):
    colleague = since_long(MembershipFactory(organisation=committee.caf)).user
    object_to_seat(committee.caf_seat, by=colleague)
    assert after_the_delay(version, entry) == State.PROPOSED
    for person in (committee.caf_member, colleague):
        with pytest.raises(Refused, match="s’est opposée au siège"):
            answers.confirm(entry, by=person)
    confirm_seat(committee.caf_seat, by=colleague)
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE


def test_who_contests_the_end_of_their_mandate_confirms_nothing_before_a_colleague_does(
    committee, version, entry
):
    """Whose seat is silent until somebody of the party confirms it gives no voice by confirming."""
    colleague = since_long(MembershipFactory(organisation=committee.caf)).user
    end_seat(committee.caf_seat, by=committee.coordinator)
    contest_ending(committee.caf_seat, by=committee.caf_member)
    for person in (committee.caf_member, colleague):
        with pytest.raises(Refused, match="reste à confirmer"):
            answers.confirm(entry, by=person)
    assert not tells_of(entry, committee, committee.caf_member)
    confirm_seat(committee.caf_seat, by=colleague)
    assert tells_of(entry, committee, committee.caf_member)
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE


def test_who_was_let_in_while_coordinating_elsewhere_confirms_nothing(committee, version, entry):
    """Their seat is silent: so is what they would say by confirming."""
    shut_out(committee)
    member = {"user": committee.caf_member}
    elsewhere = MembershipFactory(organisation=committee.epci, coordinator=True, **member)
    MembershipFactory(organisation=committee.caf, reader=True, **member)
    end_membership(elsewhere, by=committee.caf_member)
    with pytest.raises(Refused, match="n’agit plus pour cet organisme"):
        answers.confirm(entry, by=committee.caf_member)
    assert not tells_of(entry, committee, committee.caf_member)


def test_no_delay_counts_while_an_absence_was_declared(committee, version, entry):
    """Who is known to be away has not agreed by saying nothing."""
    today = timezone.localdate()
    declare_absence(
        committee.caf_seat, starts_on=today + datetime.timedelta(days=3), by=committee.coordinator,
        ends_on=today + datetime.timedelta(days=4),
    )  # fmt: skip
    assert after_the_delay(version, entry) == State.PROPOSED
    colleague = SeatFactory(organisation=committee.caf).user
    assert "qui ne vaut donc pas accord" in refused(entry, colleague)
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE


@pytest.mark.parametrize("announced", [Answer.DELIBERATION, Answer.AGENDA])
def test_no_delay_counts_over_an_answer_that_was_announced(committee, version, announced):
    """What a body is to decide is not decided by typing and waiting."""
    when = timezone.localdate() + datetime.timedelta(days=60)
    body = {"body": "Conseil", "body_date": when} if announced == Answer.DELIBERATION else {}
    answers.answer(
        Reply(version, announced, 0, **body), by=committee.caf_member, organisation=committee.caf
    )
    entry = typed(committee, version)
    assert after_the_delay(version, entry) == State.PROPOSED
    assert "a donné ici une réponse" in refused(entry, committee.coordinator)
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE


def shut_out_for_a_while(committee) -> None:
    shut_out(committee)
    MembershipFactory(organisation=committee.caf, user=committee.caf_member, reader=True)


def objected_to_for_a_while(committee) -> None:
    access = Membership.objects.get(user=committee.caf_member, organisation=committee.caf)
    colleague = SeatFactory(organisation=committee.caf)
    Membership.objects.filter(user=colleague.user).update(
        granted_at=access.granted_at - datetime.timedelta(days=1)
    )
    colleague.history.update(history_date=access.granted_at - datetime.timedelta(days=1))
    object_to_access(access, by=committee.coordinator)
    confirm_access(access, by=colleague.user)


def silenced_for_a_while(committee) -> None:
    colleague = since_long(MembershipFactory(organisation=committee.caf)).user
    object_to_seat(committee.caf_seat, by=colleague)
    confirm_seat(committee.caf_seat, by=colleague)


def out_of_mandate_for_a_while(committee) -> None:
    """Cut short for tomorrow, and contested two days after."""
    colleague = since_long(MembershipFactory(organisation=committee.caf)).user
    today = timezone.localdate()
    end_seat(committee.caf_seat, by=committee.coordinator, on=today + clock.days(1))
    with clock.on(today + clock.days(3)):
        contest_ending(committee.caf_seat, by=colleague)


def deactivated(committee) -> None:
    type(committee.caf_member).objects.filter(pk=committee.caf_member.pk).update(is_active=False)


@pytest.mark.parametrize(
    "interrupt",
    [
        shut_out_for_a_while,
        objected_to_for_a_while,
        silenced_for_a_while,
        out_of_mandate_for_a_while,
        deactivated,
    ],
)
def test_no_delay_counts_during_which_the_member_could_not_speak_up(
    committee, version, entry, interrupt
):
    interrupt(committee)
    assert after_the_delay(version, entry) == State.PROPOSED
    if interrupt is not deactivated:
        assert "a été suspendu ou terminé pendant le délai" in refused(entry, committee.coordinator)
        with clock.on(entry.contestable_until + clock.days(3)):
            assert answers.contest(entry, reason="Jamais dit", by=committee.caf_member)


def test_no_delay_counts_once_the_mandate_is_over(committee, version, entry):
    end_seat(committee.caf_seat, by=committee.coordinator)
    assert after_the_delay(version, entry) == State.PROPOSED
    assert "n’agit plus pour cet organisme" in refused(entry, committee.caf_member)
    successor = SeatFactory(organisation=committee.caf).user
    assert tells_of(entry, committee, successor)
    answers.confirm(entry, by=successor)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE


def test_the_task_goes_to_who_may_confirm(committee, entry):
    agent = MembershipFactory(organisation=committee.caf).user
    colleague = SeatFactory(organisation=committee.caf).user
    asked = committee.caf_member, colleague, agent, committee.coordinator
    assert [tells_of(entry, committee, person) for person in asked] == [True, False, False, False]
    shut_out(committee)
    assert [tells_of(entry, committee, person) for person in asked] == [False, True, False, False]


def test_to_none_who_has_spoken_for_another_party(committee):
    """The member may contest it all the same."""
    other, mayor = committee.proposed("Un autre"), committee.caf_member
    seat = SeatFactory(organisation=committee.epci, user=mayor)
    entry = record(other, seat, committee.coordinator)
    assert tells_of(entry, committee, mayor)
    answers.answer(Reply(other), by=mayor, organisation=committee.caf)
    assert not tells_of(entry, committee, mayor)
    [told] = recorded_tasks(committee, mayor)
    assert "vous pouvez le contester" in told


def tells_of(entry, committee, person) -> bool:
    """Whether a task asks the person to confirm it."""
    return any("confirmez-le" in title for title in recorded_tasks(committee, person))


def recorded_tasks(committee, person) -> list[str]:
    tasks = committee_tasks(person, [committee.convention], timezone.localdate())
    told = [task.title for task in tasks.get(committee.convention.pk, [])]
    return [title for title in told if "a saisi" in title]


# What a party has said is not put aside by what somebody types -----------------------------------


@told_once
def point_of_caf(committee):
    return committee.proposed("Ouvrir une ludothèque")


def typed(committee, version, seat=None, **received) -> Agreement:
    """By who coordinates, who has read what the party said last."""
    last = point_of(version).entries.get(committee.caf.pk)
    [entry] = answers.record_all(
        [Received(version, seen=last.rank if last else 0, **received)], seat or committee.caf_seat,
        received_on=timezone.localdate(), evidence=a_document(committee.coordinator),
        by=committee.coordinator,
    )  # fmt: skip
    return entry


def not_typed(committee, version, *args, **received) -> str:
    with pytest.raises(Refused) as refused:
        typed(committee, version, *args, **received)
    return refused.value.refusal.reason


def test_nothing_is_recorded_over_a_change_that_a_member_asks_for(committee, point_of_caf):
    """Fifteen days of silence would have turned it into an agreement."""
    change = Reply(point_of_caf, Answer.CHANGE_REQUESTED, reason="Trop tôt.")
    answers.answer(change, by=committee.caf_member)
    committee.agree(point_of_caf, committee.epci_member)
    told = not_typed(committee, point_of_caf)
    assert told.startswith(f"{committee.caf_member} a répondu « Modification demandée »")
    with clock.on(timezone.localdate() + clock.days(400)):
        confirm_unchallenged()
    assert state(point_of_caf) == State.PROPOSED


def test_nor_again_once_it_was_contested(committee, version, entry):
    answers.contest(entry, reason="Je n’ai rien signé.", by=committee.caf_member)
    assert "répond de nouveau sur le portail" in not_typed(committee, version)


def test_nor_once_an_agreement_was_taken_back(committee, point_of_caf):
    committee.agree(point_of_caf)
    answers.retract(point_of_caf, reason="Vérifions.", by=committee.caf_member)
    assert "répond de nouveau sur le portail" in not_typed(committee, point_of_caf)


def test_an_agreement_that_counts_does_not_wait_to_be_confirmed(committee, point_of_caf):
    """It would have kept the point from coming into force."""
    committee.agree(point_of_caf, committee.caf_member)
    assert "il n’y a rien à recueillir" in not_typed(committee, point_of_caf)
    other = {"answer": Answer.CHANGE_REQUESTED, "reason": "Autrement."}
    assert "il n’y a rien à recueillir" in not_typed(committee, point_of_caf, **other)
    committee.agree(point_of_caf, committee.epci_member)
    assert state(point_of_caf) == State.IN_FORCE


def test_where_nobody_of_a_party_has_an_account_it_changes_its_mind_on_paper(committee, version):
    seat = SeatFactory(organisation=committee.caf, user=None)
    colleague = MembershipFactory(organisation=committee.caf).user
    asked = {"answer": Answer.CHANGE_REQUESTED, "reason": "Trop tôt."}
    answers.confirm(typed(committee, version, seat, **asked), by=colleague)
    assert "un membre qui a un compte" in not_typed(committee, version, seat)
    end_seat(committee.caf_seat, by=committee.coordinator)
    answers.confirm(typed(committee, version, seat), by=colleague)
    assert state(version) == State.IN_FORCE


def test_nor_over_who_answers_by_delegation(committee, version):
    """The member has no account; who was lent her voice has, and said otherwise."""
    seat = SeatFactory(organisation=committee.caf, user=None)
    end_seat(committee.caf_seat, by=committee.coordinator)
    delegate = DelegationFactory(seat=seat).user
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Trop tôt.")
    answers.answer(reply, by=delegate)
    assert "a donné délégation" in not_typed(committee, version, seat)


def test_what_was_to_be_deliberated_is_recorded_once_it_is_and_confirmed(committee, version):
    """Who announced it here is not silent."""
    later = Reply(
        version, Answer.DELIBERATION, body="Conseil d’administration",
        body_date=timezone.localdate(),
    )  # fmt: skip
    answers.answer(later, by=committee.caf_member)
    entry = typed(committee, version)
    with clock.on(entry.contestable_until + clock.days(1)):
        confirm_unchallenged()
    assert state(version) == State.PROPOSED
    answers.confirm(entry, by=committee.caf_member)
    assert state(version) == State.IN_FORCE
