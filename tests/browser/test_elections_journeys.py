"""After the elections, in the browser: the coordination prepares the list of a party's élus on a
telephone, its référent confirms it."""

import datetime
import os

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agreements.models import Seat
from conventions.models import Organisation
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
DAYS = datetime.timedelta(days=1)


@pytest.mark.long
def test_the_list_of_elus_is_prepared_then_confirmed(visit):
    today = timezone.localdate()
    body = Organisation.objects.get(convention__slug="grand-chatellerault", kind="epci")
    seat = Seat.objects.filter(organisation=body).elected().earliest("pk")
    visitor = visit("coordination", size=NARROW)
    page = visitor.page
    visitor.go(f"{REAL}comite/composition/")
    page.get_by_role("link", name=f"Après les élections pour {body.the}").click()
    visitor.title_is("Après les élections")
    page.get_by_label("Installation du conseil").fill(str(today - 8 * DAYS))
    page.get_by_label("Délibération qui désigne").fill(str(today - 4 * DAYS))
    line = page.get_by_role("listitem").filter(has_text=seat.name)
    expect(line.get_by_label("Qui vient")).to_be_hidden()
    line.get_by_label("part").check()
    line.get_by_label("Qui vient").fill("Élise Moreau")
    line.get_by_label("Son adresse").fill("e.moreau@demo.example")
    for other in Seat.objects.filter(organisation=body).elected().exclude(pk=seat.pk):
        page.get_by_role("listitem").filter(has_text=other.name).get_by_label("reste").check()
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/edit-375.png", full_page=True)
        visitor.resize(WIDE)
        page.screenshot(path=f"{shots}/edit-1280.png", full_page=True)
        visitor.resize(NARROW)
    send(page, button(page, "Enregistrer et relire"))
    visitor.title_is("un élu arrive")
    expect(button(page, "Confirmer la liste")).to_have_count(0)

    visitor.log_in("agent-agglo")
    visitor.go(f"{REAL}comite/composition/elections/{body.pk}/relire/")
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/review-375.png", full_page=True)
    send(page, button(page, "Confirmer la liste"))
    visitor.title_is("au comité")
    expect(page.get_by_role("main")).to_contain_text("Élise Moreau")
    assert Seat.objects.get(name="Élise Moreau").is_confirmed
