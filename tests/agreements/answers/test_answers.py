"""What members say of a point, and when it is not taken."""

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.rights import Overtaken, Stale
from agreements.models import Agreement, Answer, SeatKind, State, Version
from conventions.models import Party
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import de
from tests.agreements.clock import days
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.scene import a_document
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

CHANGE, DELIBERATION = Answer.CHANGE_REQUESTED, Answer.DELIBERATION


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


def refusal_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusal


def answers_and_ranks(version) -> list[tuple]:
    rows = version.agreements.order_by("organisation", "rank")
    return list(rows.values_list("answer", "rank"))


# What an entry keeps ------------------------------------------------------------------------------


def test_an_entry_keeps_name_and_capacity_as_they_were(committee, version):
    name = str(committee.caf_member)
    entry = answers.answer(Reply(version), by=committee.caf_member)
    committee.caf_seat.capacity = "Ancienne directrice"
    committee.caf_seat.save()
    committee.caf_member.last_name = "Autrement"
    committee.caf_member.save()
    entry.refresh_from_db()
    assert (entry.person_name, entry.capacity) == (name, "Directrice")
    assert (entry.entered_by, entry.entered_by_name) == (committee.caf_member, name)
    assert (entry.seat, entry.seat_kind) == (committee.caf_seat, SeatKind.MEMBER)


def test_a_delegate_speaks_in_the_name_of_the_member(committee, version):
    delegation = DelegationFactory(seat=committee.caf_seat)
    entry = answers.answer(Reply(version), by=delegation.user)
    assert entry.delegation == delegation
    assert entry.person_name == delegation.name
    expected = f"Directeur adjoint, par délégation {de(committee.caf_seat.name)} (Directrice)"
    assert entry.capacity == expected


def test_an_awaited_deliberation_keeps_where_and_when_and_other_answers_do_not(committee, version):
    day = timezone.localdate() + days(20)
    reply = Reply(version, DELIBERATION, body=" Conseil communautaire ", body_date=day)
    entry = answers.answer(reply, by=committee.epci_member)
    assert (entry.body, entry.body_date) == ("Conseil communautaire", day)
    agreed = Reply(version, last_rank=1, body="Conseil", body_date=day)
    entry = answers.answer(agreed, by=committee.epci_member)
    assert (entry.body, entry.body_date) == ("", None)


def test_the_act_of_an_answer_is_kept_with_it(committee, version):
    act = a_document(committee.epci_member)
    entry = answers.answer(Reply(version, act=act), by=committee.epci_member)
    assert [attached.document for attached in entry.attachments.all()] == [act]


def test_an_entry_is_never_changed(committee, version):
    entry = answers.answer(Reply(version), by=committee.caf_member)
    entry.answer = CHANGE
    with pytest.raises(ValueError, match="never changed"):
        entry.save()


# What is not taken --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        ({"answer": CHANGE, "reason": " "}, "Dites pourquoi"),
        ({"answer": DELIBERATION}, "Indiquez l’instance"),
        ({"answer": DELIBERATION, "body": " ", "body_date": timezone.localdate()}, "l’instance"),
        ({"answer": DELIBERATION, "body": "Bureau"}, "à quelle date"),
        ({"answer": Answer.FAVOURABLE}, "Cette réponse est inconnue."),
        ({"answer": Answer.RETRACTED, "reason": "Non"}, "Cette réponse est inconnue."),
        ({"answer": "oui"}, "Cette réponse est inconnue."),
    ],
)
def test_an_incomplete_answer_is_not_taken(committee, version, reply, sentence):
    refusal = refusal_of(lambda: answers.answer(Reply(version, **reply), by=committee.caf_member))
    assert sentence in refusal.reason
    assert answers_and_ranks(version) == []


def test_a_user_who_commits_no_party_answers_nothing(committee, version):
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    reader = MembershipFactory(organisation=committee.caf, reader=True).user
    for person in (substitute, adviser, reader, committee.coordinator, None):
        refusal = refusal_of(lambda person=person: answers.answer(Reply(version), by=person))
        assert "Seuls les membres du comité répondent" in refusal.reason
    assert answers_and_ranks(version) == []


def test_a_party_that_the_convention_does_not_ask_cannot_answer(committee, version):
    Party.objects.filter(organisation=committee.epci).update(agreement_required=False)
    refusal = refusal_of(lambda: answers.answer(Reply(version), by=committee.epci_member))
    assert refusal.reason.startswith("L’accord d’Exemple agglomération n’est pas requis")


