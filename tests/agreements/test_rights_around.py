"""What is done around a point, by whom: comments, documents, proposals for an amendment; and what
stays of somebody whose account is erased.
"""

import pytest
from django.utils import timezone

from accounts.events import anonymise
from accounts.models import User
from agreements.answers import events as answers
from agreements.answers import rights as answers_rights
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Answer, Seat
from agreements.seats import rights as seats_rights
from agreements.seats.voices import bench_of
from committee.amendments import events as amendments_events
from committee.amendments import rights as amendments_rights
from committee.comments import events as comments_events
from committee.comments import rights as comments_rights
from committee.models import AmendmentProposal
from conventions.access.rights import COORDINATION_ONLY
from ctg_portal.rules import Refused
from tests.agreements.clock import days
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of, yesterday
from tests.committee.scene import a_document
from tests.documents.files import PDF
from tests.factories import MembershipFactory, UserFactory, referent_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


@pytest.fixture
def people(committee):
    return {
        "reader": MembershipFactory(organisation=committee.caf, reader=True).user,
        "adviser": SeatFactory(organisation=committee.caf, adviser=True).user,
        "advisory": SeatFactory(advisory=True, organisation__convention=committee.convention).user,
        "substitute": SeatFactory(organisation=committee.caf, substitute=True).user,
        "delegate": DelegationFactory(seat=committee.caf_seat).user,
        "stranger": UserFactory(),
    }


def reason(refusal):
    return refusal and refusal.reason


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.refusal.reason


def bench(committee):
    return bench_of(committee.convention, timezone.localdate())


def test_who_sits_speaks_or_coordinates_comments(committee, version, people):
    ask = comments_rights.may_comment
    today = bench(committee)
    sitting = [people[name] for name in ("adviser", "advisory", "substitute", "delegate")]
    for user in (committee.caf_member, committee.coordinator, *sitting):
        assert ask(user, today, version) is None
        assert amendments_rights.may_propose_amendment(user, today) is None
    for name in ("reader", "stranger"):
        assert reason(ask(people[name], today, version)) == (
            "Seuls les membres du comité et la coordination commentent les points."
        )
        assert reason(amendments_rights.may_propose_amendment(people[name], today)) == (
            "Une proposition pour un avenant vient d’un membre du comité ou de la coordination."
        )
    assert reason(ask(committee.coordinator, today, committee.draft("Autre"))) == (
        "Un brouillon ne se commente pas encore."
    )


def test_a_mandate_that_is_over_comments_no_more(committee, version):
    committee.caf_seat.ends_on = yesterday()
    committee.caf_seat.save()
    assert comments_rights.may_comment(committee.caf_member, bench(committee), version) is not None


def test_a_comment_is_corrected_by_its_author_and_is_never_empty(committee, version):
    comment = comments_events.comment(version, text="Bien", by=committee.caf_member)
    assert comments_rights.may_edit_comment(committee.caf_member, comment) is None
    for user in (committee.coordinator, committee.epci_member, None):
        assert reason(comments_rights.may_edit_comment(user, comment)) == (
            "Un commentaire n’est modifié que par son auteur."
        )
    empty = "Écrivez votre commentaire avant de l’enregistrer."
    assert (
        refused(lambda: comments_events.comment(version, text=" ", by=committee.caf_member))
        == empty
    )
    assert (
        refused(lambda: comments_events.edit_comment(comment, text="", by=committee.caf_member))
        == empty
    )
    comments_events.edit_comment(comment, text="Bien", by=committee.caf_member)
    comment.refresh_from_db()
    assert comment.edited_at is None
    comments_events.edit_comment(comment, text="Très bien", by=committee.caf_member)
    comment.refresh_from_db()
    assert comment.edited_at is not None
    assert list(comment.history.values_list("text", flat=True)) == ["Très bien", "Bien"]


# Documents ----------------------------------------------------------------------------------------


def test_whoever_speaks_for_the_organisation_or_coordinates_attaches(committee, version, people):
    day = timezone.localdate() + days(9)
    reply = Reply(version, Answer.DELIBERATION, body="Conseil", body_date=day)
    entry = answers.answer(reply, by=committee.caf_member)
    today = bench(committee)
    able = (committee.caf_member, committee.coordinator, people["delegate"], people["adviser"])
    for user in able:
        assert answers_rights.may_attach(user, entry, today) is None
        act = a_document(user, PDF + str(user.pk).encode())
        assert answers.attach(entry, act, by=user).document == act
    for user in (committee.epci_member, people["reader"], people["substitute"], people["stranger"]):
        refusal = refused(lambda user=user: answers.attach(entry, act, by=user))
        assert refusal == (
            "Un document est joint par l’organisme qui a répondu, ou par la coordination."
        )
    assert entry.attachments.count() == 4


# For an amendment ---------------------------------------------------------------------------------


def propose(committee, row=None, by=None, **words):
    words = {"wording": "Trois espaces", "reason": "Le besoin a crû"} | words
    by = by or committee.caf_member
    return amendments_events.propose_amendment(row or committee.orientation, by=by, **words)


def test_a_proposal_keeps_who_made_it_and_for_what(committee):
    proposal = propose(committee)
    assert proposal.subject == committee.orientation
    assert proposal.capacity == f"Directrice, {committee.caf}"
    assert AmendmentProposal.objects.about(committee.orientation).get() == proposal
    by_coordinator = propose(committee, by=committee.coordinator)
    assert by_coordinator.capacity == "coordination"


