"""Two people at the same moment, on PostgreSQL: nothing is lost, nobody waits for ever."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

import conventions
from accounts.events import anonymise
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.answers.rights import Overtaken, Stale
from agreements.answers.settlement import settle_all
from agreements.models import UNDO_DELAY, Agreement, Answer, State, Version
from agreements.seats import events as seats
from agreements.versions import events as drafts
from agreements.versions import rows
from committee.dossiers import events as dossiers
from committee.models import Dossier
from committee.objectives import events as objectives
from conventions.loading import load
from conventions.models import Objective, Party, Standing
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.committee.scene import a_document
from tests.factories import MembershipFactory, PartyFactory

pytestmark = ON_POSTGRESQL


@pytest.fixture
def committee():
    return committee_of()


@pytest.fixture
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


def again(row):
    """As another request reads it."""
    return type(row).objects.get(pk=row.pk)


def state(version) -> str:
    return again(version).state


def refusal(outcome):
    assert isinstance(outcome, Refused), outcome
    return outcome.refusal


def agree(version, member):
    return lambda: answers.answer(Reply(again(version)), by=member)


def recorded(committee, version):
    return answers.record(
        version, committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip


# Answers ------------------------------------------------------------------------------------------


def test_two_members_of_a_party_make_one_entry_and_the_second_learns_whose(committee, version):
    colleague = SeatFactory(organisation=committee.caf).user
    entry, refused = at_once(agree(version, committee.caf_member), agree(version, colleague))
    assert isinstance(refusal(refused), Overtaken)
    assert str(committee.caf_member) in refusal(refused).reason
    assert Agreement.objects.get() == entry


def test_a_form_sent_twice_at_once_is_one_entry(committee, version):
    first, second = at_once(
        agree(version, committee.caf_member), agree(version, committee.caf_member)
    )
    assert first == second == Agreement.objects.get()


def test_the_last_two_parties_bring_it_into_force_once(committee, version):
    entries = at_once(agree(version, committee.caf_member), agree(version, committee.epci_member))
    assert all(isinstance(entry, Agreement) for entry in entries)
    assert state(version) == State.IN_FORCE
    assert Objective.objects.get(pk=version.object_id).standing == Standing.IN_FORCE


@pytest.fixture
def mayors_entry(committee, version):
    """Recorded for the agglomération, of the member of the Caf who is one there too."""
    seat = SeatFactory(organisation=committee.epci, user=committee.caf_member)
    return answers.record(
        version, seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip


@pytest.mark.parametrize("is_answered_first", [True, False])
def test_nobody_speaks_for_two_parties_at_once(committee, version, mayors_entry, is_answered_first):
    mine = {"by": committee.caf_member, "organisation": committee.caf}
    acts = [
        lambda: answers.answer(Reply(version), **mine),
        lambda: answers.confirm(mayors_entry, by=committee.caf_member),
    ]
    at_once(*(acts if is_answered_first else reversed(acts)))
    assert Agreement.objects.uncontested().count() == 1
    assert state(version) == State.PROPOSED


def test_an_answer_undone_before_the_last_agreement_keeps_it_out_of_force(committee, version):
    entry = answers.answer(Reply(version), by=committee.caf_member)
    at_once(
        lambda: answers.undo([entry], by=committee.caf_member),
        agree(version, committee.epci_member),
    )
    assert state(version) == State.PROPOSED
    assert [light.state for light in point_of(again(version)).lights] == ["awaited", "ok"]


def test_an_answer_undone_after_the_last_agreement_takes_it_out_of_force(committee, version):
    """The answer is undone at 29:59 of the thirty minutes, while the other party agrees."""
    entry = answers.answer(Reply(version), by=committee.caf_member)
    Agreement.objects.update(created_at=timezone.now() - UNDO_DELAY + timedelta(seconds=5))
    at_once(
        agree(version, committee.epci_member),
        lambda: answers.undo([again(entry)], by=committee.caf_member),
    )
    assert state(version) == State.PROPOSED
    assert Objective.objects.get(pk=version.object_id).standing == Standing.PROPOSED


def test_an_answer_is_undone_once_by_two_clicks_at_once(committee, version):
    entry = answers.answer(Reply(version), by=committee.caf_member)
    undo = lambda: answers.undo([again(entry)], by=committee.caf_member)  # noqa: E731
    _undone, refused = at_once(undo, undo)
    assert refusal(refused).reason == "Cette réponse est déjà annulée."
    assert Agreement.objects.count() == 2


@pytest.mark.parametrize("first", ["the recall", "the answer"])
def test_a_dossier_is_either_called_back_or_answered(committee, version, first):
    dossier = dossiers.send_dossier(
        committee.convention, [version], title="Mars", by=committee.coordinator
    )
    acts = {
        "the recall": lambda: dossiers.recall_dossier(again(dossier), by=committee.coordinator),
        "the answer": lambda: dossiers.answer_dossier(
            dossier, [Reply(again(version))], by=committee.caf_member
        ),
    }
    _done, late = at_once(acts.pop(first), *acts.values())
    if first == "the recall":
        assert "rappelé" in late.refused[0][1].reason
    else:
        assert "Une réponse a déjà été donnée" in refusal(late).reason
    assert again(dossier).is_recalled != Agreement.objects.exists()


def test_an_answer_before_the_next_version_counts_for_the_former_only(committee, version):
    draft = drafts.save_draft(version.subject, version.content | {"title": "Trois"},
                              by=committee.coordinator)  # fmt: skip
    entry, proposed = at_once(
        agree(version, committee.caf_member),
        lambda: drafts.propose(again(draft), by=committee.coordinator),
    )
    assert entry.version == version
    assert (state(version), state(proposed)) == (State.REPLACED, State.PROPOSED)
    assert not proposed.agreements.exists()


def test_an_answer_after_the_next_version_is_stale(committee, version):
    draft = drafts.save_draft(version.subject, version.content | {"title": "Trois"},
                              by=committee.coordinator)  # fmt: skip
    _proposed, refused = at_once(
        lambda: drafts.propose(draft, by=committee.coordinator),
        agree(version, committee.caf_member),
    )
    assert isinstance(refusal(refused), Stale)
    assert not Agreement.objects.exists()


def test_an_answer_confirmed_while_the_last_other_party_agrees_brings_the_version_into_force(
    committee, version
):
    entry = recorded(committee, version)
    acts = [
        lambda: answers.confirm(entry, by=committee.caf_member),
        agree(version, committee.epci_member),
    ]
    at_once(*acts)
    assert state(version) == State.IN_FORCE


def test_a_party_that_answers_while_a_recorded_answer_is_confirmed_has_one_answer(
    committee, version
):
    colleague = SeatFactory(organisation=committee.caf).user
    entry = recorded(committee, version)
    _answered, refused = at_once(
        agree(version, colleague), lambda: answers.confirm(entry, by=committee.caf_member)
    )
    assert "Une réponse plus récente" in refusal(refused).reason
    assert Agreement.objects.current().get().user == colleague


def test_an_answer_recorded_twice_at_once_is_recorded_once(committee, version):
    _entry, refused = at_once(*[lambda: recorded(committee, version) for _ in range(2)])
    assert isinstance(refusal(refused), Overtaken)
    assert Agreement.objects.count() == 1


# Mandates -----------------------------------------------------------------------------------------


def test_a_mandate_that_ends_first_takes_the_voice_away(committee, version):
    _seat, refused = at_once(
        lambda: seats.end_seat(committee.caf_seat, by=None), agree(version, committee.caf_member)
    )
    assert "Seuls les membres du comité répondent" in refusal(refused).reason
    assert not Agreement.objects.exists()


def test_an_answer_given_before_the_mandate_ends_stays(committee, version):
    entry, _seat = at_once(
        agree(version, committee.caf_member),
        lambda: seats.end_seat(again(committee.caf_seat), by=None),
    )
    assert Agreement.objects.get() == entry
    assert again(committee.caf_seat).ends_on < timezone.localdate()


def test_an_account_is_erased_while_its_holder_answers(committee, version):
    entry, erased = at_once(
        agree(version, committee.caf_member), lambda: anonymise(committee.caf_member, by=None)
    )
    assert erased is None
    assert (again(entry).person_name, again(entry).capacity) == (entry.person_name, "Directrice")


def test_the_convention_names_other_parties_while_the_last_of_them_agrees(committee):
    msa = PartyFactory(organisation__convention=committee.convention)
    version = committee.proposed()
    committee.agree(version, committee.caf_member)

    def load():
        Party.objects.filter(pk=msa.pk).update(agreement_required=False)
        return settle_all(committee.convention)

    settled, _entry = at_once(load, agree(version, committee.epci_member))
    assert settled == []
    assert state(version) == State.IN_FORCE


def test_a_convention_is_loaded_again_while_a_draft_of_its_objective_is_written():
    file = Path(conventions.__file__).parent / "data" / "val_de_claise_fictif.yaml"
    convention = load(file).convention
    coordinator = MembershipFactory(convention=convention, coordinator=True).user
    orientation = Objective.objects.of(convention).level(1).first()
    content = {"title": "Un", "due_on": convention.end, "measure": "Le nombre", "is_priority": True}
    version = drafts.propose(
        objectives.add_objective(orientation, content, by=coordinator), by=coordinator
    )
    written, loaded = at_once(
        lambda: drafts.save_draft(
            version.subject, version.content | {"title": "Deux"}, by=coordinator
        ),
        lambda: load(file),
    )
    assert written.is_draft
    assert loaded.convention == convention


# Dossiers -----------------------------------------------------------------------------------------


def test_a_dossier_of_twelve_answered_by_two_colleagues_has_twelve_entries(committee):
    colleague = SeatFactory(organisation=committee.caf).user
    many = [committee.proposed(f"Point {n}") for n in range(12)]
    replies = [Reply(version) for version in many]
    first, second = at_once(
        lambda: answers.answer_all(replies, by=committee.caf_member),
        lambda: answers.answer_all(reversed(replies), by=colleague),
    )
    assert (len(first.entries), first.refused) == (12, [])
    assert second.entries == []
    assert {type(refused) for _, refused in second.refused} == {Overtaken}
    assert Agreement.objects.count() == 12


def test_two_dossiers_that_overlap_in_reverse_order_both_pass(committee):
    point_a, point_b, point_c = (committee.proposed(title) for title in "ABC")
    first, second = at_once(
        lambda: answers.answer_all([Reply(point_a), Reply(point_b)], by=committee.caf_member),
        lambda: answers.answer_all(
            [Reply(point_c), Reply(point_b), Reply(point_a)], by=committee.epci_member
        ),
    )
    assert (len(first.entries), len(second.entries)) == (2, 3)
    assert second.in_force == [point_b, point_a]


def test_the_last_answer_and_a_withdrawal_complete_a_dossier(committee):
    """Each sees only its own point done, until the other is."""
    point_a, point_b = committee.proposed("A"), committee.proposed("B")
    dossier = dossiers.send_dossier(
        committee.convention, [point_a, point_b], title="Mars", by=committee.coordinator
    )
    committee.agree(point_a, committee.epci_member)
    at_once(
        agree(point_a, committee.caf_member),
        lambda: drafts.withdraw_version(
            again(point_b), reason="Plus tard", by=committee.coordinator
        ),
    )
    assert again(dossier).completed_at


def test_a_dossier_is_not_sent_with_a_point_that_is_just_replaced(committee):
    point_a, point_b = committee.proposed("A"), committee.proposed("B")
    _replaced, refused = at_once(
        lambda: committee.edited(point_a, title="A, autrement"),
        lambda: dossiers.send_dossier(
            committee.convention, [point_b, point_a], title="Mars", by=committee.coordinator
        ),
    )
    assert refusal(refused) == dossiers.NOT_PROPOSED
    assert not Dossier.objects.exists()


def test_a_dossier_sent_twice_at_once_is_one(committee):
    point_a, point_b = committee.proposed("A"), committee.proposed("B")

    def send(**other):
        values = {"title": "Mars", "by": committee.coordinator} | other
        return dossiers.send_dossier(committee.convention, [point_b, point_a], **values)

    first, second = at_once(send, send)
    assert first == second == Dossier.objects.get()
    assert first.transitions.count() == 1
    assert send(title="Avril") != first
    assert send(message="Avant vendredi, s’il vous plaît.") != first
    dossiers.recall_dossier(first, by=committee.coordinator)
    assert send() != first


# Versions -----------------------------------------------------------------------------------------


def test_of_two_drafts_proposed_at_once_one_is_outdated(committee, version):
    other = MembershipFactory(organisation=committee.caf, coordinator=True).user
    mine, theirs = (
        drafts.save_draft(version.subject, version.content | {"title": title}, by=by)
        for title, by in [("Trois", committee.coordinator), ("Quatre", other)]
    )
    proposed, refused = at_once(
        lambda: drafts.propose(mine, by=committee.coordinator),
        lambda: drafts.propose(theirs, by=other),
    )
    assert isinstance(refusal(refused), drafts.Outdated)
    assert Version.objects.proposed().get() == proposed
    assert proposed.number == 2


def test_a_draft_saved_twice_at_once_is_one_draft(committee, version):
    def save():
        return drafts.save_draft(again(version).subject, version.content | {"title": "Trois"},
                                 by=committee.coordinator)  # fmt: skip

    assert len(set(at_once(save, save))) == 1
    assert Version.objects.drafts().count() == 1


def test_a_draft_is_not_proposed_while_it_is_thrown_away(committee):
    draft = committee.draft()
    _none, refused = at_once(
        lambda: drafts.discard_draft(draft, by=committee.coordinator),
        lambda: drafts.propose(again(draft), by=committee.coordinator),
    )
    assert refusal(refused) == rows.THROWN_AWAY
    assert not Version.objects.from_committee().exists()


def test_a_draft_written_while_the_first_is_proposed_leaves_the_row_proposed(committee):
    """The row was read when it still was a draft."""
    other = MembershipFactory(organisation=committee.caf, coordinator=True).user
    draft = committee.draft("Un")
    row = draft.subject
    at_once(
        lambda: drafts.propose(draft, by=committee.coordinator),
        lambda: drafts.save_draft(row, draft.content | {"title": "Deux"}, by=other),
    )
    row = again(row)
    assert (row.title, row.standing) == ("Un", Standing.PROPOSED)


def test_a_version_proposed_while_its_row_is_being_locked_waits(committee, version):
    """The draft is not among the versions that the answer found: the others hold it back."""
    other = MembershipFactory(organisation=committee.caf, coordinator=True).user

    def write_and_propose():
        draft = drafts.save_draft(again(version).subject, version.content | {"title": "Trois"},
                                  by=other)  # fmt: skip
        return drafts.propose(draft, by=other)

    committee.agree(version, committee.epci_member)
    entry, refused = at_once(agree(version, committee.caf_member), write_and_propose)
    assert entry.version == version
    assert isinstance(refused, drafts.Version)
    assert refused.base == version
    assert (state(version), state(refused)) == (State.IN_FORCE, State.PROPOSED)


def test_a_draft_is_merged_while_the_version_it_goes_with_is_answered(committee, version):
    """The draft now refers to a version that somebody else holds."""
    other = MembershipFactory(organisation=committee.caf, coordinator=True).user
    draft = drafts.save_draft(version.subject, version.content | {"title": "Trois"}, by=other)
    second = committee.edited(version, measure="Autrement")
    for first_acts in (True, False):
        acts = [
            agree(second, committee.caf_member if first_acts else committee.epci_member),
            lambda: drafts.save_draft(
                again(draft).subject, draft.content, base=again(second), by=other
            ),
        ]
        outcomes = at_once(*(acts if first_acts else reversed(acts)))
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert again(draft).base == second


def publish(version):
    """What a report does: it holds the version while it is published."""
    with transaction.atomic():
        [locked] = rows.lock_versions([version])
        Version.objects.filter(pk=locked.pk).update(published_at=timezone.now())


def test_an_agreement_is_not_taken_back_once_published(committee):
    version = committee.in_force()
    _done, refused = at_once(
        lambda: publish(version),
        lambda: answers.retract(again(version), reason="Trop tard", by=committee.caf_member),
    )
    assert "publiée depuis le" in refusal(refused).reason
    assert state(version) == State.IN_FORCE


def test_an_answer_confirmed_and_refused_at_once_is_either(committee, version):
    entry = recorded(committee, version)
    committee.agree(version, committee.epci_member)
    done = at_once(
        lambda: answers.confirm(entry, by=committee.caf_member),
        lambda: answers.refuse_all([entry], by=committee.caf_member),
    )
    assert sum(isinstance(one, Refused) for one in done) == 1
    counts = again(entry).is_binding
    assert state(version) == (State.IN_FORCE if counts else State.PROPOSED)


def test_an_answer_confirmed_twice_at_once_is_confirmed_once(committee, version):
    entry = recorded(committee, version)
    first, second = at_once(
        *[lambda: answers.confirm(entry, by=committee.caf_member) for _ in range(2)]
    )
    assert "déjà confirmé" in refusal(second if isinstance(second, Refused) else first).reason


def test_an_agreement_taken_back_before_the_publication_takes_the_version_out_of_force(committee):
    version = committee.in_force()
    entry, _done = at_once(
        lambda: answers.retract(version, reason="Erreur", by=committee.caf_member),
        lambda: publish(again(version)),
    )
    assert entry.answer == Answer.RETRACTED
    assert state(version) == State.PROPOSED


# What is held, and what is not --------------------------------------------------------------------


def free(rows) -> list:
    """Those of the rows that nobody holds at this moment."""
    with transaction.atomic():
        return list(rows.order_by("pk").select_for_update(of=("self",), skip_locked=True))


def test_who_acts_on_a_version_holds_all_of_its_row_and_no_other(committee, version):
    later = committee.edited(version, title="Trois")
    other = committee.proposed("Un autre")
    locked, unlocked = at_once(
        lambda: rows.lock_versions([later]), lambda: free(Version.objects.all())
    )
    assert (locked, unlocked) == ([later], [other])


def test_who_writes_on_a_row_holds_it_with_its_versions_and_no_other(committee, version):
    other = committee.proposed("Un autre")
    both = Objective.objects.filter(pk__in=[version.object_id, other.object_id])
    locked, unlocked = at_once(
        lambda: rows.lock_row(version.subject), lambda: (free(Version.objects.all()), free(both))
    )
    assert (locked, *unlocked) == (version.subject, [other], [other.subject])


def test_who_looks_again_at_all_that_is_proposed_holds_nothing_else(committee, version):
    standing = committee.in_force("Un autre")
    _settled, unlocked = at_once(
        lambda: settle_all(committee.convention), lambda: free(Version.objects.all())
    )
    assert unlocked == [standing]