def test_nobody_speaks_for_two_parties_on_one_version(committee, version):
    MembershipFactory(organisation=committee.epci, user=committee.caf_member, reader=True)
    SeatFactory(organisation=committee.epci, user=committee.caf_member)
    answers.answer(Reply(version), by=committee.caf_member, organisation=committee.caf)
    refusal = refusal_of(
        lambda: answers.answer(Reply(version), by=committee.caf_member, organisation=committee.epci)
    )
    assert "une même personne ne parle pas pour deux parties" in refusal.reason
    assert answers_and_ranks(version) == [("agreed", 1)]
    other = committee.proposed("Un autre point")
    answers.answer(Reply(other), by=committee.caf_member, organisation=committee.epci)


def test_an_answer_tells_which_version_is_past(committee, version):
    committee.edited(version, title="Ouvrir trois espaces")
    refusal = refusal_of(lambda: answers.answer(Reply(version), by=committee.caf_member))
    assert isinstance(refusal, Stale)
    assert refusal.reason.startswith("« Ouvrir deux espaces », version 1, n’est plus celle")


def test_nothing_is_answered_to_what_is_in_force_or_withdrawn(committee, version):
    committee.agree(version)
    refusal = refusal_of(
        lambda: answers.answer(Reply(version, last_rank=0), by=committee.coordinator)
    )
    assert "Seuls les membres" in refusal.reason
    other = SeatFactory(organisation=committee.caf).user
    refusal = refusal_of(lambda: answers.answer(Reply(version, last_rank=1), by=other))
    assert isinstance(refusal, Stale)
    assert "est déjà en vigueur" in refusal.reason
    Version.objects.filter(pk=version.pk).update(state=State.WITHDRAWN)
    refusal = refusal_of(lambda: answers.answer(Reply(version, last_rank=1), by=other))
    assert "n’est plus proposée : il n’y a plus rien à répondre" in refusal.reason


# The same form twice, two colleagues --------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"answer": CHANGE, "reason": "  Plus tôt \n"},
        {"answer": DELIBERATION, "body": "Bureau ", "body_date": timezone.localdate()},
        {"answer": Answer.AGENDA, "reason": "À discuter"},
    ],
)
def test_a_form_sent_twice_is_one_entry(committee, version, reply):
    first = answers.answer(Reply(version, **reply), by=committee.caf_member)
    assert answers.answer(Reply(version, **reply), by=committee.caf_member) == first
    assert Agreement.objects.count() == 1


def test_the_last_agreement_sent_twice_is_one_entry(committee, version):
    committee.agree(version, committee.caf_member)
    first = answers.answer(Reply(version), by=committee.epci_member)
    assert answers.answer(Reply(version), by=committee.epci_member) == first
    assert Agreement.objects.count() == 2


def test_a_form_of_before_is_not_taken_for_the_same(committee, version):
    """The day differs: nothing that was typed is dropped in silence."""
    day = timezone.localdate()
    answers.answer(
        Reply(version, DELIBERATION, body="Bureau", body_date=day), by=committee.caf_member
    )
    later = Reply(version, DELIBERATION, body="Bureau", body_date=day + days(1))
    refusal = refusal_of(lambda: answers.answer(later, by=committee.caf_member))
    assert isinstance(refusal, Overtaken)


def test_a_colleague_who_says_the_same_learns_whose_answer_it_is(committee, version):
    colleague = SeatFactory(organisation=committee.caf).user
    committee.agree(version, committee.caf_member)
    refusal = refusal_of(lambda: answers.answer(Reply(version), by=colleague))
    assert refusal.reason == (
        f"{committee.caf_member} vient de répondre « D’accord » au nom de la Caf d’Exemple : "
        "c’est cette réponse qui est enregistrée."
    )


def test_an_agreement_recorded_for_somebody_is_not_the_recorder_s_own_answer(committee, version):
    colleague = SeatFactory(organisation=committee.caf).user
    entry = answers.record(
        version, committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(colleague), by=colleague,
    )  # fmt: skip
    answers.confirm(entry, by=colleague)
    refusal = refusal_of(lambda: answers.answer(Reply(version), by=colleague))
    assert isinstance(refusal, Overtaken)


def test_a_member_changes_their_mind_from_what_they_have_seen(committee, version):
    answers.answer(Reply(version, CHANGE, reason="Plus tôt"), by=committee.caf_member)
    answers.answer(Reply(version, last_rank=1), by=committee.caf_member)
    assert answers_and_ranks(version) == [("change_requested", 1), ("agreed", 2)]


