"""What the committee tells on the dashboard: as whom one speaks, what is due, its calendar."""

import datetime

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from committee.dossiers.models import Dossier, DossierPoint
from committee.points.dashboard import committee_deadlines, committee_voices
from committee.points.tasks import committee_tasks
from conventions.access.viewer import Viewer
from ctg_portal.house import Blocks
from ctg_portal.templatetags.french import long_date
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


def voices(committee, user):
    return list(committee_voices(user, committee.convention, timezone.localdate()))


def tasks(committee, user, today=None):
    by_convention = committee_tasks(user, [committee.convention], today or timezone.localdate())
    return by_convention.get(committee.convention.pk, [])


def calendar(committee, user, today=None):
    day = today or timezone.localdate()
    by_convention = committee_deadlines(user, [committee.convention], day)
    return [(deadline.day, deadline.text) for deadline in by_convention[committee.convention.pk]]


def soon(days=10):
    return timezone.localdate() + datetime.timedelta(days=days)


def dossier_of(committee, *versions, answer_by):
    dossier = Dossier.objects.create(
        convention=committee.convention, title="Petite enfance", answer_by=answer_by,
        sent_by=committee.coordinator, sent_by_name="Camille",
    )  # fmt: skip
    for rank, version in enumerate(versions):
        DossierPoint.objects.create(dossier=dossier, version=version, rank=rank)
    return dossier


def test_a_member_reads_for_whom_she_answers_and_who_has_agreed(committee):
    points = [committee.proposed() for _ in range(3)]
    assert voices(committee, committee.caf_member) == ["Vous répondez pour la Caf d’Exemple."]
    answers.answer(Reply(points[0]), by=committee.epci_member)
    [sentence] = voices(committee, committee.caf_member)
    assert sentence.startswith("Vous répondez pour la Caf d’Exemple ; ")
    assert sentence.endswith(" est déjà d’accord sur un de ces points.")
    for point in points[1:]:
        answers.answer(Reply(point), by=committee.epci_member)
    assert voices(committee, committee.caf_member)[0].endswith("d’accord sur tous ces points.")


def test_an_adviser_reads_their_role_and_who_sits_nowhere_reads_none(committee):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    advisory = SeatFactory(organisation=committee.epci, advisory=True).user
    assert voices(committee, adviser) == ["Vous instruisez les points pour la Caf d’Exemple."]
    [sentence] = voices(committee, advisory)
    assert sentence.startswith("Vous siégez à titre consultatif pour ")
    assert voices(committee, committee.coordinator) == []


def test_answer_blocks_the_others_since_the_point_is_proposed(committee):
    version = committee.proposed()
    [task] = tasks(committee, committee.caf_member)
    assert task.blocks == Blocks.EVERYBODY
    assert task.since == timezone.localtime(version.proposed_at).date()
    assert (task.due, task.headline) == (None, "Un point attend votre réponse")


def test_answer_is_due_when_the_dossier_says(committee):
    points = [committee.proposed() for _ in range(2)]
    dossier_of(committee, *points, answer_by=soon())
    [task] = tasks(committee, committee.caf_member)
    assert task.due == soon()
    assert task.headline == f"Deux points attendent votre réponse avant le {long_date(soon())}"
    [task] = tasks(committee, committee.caf_member, today=soon(11))
    assert (task.due, task.headline) == (soon(), "Deux points attendent votre réponse")
    committee.proposed()
    [task] = tasks(committee, committee.caf_member)
    sentence = f"Trois points attendent votre réponse, dont deux avant le {long_date(soon())}"
    assert task.headline == sentence
    expected = [(soon(), "Réponses attendues sur « Petite enfance »")]
    assert calendar(committee, committee.caf_member) == expected
    assert calendar(committee, committee.caf_member, today=soon(11)) == []


def test_who_speaks_for_two_reads_for_whom(committee):
    user = committee.caf_member
    f.MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    committee.proposed()
    headlines = [task.headline for task in tasks(committee, user)]
    assert headlines[0] == "Un point attend la réponse de la Caf d’Exemple"
    assert len(set(headlines)) == 2


def test_deliberations_announced_are_in_the_calendar(committee):
    for _ in range(2):
        deliberation = Reply(
            committee.proposed(), Answer.DELIBERATION, body="Conseil", body_date=soon()
        )
        answers.answer(deliberation, by=committee.caf_member)
    sentence = "Délibération de la Caf d’Exemple (Conseil) sur 2\u00a0points"
    for user in (committee.coordinator, committee.epci_member):
        assert calendar(committee, user) == [(soon(), sentence)]


def test_mandates_that_end_are_in_the_calendar(committee):
    seat = committee.caf_seat
    seat.ends_on = soon()
    seat.save()
    expected = [(soon(), f"Fin du mandat de {seat.name}, pour la Caf d’Exemple")]
    assert calendar(committee, committee.coordinator) == expected
    assert calendar(committee, committee.coordinator, today=soon(11)) == []


def test_calendar_takes_as_many_queries_for_many(committee, django_assert_num_queries):
    both = [committee.convention, committee_of().convention]
    today = timezone.localdate()
    for some in (both[:1], both):
        viewer = Viewer(committee.coordinator, some)
        for convention in some:
            convention.viewer = viewer
        with django_assert_num_queries(7):
            committee_deadlines(committee.coordinator, some, today)
        # What it has read, the tasks do not read again; the dossiers, a request keeps.
        with django_assert_num_queries(1):
            committee_tasks(committee.coordinator, some, today)
