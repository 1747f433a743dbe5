"""A session that ends, a connection that fails: nothing typed is lost, nor another's."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import User
from ctg_portal import demo
from indicators.models import Value
from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
ENTRY = REAL + "evaluations/2024/saisie/"
TITLE = re.compile("Votre session est terminée")


def log_in_beside(visitor, account):
    """Through the link of the dialog, in a tab of its own."""
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("dialog").get_by_role("link", name="Se reconnecter").click()
    beside = opened.value
    beside.get_by_label("Adresse électronique").first.fill(f"{account}@demo.example")
    beside.get_by_role("textbox", name="Mot de passe").fill(demo.password())
    beside.get_by_role("button", name="Se connecter").click()
    expect(beside.get_by_role("heading", level=1)).to_contain_text("de nouveau connecté")
    beside.close()


def first_field(page):
    return page.locator("tr[data-hx-post] input[inputmode=decimal]").first


def row_key(page) -> int:
    return int(re.sub(r"\D", "", page.locator("tr[data-hx-post]").first.get_attribute("id")))


def test_figures_typed_after_the_session_are_saved_once_logged_in_again(visit):
    agent = visit("agent-caf", NARROW)
    page = agent.page
    agent.go(ENTRY)
    entry = row_key(page)
    Session.objects.all().delete()
    first_field(page).fill("4 321")
    first_field(page).press("Tab")
    dialog = page.get_by_role("dialog", name=TITLE)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name="Se reconnecter")).to_be_focused()
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    button(dialog, "Renvoyer").click()
    expect(dialog.get_by_role("status")).to_contain_text("pas encore reconnecté")
    log_in_beside(agent, "agent-caf")
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        button(dialog, "Renvoyer").click()
    expect(dialog).to_be_hidden()
    assert Value.objects.get(campaign_indicator=entry).number == 4321
    count_what_is_typed_fast(page)


def count_what_is_typed_fast(page):
    """The answer to the first of two figures is long on its way: the count that comes last is
    true."""
    progress = page.locator("#avancement progress")
    before = int(progress.get_attribute("value"))
    empty = page.locator("tr[data-hx-post]", has_text="À saisir")
    rows = [empty.nth(n).get_attribute("id") for n in range(2)]
    held = []
    page.route(
        "**/saisie/?ligne=*",
        lambda route: route.continue_() if held else held.append((route, route.fetch())),
    )
    for row in rows:
        field = page.locator(f"#{row} input[inputmode=decimal]").first
        field.fill("12")
        field.press("Tab")
    while not held:
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    [(route, answer)] = held
    route.fulfill(response=answer)
    expect(progress).to_have_attribute("value", str(before + 2))
    expect(page.locator(f"#{rows[1]}")).not_to_contain_text("À saisir")


def test_a_text_typed_after_the_session_is_never_another_persons(visit):
    """Whoever logs in at that desk is shown nothing, and the person finds it again."""
    visitor = visit("coordination")
    page = visitor.page
    page.clock.install()
    visitor.go(REAL + "evaluations/2024/")
    page.get_by_role("link", name="Tout ouvrir").click()
    page.get_by_role("link", name=re.compile("bilan", re.IGNORECASE)).first.click()
    address = page.url.removeprefix(visitor.portal)
    text = "Un texte qui a demandé une heure de travail."
    page.get_by_role("textbox").last.fill(text)
    Session.objects.all().delete()
    page.clock.fast_forward("05:00")
    expect(page.get_by_role("dialog", name=TITLE)).to_be_visible()
    log_in_beside(visitor, "copil-caf")
    # Its draft could not be kept meanwhile: it waits to be sent.
    button(page.get_by_role("dialog"), "Renvoyer").click()
    visitor.title_is("Ce formulaire était ouvert par une autre personne")
    assert text not in page.content()
    visitor.go("/saisies-gardees/")
    visitor.title_is("Rien de ce que vous avez saisi")

    visitor.log_in("coordination").go("/saisies-gardees/")
    expect(page.get_by_label("Texte 1")).to_have_value(text)
    assert Axe().run(page).violations_count == 0
    send(page, button(page, "Envoyer ce que j’avais saisi"))
    visitor.go(address)
    expect(page.get_by_role("textbox").last).to_have_value(text)


def test_without_a_connection_it_is_kept_and_sent_when_it_returns(visit):
    agent = visit("agent-caf")
    page = agent.page
    agent.go(ENTRY)
    entry = row_key(page)
    agent.context.set_offline(True)
    first_field(page).fill("765")
    first_field(page).press("Tab")
    expect(page.locator(f"#etat-{entry}")).to_contain_text("gardé ici")
    button(page, "^Enregistrer$").click()
    expect(page.locator(".typed-band")).to_contain_text("Pas de connexion")
    left = []
    page.once("dialog", lambda dialog: (left.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.assign('/conventions/')")
    expect(first_field(page)).to_have_value("765")
    agent.context.set_offline(False)
    expect(page.get_by_role("status").first).to_contain_text("enregistrée")
    assert left == ["beforeunload"]
    assert Value.objects.get(campaign_indicator=entry).number == 765


@pytest.mark.parametrize("key", ["Enter", "button"])
@pytest.mark.parametrize("fault", ["cut", "down"])
def test_a_form_sent_as_the_connection_fails_stays_and_goes_when_it_returns(visit, key, fault):
    """However lately the portal answered; a portal that restarts is no better than no network."""
    person = visit("coordination")
    page = person.page
    person.go("/compte/")
    name = page.get_by_label("Prénom")
    name.fill("Camille-Anne")
    if fault == "cut":
        person.context.set_offline(True)
        page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => true})")
    else:
        page.route("**/*", lambda route: route.fulfill(status=502, body="panne"))
    if key == "Enter":
        name.press("Enter")
    else:
        button(page, "^Enregistrer$").click()
    expect(page.locator(".typed-band")).to_contain_text("Pas de connexion")
    expect(name).to_have_value("Camille-Anne")
    if fault == "cut":
        person.context.set_offline(False)
    else:
        page.unroute("**/*")
    expect(page.get_by_role("status").first).to_contain_text("enregistr", timeout=10_000)
    assert User.objects.get(email="coordination@demo.example").first_name == "Camille-Anne"


def test_a_figure_that_nobody_answers_is_kept_and_sent_again(visit):
    """A connection that is lost without a word; the rows behind it wait for it."""
    agent = visit("agent-caf")
    page = agent.page
    agent.go(ENTRY)
    page.evaluate(
        "window.patience = []; document.addEventListener('htmx:configRequest', (event) => {"
        " window.patience.push(event.detail.timeout); event.detail.timeout = 500; })"
    )
    entry = row_key(page)
    page.route("**/saisie/?ligne=*", lambda route: None)
    first_field(page).fill("7654")
    first_field(page).press("Tab")
    expect(page.locator(f"#etat-{entry}")).to_contain_text("gardé ici")
    expect(page.locator(".typed-band")).to_contain_text("Pas de connexion")
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        page.unroute("**/saisie/?ligne=*")
    expect(page.locator(f"#etat-{entry}")).not_to_contain_text("gardé ici")
    assert Value.objects.get(campaign_indicator=entry).number == 7654
    assert set(page.evaluate("window.patience")) == {20_000}
