"""Two people, or two windows, noting and confirming at the same moment, on PostgreSQL."""

import pytest

from agreements.answers.events import Reply
from agreements.answers.rights import Overtaken
from agreements.models import Agreement, Answer, State, Version
from agreements.versions import events as drafts
from committee.answers.events import confirm_noted, note_answer
from committee.models import NotedAnswer
from tests.agreements.factories import SeatFactory, committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.committee.scene import a_document

pytestmark = ON_POSTGRESQL


@pytest.fixture
def committee():
    return committee_of()


@pytest.fixture
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


def again(version):
    return Version.objects.get(pk=version.pk)


def noted(version, user, organisation, answer=Answer.AGREED, **values):
    return note_answer(Reply(again(version), answer, **values), by=user, organisation=organisation)


def confirmed(user, organisation):
    """Confirm what is noted by now, as the recap showed it."""
    mine = NotedAnswer.objects.by(user, organisation)
    shown = {note.pk: note.revision for note in mine}
    return lambda: confirm_noted(shown, by=user, organisation=organisation)


def test_two_parties_that_confirm_at_once_bring_the_version_into_force(committee, version):
    noted(version, committee.caf_member, committee.caf)
    noted(version, committee.epci_member, committee.epci)
    first, second = at_once(
        confirmed(committee.caf_member, committee.caf),
        confirmed(committee.epci_member, committee.epci),
    )
    assert not first.refused
    assert second.in_force == [again(version)]
    assert again(version).state == State.IN_FORCE


def test_of_two_members_of_a_party_the_second_learns_whose_answer_it_is(committee, version):
    colleague = SeatFactory(organisation=committee.caf).user
    noted(version, committee.caf_member, committee.caf)
    noted(version, colleague, committee.caf, Answer.CHANGE_REQUESTED, reason="Plus tôt")
    first, second = at_once(
        confirmed(committee.caf_member, committee.caf), confirmed(colleague, committee.caf)
    )
    assert len(first.written) == 1
    [(_version, refusal)] = second.refused
    assert isinstance(refusal, Overtaken)
    assert Agreement.objects.get().user == committee.caf_member
    assert NotedAnswer.objects.get().user == colleague  # what was typed is not lost


def test_two_windows_that_confirm_at_once_give_each_answer_once(committee, version):
    noted(version, committee.caf_member, committee.caf)
    confirm = confirmed(committee.caf_member, committee.caf)
    first, second = at_once(confirm, confirm)
    assert len(first.written) == 1
    assert not second.entries
    assert not second.refused
    assert Agreement.objects.count() == 1


def test_two_windows_that_note_at_once_leave_one_note(committee, version):
    user, organisation = committee.caf_member, committee.caf
    at_once(
        lambda: noted(version, user, organisation),
        lambda: noted(version, user, organisation, Answer.AGENDA),
    )
    assert NotedAnswer.objects.get().answer == Answer.AGENDA


def test_a_version_replaced_while_one_confirms_is_not_answered(committee, version):
    noted(version, committee.caf_member, committee.caf)
    draft = drafts.save_draft(version.subject, version.content | {"title": "Trois"},
                              by=committee.coordinator)  # fmt: skip
    _proposed, given = at_once(
        lambda: drafts.propose(draft, by=committee.coordinator),
        confirmed(committee.caf_member, committee.caf),
    )
    [(_version, refusal)] = given.refused
    assert "n’est plus celle qui est proposée" in refusal.reason
    assert not Agreement.objects.exists()


def test_a_note_replaced_while_it_is_given_leaves_the_document_that_was_given(committee, version):
    user, organisation = committee.caf_member, committee.caf
    noted(version, user, organisation, act=a_document(user))
    at_once(
        confirmed(user, organisation), lambda: noted(version, user, organisation, Answer.AGENDA)
    )
    given = Agreement.objects.get().attachments.get().document
    assert given.erased_at is None
