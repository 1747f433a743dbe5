"""A text of the year as its author writes it: what is typed is shown and kept, sources and images
are added to it, by mouse and with the keyboard alone."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from accounts.models import User
from conventions.models import Theme
from evaluation.models import Illustration, Narrative, OwnDraft
from evaluation.writing.page_of_draft import new_page
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW
from tests.browser.gestures import assert_fits, button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = "/conventions/grand-chatellerault/evaluations/2024/"
FILE = Path(settings.BASE_DIR, "evaluation/data/plan-fictif.png")
TEXT = "La cour est refaite. Elle est belle."


def theme(number: str = "2.1") -> Theme:
    return Theme.objects.get(axis__convention__slug="grand-chatellerault", number=number)


def open_text(visitor):
    """The page of a text that is to be written, of a theme with actions; its field."""
    visitor.go(f"{YEAR}textes/{theme().pk}/")
    return visitor.page.get_by_label("Ce que l’année a changé")


def file_field(page):
    return page.locator("input[type=file]")


def latest() -> Illustration:
    return Illustration.objects.latest("pk")


@pytest.mark.long
def test_a_text_is_written_with_sources_and_images(visit):
    author = visit("coordination")
    type_before_the_scripts_are_here(author)
    find_the_draft_and_add_a_source(author)
    meet_a_draft_of_ones_own(author)
    add_an_image_where_the_caret_is(author)
    write_a_criterion(author)
    author.resize(NARROW)
    add_an_image_with_the_keyboard_alone(author)


def type_before_the_scripts_are_here(author):
    """On a slow line one types before they have come: that is shown and kept too."""
    page, routes = author.page, []
    scripts = re.compile(r"/(typed|writing)[^/]*\.js$")

    def hold(route):
        routes.append(route)

    page.route(scripts, hold)
    page.goto(f"{author.portal}{YEAR}textes/{theme().pk}/", wait_until="commit")
    page.get_by_label("Ce que l’année a changé").fill("Une **belle** année")
    assert len(routes) == 2
    for route in routes:
        route.continue_()
    page.unroute(scripts)
    expect(button(page, "Voir l’aperçu")).to_be_hidden()
    expect(page.locator("#apercu strong")).to_have_text("belle")
    expect(page.locator("#brouillon")).to_contain_text("Brouillon enregistré à")
    assert OwnDraft.objects.get().text == "Une **belle** année"


def find_the_draft_and_add_a_source(author):
    """What is kept is not lost by leaving: nobody is asked."""
    page = author.page
    author.go(YEAR)
    field = open_text(author)
    expect(field).to_have_value("Une **belle** année")
    actions = page.locator(".writing-source", has_text="Les actions et leurs jalons")
    actions.locator("summary").click()
    field.evaluate("field => field.setSelectionRange(3, 3)")
    actions.get_by_role("button", name="Reprendre dans le texte").last.click()
    expect(field).to_have_value(re.compile("^Une L’action 2.1.4 .* \\*\\*belle\\*\\* année$"))
    expect(page.get_by_role("button", name="Repris dans le texte")).to_be_focused()
    expect(page.locator("#apercu")).to_contain_text("L’action 2.1.4")
    field.press_sequentially(" et")
    expect(page.locator("#apercu")).to_contain_text("L’action 2.1.4")
    assert faults(page) == []
    send(page, button(page, "^Enregistrer$"))
    assert not OwnDraft.objects.exists()
    assert Narrative.objects.filter(year=2024, text__startswith="Une L’action").exists()


def meet_a_draft_of_ones_own(author):
    """At the office, at home, at the office again: a page that was open before writes over no draft
    unasked."""
    page, field = author.page, open_text(author)
    seen = page.locator("input[name=page]").input_value()
    text = Narrative.objects.get(year=2024, theme=theme())
    draft = OwnDraft.objects.create(
        user=User.objects.get(email="coordination@demo.example"), theme=theme(), year=2024,
        convention=theme().axis.convention, text="Tout un dimanche", revision=text.revision,
        page=new_page(),
    )  # fmt: skip
    field.fill("Lundi")
    expect(page.locator("#brouillon")).to_contain_text("un brouillon plus récent de ce texte")
    draft.refresh_from_db()
    assert draft.text == "Tout un dimanche"
    assert page.locator("input[name=page]").input_value() == seen
    assert faults(page) == []
    button(page, "Le remplacer par ce que j’écris ici").click()
    expect(page.locator("#brouillon")).to_contain_text("Brouillon enregistré à")
    draft.refresh_from_db()
    assert draft.text == "Lundi"


def add_an_image_where_the_caret_is(author):
    page = author.page
    field = open_text(author)
    field.fill(TEXT)
    field.evaluate("field => field.setSelectionRange(20, 20)")
    send(page, button(page, "^Ajouter une image$"))
    expect(page.get_by_role("heading", name="Ajouter une image")).to_be_visible()
    assert OwnDraft.objects.get().text == TEXT
    assert faults(page) == []
    file_field(page).set_input_files(FILE)
    send(page, button(page, "Ajouter au texte"))
    expect(page.get_by_role("alert")).to_contain_text("Dites ce que montre l’image")
    file_field(page).set_input_files(FILE)
    page.get_by_label("Texte de remplacement").fill("Le plan de la cour")
    page.get_by_label("Légende").fill("Plan de 2024")
    send(page, button(page, "Ajouter au texte"))
    field = page.get_by_label("Ce que l’année a changé")
    reference = f"![Le plan de la cour](image:{latest().pk})"
    expect(field).to_have_value(f"La cour est refaite.\n\n{reference}\n\nElle est belle.")
    shown = page.locator("#apercu img")
    expect(shown).to_have_attribute("alt", "Le plan de la cour")
    expect(shown).to_have_js_property("naturalWidth", 1280)
    expect(page.locator("#apercu figcaption")).to_have_text("Plan de 2024")
    # What is there may be taken up again, and follows what one types.
    page.locator(".writing-source summary", has_text="Les images").click()
    field.evaluate("field => field.setSelectionRange(field.value.length, field.value.length)")
    page.locator(f"button[data-adds*='image:{latest().pk}']").click()
    expect(field).to_have_value(re.compile(re.escape(f"belle.\n\n{reference}")))
    expect(page.locator("#apercu img")).to_have_count(2)
    assert faults(page) == []
    send(page, button(page, "^Enregistrer$"))
    assert f"image:{latest().pk}" in Narrative.objects.get(year=2024, theme__number="2.1").text
    author.go(f"{YEAR}?theme=tout")
    expect(page.get_by_role("img", name="Le plan de la cour")).to_have_count(2)


def write_a_criterion(author):
    """Of the evaluation of the term: its text is shown as it is typed too."""
    page = author.page
    author.go("/conventions/grand-chatellerault/evaluations/finale/criteres/coherence/")
    author.title_is("Cohérence")
    page.get_by_label("Satisfaisant", exact=True).check()
    page.get_by_label("Ce qui le fait dire").fill("Les actions se **complètent**.")
    expect(page.locator("#apercu strong")).to_have_text("complètent")
    send(page, button(page, "^Enregistrer$"))
    author.title_is("Évaluation finale")
    expect(page.locator("#critere-coherence")).to_be_visible()


def add_an_image_with_the_keyboard_alone(author):
    page = author.page
    field = open_text(author)
    field.fill("")
    field.press_sequentially("Une année.")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent.trim()") != "Ajouter une image":
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert_fits(page)
    file = file_field(page)
    file.set_input_files(FILE)  # a browser's own dialog
    file.focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Un plan")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Ce que l’année a changé")).to_have_value(
        f"Une année.\n\n![Un plan](image:{latest().pk})"
    )
    expect(page.locator("#apercu img")).to_be_visible()
    assert_fits(page)
