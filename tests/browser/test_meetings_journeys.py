"""A meeting in the browser: convened, answered on a telephone, held by two people."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from agreements.models import Agreement, Version
from committee.demo import propose
from committee.meetings import agenda, bodies, events
from committee.models import Meeting
from committee.objectives.events import add_objective
from conventions.models import Convention, Objective
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import assert_fits, button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.long]

COMMITTEE = "/conventions/grand-chatellerault/comite/"


def prepared_meeting() -> Meeting:
    """A meeting of the demonstration in forty days, about three points that await both parties."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    by = {"by": User.objects.get(email="coordination@demo.example")}
    meeting = events.prepare_meeting(
        convention, bodies.body_of(convention, "steering"),
        day=timezone.localdate() + datetime.timedelta(days=40),
        begins_at=datetime.time(0, 5), ends_at=datetime.time(23, 55), place="Mairie", **by,
    )  # fmt: skip
    agreed = Agreement.objects.filter(organisation__acronym="CAF 86", answer="agreed")
    versions = Version.objects.of(convention).proposed().filter(number=1)
    versions = versions.exclude(pk__in=agreed.values("version"))
    agenda.add_item(
        meeting, title="Les points du dossier", kind="decision", minutes=40,
        versions=list(versions.filter(kind="objective").order_by("pk")[:3]), **by,
    )  # fmt: skip
    agenda.add_item(meeting, title="Questions diverses", kind="information", minutes=10, **by)
    return meeting


def test_a_meeting_is_convened_and_held_by_two_people(visit):
    meeting = prepared_meeting()
    coordination, member = visit("coordination", WIDE), visit("copil-caf", NARROW)
    convene_and_answer(coordination, member, meeting)
    amend_in_session(coordination, meeting)
    agree_but_for_one(coordination, member, meeting)


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
    assert_fits(desk)


def amend_in_session(coordination, meeting) -> None:
    """Write the next version of a text, from the session and back to it."""
    desk = coordination.page
    amended = meeting.items.get(rank=1).versions.order_by("proposed_at", "pk").first()
    desk.get_by_text("Le texte", exact=True).first.click()
    desk.get_by_role("link", name=re.compile("^Modifier le texte")).first.click()
    desk.get_by_label("Intitulé").fill("Un lieu ouvert le samedi")
    send(desk, button(desk, "Proposer"))
    coordination.title_is("Proposer après le terme ?")
    desk.get_by_label("Pourquoi le proposer maintenant").fill("Réglé en séance.")
    send(desk, button(desk, "Proposer"))
    coordination.title_is("Les points du dossier")
    expect(desk.get_by_role("main")).to_contain_text("Un lieu ouvert le samedi")
    assert amended.pk not in meeting.items.get(rank=1).versions.values_list("pk", flat=True)


def agree_but_for_one(coordination, member, meeting) -> None:
    """« D'accord de la Caf sur les points, sauf un », confirmed on her telephone; the page that is
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
    assert_fits(phone)
    phone.get_by_role("link", name="Je confirme pour").click()
    assert_fits(phone)
    send(phone, button(phone, "Je confirme pour"))
    expect(phone.get_by_role("main")).to_contain_text("C’est confirmé")
    expect(lights).to_have_count(0, timeout=15000)


def test_a_partys_agreement_to_twenty_one_points_is_noted_without_scrolling(visit):
    convention = Convention.objects.get(slug="grand-chatellerault")
    by = {"by": User.objects.get(email="coordination@demo.example")}
    orientation = Objective.objects.of(convention).level(1).filter(origin="signature").first()
    content = {"due_on": convention.end, "measure": "Nombre de lieux", "is_priority": False}
    versions = [
        propose(add_objective(orientation, content | {"title": f"Ouvrir le lieu {n}"}, **by))
        for n in range(21)
    ]
    meeting = prepared_meeting()
    item = agenda.add_item(
        meeting, title="Les lieux", kind="decision", minutes=40, versions=versions, **by
    )
    events.convene(meeting, **by)
    Meeting.objects.filter(pk=meeting.pk).update(day=timezone.localdate())
    meeting.attendees.filter(commits=True).update(is_present=True)
    coordination = visit("coordination", NARROW)
    phone = coordination.page
    coordination.go(f"{address_of(meeting)}seance/?point={item.pk}")
    note = phone.get_by_role("link", name=re.compile("^Noter son accord")).first
    expect(note).to_be_in_viewport()
    note.click()
    expect(button(phone, "Noter l’accord")).to_be_in_viewport()
    assert faults(phone) == []
    assert_fits(phone)