def test_an_avis_before_the_answer_does_not_stand_in_its_way(committee, version):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    answers.advise(version, opinion=Answer.FAVOURABLE, by=adviser)
    answers.answer(Reply(version), by=committee.caf_member)
    answers.advise(version, opinion=Answer.RESERVED, reason="À préciser", by=adviser)
    answers.answer(Reply(version, CHANGE, last_rank=2, reason="Tard"), by=committee.caf_member)
    answers.advise(version, opinion=Answer.UNFAVOURABLE, reason="Non", by=adviser)
    answers.answer(Reply(version, last_rank=4), by=committee.caf_member)
    answers.retract(version, reason="Erreur", by=committee.caf_member)
    assert [rank for _answer, rank in answers_and_ranks(version)] == [1, 2, 3, 4, 5, 6, 7]


def test_an_avis_sent_twice_is_one_entry(committee, version):
    """The register keeps one entry after a second click or a page loaded again."""
    advisers = [SeatFactory(organisation=committee.caf, adviser=True).user for _ in range(2)]
    given = {"opinion": Answer.RESERVED, "reason": "À préciser"}
    first = answers.advise(version, **given, by=advisers[0])
    assert answers.advise(version, **given | {"reason": " À préciser "}, by=advisers[0]) == first
    answers.advise(version, **given, by=advisers[1])
    answers.advise(version, opinion=Answer.FAVOURABLE, by=advisers[0])
    answers.advise(version, **given, by=advisers[0])
    assert len(answers_and_ranks(version)) == 4


def test_an_avis_that_was_undone_is_given_again(committee, version):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    undone = answers.advise(version, opinion=Answer.FAVOURABLE, by=adviser)
    answers.undo([undone], by=adviser)
    assert answers.advise(version, opinion=Answer.FAVOURABLE, by=adviser) != undone


# Several points in one act ------------------------------------------------------------------------


def test_a_dossier_gives_the_valid_answers_and_names_the_refused_ones(committee):
    first, second, third, fourth = (committee.proposed(title) for title in "ABCD")
    colleague = SeatFactory(organisation=committee.caf).user
    committee.agree(second, colleague)
    committee.edited(third, title="C, autrement")
    outcome = answers.answer_all(
        [Reply(first), Reply(second), Reply(third), Reply(fourth, CHANGE)], by=committee.caf_member
    )
    assert [entry.version for entry in outcome.entries] == [first]
    assert [version_refused for version_refused, _ in outcome.refused] == [second, third, fourth]
    assert [type(refusal) for _, refusal in outcome.refused][:2] == [Overtaken, Stale]
    assert Agreement.objects.count() == 2


def test_an_act_brings_into_force_the_versions_that_it_completes(committee):
    first, second = committee.proposed("A"), committee.proposed("B")
    committee.agree(second, committee.epci_member)
    outcome = answers.answer_all([Reply(first), Reply(second)], by=committee.caf_member)
    assert outcome.in_force == [second]


def test_a_point_named_twice_is_answered_once(committee, version):
    replies = [Reply(version), Reply(version, CHANGE, reason="Non", last_rank=1), Reply(version)]
    outcome = answers.answer_all(replies, by=committee.caf_member)
    assert (len(outcome.entries), outcome.refused) == (1, [])
    assert answers_and_ranks(version) == [("agreed", 1)]


def test_an_act_without_answers_writes_and_refuses_nothing(committee):
    outcome = answers.answer_all([], by=committee.caf_member)
    assert (outcome.entries, outcome.refused, outcome.in_force) == ([], [], [])


def test_an_act_never_reaches_another_convention(committee, version):
    elsewhere = committee_of().proposed("Ailleurs")
    with pytest.raises(ValueError, match="one convention"):
        answers.answer_all([Reply(version), Reply(elsewhere)], by=committee.caf_member)
    refusal = refusal_of(lambda: answers.answer(Reply(elsewhere), by=committee.caf_member))
    assert "Seuls les membres" in refusal.reason
    assert not Agreement.objects.exists()


def test_twelve_answers_ask_the_database_little_more_than_two(
    committee, django_assert_max_num_queries
):
    many = [committee.proposed(f"Point {n}") for n in range(12)]
    with django_assert_max_num_queries(30):
        answers.answer_all([Reply(version) for version in many], by=committee.caf_member)
    assert Agreement.objects.count() == 12
