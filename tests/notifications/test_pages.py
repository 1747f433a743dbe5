"""News on pages: what is new since one came last; for the coordinator, whom no message reaches."""

import datetime

import html5lib
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import STATUS, Email

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from conventions.models import Membership
from notifications.models import Notice
from notifications.reading import new_since_last_visit, undelivered
from notifications.sending import send_due_mail
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import on_one_line

pytestmark = pytest.mark.django_db
SINCE = "Depuis votre dernière visite"


@pytest.fixture
def committee():
    cache.clear()
    return committee_of()


@pytest.fixture
def returned(committee):
    """A change has been asked for, and can no longer be undone; the coordinator is to know, and
    came last an hour before."""
    version = committee.proposed("Ouvrir un relais")
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Trop tard")
    answers.answer(reply, by=committee.caf_member)
    Notice.objects.update(not_before=timezone.now())
    send_due_mail()
    came_last(committee.coordinator)
    return version


def read(response) -> str:
    html = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    return on_one_line(text_of(html))


def came_last(user, **ago):
    user.previous_login = timezone.now() - datetime.timedelta(**(ago or {"hours": 1}))
    user.save()


def dashboard(client, committee, user) -> str:
    client.force_login(user)
    user.refresh_from_db()
    return read(client.get(f"/conventions/{committee.convention.slug}/"))


# Since one came last ---------------------------------------------------------------------------


def test_log_in_remembers_the_one_before(client, committee):
    user = committee.coordinator
    login = {"login": user.email, "password": f.PASSWORD}
    client.post("/connexion/", login)
    user.refresh_from_db()
    assert user.previous_login is None
    first = user.last_login
    client.post("/deconnexion/")
    cache.clear()
    client.post("/connexion/", login)
    user.refresh_from_db()
    assert user.previous_login == first
    assert user.last_login > first


def test_dashboard_tells_what_others_did_with_its_link(client, committee, returned):
    client.force_login(committee.coordinator)
    came_last(committee.coordinator)
    response = client.get(f"/conventions/{committee.convention.slug}/")
    text = read(response)
    assert SINCE in text
    assert "Une modification est demandée : « Ouvrir un relais »" in text
    assert "La Caf d’Exemple demande une modification de la version 1" in text
    assert f'href="/conventions/{committee.convention.slug}/comite/points/{returned.pk}/"' in (
        response.content.decode()
    )


def test_a_first_visit_shows_no_news_and_news_already_known_is_not_shown(
    client, committee, returned
):
    assert SINCE not in dashboard(client, committee, committee.caf_member)
    committee.coordinator.previous_login = committee.coordinator.last_login = None
    committee.coordinator.save()
    assert SINCE not in dashboard(client, committee, committee.coordinator)
    came_last(committee.coordinator, hours=-1)
    assert new_since_last_visit(committee.coordinator, scope(committee)) == []


def scope(committee) -> str:
    return f"convention:{committee.convention.pk}"


def test_a_point_awaiting_an_answer_is_a_task_and_no_news(committee, returned):
    f.MembershipFactory(user=committee.caf_member, organisation=committee.caf, role="coordinator")
    committee.proposed("Deux")
    send_due_mail()
    came_last(committee.caf_member)
    assert Notice.objects.to(committee.caf_member).exists()
    assert new_since_last_visit(committee.caf_member, scope(committee)) == []


def test_an_act_of_the_reader_is_no_news(committee):
    f.MembershipFactory(user=committee.caf_member, organisation=committee.caf, role="coordinator")
    reply = Reply(committee.proposed(), Answer.CHANGE_REQUESTED, reason="Trop tard")
    answers.answer(reply, by=committee.caf_member)
    Notice.objects.update(not_before=timezone.now())
    send_due_mail()
    came_last(committee.caf_member)
    assert Notice.objects.to(committee.caf_member).filter(is_own=True).exists()
    assert new_since_last_visit(committee.caf_member, scope(committee)) == []


def test_a_few_are_shown_the_latest_first(committee, returned):
    for n in range(7):
        moment = timezone.now() - datetime.timedelta(minutes=n)
        Notice.objects.create(
            user=committee.coordinator, kind="gone", about=str(n), scope=scope(committee),
            scope_label="CTG", title=f"Nouvelle {n}", link="/ailleurs/", since=moment,
            not_before=moment,
        )  # fmt: skip
    Notice.objects.exclude(kind="gone").delete()
    shown = new_since_last_visit(committee.coordinator, scope(committee))
    assert [notice.title for notice in shown] == [f"Nouvelle {n}" for n in range(5)]
    # Of a kind that is gone its title stays, no link to nowhere.
    assert {notice.link for notice in shown} == {""}


def test_a_user_who_left_the_convention_reads_no_news(committee, returned):
    assert len(new_since_last_visit(committee.coordinator, scope(committee))) == 1
    Membership.objects.filter(user=committee.coordinator).update(ended_at=timezone.now())
    assert new_since_last_visit(committee.coordinator, scope(committee)) == []


# Whom no message reaches -----------------------------------------------------------------------


def email(address, status, **ago):
    message = Email.objects.create(
        from_email="portail@ctg.example", to=[address], subject="S", message="M", status=status
    )
    moment = timezone.now() - datetime.timedelta(**ago)
    Email.objects.filter(pk=message.pk).update(last_updated=moment)


def test_undelivered_messages_are_shown_to_the_coordinator(client, committee):
    email(committee.caf_member.email, STATUS.failed, hours=1)
    offer = f.MembershipOfferFactory(organisation=committee.caf)
    email(offer.invitation.email.upper(), STATUS.failed, hours=2)
    email("ailleurs@exemple.fr", STATUS.failed, hours=1)
    note = "Le dernier message n’a pas pu être remis à"
    assert note not in dashboard(client, committee, committee.caf_member)
    text = dashboard(client, committee, committee.coordinator)
    assert f"{note} {committee.caf_member} et {offer.invitation.email} : vérifiez l’adresse" in text
    page = read(client.get(f"/conventions/{committee.convention.slug}/acces/"))
    assert "2 personnes n’ont pas reçu notre dernier message" in page
    assert f"{committee.caf_member.email} ({committee.caf_member}) : abandonné le" in page
    assert "ailleurs@exemple.fr" not in page


def test_a_later_message_that_arrived_or_one_still_tried_is_no_matter(committee):
    first, second = committee.caf_member.email, committee.epci_member.email
    email(first, STATUS.failed, hours=2)
    email(second, STATUS.requeued, hours=2)
    assert set(undelivered()) == {first}
    email(first, STATUS.sent, hours=1)
    assert undelivered() == {}
    email(first, STATUS.failed, minutes=1)
    assert set(undelivered()) == {first}


def test_reading_undelivered_messages_takes_one_query():
    with CaptureQueriesContext(connection) as captured:
        assert undelivered() == {}
    assert len(captured) == 1
