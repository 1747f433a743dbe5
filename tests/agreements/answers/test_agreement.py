"""A content is in force when each party that the convention names has agreed to one version."""

import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.answers.rights import Overtaken, Stale
from agreements.models import Agreement, Answer, State, Version
from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from conventions.models import Standing
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee():
    return committee_of()


def state(version) -> str:
    version.refresh_from_db()
    return version.state


def row_of(version):
    return type(version.subject).objects.get(pk=version.object_id)


def test_a_version_comes_into_force_with_the_last_agreement_only(committee):
    version = committee.proposed()
    assert row_of(version).standing == Standing.PROPOSED
    committee.agree(version, committee.caf_member)
    assert state(version) == State.PROPOSED
    committee.agree(version, committee.epci_member)
    assert state(version) == State.IN_FORCE
    assert row_of(version).standing == Standing.IN_FORCE


def test_the_version_in_force_stays_while_the_next_is_discussed(committee):
    first = committee.in_force("Ouvrir deux espaces")
    second = committee.edited(first, title="Ouvrir trois espaces")
    committee.agree(second, committee.caf_member)
    assert (state(first), state(second)) == (State.IN_FORCE, State.PROPOSED)
    assert row_of(first).title == "Ouvrir deux espaces"
    committee.agree(second, committee.epci_member)
    assert (state(first), state(second)) == (State.REPLACED, State.IN_FORCE)
    assert row_of(first).title == "Ouvrir trois espaces"
    assert second.succeeds == first
    assert first.content["title"] == "Ouvrir deux espaces"


def test_an_agreement_counts_for_the_very_version_it_was_given_on(committee):
    first = committee.proposed("Un")
    committee.agree(first, committee.caf_member)
    second = committee.edited(first, title="Deux")
    committee.agree(second, committee.epci_member)
    assert state(second) == State.PROPOSED
    lights = {light.organisation: light.state for light in point_of(second).lights}
    assert lights == {committee.caf: "again", committee.epci: "ok"}


def test_an_answer_on_a_replaced_version_is_not_taken(committee):
    first = committee.proposed("Un")
    committee.edited(first, title="Deux")
    with pytest.raises(Refused) as refused:
        committee.agree(first, committee.caf_member)
    assert isinstance(refused.value.refusal, Stale)
    assert not Agreement.objects.exists()


def test_the_second_member_of_a_party_learns_who_has_answered(committee):
    colleague = SeatFactory(organisation=committee.caf, capacity="Présidente").user
    version = committee.proposed()
    committee.agree(version, committee.caf_member)
    with pytest.raises(Refused) as refused:
        answers.answer(Reply(version, Answer.CHANGE_REQUESTED, reason="Non"), by=colleague)
    assert isinstance(refused.value.refusal, Overtaken)
    assert str(committee.caf_member) in refused.value.refusal.reason
    assert Agreement.objects.count() == 1


def test_a_change_asked_for_returns_the_point_and_needs_a_reason(committee):
    version = committee.proposed()
    with pytest.raises(Refused, match="Dites pourquoi"):
        answers.answer(Reply(version, Answer.CHANGE_REQUESTED, reason=" "), by=committee.caf_member)
    answers.answer(
        Reply(version, Answer.CHANGE_REQUESTED, reason="Plus tôt"), by=committee.caf_member
    )
    point = point_of(version)
    assert point.is_returned
    assert not point.awaits(committee.epci, committee.convention.end)


def test_withdrawing_an_agreement_puts_the_former_version_in_force_again(committee):
    first = committee.in_force("Un")
    second = committee.edited(first, title="Deux")
    committee.agree(second)
    answers.retract(second, reason="Le bureau s’y oppose", by=committee.epci_member)
    assert (state(first), state(second)) == (State.IN_FORCE, State.PROPOSED)
    assert row_of(first).title == "Un"
    answers.answer(Reply(second, last_rank=2), by=committee.epci_member)
    assert (state(first), state(second)) == (State.REPLACED, State.IN_FORCE)


def test_withdrawing_the_only_agreement_leaves_the_row_proposed(committee):
    version = committee.in_force()
    answers.retract(version, reason="Erreur", by=committee.caf_member)
    assert state(version) == State.PROPOSED
    assert row_of(version).standing == Standing.PROPOSED


def test_two_drafts_of_one_version_are_merged_or_compared(committee):
    other = MembershipFactory(organisation=committee.epci, coordinator=True).user
    version = committee.in_force("Ouvrir deux espaces")
    row = version.subject
    mine = drafts.save_draft(row, version.content | {"title": "Trois"}, by=committee.coordinator)
    theirs = drafts.save_draft(row, version.content | {"measure": "Autre"}, by=other)
    drafts.propose(theirs, by=other)
    with pytest.raises(Refused) as refused:
        drafts.propose(mine, by=committee.coordinator)
    assert isinstance(refused.value.refusal, drafts.Outdated)
    conflict_merge = drafts.merge_with_current(mine)
    assert (conflict_merge.content["title"], conflict_merge.content["measure"]) == (
        "Trois",
        "Autre",
    )
    assert (conflict_merge.taken, conflict_merge.conflicts) == (["measure"], [])
    merged = drafts.save_draft(
        row, conflict_merge.content, by=committee.coordinator, base=drafts.latest_live_version(row)
    )
    drafts.propose(merged, by=committee.coordinator)
    assert state(theirs) == State.REPLACED
    assert Version.objects.get(pk=mine.pk).number == 3


def test_an_objective_is_withdrawn_by_a_version_that_all_agree_to(committee):
    version = committee.in_force()
    end = drafts.propose(
        draft_ending(version.subject, by=committee.coordinator, note="Abandonné"),
        by=committee.coordinator,
    )
    assert row_of(version).standing == Standing.IN_FORCE
    committee.agree(end)
    assert row_of(version).standing == Standing.WITHDRAWN
    assert end.text != version.text
