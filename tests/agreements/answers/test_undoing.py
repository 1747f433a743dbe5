"""An answer just given is undone without a reason: what stood before it stands again."""

import datetime
from unittest import mock

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import UNDO_DELAY, Agreement, Answer, State
from committee.dossiers import events as dossiers
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db

SECOND = datetime.timedelta(seconds=1)


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


def agreed(version, by, **reply):
    return answers.answer(Reply(version, **reply), by=by)


def refusal_of(entry, by) -> str:
    with pytest.raises(Refused) as refused:
        answers.undo([entry], by=by)
    return refused.value.refusal.reason


def after(entry, delay):
    return mock.patch.object(timezone, "now", return_value=entry.created_at + delay)


def test_an_undone_answer_stays_in_the_register_and_awaits_the_party_again(committee, version):
    entry = agreed(version, committee.caf_member)
    [undoing] = answers.undo([entry], by=committee.caf_member)
    assert (undoing.undoes, undoing.answer, undoing.reason) == (entry, Answer.UNDONE, "")
    assert (undoing.person_name, undoing.capacity) == (entry.person_name, entry.capacity)
    point = point_of(version)
    assert [light.state for light in point.lights] == ["awaited", "awaited"]
    again = agreed(version, committee.caf_member)
    assert again.rank == 3
    assert Agreement.objects.current().get() == again


def test_an_undone_answer_puts_the_former_version_back_in_force(committee, version):
    committee.agree(version)
    second = committee.edited(version, title="Trois espaces")
    committee.agree(second, committee.caf_member)
    last = agreed(second, committee.epci_member)
    second.subject.refresh_from_db()
    assert second.subject.title == "Trois espaces"
    answers.undo([last], by=committee.epci_member)
    for row in (version, second, second.subject):
        row.refresh_from_db()
    assert (version.state, second.state) == (State.IN_FORCE, State.PROPOSED)
    assert second.subject.title == "Ouvrir deux espaces"
    left = second.transitions.get(verb="reopened")
    assert (left.by, left.reason) == (
        committee.epci_member, "Réponse annulée dans les trente minutes.",
    )  # fmt: skip


def test_an_earlier_agreement_stands_again_and_may_be_the_last_that_lacked(committee, version):
    agreed(version, committee.caf_member)
    change = agreed(
        version, committee.caf_member, answer="change_requested", last_rank=1, reason="Non"
    )
    agreed(version, committee.epci_member)
    version.refresh_from_db()
    assert version.state == State.PROPOSED
    answers.undo([change], by=committee.caf_member)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE


def test_an_answer_may_be_undone_for_thirty_minutes_and_not_a_second_longer(committee, version):
    entry = agreed(version, committee.caf_member)
    with after(entry, UNDO_DELAY):
        assert "dans les trente minutes" in refusal_of(entry, committee.caf_member)
    with after(entry, UNDO_DELAY - SECOND):
        answers.undo([entry], by=committee.caf_member)
    assert refusal_of(entry, committee.caf_member) == "Cette réponse est déjà annulée."


def test_only_its_author_undoes_an_answer_given_in_person(committee, version):
    entry = agreed(version, committee.caf_member)
    colleague = SeatFactory(organisation=committee.caf).user
    for person in (colleague, committee.epci_member, committee.coordinator, None):
        assert "elle-même" in refusal_of(entry, person)
    taken_back = answers.retract(version, reason="Trop tôt", by=committee.caf_member)
    assert "plus récente" in refusal_of(entry, committee.caf_member)
    assert "elle-même" in refusal_of(taken_back, committee.caf_member)
    recorded = answers.record(
        version, committee.epci_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.epci_member), by=committee.epci_member,
    )  # fmt: skip
    assert "elle-même" in refusal_of(recorded, committee.epci_member)


def test_an_answer_that_a_next_version_builds_on_is_not_undone(committee, version):
    committee.agree(version, committee.caf_member)
    last = agreed(version, committee.epci_member)
    committee.edited(version, title="Trois espaces")
    assert refusal_of(last, committee.epci_member) == (
        "Une version suivante a été proposée depuis : retirez votre accord en disant pourquoi."
    )


def test_an_avis_is_undone_while_the_point_is_discussed(committee, version):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    avis = answers.advise(version, opinion=Answer.UNFAVOURABLE, reason="Trop cher", by=adviser)
    answers.undo([avis], by=adviser)
    assert not Agreement.objects.opinions().exists()
    again = answers.advise(version, opinion=Answer.FAVOURABLE, by=adviser)
    committee.agree(version)
    assert "votre avis reste au registre" in refusal_of(again, adviser)


def test_several_answers_are_undone_together_or_none(committee, version):
    first = agreed(version, committee.caf_member)
    second = agreed(committee.proposed("Un autre"), committee.caf_member)
    answers.retract(second.version, reason="Trop tôt", by=committee.caf_member)
    with pytest.raises(Refused):
        answers.undo([first, second], by=committee.caf_member)
    assert not Agreement.objects.filter(answer=Answer.UNDONE).exists()
    assert answers.undo([], by=committee.caf_member) == []


def test_a_dossier_that_an_undone_answer_had_completed_is_open_again(committee, version):
    dossier = dossiers.send_dossier(
        committee.convention, [version], title="Mars", by=committee.coordinator
    )
    committee.agree(version, committee.caf_member)
    last = agreed(version, committee.epci_member)
    dossier.refresh_from_db()
    assert not dossier.is_open
    answers.undo([last], by=committee.epci_member)
    dossier.refresh_from_db()
    assert dossier.is_open
    agreed(version, committee.epci_member)
    dossier.refresh_from_db()
    assert [row.verb for row in dossier.transitions.all()] == [
        "sent", "completed", "reopened", "completed",
    ]  # fmt: skip
