"""What is recorded for a party stands beside its word until somebody who commits it confirms."""

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Received, Reply
from agreements.answers.lights import point_of
from agreements.answers.rights import Overtaken
from agreements.models import Agreement, Answer, ConfirmationWay, State
from agreements.seats.events import declare_absence, end_seat
from agreements.versions import events as drafts
from committee.points.tasks import committee_tasks
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import long_date
from tests.agreements import clock
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
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
    """The other party has agreed."""
    version = committee.proposed()
    committee.agree(version, committee.epci_member)
    return version


@told_once
def entry(committee, version):
    return record(version, committee.caf_seat, committee.coordinator)


def state(version) -> str:
    version.refresh_from_db()
    return version.state


def now(entry) -> Agreement:
    return Agreement.objects.get(pk=entry.pk)


def confirmation_refused(entry, by) -> str:
    with pytest.raises(Refused) as refused:
        answers.confirm(entry, by=by)
    return refused.value.refusal.reason


def refuse(entry, by, reason=""):
    [refusal] = answers.refuse_all([entry], reason=reason, by=by)
    return refusal


def request(version, seat, by) -> Agreement:
    """A request for change, received on paper."""
    received = [Received(version, Answer.CHANGE_REQUESTED, "Plus tôt")]
    refusal_text = {"received_on": timezone.localdate(), "evidence": a_document(by), "by": by}
    [entry] = answers.record_all(received, seat, **refusal_text)
    return entry


# Who may say whether it is the party's answer ----------------------------------------------------


def the_person_named(committee):
    return committee.caf_member


def another_member(committee):
    return SeatFactory(organisation=committee.caf).user


def who_was_lent_the_voice(committee):
    return DelegationFactory(seat=committee.caf_seat).user


def a_substitute_who_stands_in(committee):
    away = {"starts_on": timezone.localdate(), "ends_on": None, "by": committee.coordinator}
    declare_absence(committee.caf_seat, **away)
    return SeatFactory(organisation=committee.caf, substitute=True).user


def a_substitute_whose_member_is_there(committee):
    return SeatFactory(organisation=committee.caf, substitute=True).user


def the_person_named_once_out_of_mandate(committee):
    end_seat(committee.caf_seat, by=None)
    return committee.caf_member


def who_spoke_for_another_party(committee):
    """The member of the agglomération, who sits for the Caf as well."""
    SeatFactory(organisation=committee.caf, user=committee.epci_member)
    return committee.epci_member


def an_adviser(committee):
    return SeatFactory(organisation=committee.caf, adviser=True).user


def an_agent_without_a_seat(committee):
    return MembershipFactory(organisation=committee.caf).user


def the_coordinator_who_entered_it(committee):
    return committee.coordinator


def the_member_of_another_party(committee):
    return committee.epci_member


MAY_CONFIRM_AND_REFUSE = [
    (the_person_named, True, True), (another_member, True, True),
    (who_was_lent_the_voice, True, True), (a_substitute_who_stands_in, True, True),
    (the_person_named_once_out_of_mandate, False, True),
    (a_substitute_whose_member_is_there, False, False),
    (who_spoke_for_another_party, False, False), (an_adviser, False, False),
    (an_agent_without_a_seat, False, False), (the_coordinator_who_entered_it, False, False),
    (the_member_of_another_party, False, False),
]  # fmt: skip


@pytest.mark.parametrize(("who", "may", "_refuses"), MAY_CONFIRM_AND_REFUSE)
def test_whoever_may_answer_for_the_party_confirms_and_nobody_else(
    committee, version, entry, who, may, _refuses
):
    person = who(committee)
    assert asks_to_confirm(committee, person) == may
    if may:
        answers.confirm(entry, by=person)
    else:
        assert confirmation_refused(entry, person)
    assert state(version) == (State.IN_FORCE if may else State.PROPOSED)


