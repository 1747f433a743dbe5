"""Every move of a version is kept: whose act it was, in which capacity, and why."""

import datetime

import pytest
from django.utils import timezone

from accounts.events import anonymise
from agreements.answers import events as answers
from agreements.answers import settlement
from agreements.answers.events import Reply
from agreements.models import UNDONE_REASON, State, Version, VersionTransition, VersionVerb
from agreements.versions import events as drafts
from agreements.versions.signature import record_signature
from committee.dossiers import events as dossiers
from conventions.models import Party
from ctg_portal.search.rows import fold
from ctg_portal.transitions import move, move_all
from tests.agreements.factories import committee_of
from tests.committee.register.scene import record

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def committee():
    return committee_of()


def log(version) -> list[tuple]:
    """What was done to a version: verb, to which state, who, in which capacity, why."""
    rows = version.transitions.all()
    return [(row.verb, row.to_state, row.by, row.capacity, row.reason) for row in rows]


def test_a_version_logs_who_proposed_and_who_withdrew_it(committee):
    version = committee.proposed()
    drafts.withdraw_version(version, reason=" Trop cher ", by=committee.coordinator)
    coordinator = committee.coordinator
    assert log(version) == [
        ("proposed", State.PROPOSED, coordinator, "coordination", ""),
        ("withdrawn", State.WITHDRAWN, coordinator, "coordination", "Trop cher"),
    ]
    first = version.transitions.first()
    assert first.by_name == str(coordinator)
    assert abs((first.created_at - version.proposed_at).total_seconds()) < 5


def test_a_withdrawal_leaves_the_reason_of_the_proposal_alone(committee):
    draft = drafts.save_draft(
        committee.in_force().subject, committee.content("Trois"), note="Un site de plus",
        by=committee.coordinator,
    )  # fmt: skip
    version = drafts.propose(draft, by=committee.coordinator)
    drafts.withdraw_version(version, reason="Trop cher", by=committee.coordinator)
    version.refresh_from_db()
    assert version.note == "Un site de plus"
    assert [reason for *_, reason in log(version)] == ["Un site de plus", "Trop cher"]


def test_the_last_agreement_is_whose_act_brings_into_force_and_replaces(committee):
    version = committee.in_force()
    later = committee.edited(version, title="Trois")
    committee.agree(later, committee.epci_member, committee.caf_member)
    last = ("agreed", State.IN_FORCE, committee.caf_member, "Directrice", "")
    assert log(later)[-1] == last
    assert log(version)[-1] == ("replaced", State.REPLACED, committee.caf_member, "Directrice", "")


def test_the_version_proposed_instead_is_whose_act_replaces_the_earlier(committee):
    version = committee.proposed()
    committee.edited(version, title="Trois")
    assert log(version)[-1] == (
        "replaced", State.REPLACED, committee.coordinator, "coordination", ""
    )  # fmt: skip


def test_taking_an_agreement_back_restores_the_version_before(committee):
    version = committee.in_force()
    later = committee.edited(version, title="Trois")
    committee.agree(later)
    answers.retract(later, reason="Trop tôt", by=committee.epci_member)
    who = (committee.epci_member, "Vice-présidente", "Trop tôt")
    assert log(later)[-1] == ("reopened", State.PROPOSED, *who)
    assert log(version)[-1] == ("restored", State.IN_FORCE, *who)


def test_an_agreement_taken_back_under_a_later_proposal_replaces_the_version(committee):
    version = committee.in_force()
    committee.edited(version, title="Trois")
    answers.retract(version, reason="Trop tôt", by=committee.epci_member)
    who = (committee.epci_member, "Vice-présidente", "Trop tôt")
    assert log(version)[-1] == ("given_up", State.REPLACED, *who)


def test_an_agreement_entered_for_somebody_is_the_act_of_who_confirms_it(committee):
    version = committee.proposed()
    committee.agree(version, committee.epci_member)
    record(version, committee.caf_seat, committee.coordinator)
    entry = version.agreements.get(is_recorded=True)
    assert log(version)[-1][1] == State.PROPOSED
    answers.confirm(entry, by=committee.caf_member)
    capacity = f"Directrice, {committee.caf}"
    assert log(version)[-1] == ("agreed", State.IN_FORCE, committee.caf_member, capacity, "")


def test_a_version_in_force_because_a_party_is_no_longer_required_has_no_author(committee):
    version = committee.proposed()
    committee.agree(version, committee.caf_member)
    Party.objects.filter(organisation=committee.epci).update(agreement_required=False)
    settlement.settle_all(committee.convention)
    assert log(version)[-1] == ("agreed", State.IN_FORCE, None, "", "")


