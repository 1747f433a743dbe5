"""Drafts, proposals, what comes into force and leaves it, dossiers that are complete."""

import datetime

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers import settlement
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.commitments.commitment import commitment_of
from agreements.models import Answer, State, Version
from agreements.versions import events as drafts
from agreements.versions import rows
from agreements.versions.endings import draft_ending
from committee.dossiers import events as dossiers
from committee.models import Dossier
from conventions.access.rights import COORDINATION_ONLY
from conventions.models import Convention, Objective, Party, Standing
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.factories import MembershipFactory, PartyFactory
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


@told_once
def other(committee):
    """A second coordinator."""
    return MembershipFactory(organisation=committee.caf, coordinator=True).user


def refusal_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusal


def again(row):
    return type(row).objects.get(pk=row.pk)


def states(*versions) -> list[str]:
    return [again(version).state for version in versions]


def signed(committee, day: datetime.date | None) -> Convention:
    """The convention, signed on that day, or by nobody."""
    Convention.objects.filter(pk=committee.convention.pk).update(signed_on=day)
    return again(committee.convention)


def row_of(version) -> Objective:
    return Objective.objects.get(pk=version.object_id)


def draft_of(version, *, by, **changes):
    return drafts.save_draft(row_of(version), version.content | changes, by=by)


# Drafts -------------------------------------------------------------------------------------------


def test_a_draft_has_no_number_and_its_row_is_a_draft(committee):
    draft = committee.draft("Un")
    assert (draft.number, draft.state, draft.base) == (None, State.DRAFT, None)
    assert row_of(draft).standing == Standing.DRAFT


def test_writing_again_keeps_one_draft_and_what_it_was_written_from(committee, version):
    first = draft_of(version, by=committee.coordinator, title="Trois")
    committee.agree(version)
    second = draft_of(version, by=committee.coordinator, title="Quatre")
    assert second == first
    assert (second.base, second.content["title"]) == (version, "Quatre")


def test_a_draft_changes_nothing_of_a_row_that_is_proposed_or_in_force(committee, version):
    draft_of(version, by=committee.coordinator, title="Trois")
    assert row_of(version).title == "Ouvrir deux espaces"
    committee.agree(version)
    draft_of(version, by=committee.coordinator, title="Quatre")
    assert row_of(version).title == "Ouvrir deux espaces"


def test_a_row_read_before_it_was_proposed_is_not_written_over(committee, other):
    draft = committee.draft("Un")
    old_row = row_of(draft)
    drafts.propose(draft, by=committee.coordinator)
    drafts.save_draft(old_row, draft.content | {"title": "Deux"}, by=other)
    assert (row_of(draft).title, row_of(draft).standing) == ("Un", Standing.PROPOSED)


def test_a_draft_is_not_written_of_a_row_that_was_thrown_away(committee, other):
    draft = committee.draft("Un")
    row = row_of(draft)
    drafts.discard_draft(draft, by=committee.coordinator)
    refusal = refusal_of(lambda: drafts.save_draft(row, draft.content, by=other))
    assert refusal == rows.THROWN_AWAY
    assert not Objective.objects.filter(pk=row.pk).exists()


def test_a_draft_is_thrown_away_by_its_author_with_its_empty_row(committee, other):
    draft = committee.draft("Un")
    refusal = refusal_of(lambda: drafts.discard_draft(draft, by=other))
    assert refusal.reason == "Un brouillon ne se jette que par la personne qui l’écrit."
    drafts.discard_draft(draft, by=committee.coordinator)
    assert not Objective.objects.filter(pk=draft.object_id).exists()
    assert refusal_of(lambda: drafts.propose(draft, by=other)) == rows.THROWN_AWAY


def test_a_row_stays_while_somebody_else_writes_on_it(committee, other):
    mine = committee.draft("Un")
    theirs = draft_of(mine, by=other, title="Deux")
    drafts.discard_draft(mine, by=committee.coordinator)
    assert drafts.propose(theirs, by=committee.coordinator).number == 1
    assert row_of(theirs).title == "Deux"


def test_a_proposed_version_is_not_thrown_away(committee, version):
    refusal = refusal_of(lambda: drafts.discard_draft(version, by=committee.coordinator))
    assert "ne se jette que par" in refusal.reason


# Proposing ----------------------------------------------------------------------------------------


def test_a_version_is_proposed_once_and_by_the_coordination(committee):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    draft = committee.draft("Un")
    refusal = refusal_of(lambda: drafts.propose(draft, by=adviser))
    assert refusal == COORDINATION_ONLY
    drafts.propose(draft, by=committee.coordinator)
    refusal = refusal_of(lambda: drafts.propose(draft, by=committee.coordinator))
    assert refusal.reason.startswith("Cette version n’est plus un brouillon")