@pytest.mark.parametrize(("who", "_confirms", "may"), MAY_CONFIRM_AND_REFUSE)
def test_a_member_who_may_confirm_or_is_named_may_refuse(
    committee, version, entry, who, _confirms, may
):
    person = who(committee)
    if may:
        refuse(entry, person)
    else:
        with pytest.raises(Refused):
            refuse(entry, person)
    assert now(entry).is_refused == may
    assert state(version) == State.PROPOSED


def test_the_enterer_of_an_answer_confirms_with_a_voice_of_their_own(committee, version):
    paper = SeatFactory(organisation=committee.caf, user=None)
    answers.confirm(record(version, paper, committee.caf_member), by=committee.caf_member)
    assert state(version) == State.IN_FORCE


def asks_to_confirm(committee, person) -> bool:
    tasks = committee_tasks(person, [committee.convention], timezone.localdate())
    return any("a saisi" in task.title for task in tasks.get(committee.convention.pk, []))


# Before, and for ever if nobody says anything ----------------------------------------------------


def test_a_recorded_answer_does_not_count_and_its_party_is_awaited(committee, version, entry):
    point = point_of(version)
    [caf, epci] = point.lights
    day = long_date(timezone.localdate())
    assert (caf.state, epci.state) == ("awaited", "ok")
    assert caf.word == f"attendu ; accord recueilli le {day}, à confirmer"
    assert (caf.entry, caf.recorded) == (None, entry)
    assert point.awaits(committee.caf, timezone.localdate())
    assert state(version) == State.PROPOSED


def test_an_unconfirmed_answer_never_counts_however_long_it_waits(committee, version, entry):
    with clock.on(timezone.localdate() + clock.days(400)):
        assert point_of(version).awaits(committee.caf, timezone.localdate())
        assert now(entry).is_pending
    assert state(version) == State.PROPOSED


def test_an_unconfirmed_answer_settles_nothing_when_the_other_party_agrees(committee):
    version = committee.proposed("Un autre")
    record(version, committee.caf_seat, committee.coordinator)
    committee.agree(version, committee.epci_member)
    assert state(version) == State.PROPOSED


def test_the_party_s_own_answer_stands_beside_a_later_recorded_one(committee, version):
    own_answer = answers.answer(Reply(version, Answer.AGENDA), by=committee.caf_member)
    recorded = record(version, committee.caf_seat, committee.coordinator, last_rank=own_answer.rank)
    point = point_of(version)
    assert point.last_answers[committee.caf.pk] == own_answer
    assert point.recorded[committee.caf.pk] == recorded


def test_a_party_never_agreed_to_an_earlier_version_that_was_not_confirmed(
    committee, version, entry
):
    """« À revalider » is said of parties that had agreed."""
    lights = point_of(committee.edited(version, title="Autrement")).lights
    assert [light.state for light in lights] == ["awaited", "again"]


# Confirmed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "way"),
    [(the_person_named, ConfirmationWay.IN_PERSON), (another_member, ConfirmationWay.COLLEAGUE)],
)
def test_a_confirmed_answer_counts_with_the_person_and_capacity_that_confirmed(
    committee, version, entry, who, way
):
    person = who(committee)
    confirmation = answers.confirm(entry, by=person)
    assert (confirmation.way, confirmation.by) == (way, person)
    assert confirmation.capacity == f"Directrice, {committee.caf}"
    assert point_of(version).is_agreed_by(committee.caf)
    assert confirmation_refused(entry, person) == "Cet accord est déjà confirmé."
    with pytest.raises(Refused, match="déjà confirmé"):
        refuse(entry, person)


def test_a_request_confirmed_gives_the_point_back_to_its_author(committee):
    version = committee.proposed("Un autre")
    asked = request(version, committee.caf_seat, committee.coordinator)
    assert not point_of(version).is_returned
    answers.confirm(asked, by=committee.caf_member)
    assert point_of(version).is_returned


