"""What is noted commits nobody; what falls is told; what is confirmed is given at once."""

import datetime
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer, State
from agreements.seats.voices import bench_of
from agreements.versions import events as drafts
from committee.answers.events import (
    confirm_noted,
    forget_lapsed_notes,
    forget_notes,
    forget_notes_of,
    note_answer,
    note_answers,
)
from committee.dossiers.events import recall_dossier, send_dossier
from committee.models import NotedAnswer
from committee.points.noted import noted_by
from committee.points.tasks import committee_tasks
from ctg_portal.rules import Refused
from documents.models import StoredFile, store
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of, yesterday
from tests.committee.mail.mailing import NOON, TERM, after, at, mail_sent_at, recipients
from tests.committee.scene import PDF
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


def noted(committee, version, answer=Answer.AGREED, **values):
    reply = Reply(version, answer, **values)
    return note_answer(reply, by=committee.caf_member, organisation=committee.caf)


def shown(committee) -> dict[int, int]:
    mine = NotedAnswer.objects.by(committee.caf_member, committee.caf)
    return {note.pk: note.revision for note in mine}


def confirm(committee):
    return confirm_noted(shown(committee), by=committee.caf_member, organisation=committee.caf)


def standing(committee, user=None, organisation=None) -> list:
    bench = bench_of(committee.convention, timezone.localdate())
    user = user or committee.caf_member
    here = SimpleNamespace(user=user, convention=committee.convention, bench=bench)
    party = organisation or committee.caf
    rows = noted_by(here, [committee.caf, committee.epci])
    return [
        noted.version for noted in rows if noted.note.organisation == party and not noted.refusal
    ]


# Noting --------------------------------------------------------------------------------------


def test_a_noted_answer_commits_nobody(committee, version):
    noted(committee, version)
    assert standing(committee) == [version]
    assert not Agreement.objects.exists()
    version.refresh_from_db()
    assert version.state == State.PROPOSED


def test_a_second_note_replaces_the_first_and_may_be_taken_back(committee, version):
    noted(committee, version)
    first = shown(committee)
    noted(committee, version, Answer.CHANGE_REQUESTED, reason="Plus tôt")
    [row] = NotedAnswer.objects.all()
    assert (row.answer, row.reason) == (Answer.CHANGE_REQUESTED, "Plus tôt")
    assert shown(committee) != first
    assert forget_notes([row]) == 1
    assert not NotedAnswer.objects.exists()


@pytest.mark.parametrize(
    ("answer", "values"),
    [(Answer.CHANGE_REQUESTED, {"reason": " "}), (Answer.DELIBERATION, {"body": "Bureau"}),
     (Answer.RETRACTED, {})],
)  # fmt: skip
def test_an_answer_that_would_be_refused_is_not_noted(committee, version, answer, values):
    with pytest.raises(Refused):
        noted(committee, version, answer, **values)
    assert not NotedAnswer.objects.exists()


def test_a_user_who_may_not_answer_notes_nothing(committee, version):
    for user, organisation in [
        (committee.coordinator, committee.caf), (committee.epci_member, committee.caf),
    ]:  # fmt: skip
        with pytest.raises(Refused, match="Seuls les membres"):
            note_answer(Reply(version), by=user, organisation=organisation)


def test_a_delegate_notes_and_confirms_by_delegation(committee, version):
    delegate = DelegationFactory(seat=committee.caf_seat).user
    note = note_answer(Reply(version), by=delegate, organisation=committee.caf)
    given = confirm_noted({note.pk: note.revision}, by=delegate, organisation=committee.caf)
    assert "par délégation d" in given.written[0].capacity


def test_the_notes_of_two_organisations_stay_apart(committee, version):
    user = committee.caf_member
    f.MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    other = committee.proposed("Autre")
    noted(committee, version)
    note_answer(Reply(other), by=user, organisation=committee.epci)
    assert standing(committee) == [version]
    assert standing(committee, organisation=committee.epci) == [other]
    confirm(committee)
    assert Agreement.objects.get().organisation == committee.caf
    assert standing(committee, organisation=committee.epci) == [other]