def test_a_version_that_changes_nothing_is_not_proposed(committee, version):
    same = draft_of(version, by=committee.coordinator)
    assert refusal_of(lambda: drafts.propose(same, by=committee.coordinator)) == (
        drafts.NOTHING_CHANGED
    )
    assert states(version, same) == [State.PROPOSED, State.DRAFT]


def test_an_incomplete_content_is_refused_when_it_is_proposed(committee):
    draft = committee.draft("Un", measure=" ")
    refusal = refusal_of(lambda: drafts.propose(draft, by=committee.coordinator))
    assert refusal.reason == "Un objectif du comité a un intitulé, une échéance et une mesure."
    late = committee.draft("Un", due_on=committee.convention.end + datetime.timedelta(days=1))
    refusal = refusal_of(lambda: drafts.propose(late, by=committee.coordinator))
    assert refusal.reason.startswith("L’échéance se situe pendant la convention, du ")


def test_a_draft_left_alone_is_proposed_again_after_the_point_was_withdrawn(
    committee, version, other
):
    draft = draft_of(version, by=other, title="Trois")
    drafts.withdraw_version(version, reason="Plus tard", by=committee.coordinator)
    assert drafts.merge_with_current(draft) is None
    assert drafts.propose(draft, by=committee.coordinator).number == 2
    assert (row_of(draft).title, row_of(draft).standing) == ("Trois", Standing.PROPOSED)


def test_numbers_follow_each_other_whatever_becomes_of_versions(committee, version):
    committee.agree(version)
    second = committee.edited(version, title="Deux")
    drafts.withdraw_version(second, reason="Non", by=committee.coordinator)
    third = committee.edited(version, title="Trois")
    draft_of(version, by=committee.coordinator, title="Quatre")
    numbers = Version.objects.about(row_of(version)).numbered().order_by("number")
    assert [v.number for v in numbers] == [1, 2, 3]
    assert third.number == 3


def test_text_and_digest_of_a_numbered_version_stay(version):
    with pytest.raises(ValueError, match="never changes"):
        version.write(version.content | {"title": "Autrement"})


# Withdrawing --------------------------------------------------------------------------------------


def test_a_withdrawal_says_why_and_leaves_what_is_in_force(committee, version):
    committee.agree(version)
    second = committee.edited(version, title="Deux")
    for reason in ("", "  "):
        refusal = refusal_of(
            lambda reason=reason: drafts.withdraw_version(
                second, reason=reason, by=committee.coordinator
            )
        )
        assert refusal == drafts.REASON_MISSING
    drafts.withdraw_version(second, reason=" Trop cher ", by=committee.coordinator)
    assert states(version, second) == [State.IN_FORCE, State.WITHDRAWN]
    assert again(second).note == ""
    transition = second.transitions.get(verb="withdrawn")
    assert (transition.by, transition.capacity, transition.reason) == (
        committee.coordinator, "coordination", "Trop cher"
    )  # fmt: skip
    assert row_of(version).standing == Standing.IN_FORCE


def test_a_row_never_agreed_to_is_withdrawn_with_its_proposal(committee, version):
    drafts.withdraw_version(version, reason="Trop cher", by=committee.coordinator)
    assert row_of(version).standing == Standing.WITHDRAWN


def test_a_withdrawn_version_ends_on_the_day_it_is_withdrawn(committee, version):
    drafts.withdraw_version(version, reason="Trop cher", by=committee.coordinator)
    ended_at = again(version).ended_at
    assert ended_at is not None  # whose day would be today
    assert timezone.localdate(ended_at) == timezone.localdate()


def test_a_version_is_withdrawn_while_it_is_proposed_only(committee, version):
    refusal = refusal_of(
        lambda: drafts.withdraw_version(version, reason="Non", by=committee.caf_member)
    )
    assert "Seule la coordination" in refusal.reason
    committee.agree(version)
    refusal = refusal_of(
        lambda: drafts.withdraw_version(version, reason="Non", by=committee.coordinator)
    )
    assert refusal.reason.startswith("Seule une version proposée se retire")


# Coming into force and leaving it -----------------------------------------------------------------


def test_a_version_ends_at_the_moment_the_next_is_in_force(committee, version):
    committee.agree(version)
    second = committee.edited(version, title="Deux")
    committee.agree(second)
    assert again(version).ended_at == again(second).in_force_at


def test_a_version_out_of_force_keeps_no_days_and_reopens_the_former(committee, version):
    committee.agree(version)
    second = committee.edited(version, title="Deux")
    committee.agree(second)
    answers.retract(second, reason="Non", by=committee.caf_member)
    left = again(second)
    assert (left.in_force_at, left.succeeds, left.ended_at) == (None, None, None)
    assert again(version).ended_at is None


