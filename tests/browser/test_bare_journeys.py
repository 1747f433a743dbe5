"""Without JavaScript, on a telephone: a coordinator calls the chapters, finds a commune, writes a
text with a source and an image, and loses nothing when her session ends."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from conventions.models import Theme
from ctg_portal import demo
from evaluation.models import Illustration, Narrative, OwnDraft
from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send
from tests.browser.test_pages import EVALUATIONS, PLAN, REAL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE = Path(settings.BASE_DIR, "evaluation/data/plan-fictif.png")
FIELD = "Ce que l’année a changé"


@pytest.mark.long
def test_a_coordinator_works_without_a_script(visit, tmp_path):
    person = visit("coordination", NARROW, java_script_enabled=False)
    call_the_chapters(person)
    find_a_commune(person)
    write_a_text(person)
    add_an_image(person, tmp_path / "plan.svg")
    submit_after_the_session(person)


def call_the_chapters(person):
    """By a button of the header; they leave by Escape."""
    page = person.page
    person.go(PLAN)
    menu = page.get_by_role("navigation", name="Chapitres de la convention")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    current = menu.get_by_role("link", name="Plan d’actions", exact=True).first
    assert current.is_visible()
    assert current.get_attribute("aria-current") == "page"
    page.keyboard.press("Escape")
    assert not menu.is_visible()


def find_a_commune(person):
    page = person.page
    person.go(REAL + "territoire/")
    page.get_by_role("searchbox", name="Commune").fill("saint remy")
    page.get_by_role("button", name="Filtrer").click()
    # What is sent, and finds one commune, opens it.
    person.title_is("Saint-Rémy")


def write_a_text(person):
    """Shown as it will read and added to by buttons: nothing is saved by them."""
    page = person.page
    theme = Theme.objects.get(axis__convention__slug="grand-chatellerault", number="2.1")
    person.go(f"{EVALUATIONS}2024/textes/{theme.pk}/")
    page.get_by_label(FIELD).fill("Une **belle** année.")
    button(page, "Voir l’aperçu").click()
    expect(page.locator("#apercu strong")).to_have_text("belle")
    actions = page.locator(".writing-source", has_text="Les actions et leurs jalons")
    actions.locator("summary").click()
    actions.get_by_role("button", name="Reprendre dans le texte").last.click()
    taken = re.compile("^Une \\*\\*belle\\*\\* année.\\s+L’action 2.1.4")
    expect(page.get_by_label(FIELD)).to_have_value(taken)
    assert not Narrative.objects.filter(year=2024, theme__number="2.1").exists()
    assert not OwnDraft.objects.exists()


def add_an_image(person, drawing: Path):
    page, text = person.page, "La cour est refaite. Elle est belle."
    page.get_by_label(FIELD).fill(text)
    button(page, "^Ajouter une image$").click()
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    page.locator("input[type=file]").set_input_files(drawing)
    page.get_by_label("Image décorative").check()
    button(page, "Ajouter au texte").click()
    expect(page.get_by_role("alert")).to_contain_text("ne sont pas acceptés")
    page.locator("input[type=file]").set_input_files(FILE)
    button(page, "Ajouter au texte").click()
    reference = f"image:{Illustration.objects.latest('pk').pk}"
    expect(page.get_by_label(FIELD)).to_have_value(f"{text}\n\n![image]({reference})")
    expect(page.locator("#apercu img")).to_have_attribute("alt", "")
    send(page, button(page, "^Enregistrer$"))
    assert reference in Narrative.objects.get(year=2024, theme__number="2.1").text


def submit_after_the_session(person):
    """What counts and was typed is found after the log-in, and typed again on its own page; of a
    button alone nothing was done, and the log-in leads back to it."""
    page = person.page
    change_the_conclusion(person, 2021)
    person.go(f"{EVALUATIONS}2021/publication/soumettre/")
    page.get_by_label("Ce qui est corrigé").fill("Une phrase")
    Session.objects.all().delete()
    send(page, button(page, "Figer et soumettre"))
    expect(page.get_by_role("main")).to_contain_text("Ce que vous avez saisi est gardé pour vous")
    log_in(page)
    person.title_is("Vous aviez saisi ceci")
    expect(page.get_by_label("Texte 1")).to_have_value("Une phrase")
    page.get_by_role("link", name="Retourner à la page").click()
    page.get_by_label("Ce qui est corrigé").fill("Une phrase")
    send(page, button(page, "Figer et soumettre"))
    expect(page.get_by_role("main")).to_contain_text("L’évaluation est soumise")

    change_the_conclusion(person, 2023)
    person.go(f"{EVALUATIONS}2023/publication/soumettre/")
    Session.objects.all().delete()
    send(page, button(page, "Figer et soumettre"))
    expect(page.get_by_role("main")).to_contain_text("rien n’a été enregistré")
    log_in(page)
    person.title_is("Soumettre l’évaluation 2023")


def change_the_conclusion(person, year: int):
    page = person.page
    person.go(f"{EVALUATIONS}{year}/textes/conclusion/")
    page.get_by_label("Conclusion et perspectives").fill("Une phrase de plus.")
    send(page, button(page, "^Enregistrer$"))


def log_in(page):
    page.get_by_label("Adresse électronique").first.fill("coordination@demo.example")
    page.get_by_role("textbox", name="Mot de passe").fill(demo.password())
    send(page, button(page, "Se connecter"))
