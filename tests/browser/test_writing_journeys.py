"""A text of the year as one types it: shown, kept, added to; without a script as well."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import User
from conventions.models import Theme
from evaluation.models import Narrative, OwnDraft
from evaluation.writing.page_of_draft import new_page
from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = "/conventions/grand-chatellerault/evaluations/2024/"


def open_unwritten(visitor):
    """The page of a text that is to be written, of a theme with actions; its field."""
    theme = Theme.objects.get(axis__convention__slug="grand-chatellerault", number="2.1")
    visitor.go(f"{YEAR}textes/{theme.pk}/")
    return visitor.page.get_by_label("Ce que l’année a changé")


def open_actions(page):
    """What is known of the actions, unfolded."""
    fold = page.locator(".writing-source", has_text="Les actions et leurs jalons")
    fold.locator("summary").click()
    return fold


@pytest.mark.long
def test_what_is_typed_is_shown_kept_and_found_again(visit):
    visitor = visit("coordination")
    page = visitor.page
    field = open_unwritten(visitor)
    expect(button(page, "Voir l’aperçu")).to_be_hidden()
    field.press_sequentially("Une **belle** année")
    expect(page.locator("#apercu strong")).to_have_text("belle")
    expect(page.locator("#brouillon")).to_contain_text("Brouillon enregistré à")
    assert OwnDraft.objects.get().text == "Une **belle** année"
    # What is kept is not lost by leaving: nobody is asked.
    visitor.go(YEAR)
    field = open_unwritten(visitor)
    expect(field).to_have_value("Une **belle** année")
    actions = open_actions(page)
    field.evaluate("field => field.setSelectionRange(3, 3)")
    taken = actions.get_by_role("button", name="Reprendre dans le texte").last
    taken.click()
    expect(field).to_have_value(re.compile("^Une L’action 2.1.4 .* \\*\\*belle\\*\\* année$"))
    expect(page.get_by_role("button", name="Repris dans le texte")).to_be_focused()
    expect(page.locator("#apercu")).to_contain_text("L’action 2.1.4")
    assert Axe().run(page).violations_count == 0
    send(page, button(page, "^Enregistrer$"))
    assert not OwnDraft.objects.exists()
    assert Narrative.objects.filter(year=2024, text__startswith="Une L’action").exists()


def test_what_is_typed_before_the_scripts_are_here_is_kept_too(visit):
    """On a slow line one types before they have come."""
    visitor = visit("coordination")
    page = visitor.page
    held = []

    def hold(route):
        held.append(route)

    page.route(re.compile(r"/(typed|writing)[^/]*\.js$"), hold)
    theme = Theme.objects.get(axis__convention__slug="grand-chatellerault", number="2.1")
    page.goto(f"{visitor.portal}{YEAR}textes/{theme.pk}/", wait_until="commit")
    page.get_by_label("Ce que l’année a changé").fill("Écrit trop tôt.")
    assert len(held) == 2
    for route in held:
        route.continue_()
    expect(page.locator("#apercu")).to_contain_text("Écrit trop tôt.")
    expect(page.locator("#brouillon")).to_contain_text("Brouillon enregistré à")
    assert OwnDraft.objects.get().text == "Écrit trop tôt."


def test_a_page_that_was_open_before_writes_over_no_draft_unasked(visit):
    """At the office, at home, at the office again."""
    visitor = visit("coordination")
    page, field = visitor.page, open_unwritten(visitor)
    seen = page.locator("input[name=page]").input_value()
    theme = Theme.objects.get(axis__convention__slug="grand-chatellerault", number="2.1")
    draft = OwnDraft.objects.create(
        user=User.objects.get(email="coordination@demo.example"), theme=theme, year=2024,
        convention=theme.axis.convention, text="Tout un dimanche", seen=0,
        page=new_page(),
    )  # fmt: skip
    field.press_sequentially("Lundi")
    expect(page.locator("#brouillon")).to_contain_text("un brouillon plus récent de ce texte")
    draft.refresh_from_db()
    assert draft.text == "Tout un dimanche"
    assert page.locator("input[name=page]").input_value() == seen
    assert Axe().run(page).violations_count == 0
    button(page, "Le remplacer par ce que j’écris ici").click()
    expect(page.locator("#brouillon")).to_contain_text("Brouillon enregistré à")
    draft.refresh_from_db()
    assert draft.text == "Lundi"


def test_a_session_that_ends_meanwhile_is_told_and_nothing_is_lost(visit):
    visitor = visit("coordination", NARROW)
    page = visitor.page
    field = open_unwritten(visitor)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    Session.objects.all().delete()
    field.press_sequentially("Écrit après la fin de la session.")
    dialog = page.get_by_role("dialog", name=re.compile("Votre session est terminée"))
    expect(dialog).to_be_visible()
    button(dialog, "Quitter cette page").click()
    expect(page.get_by_label("Adresse électronique").first).to_be_visible()
    visitor.log_in("coordination").go("/saisies-gardees/")
    expect(page.get_by_label("Texte 1")).to_have_value("Écrit après la fin de la session.")


def test_without_a_script_everything_is_there_and_nothing_is_saved(visit):
    visitor = visit("coordination", java_script_enabled=False)
    page = visitor.page
    field = open_unwritten(visitor)
    field.fill("Une **belle** année.")
    button(page, "Voir l’aperçu").click()
    expect(page.locator("#apercu strong")).to_have_text("belle")
    open_actions(page).get_by_role("button", name="Reprendre dans le texte").last.click()
    field = page.get_by_label("Ce que l’année a changé")
    expect(field).to_have_value(re.compile("^Une \\*\\*belle\\*\\* année.\\s+L’action 2.1.4"))
    assert not Narrative.objects.filter(year=2024, theme__number="2.1").exists()
    assert not OwnDraft.objects.exists()