def test_a_version_replaced_while_out_of_force_cannot_be_restored(committee, version):
    """Nobody can bring it back by taking an agreement back."""
    committee.agree(version)
    answers.retract(version, reason="Non", by=committee.caf_member)
    second = committee.edited(again(version), title="Deux")
    assert states(version, second) == [State.REPLACED, State.PROPOSED]
    versions = Version.objects.about(row_of(version)).live_or_restorable()
    assert list(versions) == [second]


def test_three_versions_go_back_one_by_one(committee, version):
    committee.agree(version)
    second = committee.edited(version, title="Deux")
    committee.agree(second)
    third = committee.edited(again(second), title="Trois")
    committee.agree(third)
    answers.retract(third, reason="Non", by=committee.caf_member)
    assert states(version, second, third) == [State.REPLACED, State.IN_FORCE, State.PROPOSED]
    assert row_of(version).title == "Deux"
    answers.retract(second, reason="Non", by=committee.epci_member)
    assert states(version, second, third) == [State.IN_FORCE, State.REPLACED, State.PROPOSED]
    assert row_of(version).title == "Ouvrir deux espaces"


def test_a_version_out_of_force_is_replaced_by_the_later_proposal(committee, version):
    committee.agree(version)
    second = committee.edited(version, title="Deux")
    answers.retract(version, reason="Non", by=committee.caf_member)
    assert states(version, second) == [State.REPLACED, State.PROPOSED]
    assert again(version).ended_at is not None
    assert (row_of(version).title, row_of(version).standing) == ("Deux", Standing.PROPOSED)


def test_a_proposal_of_another_point_replaces_no_version_out_of_force(committee, version):
    committee.agree(version)
    other = committee.proposed("Un autre")
    assert row_of(other).standing == Standing.PROPOSED
    answers.retract(version, reason="Non", by=committee.caf_member)
    assert states(version) == [State.PROPOSED]
    assert (row_of(version).title, row_of(version).standing) == (
        "Ouvrir deux espaces", Standing.PROPOSED
    )  # fmt: skip


def test_an_objective_given_up_is_pursued_again_when_the_agreement_is_missing(committee, version):
    committee.agree(version)
    end = drafts.propose(
        draft_ending(row_of(version), by=committee.coordinator, note="Abandonné"),
        by=committee.coordinator,
    )
    committee.agree(end)
    assert row_of(version).standing == Standing.WITHDRAWN
    answers.retract(end, reason="Non", by=committee.caf_member)
    assert row_of(version).standing == Standing.IN_FORCE
    assert states(version, end) == [State.IN_FORCE, State.PROPOSED]


def test_a_party_no_longer_asked_takes_nothing_out_of_force(committee, version):
    committee.agree(version)
    Party.objects.filter(organisation=committee.epci).update(agreement_required=False)
    refusal = refusal_of(lambda: answers.retract(version, reason="Non", by=committee.epci_member))
    assert "n’est plus requis par la convention" in refusal.reason
    assert states(version) == [State.IN_FORCE]


# Other parties ------------------------------------------------------------------------------------


def test_proposed_versions_are_settled_again_once_a_party_is_no_longer_required(committee, version):
    msa = PartyFactory(organisation__convention=committee.convention)
    unanswered, agreed = committee.proposed("Sans accord"), version
    committee.agree(agreed)
    assert states(agreed) == [State.PROPOSED]
    Party.objects.filter(pk=msa.pk).update(agreement_required=False)
    assert settlement.settle_all(committee.convention) == [agreed]
    assert states(agreed, unanswered) == [State.IN_FORCE, State.PROPOSED]


def test_the_msa_is_asked_where_its_agreement_is_required(committee, version):
    committee.agree(version)
    seat = SeatFactory(
        organisation=PartyFactory(organisation__convention=committee.convention).organisation
    )
    assert settlement.settle_all(committee.convention) == []
    assert states(version) == [State.IN_FORCE]
    second = committee.edited(again(version), title="Deux")
    committee.agree(second)
    assert states(version, second) == [State.IN_FORCE, State.PROPOSED]
    answers.answer(Reply(second), by=seat.user)
    assert states(version, second) == [State.REPLACED, State.IN_FORCE]


def test_without_any_party_asked_nothing_comes_into_force(committee, version):
    committee.agree(version, committee.caf_member)
    Party.objects.update(agreement_required=False)
    assert settlement.settle_all(committee.convention) == []
    assert not point_of(version).is_agreed