def test_a_confirmed_answer_replaces_the_earlier_one_of_its_party(committee, version):
    own_answer = answers.answer(Reply(version, Answer.AGENDA), by=committee.caf_member)
    recorded = record(version, committee.caf_seat, committee.coordinator, last_rank=own_answer.rank)
    answers.confirm(recorded, by=committee.caf_member)
    assert state(version) == State.IN_FORCE


def test_several_answers_are_confirmed_together_or_none(committee, version, entry):
    other = committee.proposed("Un autre")
    entries = [entry, record(other, committee.caf_seat, committee.coordinator)]
    drafts.withdraw_version(other, reason="Non", by=committee.coordinator)
    with pytest.raises(Refused, match="il n’y a plus rien à répondre"):
        answers.confirm_all(entries, by=committee.caf_member)
    assert set(Agreement.objects.pending()) == set(entries)
    assert len(answers.confirm_all(entries[:1], by=committee.caf_member)) == 1


# Refused -----------------------------------------------------------------------------------------


def test_a_refused_answer_never_counts_and_its_party_is_awaited(committee, version, entry):
    refusal = refuse(entry, committee.caf_member, "Elle portait sur la version d’avant.")
    assert (refusal.way, refusal.by) == (ConfirmationWay.REFUSED, committee.caf_member)
    assert refusal.reason == "Elle portait sur la version d’avant."
    point = point_of(version)
    assert (point.last_answers.get(committee.caf.pk), point.recorded) == (None, {})
    assert point.awaits(committee.caf, timezone.localdate())
    assert now(entry).label == "D’accord (démenti)"
    refusal_text = (
        f"{committee.caf_member} a dit que ce n’est pas la réponse {committee.caf.genitive}"
    )
    assert refusal_text in confirmation_refused(entry, committee.caf_member)


def test_a_refused_answer_leaves_its_person_free(committee, version, entry):
    refuse(entry, committee.caf_member)
    assert answers.answer(Reply(version), by=committee.caf_member)
    assert state(version) == State.IN_FORCE


# What is said since ------------------------------------------------------------------------------


def test_a_recorded_answer_is_settled_by_the_party_s_own(committee, version, entry):
    answers.answer(Reply(version, Answer.AGENDA), by=another_member(committee))
    assert point_of(version).recorded == {}
    assert confirmation_refused(entry, committee.caf_member).startswith("Une réponse plus récente")
    with pytest.raises(Refused, match="Une réponse plus récente"):
        refuse(entry, committee.caf_member)


def test_a_recorded_answer_waits_again_once_the_party_s_own_is_undone(committee, version, entry):
    own_answer = answers.answer(Reply(version, Answer.AGENDA), by=committee.caf_member)
    answers.undo([own_answer], by=committee.caf_member)
    answers.confirm(entry, by=committee.caf_member)
    assert state(version) == State.IN_FORCE


def test_the_last_recorded_answer_is_asked_about_then_the_one_before(committee, version, entry):
    last = record(version, committee.caf_seat, committee.coordinator, last_rank=entry.rank)
    assert confirmation_refused(entry, committee.caf_member).startswith("Une réponse plus récente")
    refuse(last, committee.caf_member)
    answers.confirm(entry, by=committee.caf_member)
    assert state(version) == State.IN_FORCE


def test_an_answer_is_not_recorded_over_one_recorded_meanwhile(committee, version, entry):
    """A button pressed twice records once."""
    with pytest.raises(Refused) as refused:
        record(version, committee.caf_seat, committee.coordinator)
    assert isinstance(refused.value.refusal, Overtaken)
    assert Agreement.objects.pending().get() == entry


def test_an_answer_given_in_person_is_neither_confirmed_nor_refused(committee, version):
    own_answer = version.agreements.get()
    in_person = "Cette réponse a été donnée en personne"
    assert confirmation_refused(own_answer, committee.epci_member).startswith(in_person)
    with pytest.raises(Refused, match=in_person):
        refuse(own_answer, committee.epci_member)
