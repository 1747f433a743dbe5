"""What the committee brings to the dashboard, to "Mes conventions" and to the menu."""

import datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import discussed_in, points_of, required_of
from agreements.models import Agreement, Answer, Version
from agreements.versions import events as drafts
from committee.points.tasks import committee_tasks
from ctg_portal.templatetags.french import de
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of, yesterday
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


def tasks(committee, user, today=None) -> list[tuple[str, str, str]]:
    """(title, address below the committee, button) of what awaits the person."""
    by_convention = committee_tasks(user, [committee.convention], today or timezone.localdate())
    root = reverse("committee:points", args=[committee.convention.slug])
    return [
        (task.title, task.url.removeprefix(root), task.button)
        for task in by_convention.get(committee.convention.pk, [])
    ]


def ask_change(version, by):
    answers.answer(Reply(version, Answer.CHANGE_REQUESTED, reason="Plus tôt"), by=by)


def record(committee, version):
    return answers.record(
        version, committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip


# Answers -------------------------------------------------------------------------------------


def test_points_that_await_my_party_are_one_task(committee):
    committee.proposed()
    awaited = ("Un point attend la réponse de la Caf d’Exemple.", "", "Répondre")
    assert tasks(committee, committee.caf_member) == [awaited]
    for _ in range(2):
        committee.proposed()
    [(title, _url, _button)] = tasks(committee, committee.caf_member)
    assert title == "Trois points attendent la réponse de la Caf d’Exemple."
    [task] = committee_tasks(committee.caf_member, [committee.convention], timezone.localdate())[
        committee.convention.pk
    ]
    assert task.count == 3


def test_what_is_answered_returned_put_off_or_withdrawn_is_no_task(committee):
    member = committee.caf_member
    committee.agree(committee.proposed(), member)
    ask_change(committee.proposed(), committee.epci_member)
    day = timezone.localdate() + datetime.timedelta(days=3)
    deliberation = Reply(committee.proposed(), Answer.DELIBERATION, body="Bureau", body_date=day)
    answers.answer(deliberation, by=member)
    drafts.withdraw_version(committee.proposed(), reason="Non", by=committee.coordinator)
    committee.draft()
    assert tasks(committee, member) == []
    # The délibération has taken place: the answer is awaited again.
    [(title, _url, _button)] = tasks(committee, member, day + datetime.timedelta(days=1))
    assert title.startswith("Un point attend")


def test_a_task_is_for_who_may_answer_today_and_for_nobody_else(committee):
    committee.proposed()
    organisation = committee.caf
    delegate = DelegationFactory(seat=committee.caf_seat).user
    of_articles = DelegationFactory(seat=committee.caf_seat, kinds=["article"]).user
    substitute = SeatFactory(organisation=organisation, substitute=True).user
    reader = f.MembershipFactory(organisation=organisation, reader=True).user
    assert len(tasks(committee, delegate)) == 1
    for user in (of_articles, substitute, reader, committee.coordinator):
        assert tasks(committee, user) == []
    committee.caf_seat.ends_on = yesterday()
    committee.caf_seat.save()
    assert len(tasks(committee, substitute)) == 1
    assert tasks(committee, committee.caf_member) == tasks(committee, delegate) == []


def test_who_speaks_for_two_has_a_task_for_each_with_its_own_address(committee):
    user = committee.caf_member
    f.MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    version = committee.proposed()
    assert [(title[:38], url) for title, url, _ in tasks(committee, user)] == [
        ("Un point attend la réponse de la Caf d", f"?pour={committee.caf.pk}"),
        ("Un point attend la réponse d’Exemple a", f"?pour={committee.epci.pk}"),
    ]
    # Having spoken for one, one does not speak for the other.
    answers.answer(Reply(version), by=user, organisation=committee.caf)
    assert tasks(committee, user) == []


# Coordination --------------------------------------------------------------------------------


def test_points_that_came_back_are_the_coordinator_s(committee):
    assert tasks(committee, committee.coordinator) == []
    for _ in range(2):
        ask_change(committee.proposed(), committee.caf_member)
    assert tasks(committee, committee.coordinator) == [
        ("Deux points sont revenus à la coordination.", "?etat=retournes", "Les reprendre")
    ]


def test_a_party_for_which_nobody_answers_is_a_task(committee):
    for seat in (committee.epci_seat, committee.caf_seat):
        seat.ends_on = yesterday()
        seat.save()
    both = "Aucun membre pour la Caf d’Exemple et Exemple agglomération"
    text = f"{both} : personne ne peut répondre en leur nom."
    assert tasks(committee, committee.coordinator) == [(text, "composition/", "Compléter")]
    committee.proposed()
    text = f"{both} : leurs points attendent."
    assert tasks(committee, committee.coordinator) == [(text, "composition/", "Compléter")]
    SeatFactory(organisation=committee.caf)
    text = "Aucun membre pour Exemple agglomération : ses points attendent."
    assert tasks(committee, committee.coordinator) == [(text, "composition/", "Compléter")]
    assert tasks(committee, committee.epci_member) == []


@pytest.mark.parametrize(
    ("state", "is_missed"),
    [({}, True), ({"project": True}, False), ({"ended": True}, False)],
    ids=["running", "project", "ended"],
)
def test_a_party_is_missed_from_the_signature_to_the_end_of_the_term(state, is_missed):
    convention = f.ConventionFactory(**state)
    organisation = f.OrganisationFactory(convention=convention)
    f.PartyFactory(organisation=organisation, agreement_required=True)
    coordinator = f.MembershipFactory(organisation=organisation, coordinator=True).user
    reader = f.MembershipFactory(organisation=organisation, reader=True).user
    by_convention = committee_tasks(coordinator, [convention], timezone.localdate())
    titles = [task.title for task in by_convention.get(convention.pk, [])]
    missed = f"Aucun membre pour {organisation.the} : personne ne peut répondre en son nom."
    assert titles == ([missed] if is_missed else [])
    assert committee_tasks(reader, [convention], timezone.localdate()) == {}
    # A signatory whose agreement nothing waits for is not missed.
    organisation.party.agreement_required = False
    organisation.party.save()
    assert committee_tasks(coordinator, [convention], timezone.localdate()) == {}


def test_what_still_waits_after_the_term_has_its_party_missed(committee):
    committee.proposed()
    committee.convention.end = yesterday()
    committee.caf_seat.ends_on = yesterday()
    committee.caf_seat.save()
    text = "Aucun membre pour la Caf d’Exemple : ses points attendent."
    assert tasks(committee, committee.coordinator) == [(text, "composition/", "Compléter")]


# Recorded for one's party --------------------------------------------------------------------


def test_who_may_confirm_what_was_recorded_is_asked_to(committee):
    version = committee.proposed("Ouvrir deux espaces")
    entry = record(committee, version)
    answer, task = tasks(committee, committee.caf_member)
    assert answer[0] == "Un point attend la réponse de la Caf d’Exemple."
    assert task == (
        f"{committee.coordinator} a saisi un accord {de(committee.caf_seat.name)} sur « Ouvrir deux"
        f" espaces » : confirmez-le, ou dites que ce n’est pas la réponse "
        f"{committee.caf.genitive}.",
        f"points/{version.pk}/",
        "Vérifier",
    )
    assert len(tasks(committee, committee.epci_member)) == 1  # its own answer
    answers.refuse_all([entry], by=committee.caf_member)
    assert tasks(committee, committee.caf_member) == [answer]
    assert not Agreement.objects.to_confirm().exists()


# Pages, menu ---------------------------------------------------------------------------------


def test_the_dashboard_and_the_menu_lead_to_the_committee(committee, client):
    committee.proposed()
    client.force_login(committee.caf_member)
    html = client.get(committee.convention.get_absolute_url()).content.decode()
    text = unescape(text_of(html))
    points = reverse("committee:points", args=[committee.convention.slug])
    assert "Un point attend votre réponse Vous répondez pour la Caf d’Exemple." in text
    assert f'<a class="btn btn-primary" href="{points}">Répondre</a>' in html
    assert f'<a href="{points}">Comité de pilotage</a>' in html
    assert "Un point attend la réponse" in unescape(
        text_of(client.get(reverse("conventions:list")).content.decode())
    )


@pytest.mark.parametrize("page", ["register", "composition"])
def test_the_chapter_is_marked_in_the_menu_on_each_of_its_pages(committee, client, page):
    client.force_login(committee.caf_member)
    points = reverse("committee:points", args=[committee.convention.slug])
    html = client.get(reverse(f"committee:{page}", args=[committee.convention.slug])).content
    assert f'<a href="{points}" aria-current="true">' in html.decode()
    assert f'<a href="{points}" aria-current="page">' in client.get(points).content.decode()


# In bulk -------------------------------------------------------------------------------------


def test_points_read_for_several_conventions_stand_as_those_read_for_one(committee):
    other = committee_of()
    for each in (committee, other):
        ask_change(each.proposed(), each.caf_member)
        each.agree(each.proposed(), each.epci_member)
        each.proposed()
        each.in_force()
    today = timezone.localdate()
    by_convention = discussed_in([committee.convention, other.convention])
    for each in (committee, other):
        versions = Version.objects.of(each.convention).proposed().order_by("pk")
        singly = points_of(versions, required_of(each.convention))
        assert len(singly) == 3

        def stand(points, each=each):
            return [
                (p.version, p.required, p.answers, p.is_returned, p.awaits(each.caf, today))
                for p in points
            ]

        assert stand(by_convention[each.convention.pk]) == stand(singly)


def test_tasks_of_twelve_conventions_ask_the_queries_of_one(committee):
    user = committee.caf_member

    def count(conventions) -> int:
        with CaptureQueriesContext(connection) as queries:
            committee_tasks(user, conventions, timezone.localdate())
        return len(queries)

    committee.proposed()
    record(committee, committee.proposed())
    ask_change(committee.proposed(), committee.epci_member)
    f.MembershipFactory(organisation=committee.caf, coordinator=True, user=user)
    each = count([committee.convention])
    conventions = [committee.convention]
    for _ in range(11):
        other = committee_of()
        f.MembershipFactory(organisation=other.caf, coordinator=True, user=user)
        SeatFactory(organisation=other.epci, user=user)
        other.proposed()
        ask_change(other.proposed(), other.caf_member)
        conventions.append(other.convention)
    assert count(conventions) == each
    by_convention = committee_tasks(user, conventions, timezone.localdate())
    assert len(by_convention) == 12