def test_a_version_agreed_by_all_comes_into_force_after_the_signature_only(committee, version):
    """The party whose agreement lacked is asked no more here."""
    committee.agree(version, committee.caf_member)
    Party.objects.filter(organisation=committee.epci).update(agreement_required=False)
    day = committee.convention.signed_on
    assert settlement.settle_all(signed(committee, None)) == []
    assert states(version) == [State.PROPOSED]
    assert settlement.settle_all(signed(committee, day)) == [version]


def test_the_parties_of_another_convention_change_nothing(committee, version):
    elsewhere = committee_of()
    assert settlement.settle_all(elsewhere.convention) == []
    with pytest.raises(ValueError, match="one convention"):
        settlement.lock_points([version], elsewhere.convention)


# Dossiers -----------------------------------------------------------------------------------------


@told_once
def dossier(committee, version):
    second = committee.proposed("Un autre")
    committee.agree(version, committee.caf_member)
    answers.answer(Reply(version, Answer.AGENDA), by=committee.epci_member)
    answers.answer(Reply(second, Answer.AGENDA), by=committee.caf_member)
    return dossiers.send_dossier(
        committee.convention, [second, version], title="Mars", by=committee.coordinator
    )


def is_complete(dossier) -> bool:
    dossier = again(dossier)
    assert dossier.is_open == Dossier.objects.open().contains(dossier)
    return not dossier.is_open


def last_of(dossier) -> Version:
    return dossier.points.order_by("rank").first().version


def test_a_dossier_keeps_its_points_in_order_and_waits(committee, version, dossier):
    assert list(dossier.points.order_by("rank").values_list("rank", "version__title")) == [
        (1, "Un autre"), (2, "Ouvrir deux espaces"),
    ]  # fmt: skip
    assert not is_complete(dossier)


@pytest.mark.parametrize("answer", [Answer.AGREED, Answer.AGENDA])
def test_a_dossier_is_complete_once_each_party_has_said_something(committee, dossier, answer):
    answers.answer(Reply(last_of(dossier), answer), by=committee.epci_member)
    assert is_complete(dossier)


def test_a_dossier_is_complete_with_an_agreement_recorded_once_it_is_confirmed(committee, dossier):
    entry = answers.record(
        last_of(dossier), committee.epci_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip
    assert not is_complete(dossier)
    answers.confirm(entry, by=committee.epci_member)
    assert is_complete(dossier)


def test_a_dossier_does_not_wait_for_a_point_that_is_withdrawn(committee, dossier):
    drafts.withdraw_version(last_of(dossier), reason="Non", by=committee.coordinator)
    assert is_complete(dossier)


def test_a_dossier_does_not_wait_for_a_point_that_is_replaced(committee, dossier):
    committee.edited(last_of(dossier), title="Autrement")
    assert is_complete(dossier)


def test_a_dossier_does_not_wait_for_a_party_that_is_no_longer_asked(committee, dossier):
    Party.objects.filter(organisation=committee.epci).update(agreement_required=False)
    settlement.settle_all(committee.convention)
    assert is_complete(dossier)


def test_an_avis_completes_no_dossier(committee, dossier):
    adviser = SeatFactory(organisation=committee.epci, adviser=True).user
    answers.advise(last_of(dossier), opinion=Answer.FAVOURABLE, by=adviser)
    assert not is_complete(dossier)


def test_a_complete_dossier_stays_complete(committee, dossier):
    answers.answer(Reply(last_of(dossier)), by=committee.epci_member)
    moment = again(dossier).completed_at
    answers.answer(Reply(last_of(dossier), last_rank=1), by=committee.caf_member)
    assert again(dossier).completed_at == moment


def test_a_dossier_holds_proposed_points_of_its_convention(committee, version):
    def send(*versions, by=committee.coordinator):
        return dossiers.send_dossier(committee.convention, versions, title="Mars", by=by)

    assert refusal_of(send) == dossiers.NO_POINT
    assert refusal_of(lambda: send(committee.draft("Un"))) == dossiers.NOT_PROPOSED
    assert refusal_of(lambda: send(committee.in_force("Deux"))) == dossiers.NOT_PROPOSED
    assert refusal_of(lambda: send(version, committee_of().proposed())) == dossiers.NOT_PROPOSED
    assert "coordination" in refusal_of(lambda: send(version, by=committee.caf_member)).reason
    assert not Dossier.objects.exists()


def test_the_row_is_locked_with_its_versions_as_it_is_now(committee, version):
    old = row_of(version)
    Objective.objects.filter(pk=old.pk).update(title="Entre-temps")
    assert rows.lock_row(old).title == "Entre-temps"
    assert commitment_of(old).kind == "objective"
