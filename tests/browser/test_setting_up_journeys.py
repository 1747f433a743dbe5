"""A newcomer sets up the convention of her EPCI, from real communes and a pasted outline, without a
command: pages sound at each step, on a desk and on a telephone."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from conventions.models import Axis, Convention
from tests import factories as f
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW, WIDE, Visitor
from tests.browser.gestures import assert_fits, button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "/conventions/nouvelle/"
# As a word processor gives it: a title, mixed bullets, a line that goes on, letters.
PLAN = """\
Plan de la convention
AXE 1 – Accès aux droits
A. Inclusion numérique
• Ouvrir deux points d’accueil numérique
• Former les secrétaires de mairie
à l’accueil des usagers
B. Accompagnement social
• Tenir une permanence par canton
AXE 2 – Services aux familles
A. Petite enfance
• Créer trente places d’accueil
• Le relais petite enfance
B. Jeunesse
• Ouvrir un accueil de jeunes à Lumbres
"""
# Where pictures of each page are kept, to be looked at.
PICTURES = os.environ.get("SETTING_UP_PICTURES")


@pytest.fixture
def newcomer(chromium, live_server):
    visitor = Visitor(chromium, live_server.url, WIDE)
    user = f.UserFactory(first_name="Claire", last_name="Morin", opens_conventions=True)
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    visitor.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
    )
    yield visitor
    visitor.context.close()
    assert not visitor.troubles


def look(visitor, name: str) -> None:
    """Check the page on a desk and on a telephone, where nothing is wider than the screen."""
    for width, size in (("375", NARROW), ("1280", WIDE)):
        visitor.resize(size)
        assert faults(visitor.page) == [], (name, width)
        assert_fits(visitor.page)
        if PICTURES:
            visitor.page.screenshot(path=Path(PICTURES, f"{name}-{width}.png"), full_page=True)


@pytest.mark.long
def test_a_newcomer_sets_up_the_convention_of_her_epci(newcomer):
    choose_the_territory(newcomer)
    add_the_parties(newcomer)
    write_the_frame(newcomer)
    paste_the_outline(newcomer)
    take_the_model_text(newcomer)
    create(newcomer)


def choose_the_territory(newcomer):
    newcomer.go(NEW)
    newcomer.title_is("Préparez votre convention")
    look(newcomer, "liste")
    page = newcomer.page
    send(page, button(page, "Commencer une convention"))
    newcomer.title_is("Quel territoire")
    page.get_by_label("Chercher un EPCI").fill("lumbres")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 résultats")).to_be_visible()
    look(newcomer, "territoire-recherche")
    send(page, button(page, "Ajouter CC du Pays de Lumbres"))
    expect(page.get_by_text("36 communes sur 36")).to_be_visible()
    page.get_by_label("Alquines").uncheck()
    look(newcomer, "territoire")
    send(page, button(page, "Enregistrer et continuer"))


def add_the_parties(newcomer):
    page = newcomer.page
    newcomer.title_is("Qui signe")
    look(newcomer, "parties")
    for name in ("Caisse d’allocations", "CC du Pays de Lumbres", "Mutualité sociale"):
        send(page, button(page, f"Ajouter {name}"))
        newcomer.title_is(name)
        page.get_by_label("Adresse électronique officielle").fill("contact@exemple.fr")
        page.get_by_label("Signataires").fill("Jeanne Martin, présidente")
        if name == "Mutualité sociale":
            look(newcomer, "partie")
        send(page, button(page, "Enregistrer la partie"))
    look(newcomer, "parties-ajoutees")
    page.get_by_role("link", name="Continuer").click()


def write_the_frame(newcomer):
    page = newcomer.page
    newcomer.title_is("De quand à quand")
    page.get_by_label("Premier jour").fill("2027-01-01")
    page.get_by_label("Dernier jour").fill("2031-12-31")
    look(newcomer, "cadre")
    send(page, button(page, "Enregistrer et continuer"))


def paste_the_outline(newcomer):
    """The title of the plan is left out, the line that goes on is joined, the relay is a text."""
    page = newcomer.page
    newcomer.title_is("collez le plan")
    page.get_by_label("Plan, une ligne par élément").fill(PLAN)
    send(page, button(page, "Lire le plan"))
    look(newcomer, "plan-a-corriger")
    page.get_by_label("Plan de la convention").select_option("non")
    page.get_by_label("à l’accueil des usagers").select_option("suite")
    send(page, button(page, "Lire le plan"))
    expect(page.get_by_role("heading", name="2 axes, 4 thématiques, 6 objectifs")).to_be_visible()
    page.get_by_label("• Le relais petite enfance").select_option("3t")
    look(newcomer, "plan")
    send(page, button(page, "Enregistrer et continuer"))


def take_the_model_text(newcomer):
    page = newcomer.page
    newcomer.title_is("Le texte")
    page.get_by_role("link", name="Partir d’un modèle").click()
    expect(page.get_by_text("n’est pas encore enregistré")).to_be_visible()
    look(newcomer, "articles")
    send(page, button(page, "Enregistrer et continuer"))


def create(newcomer):
    page = newcomer.page
    newcomer.title_is("Pour qui coordonnez-vous")
    page.get_by_label("Vous coordonnez la convention pour").select_option("CC Pays de Lumbres")
    look(newcomer, "personnes")
    send(page, button(page, "Enregistrer et continuer"))
    newcomer.title_is("prête à être créée")
    page.locator("summary", has_text="Communes").click()
    look(newcomer, "relire")
    send(page, button(page, "Créer la convention"))
    convention = Convention.objects.get()
    expect(page).to_have_url(f"{newcomer.portal}{convention.get_absolute_url()}")
    assert convention.communes.count() == 35
    assert [axis.title for axis in Axis.objects.order_by("number")] == [
        "Accès aux droits", "Services aux familles"
    ]  # fmt: skip
    look(newcomer, "creee")
