"""An agreement received outside the portal is recorded with its proof, for who commits a party."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers import rights as answers_rights
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Agreement, State
from agreements.seats.voices import bench_of
from committee.points import rights as points_rights
from documents.models import StoredFile
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.answers.test_acts import has_form, page_text, pdf
from tests.committee.dossiers.scene import messages_of, seen_text
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed()


@pytest.fixture
def coordination(committee, client):
    client.force_login(committee.coordinator)
    return client


def url(version) -> str:
    return reverse("committee:record", args=[version.convention.slug, version.pk])


def seats(response) -> list:
    return list(response.context["form"].seats.values())


def data(page, seat, **values) -> dict:
    last_ranks = page.context["form"]["last_ranks"].value()
    today = timezone.localdate().isoformat()
    return {
        "seat": seat.pk,
        "received_on": today,
        "evidence": pdf(),
        "last_ranks": last_ranks,
    } | values


def test_the_coordinator_records_for_a_member_with_the_proof(committee, version, coordination):
    page = coordination.get(url(version))
    assert seats(page) == [committee.caf_seat, committee.epci_seat]
    assert "quand une personne qui engage cet organisme l’aura confirmé" in seen_text(page)
    after = coordination.post(url(version), data(page, committee.caf_seat), follow=True)
    entry = Agreement.objects.get()
    assert (entry.user, entry.entered_by) == (committee.caf_member, committee.coordinator)
    assert entry.is_recorded
    assert entry.attachments.get().document.name == "accord.pdf"
    [message] = messages_of(after)
    assert message.startswith(f"L’accord de {committee.caf_seat.name} est enregistré.")
    assert message.endswith(
        f"Il comptera quand une personne qui engage {committee.caf.the} l’aura confirmé."
    )


def test_the_coordinator_records_for_a_member_without_account(committee, version, coordination):
    seat = SeatFactory(organisation=committee.caf, user=None)
    page = coordination.get(url(version))
    assert "Jeanne Sans-Compte" in page_text(page)
    [message] = messages_of(coordination.post(url(version), data(page, seat), follow=True))
    assert message.startswith("L’accord de Jeanne Sans-Compte est enregistré. Il comptera quand")


def test_the_last_agreement_recorded_counts_once_it_is_confirmed(
    committee, version, coordination, client
):
    committee.agree(version, committee.epci_member)
    page = coordination.get(url(version))
    coordination.post(url(version), data(page, committee.caf_seat))
    version.refresh_from_db()
    assert version.state == State.PROPOSED
    entry = Agreement.objects.recorded().get()
    client.force_login(committee.caf_member)
    point = client.get(reverse("committee:point", args=[version.convention.slug, version.pk]))
    confirm = reverse("committee:confirm", args=[version.convention.slug, entry.pk])
    assert "à confirmer : il ne compte pas encore" in seen_text(point)
    assert f'href="{confirm}"' in page_text(point)
    assert "accord.pdf" in seen_text(client.get(confirm))
    after = client.post(confirm, follow=True)
    assert messages_of(after)[0].startswith("L’accord est confirmé. En vigueur depuis le")
    version.refresh_from_db()
    assert version.state == State.IN_FORCE
    assert "confirmé par la personne elle-même" in seen_text(after)


def test_a_reader_records_nothing_for_a_colleague(committee, version, client):
    """The point was in force at once with a picture of one point as evidence."""
    committee.agree(version, committee.epci_member)
    client.force_login(MembershipFactory(organisation=committee.caf, reader=True).user)
    page = client.get(url(version))
    assert answers_rights.NOT_A_COLLEAGUE.reason in seen_text(page)
    client.post(url(version), {"seat": committee.caf_seat.pk, "evidence": pdf()})
    assert not Agreement.objects.recorded().exists()


def test_a_colleague_records_for_their_own_organisation_only(committee, version, client):
    colleague = SeatFactory(organisation=committee.caf, adviser=True).user
    client.force_login(colleague)
    page = client.get(url(version))
    assert seats(page) == [committee.caf_seat]
    assert "checked" in page_text(page)  # the only one there is
    forged = client.post(url(version), data(page, committee.epci_seat))
    assert "Ce siège n’engage plus son organisme" in seen_text(forged)
    assert not Agreement.objects.exists()
    assert not StoredFile.objects.exists()
    client.post(url(version), data(page, committee.caf_seat))
    assert Agreement.objects.get().entered_by == colleague


def test_a_substitute_is_offered_only_when_the_seat_is_empty(committee, version, coordination):
    substitute = SeatFactory(organisation=committee.caf, substitute=True)
    assert substitute not in seats(coordination.get(url(version)))
    committee.caf_seat.ends_on = timezone.localdate() - datetime.timedelta(days=1)
    committee.caf_seat.save()
    assert seats(coordination.get(url(version))) == [substitute, committee.epci_seat]


@pytest.mark.parametrize(("values", "mistake"), [
    ({"received_on": "2999-01-01"}, "ne peut pas être reçue à une date à venir"),
    ({"received_on": ""}, "Ce champ est obligatoire"),
    ({"received_on": "hier"}, "date"),
    ({"evidence": ""}, "Ce champ est obligatoire"),
    ({"evidence": pdf("accord.exe")}, "ne sont pas acceptés"),
    ({"seat": ""}, "Ce champ est obligatoire"),
])  # fmt: skip
def test_a_mistake_in_the_record_asks_for_the_file_again(
    committee, version, coordination, values, mistake
):
    page = coordination.get(url(version))
    back = coordination.post(url(version), data(page, committee.caf_seat) | values)
    assert mistake in seen_text(back)
    assert "Choisissez de nouveau le fichier" in seen_text(back)
    assert not Agreement.objects.exists()


def test_an_answer_given_meanwhile_stands(committee, version, coordination):
    page = coordination.get(url(version))
    answers.answer(Reply(version, "change_requested", reason="Non"), by=committee.caf_member)
    back = coordination.post(url(version), data(page, committee.caf_seat))
    assert f"{committee.caf_member} vient de répondre" in seen_text(back)
    # What came after it is recorded beside it.
    coordination.post(url(version), data(coordination.get(url(version)), committee.caf_seat))
    point = point_of(version)
    assert point.last_answers[committee.caf.pk].answer == "change_requested"
    assert point.recorded[committee.caf.pk].answer == "agreed"


def test_the_button_pressed_twice_records_once(committee, version, coordination):
    page = coordination.get(url(version))
    for _ in range(2):
        back = coordination.post(url(version), data(page, committee.caf_seat))
    assert f"{committee.caf_member} vient de répondre" in seen_text(back)
    assert Agreement.objects.count() == 1


def test_a_record_for_a_mandate_that_ended_meanwhile_is_refused(committee, version, coordination):
    page = coordination.get(url(version))
    committee.caf_seat.ends_on = timezone.localdate() - datetime.timedelta(days=1)
    committee.caf_seat.save()
    back = coordination.post(url(version), data(page, committee.caf_seat))
    assert "Ce siège n’engage plus son organisme" in seen_text(back)
    assert not Agreement.objects.exists()


def test_a_person_without_the_right_to_record_reads_the_reason(committee, version, client):
    client.force_login(SeatFactory(organisation=committee.epci, advisory=True).user)
    outsider = MembershipFactory(organisation__convention=committee.convention, reader=True).user
    client.force_login(outsider)
    page = client.get(url(version))
    assert answers_rights.NOT_A_COLLEAGUE.reason in seen_text(page)
    assert not has_form(page)
    client.post(url(version), {"seat": committee.caf_seat.pk, "evidence": pdf()})
    assert not StoredFile.objects.exists()


def test_without_a_member_to_record_for_the_page_says_so(committee, version, coordination):
    for seat in (committee.caf_seat, committee.epci_seat):
        seat.ends_on = timezone.localdate() - datetime.timedelta(days=1)
        seat.save()
    page = coordination.get(url(version))
    assert "Aucun membre ne peut donner son accord aujourd’hui" in seen_text(page)
    assert not has_form(page)


def test_recordable_seats_are_those_that_the_right_lets_record(committee, version):
    """The list for many is the question for one, asked of each."""
    SeatFactory(organisation=committee.caf, user=None)
    SeatFactory(organisation=committee.epci, substitute=True)
    other = SeatFactory(organisation__convention=committee.convention)
    MembershipFactory(organisation=committee.epci, user=committee.caf_member, reader=True)
    SeatFactory(organisation=committee.epci, user=committee.caf_member)
    later = Reply(version, "deliberation", body="Bureau", body_date=timezone.localdate())
    # Who cannot then speak for the other party.
    answers.answer(later, by=committee.caf_member, organisation=committee.caf)
    people = [
        committee.coordinator,
        committee.caf_member,
        committee.epci_member,
        other.user,
        MembershipFactory(organisation=committee.caf, reader=True).user,
    ]
    bench, point = bench_of(committee.convention, timezone.localdate()), point_of(version)
    allowed = []
    for user in people:
        one_by_one = [
            seat
            for seat in bench.seats
            if bench.commits(seat)
            and answers_rights.may_record(user, bench.voice_from(seat), point, bench) is None
        ]
        many = answers_rights.recordable_seats(user, bench, point)
        assert {seat.pk for seat in many} == {seat.pk for seat in one_by_one}
        assert (points_rights.may_record_some(user, bench, point) is None) == bool(many)
        allowed.append(len(many))
    assert allowed[0] > allowed[2] > allowed[3] == 0