def test_a_signature_is_the_act_of_the_file_that_was_loaded(committee):
    record_signature(committee.convention)
    signed = Version.objects.about(committee.orientation).get()
    assert log(signed) == [("signed", State.IN_FORCE, None, "", "")]
    committee.orientation.title = "Une faute de moins"
    committee.orientation.save()
    record_signature(committee.convention)
    assert log(signed)[-1] == ("replaced", State.REPLACED, None, "", "")
    corrected = Version.objects.about(committee.orientation).in_force().get()
    committee.orientation.delete()
    record_signature(committee.convention)
    assert log(corrected)[-1] == ("unsigned", State.WITHDRAWN, None, "", "")


def test_a_transition_is_never_changed(committee):
    row = committee.proposed().transitions.get()
    row.reason = "Autrement"
    with pytest.raises(ValueError, match="never changed"):
        row.save()


def test_the_name_and_the_capacity_stay_once_the_account_is_erased(committee):
    version = committee.proposed()
    name = str(committee.caf_member)
    committee.agree(version, committee.epci_member, committee.caf_member)
    anonymise(committee.caf_member, by=None)
    row = version.transitions.get(verb="agreed")
    assert (row.by_name, row.capacity) == (name, "Directrice")
    assert str(row.by) != name


def test_a_refused_act_leaves_no_line(committee):
    version = committee.proposed()
    answers.answer(Reply(version), by=committee.caf_member)
    assert VersionTransition.objects.count() == 1


# Dossiers -----------------------------------------------------------------------------------------


def test_the_last_answer_completes_the_dossier(committee):
    version = committee.proposed()
    dossier = dossiers.send_dossier(
        committee.convention, [version], title="Mars", by=committee.coordinator
    )
    committee.agree(version, committee.caf_member, committee.epci_member)
    assert log(dossier) == [
        ("sent", "open", committee.coordinator, "coordination", ""),
        ("completed", "complete", committee.epci_member, "Vice-présidente", ""),
    ]


def test_withdrawing_the_last_point_completes_the_dossier(committee):
    version = committee.proposed()
    dossier = dossiers.send_dossier(
        committee.convention, [version], title="Mars", by=committee.coordinator
    )
    drafts.withdraw_version(version, reason="Trop cher", by=committee.coordinator)
    assert log(dossier)[-1][:3] == ("completed", "complete", committee.coordinator)


# The mechanism ------------------------------------------------------------------------------------


def test_a_verb_is_refused_from_a_state_that_it_does_not_leave(committee):
    version = committee.proposed()
    with pytest.raises(ValueError, match="does not lead on from 'proposed'"):
        move(version, VersionVerb.PROPOSED, by=None)
    with pytest.raises(ValueError, match="for a reason"):
        move(version, VersionVerb.WITHDRAWN, by=None, reason="  ")
    assert version.state == State.PROPOSED
    assert version.transitions.count() == 1


def test_many_versions_are_moved_in_as_many_queries_as_one(committee, django_assert_num_queries):
    versions = [committee.proposed(f"Objectif {n}") for n in range(6)]
    now = timezone.now()
    for rows in (versions[:1], versions[1:]):
        with django_assert_num_queries(2):
            move_all(rows, VersionVerb.REPLACED, by=committee.coordinator, ended_at=now)
    for version in versions:
        assert version.state == State.REPLACED  # as its row is, without reading it again
        version.refresh_from_db()
        assert (version.state, version.ended_at) == (State.REPLACED, now)
        assert log(version)[-1] == ("replaced", State.REPLACED, committee.coordinator, "", "")
        assert fold(str(committee.coordinator)) in version.transitions.last().search_text


def test_moving_no_version_asks_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        move_all([], VersionVerb.REPLACED, by=None)


# On a day that is past ---------------------------------------------------------------------------


def over_midnight(version, *, undone_at):
    """As if it had come into force at 23:50 on 31 December 2023, and was reopened then."""
    at = timezone.make_aware(datetime.datetime(2023, 12, 31, 23, 50))
    version.transitions.exclude(verb=VersionVerb.REOPENED).update(created_at=at)
    version.transitions.filter(verb=VersionVerb.REOPENED).update(created_at=undone_at)
    versions = Version.objects.about(version.subject).in_force_on(datetime.date(2023, 12, 31))
    return list(versions)


def test_an_answer_undone_after_midnight_was_never_given(committee):
    version = committee.proposed()
    committee.agree(version, committee.epci_member)
    entry = answers.answer(Reply(version), by=committee.caf_member)
    assert version.transitions.filter(to_state=State.IN_FORCE).exists()
    answers.undo([entry], by=committee.caf_member)
    undone_at = timezone.make_aware(datetime.datetime(2024, 1, 1, 0, 5))
    assert over_midnight(version, undone_at=undone_at) == []


def test_an_agreement_taken_back_in_the_words_of_an_undoing_was_given(committee):
    version = committee.proposed()
    committee.agree(version)
    answers.retract(version, reason=UNDONE_REASON, by=committee.caf_member)
    taken_back_at = timezone.make_aware(datetime.datetime(2024, 3, 1, 9, 0))
    assert over_midnight(version, undone_at=taken_back_at) == [version]
