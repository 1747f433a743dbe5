"""The minutes of a meeting on a telephone: written, submitted, read by who approves them."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import User
from agreements.models import Version
from committee.meetings import agenda, bodies, events
from committee.meetings.decisions.events import decide
from conventions.models import Convention
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW
from tests.browser.gestures import assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def meeting_of_yesterday():
    """A meeting of the demonstration that was held, with a point and a decision."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    by = {"by": User.objects.get(email="coordination@demo.example")}
    meeting = events.prepare_meeting(
        convention, bodies.body_of(convention, "steering"),
        day=timezone.localdate() - datetime.timedelta(days=1),
        begins_at=datetime.time(14), ends_at=datetime.time(16), place="Mairie", **by,
    )  # fmt: skip
    versions = list(Version.objects.of(convention).from_committee().in_force()[:2])
    item = agenda.add_item(
        meeting, title="Points à valider", kind="decision", minutes=30, versions=versions, **by
    )
    events.hold(meeting, **by)
    decide(meeting, text="Ouvrir un relais.", item=item, follows=True, **by)
    return meeting


def test_minutes_are_written_and_submitted_on_a_telephone(visit):
    meeting = meeting_of_yesterday()
    address = f"/conventions/grand-chatellerault/comite/reunions/{meeting.pk}/compte-rendu/"
    coordination = visit("coordination", NARROW)
    coordination.go(address)
    coordination.title_is("Projet de compte rendu")
    assert_fits(coordination.page)
    assert faults(coordination.page) == []
    coordination.page.get_by_role("link", name="Écrire ce qui s’est dit").click()
    coordination.page.get_by_label("Ce qui s’est dit").fill("Un tour de table.")
    coordination.page.get_by_role("button", name="Enregistrer").click()
    coordination.title_is("Projet de compte rendu")
    coordination.page.get_by_role("link", name="Soumettre").click()
    coordination.page.get_by_role("button", name="Soumettre à l’approbation").click()
    coordination.title_is("Compte rendu soumis à l’approbation")
    member = visit("copil-caf", NARROW)
    member.go(address)
    member.title_is("Compte rendu soumis à l’approbation")
    assert_fits(member.page)
    assert faults(member.page) == []
    member.page.get_by_role("link", name="Approuver").click()
    member.title_is("Compte rendu")
