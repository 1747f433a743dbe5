"""An image comes into a text that one writes: by mouse, with the keyboard alone, without a script;
and what is said of the text meanwhile."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from conventions.models import Theme
from evaluation.models import Illustration, Narrative, OwnDraft, TextComment
from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = "/conventions/grand-chatellerault/evaluations/2024/"
FILE = Path(settings.BASE_DIR, "evaluation/data/plan-fictif.png")
TEXT = "La cour est refaite. Elle est belle."


def open_text(visitor, number: str = "2.1"):
    theme = Theme.objects.get(axis__convention__slug="grand-chatellerault", number=number)
    visitor.go(f"{YEAR}textes/{theme.pk}/")
    return visitor.page.get_by_label("Ce que l’année a changé")


def file_field(page):
    return page.locator("input[type=file]")


def latest() -> Illustration:
    return Illustration.objects.latest("pk")


@pytest.mark.long
def test_by_mouse_where_the_caret_is(visit):
    visitor = visit("coordination")
    page = visitor.page
    field = open_text(visitor)
    field.fill(TEXT)
    field.evaluate("field => field.setSelectionRange(20, 20)")
    send(page, button(page, "^Ajouter une image$"))
    expect(page.get_by_role("heading", name="Ajouter une image")).to_be_visible()
    assert OwnDraft.objects.get().text == TEXT
    assert Axe().run(page).violations_count == 0
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
    page.get_by_role("button", name="Reprendre dans le texte").nth(-2).click()
    expect(field).to_have_value(re.compile(re.escape(f"belle.\n\n{reference}")))
    expect(page.locator("#apercu img")).to_have_count(2)
    assert Axe().run(page).violations_count == 0
    send(page, button(page, "^Enregistrer$"))
    assert f"image:{latest().pk}" in Narrative.objects.get(year=2024, theme__number="2.1").text
    visitor.go(f"{YEAR}?theme=tout")
    expect(page.get_by_role("img", name="Le plan de la cour")).to_have_count(2)


def test_with_the_keyboard_alone_on_a_telephone(visit):
    visitor = visit("coordination", NARROW)
    page = visitor.page
    field = open_text(visitor)
    field.press_sequentially("Une année.")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent.trim()") != "Ajouter une image":
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
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
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0]


def test_without_a_script_on_a_telephone(visit, tmp_path):
    visitor = visit("coordination", NARROW, java_script_enabled=False)
    page = visitor.page
    field = open_text(visitor)
    field.fill(TEXT)
    button(page, "^Ajouter une image$").click()
    drawing = tmp_path / "plan.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    file_field(page).set_input_files(drawing)
    page.get_by_label("Image décorative").check()
    button(page, "Ajouter au texte").click()
    expect(page.get_by_role("alert")).to_contain_text("ne sont pas acceptés")
    file_field(page).set_input_files(FILE)
    button(page, "Ajouter au texte").click()
    field = page.get_by_label("Ce que l’année a changé")
    expect(field).to_have_value(f"{TEXT}\n\n![image](image:{latest().pk})")
    expect(page.locator("#apercu img")).to_have_attribute("alt", "")
    button(page, "^Enregistrer$").click()
    assert f"image:{latest().pk}" in Narrative.objects.get(year=2024, theme__number="2.1").text


def test_a_member_comments_and_who_writes_makes_something_of_it(visit):
    member = visit("copil-agglo")
    member.go(f"{YEAR}?theme=tout")
    link = member.page.get_by_role("link", name=re.compile("commentaire à traiter"))
    link.first.click()
    member.page.get_by_label("Votre commentaire").fill("Et la permanence de Lencloître ?")
    send(member.page, button(member.page, "^Commenter$"))
    expect(member.page.get_by_role("heading", level=1)).to_have_text(
        re.compile("3.commentaires, dont 2 à traiter")
    )
    assert Axe().run(member.page).violations_count == 0
    writer = visit("coordination", java_script_enabled=False)
    open_text(writer, "1.1")
    expect(writer.page.get_by_text("Et la permanence de Lencloître")).to_be_visible()
    writer.page.get_by_role("link", name="Répondre, ou marquer comme traité").click()
    button(writer.page, "Marquer comme traité.*Michel Garnier").click()
    expect(writer.page.get_by_role("status")).to_contain_text("marqué traité")
    assert TextComment.objects.get(text__contains="Lencloître").resolved_at
