"""A year of meetings in the browser: convened, answered on a telephone, held by two people, its
minutes approved, a decision followed up on the next agenda."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from agreements.models import Agreement, Version
from committee.meetings import agenda, bodies, events
from committee.models import Decision, Meeting
from conventions.models import Convention
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.long]

COMMITTEE = "/conventions/grand-chatellerault/comite/"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def prepared_meeting() -> Meeting:
    """A meeting of the demonstration in forty days, about three points that await both parties."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    by = {"by": User.objects.get(email="coordination@demo.example")}
    meeting = events.prepare_meeting(
        convention, bodies.body_of(convention, "steering"),
        day=timezone.localdate() + datetime.timedelta(days=40),
        begins_at=datetime.time(0, 5), ends_at=datetime.time(23, 55), place="Mairie", **by,
    )  # fmt: skip
    answered = Agreement.objects.values("version")
    versions = Version.objects.of(convention).proposed().exclude(pk__in=answered)
    agenda.add_item(
        meeting, title="Les points du dossier", kind="decision", minutes=40,
        versions=list(versions.filter(kind="objective").order_by("pk")[:3]), **by,
    )  # fmt: skip
    agenda.add_item(meeting, title="Questions diverses", kind="information", minutes=10, **by)
    return meeting


def test_a_meeting_is_convened_held_by_two_people_and_minuted(visit):
    meeting = prepared_meeting()
    coordination, member = visit("coordination", WIDE), visit("copil-caf", NARROW)
    convene_and_answer(coordination, member, meeting)
    amend_in_session(coordination, meeting)
    agree_but_for_one(coordination, member, meeting)
    decide_and_close(coordination.page, meeting)
    submit_minutes(coordination, member, meeting)
    prepare_the_next(coordination, meeting)


def address_of(meeting: Meeting) -> str:
    return f"{COMMITTEE}reunions/{meeting.pk}/"


def convene_and_answer(coordination, member, meeting) -> None:
    """Convene the meeting, answer on a telephone; on the day, tick who is there by name."""
    desk, phone, page_of = coordination.page, member.page, address_of(meeting)
    coordination.go(page_of)
    desk.get_by_role("link", name="Relire et convoquer").click()
    send(desk, button(desk, "Convoquer"))
    member.go(page_of)
    send(phone, button(phone, "Je viens"))
    expect(phone.get_by_role("main")).to_contain_text("vous venez")
    Meeting.objects.filter(pk=meeting.pk).update(day=timezone.localdate())
    coordination.go(page_of)
    desk.get_by_role("link", name="Ouvrir la séance").click()
    coordination.title_is("Les points du dossier")
    desk.get_by_text("Noter une arrivée ou un départ").click()
    for row in meeting.attendees.filter(commits=True):
        desk.get_by_label(re.compile(re.escape(row.name))).check()
    send(desk, button(desk, "Enregistrer les présences"))
    assert faults(desk) == []
    assert desk.evaluate(OVERFLOW) == 0


def amend_in_session(coordination, meeting) -> None:
    """Write the next version of a text, from the session and back to it."""
    desk = coordination.page
    amended = meeting.items.get(rank=1).versions.order_by("proposed_at", "pk").first()
    desk.get_by_text("Le texte", exact=True).first.click()
    desk.get_by_role("link", name=re.compile("^Modifier le texte")).first.click()
    desk.get_by_label("Intitulé").fill("Un lieu ouvert le samedi")
    send(desk, button(desk, "Proposer"))
    coordination.title_is("Les points du dossier")
    expect(desk.get_by_role("main")).to_contain_text("Un lieu ouvert le samedi")
    assert amended.pk not in meeting.items.get(rank=1).versions.values_list("pk", flat=True)


def agree_but_for_one(coordination, member, meeting) -> None:
    """« D'accord de la Caf sur les points, sauf un », confirmed on her telephone; the page
    projected sees it by itself."""
    desk, phone, page_of = coordination.page, member.page, address_of(meeting)
    desk.get_by_role("link", name=re.compile("^Noter son accord")).first.click()
    desk.get_by_role("checkbox").last.uncheck()
    desk.get_by_role("radio").first.check()
    send(desk, button(desk, "Noter l’accord"))
    lights = desk.get_by_text("recueilli, à confirmer")
    expect(lights).to_have_count(2)
    member.go(f"{page_of}seance/")
    assert faults(phone) == []
    assert phone.evaluate(OVERFLOW) == 0
    phone.get_by_role("link", name="Je confirme pour").click()
    assert phone.evaluate(OVERFLOW) == 0
    send(phone, button(phone, "Je confirme pour"))
    expect(phone.get_by_role("main")).to_contain_text("C’est confirmé")
    expect(lights).to_have_count(0, timeout=15000)


def decide_and_close(desk, meeting) -> None:
    """Write a decision, saved while it is typed, take it, and close the session."""
    desk.get_by_label("Décision en cours").fill("Le relais ouvre en mars.")
    desk.get_by_label("Décision en cours").blur()
    expect(desk.locator("#enregistrement")).to_contain_text("Enregistré à")
    desk.get_by_text("Qui en est chargé").click()
    desk.get_by_label("Pour le").fill(str(timezone.localdate() + datetime.timedelta(days=60)))
    send(desk, button(desk, "Acter la décision"))
    decision = Decision.objects.get(meeting=meeting)
    expect(desk.get_by_role("main")).to_contain_text(f"C’est la décision {decision.mark}")
    desk.get_by_role("link", name="Clore la séance").click()
    expect(desk.get_by_label("Questions diverses")).to_be_checked()
    send(desk, button(desk, "Elle a eu lieu"))


def submit_minutes(coordination, member, meeting) -> None:
    desk, page_of = coordination.page, address_of(meeting)
    desk.get_by_role("link", name="Lire le compte rendu").click()
    expect(desk.get_by_role("main")).to_contain_text("Accords exprimés en séance")
    desk.get_by_role("link", name="Soumettre").click()
    send(desk, button(desk, "Soumettre à l’approbation"))
    coordination.title_is("Compte rendu soumis à l’approbation")
    member.go(f"{page_of}compte-rendu/")
    member.title_is("Compte rendu soumis à l’approbation")


def prepare_the_next(coordination, meeting) -> None:
    """Find what was not reached, and the decision, in what the next meeting is about."""
    desk = coordination.page
    coordination.go(f"{COMMITTEE}reunions/reprendre/{meeting.pk}/")
    send(desk, button(desk, "Préparer la suivante"))
    following = Meeting.objects.exclude(pk=meeting.pk).latest("pk")
    assert following.items.filter(title="Questions diverses").exists()
    coordination.go(f"{COMMITTEE}reunions/{following.pk}/habituels/")
    expect(desk.get_by_role("main")).to_contain_text("Suites des décisions")