def test_the_document_of_a_note_goes_with_it_and_stays_with_the_answer(committee, version):
    def an_act():
        upload = SimpleUploadedFile("acte.pdf", PDF, "application/pdf")
        return store(upload, by=committee.caf_member, within=committee.convention)

    first, second = an_act(), an_act()
    noted(committee, version, act=first)
    noted(committee, version, act=second)
    assert StoredFile.objects.get(pk=first.pk).erased_at
    assert StoredFile.objects.of(committee.convention).get() == second
    confirm(committee)
    assert Agreement.objects.get().attachments.get().document == second
    assert not StoredFile.objects.get(pk=second.pk).erased_at


# Falling -------------------------------------------------------------------------------------


def test_a_note_falls_with_its_version(committee, version):
    noted(committee, version)
    committee.edited(version, title="Ouvrir trois espaces")
    assert standing(committee) == []
    given = confirm(committee)
    [(_version, refusal)] = given.refused
    assert "n’est plus celle qui est proposée" in refusal.reason
    assert not Agreement.objects.exists()
    assert NotedAnswer.objects.exists()  # what was typed is not lost


def test_a_note_falls_when_somebody_of_the_party_has_answered(committee, version):
    noted(committee, version)
    colleague = SeatFactory(organisation=committee.caf).user
    answers.answer(Reply(version, Answer.AGENDA), by=colleague)
    assert standing(committee) == []
    [(_version, refusal)] = confirm(committee).refused
    assert f"{colleague} vient de répondre" in refusal.reason
    assert Agreement.objects.get().user == colleague


def test_a_note_falls_with_the_mandate(committee, version):
    noted(committee, version)
    committee.caf_seat.ends_on = yesterday()
    committee.caf_seat.save()
    assert standing(committee) == []
    [(_version, refusal)] = confirm(committee).refused
    assert "Seuls les membres du comité" in refusal.reason
    assert not Agreement.objects.exists()


# Confirming ----------------------------------------------------------------------------------


def test_noted_answers_are_given_in_one_act(committee, version):
    other, third = committee.proposed("Deux"), committee.proposed("Trois")
    committee.agree(version, committee.epci_member)
    day = timezone.localdate() + datetime.timedelta(days=9)
    noted(committee, version)
    noted(committee, other, Answer.CHANGE_REQUESTED, reason="Plus tôt")
    noted(committee, third, Answer.DELIBERATION, body="Bureau", body_date=day, reason="Vote")
    given = confirm(committee)
    assert len(given.written) == 3
    assert given.in_force == [version]
    entries = {entry.version: entry for entry in given.written}
    assert entries[other].reason == "Plus tôt"
    assert (entries[third].body, entries[third].body_date, entries[third].reason) == (
        "Bureau",
        day,
        "Vote",
    )
    assert not NotedAnswer.objects.exists()


def test_a_note_on_what_changed_is_refused_and_the_rest_is_given(committee, version):
    other = committee.proposed("Deux")
    noted(committee, version)
    noted(committee, other)
    drafts.withdraw_version(other, reason="Sans objet", by=committee.coordinator)
    given = confirm(committee)
    assert [entry.version for entry in given.written] == [version]
    assert [refused for refused, _refusal in given.refused] == [other]
    assert NotedAnswer.objects.get().version == other


def test_an_answer_changed_since_it_was_read_is_not_given(committee, version):
    noted(committee, version)
    read = shown(committee)
    noted(committee, version, Answer.CHANGE_REQUESTED, reason="Finalement")
    other = noted(committee, committee.proposed("Noté après"))
    given = confirm_noted(read, by=committee.caf_member, organisation=committee.caf)
    [(_version, refusal)] = given.refused
    assert "dans une autre fenêtre" in refusal.reason
    assert not Agreement.objects.exists()
    assert NotedAnswer.objects.filter(pk=other.pk).exists()


def test_confirming_twice_gives_each_answer_once(committee, version):
    noted(committee, version)
    read = shown(committee)
    for count in (1, 0):
        given = confirm_noted(read, by=committee.caf_member, organisation=committee.caf)
        assert len(given.written) == count
        assert not given.refused
    assert Agreement.objects.count() == 1


def test_nobody_confirms_what_another_has_noted(committee, version):
    noted(committee, version)
    given = confirm_noted(shown(committee), by=committee.epci_member, organisation=committee.epci)
    assert not given.entries
    assert not Agreement.objects.exists()