@pytest.mark.parametrize("words", [{"wording": " "}, {"reason": ""}])
def test_a_proposal_says_what_and_why(committee, words):
    refusal = refused(lambda: propose(committee, **words))
    assert refusal == "Écrivez la rédaction que vous proposez, et pourquoi."


def test_only_a_signed_text_asks_for_an_amendment(committee, version):
    only_signed = "Seul un texte signé, et encore en vigueur, demande un avenant."
    assert refused(lambda: propose(committee, version.subject)) == only_signed
    project = committee_of(project=True)
    assert refused(lambda: propose(project)) == only_signed


def test_an_amendment_proposal_is_withdrawn_once_by_author_or_coordination(committee):
    proposal = propose(committee)
    for user in (committee.caf_member, committee.coordinator, None):
        assert amendments_rights.may_withdraw_amendment(user, proposal) is None
    assert (
        amendments_rights.may_withdraw_amendment(committee.epci_member, proposal)
        == COORDINATION_ONLY
    )
    amendments_events.withdraw_amendment(proposal, by=committee.caf_member)
    assert not AmendmentProposal.objects.not_withdrawn().exists()
    refusal = refused(
        lambda: amendments_events.withdraw_amendment(proposal, by=committee.coordinator)
    )
    assert refusal == "Cette proposition est déjà retirée."
    proposal.refresh_from_db()
    assert proposal.withdrawn_by_name == str(committee.caf_member)


# Absences and delegations -------------------------------------------------------------------------


def test_an_absence_is_declared_by_the_party_or_the_coordination(committee, people):
    seat = committee.caf_seat
    for user in (committee.caf_member, committee.coordinator, people["adviser"], None):
        assert seats_rights.may_declare_absence(user, seat) is None
    for user in (committee.epci_member, people["reader"], people["stranger"]):
        assert seats_rights.may_declare_absence(user, seat) == COORDINATION_ONLY


def test_a_voice_is_delegated_in_person_or_by_a_referent_without_account(committee, people):
    seat = committee.caf_seat
    referent = referent_of(committee.caf)
    for user in (committee.caf_member, None):
        assert seats_rights.may_delegate(user, seat) is None
    for user in (committee.coordinator, people["reader"], people["delegate"], referent):
        assert "en personne" in reason(seats_rights.may_delegate(user, seat))
    seat.user = None
    assert seats_rights.may_delegate(referent, seat) is None
    assert "avec l’acte" in reason(seats_rights.may_delegate(committee.coordinator, seat))


def test_nothing_is_changed_of_a_mandate_that_is_over(committee):
    seat = committee.caf_seat
    seat.ends_on = yesterday()
    assert seats_rights.refuse_ended_mandate(seat, yesterday()) is None
    refusal = reason(seats_rights.refuse_ended_mandate(seat, timezone.localdate()))
    assert refusal.startswith(f"Le mandat de {seat.name} a pris fin le ")


# Erased accounts ----------------------------------------------------------------------------------


def test_entries_comments_and_proposals_stay_when_the_account_is_erased(committee, version):
    """Entries, comments and proposals keep name and capacity; what is in force stays."""
    name = str(committee.caf_member)
    committee.agree(version)
    comment = comments_events.comment(version, text="Très attendu", by=committee.caf_member)
    proposal = propose(committee)
    anonymise(committee.caf_member, by=None)
    erased = User.objects.get(pk=committee.caf_member.pk)
    assert name not in str(erased)
    entry = version.agreements.get(organisation=committee.caf)
    assert (entry.person_name, entry.capacity) == (name, "Directrice")
    assert entry.entered_by_name == name
    for row in (comment, proposal):
        row.refresh_from_db()
        assert row.person_name == name
    version.refresh_from_db()
    assert version.is_in_force
    assert point_of(version).is_agreed


def test_an_erased_account_speaks_no_more_and_its_seat_is_empty(committee, version):
    delegation = DelegationFactory(seat=committee.epci_seat, user=committee.caf_member)
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    anonymise(committee.caf_member, by=None)
    seat = Seat.objects.get(pk=committee.caf_seat.pk)
    assert (seat.ends_on, seat.end_reason) == (yesterday(), "Compte supprimé")
    delegation.refresh_from_db()
    assert delegation.ends_on == yesterday()
    erased = User.objects.get(pk=committee.caf_member.pk)
    assert bench(committee).voices_of(erased) == []
    assert answers.answer(Reply(version), by=substitute).seat_kind == "substitute"


def test_an_erased_account_does_not_silence_a_namesake_of_another_party(committee, version):
    """The person who spoke for a party is known by the row, which stays."""
    committee.agree(version, committee.caf_member)
    anonymise(committee.caf_member, by=None)
    namesake = SeatFactory(organisation=committee.epci, user=None, name="Jeanne")
    spoke = version.agreements.get()
    assert spoke.user_id == committee.caf_member.pk
    day, papers = timezone.localdate(), a_document(committee.coordinator)
    entry = answers.record(
        version, namesake, received_on=day, evidence=papers, by=committee.coordinator
    )
    assert entry.person_name == "Jeanne"