def test_answers_noted_on_a_dossier_are_kept_and_fall_with_the_dossier(committee, version):
    def of(versions):
        dossier = send_dossier(
            committee.convention, versions, title="Mars", by=committee.coordinator
        )
        note_answers(
            [Reply(v) for v in versions], by=committee.caf_member, organisation=committee.caf,
            dossier=dossier,
        )  # fmt: skip
        return dossier

    dossier = of([version])
    confirm(committee)
    assert Agreement.objects.get().dossier_answer.dossier == dossier
    other = committee.proposed("Deux")
    recalled = of([other])
    recall_dossier(recalled, by=committee.coordinator)
    [(_version, refusal)] = confirm(committee).refused
    assert "vient d’être rappelé" in refusal.reason
    assert Agreement.objects.count() == 1
    # Read again, it is an answer to the point.
    assert [entry.version for entry in confirm(committee).written] == [other]


# Reminding, forgetting -----------------------------------------------------------------------


def test_an_unconfirmed_noted_answer_is_a_task(committee, version):
    def tasks():
        tasks = committee_tasks(committee.caf_member, [committee.convention], timezone.localdate())
        titles = [task.title for task in tasks.get(committee.convention.pk, [])]
        return [title for title in titles if "confirmé" in title]

    assert tasks() == []
    noted(committee, version)
    assert tasks() == [
        "Vous n’avez pas encore confirmé votre réponse notée au nom de la Caf d’Exemple."
    ]
    noted(committee, committee.proposed("Deux"))
    assert tasks() == [
        "Vous n’avez pas encore confirmé vos deux réponses au nom de la Caf d’Exemple."
    ]
    confirm(committee)
    assert tasks() == []


def test_notes_are_reminded_once_after_a_day_with_their_page():
    with at(NOON - datetime.timedelta(days=2)):
        committee = committee_of(**TERM)
        version, other = committee.proposed("Ouvrir un relais"), committee.proposed("Deux")
    mail_sent_at(NOON - datetime.timedelta(days=1))
    with at(NOON):
        noted(committee, version)
        noted(committee, other)
    assert mail_sent_at(after(NOON, hours=23)) == []
    [message] = mail_sent_at(after(NOON, hours=25))
    assert recipients([message]) == {committee.caf_member.email}
    assert "Deux réponses notées attendent votre confirmation" in message.subject
    assert f"/comite/mes-reponses/?pour={committee.caf.pk}" in message.body
    assert mail_sent_at(after(NOON, hours=60)) == []


def test_nobody_is_reminded_of_confirmed_notes():
    with at(NOON - datetime.timedelta(days=2)):
        committee = committee_of(**TERM)
        version = committee.proposed("Ouvrir un relais")
    mail_sent_at(NOON - datetime.timedelta(days=1))
    with at(NOON):
        noted(committee, version)
    with at(after(NOON, hours=2)):
        confirm(committee)
    assert committee.caf_member.email not in recipients(mail_sent_at(after(NOON, hours=25)))


def test_the_notes_of_an_erased_account_are_deleted(committee, version):
    noted(committee, version)
    forget_notes_of(committee.caf_member)
    assert not NotedAnswer.objects.exists()


def test_a_lapsed_note_is_deleted_a_month_later_with_its_document(committee, version):
    act = store(SimpleUploadedFile("acte.pdf", PDF), by=committee.caf_member)
    noted(committee, version, act=act)
    standing = committee.proposed("Former")
    noted(committee, standing)
    drafts.withdraw_version(version, reason="Non", by=committee.coordinator)
    with at(timezone.now() + datetime.timedelta(days=29)):
        forget_lapsed_notes()
    assert NotedAnswer.objects.count() == 2
    with at(timezone.now() + datetime.timedelta(days=31)):
        forget_lapsed_notes()
        forget_lapsed_notes()
    assert [note.version for note in NotedAnswer.objects.all()] == [standing]
    assert StoredFile.objects.get(pk=act.pk).erased_at


def test_a_lapsed_note_stays_while_another_version_of_the_point_is_proposed(committee, version):
    """The party that was about to say something of it is not silent."""
    noted(committee, version)
    edited = committee.edited(version, title="Ouvrir trois espaces")
    with at(timezone.now() + datetime.timedelta(days=31)):
        forget_lapsed_notes()
        assert NotedAnswer.objects.exists()
        drafts.withdraw_version(edited, reason="Non", by=committee.coordinator)
        forget_lapsed_notes()
    assert not NotedAnswer.objects.exists()
