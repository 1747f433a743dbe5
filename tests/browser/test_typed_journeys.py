"""A session that ends, a connection that fails: nothing typed is lost, nor another's. One person
after the other at a desk; with the script that watches over it (without: ``test_bare_journeys``).
"""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import User
from conventions.models import Convention, Organisation
from ctg_portal import demo
from indicators.models import Campaign, CampaignIndicator, Value
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW
from tests.browser.gestures import assert_fits, button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
ENTRY = REAL + "evaluations/2024/saisie/"
TITLE = re.compile("Votre session est terminée")
ROW = "**/saisie/?ligne=*"


@pytest.mark.long
def test_figures_are_saved_whatever_ends_or_fails(visit):
    agent = visit("agent-caf", NARROW)
    type_after_the_session(agent)
    count_what_is_typed_fast(agent)
    type_without_a_connection(agent)
    type_to_nobody_who_answers(agent)


@pytest.mark.long
def test_texts_and_forms_are_sent_whatever_ends_or_fails(visit):
    person = visit("coordination", NARROW)
    write_after_the_session(person)
    leave_a_text_to_nobody_else(person)
    send_a_form_after_the_session(person)
    for fault in ("cut", "down"):
        for key in ("Enter", "button"):
            send_a_form_as_the_connection_fails(person, fault, key)


def log_in_beside(visitor, account):
    """Through the link of the dialog, in a tab of its own."""
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("dialog").get_by_role("link", name="Se reconnecter").click()
    window = opened.value
    window.get_by_label("Adresse électronique").first.fill(f"{account}@demo.example")
    window.get_by_role("textbox", name="Mot de passe").fill(demo.password())
    window.get_by_role("button", name="Se connecter").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("de nouveau connecté")
    window.close()


# Figures, row by row -----------------------------------------------------------------------------


def first_field(page):
    return page.locator("tr[data-hx-post] input[inputmode=decimal]").first


def row_key(page) -> int:
    return int(re.sub(r"\D", "", page.locator("tr[data-hx-post]").first.get_attribute("id")))


def type_after_the_session(agent):
    page = agent.page
    agent.go(ENTRY)
    entry = row_key(page)
    Session.objects.all().delete()
    first_field(page).fill("4 321")
    first_field(page).press("Tab")
    dialog = page.get_by_role("dialog", name=TITLE)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name="Se reconnecter")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    button(dialog, "Renvoyer").click()
    expect(dialog.get_by_role("status")).to_contain_text("pas encore reconnecté")
    log_in_beside(agent, "agent-caf")
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        button(dialog, "Renvoyer").click()
    expect(dialog).to_be_hidden()
    assert Value.objects.get(campaign_indicator=entry).number == 4321


def count_what_is_typed_fast(agent):
    """The first of two figures is long on its way: the count that comes last is true."""
    page = agent.page
    progress = page.locator("#avancement progress")
    before = int(progress.get_attribute("value"))
    empty = page.locator("tr[data-hx-post]", has_text="À saisir")
    rows = [empty.nth(n).get_attribute("id") for n in range(2)]
    late = []
    page.route(ROW, lambda route: route.continue_() if late else late.append(route))
    first, second = (page.locator(f"#{row} input[inputmode=decimal]").first for row in rows)
    with page.expect_request(ROW):
        first.fill("12")
        first.press("Tab")
    # The second waits its turn.
    second.fill("12")
    second.press("Tab")
    expect(page.locator(f"#{rows[0]}")).to_contain_text("À saisir")
    late[0].continue_()
    expect(progress).to_have_attribute("value", str(before + 2))
    expect(page.locator(f"#{rows[1]}")).not_to_contain_text("À saisir")
    page.unroute(ROW)


def type_without_a_connection(agent):
    """It is kept on the page, which one does not leave unasked, and sent when it returns."""
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


def type_to_nobody_who_answers(agent):
    """A connection that is lost without a word; the rows behind it wait for it."""
    page = agent.page
    agent.go(ENTRY)
    page.evaluate(
        "window.patience = []; window.waits = 500;"
        "document.addEventListener('htmx:configRequest', (event) => {"
        " window.patience.push(event.detail.timeout); event.detail.timeout = window.waits; })"
    )
    entry = row_key(page)
    page.route(ROW, lambda route: None)
    first_field(page).fill("7654")
    first_field(page).press("Tab")
    expect(page.locator(f"#etat-{entry}")).to_contain_text("gardé ici")
    expect(page.locator(".typed-band")).to_contain_text("Pas de connexion")
    page.evaluate("window.waits = 20_000")  # who answers again may be slow
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        page.unroute(ROW)
    expect(page.locator(f"#etat-{entry}")).not_to_contain_text("gardé ici")
    assert Value.objects.get(campaign_indicator=entry).number == 7654
    assert set(page.evaluate("window.patience")) == {20_000}


# Texts and forms ---------------------------------------------------------------------------------


def open_a_text(person):
    """The first that the year lacks, by the list that leads to it; its field."""
    person.go(REAL + "evaluations/2024/completer/")
    texts = person.page.locator(".year-texts")
    send(person.page, texts.get_by_role("link", name=re.compile("^Écrire")).first)
    return person.page.get_by_role("textbox").last


def write_after_the_session(person):
    """Its draft cannot be kept: that is told, and what was typed is found after the log-in."""
    page = person.page
    field = open_a_text(person)
    assert_fits(page)
    Session.objects.all().delete()
    field.fill("Écrit après la fin de la session.")
    dialog = page.get_by_role("dialog", name=TITLE)
    expect(dialog).to_be_visible()
    button(dialog, "Quitter cette page").click()
    expect(page.get_by_label("Adresse électronique").first).to_be_visible()
    person.log_in("coordination").go("/saisies-gardees/")
    expect(page.get_by_label("Texte 1")).to_have_value("Écrit après la fin de la session.")
    send(page, button(page, "Envoyer ce que j’avais saisi"))


def leave_a_text_to_nobody_else(person):
    """Whoever logs in at that desk is shown nothing, and the person finds it again. The page looks
    whether it is still hers when an hour has passed."""
    page, text = person.page, "Un texte qui a demandé une heure de travail."
    page.clock.install()
    field = open_a_text(person)
    address = page.url.removeprefix(person.portal)
    field.fill(text)
    Session.objects.all().delete()
    page.clock.fast_forward("05:00")
    expect(page.get_by_role("dialog", name=TITLE)).to_be_visible()
    log_in_beside(person, "copil-caf")
    # Its draft could not be kept meanwhile: it waits to be sent.
    button(page.get_by_role("dialog"), "Renvoyer").click()
    person.title_is("Ce formulaire était ouvert par une autre personne")
    assert text not in page.content()
    person.go("/saisies-gardees/")
    person.title_is("Rien de ce que vous avez saisi")

    person.log_in("coordination").go("/saisies-gardees/")
    expect(page.get_by_label("Texte 1")).to_have_value(text)
    assert faults(page) == []
    send(page, button(page, "Envoyer ce que j’avais saisi"))
    person.go(address)
    expect(page.get_by_role("textbox").last).to_have_value(text)
    page.clock.resume()


def linked() -> str:
    """Where a link is sent to an association without account, of which a figure is asked."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    asso = Organisation.objects.create(convention=convention, name="Les Lilas", kind="association")
    campaign = Campaign.objects.get(convention=convention, year=2024)
    entry = campaign.campaign_indicators.filter(values__isnull=True).first()
    CampaignIndicator.objects.filter(pk=entry.pk).update(provider=asso, enterer=asso)
    return f"{REAL}evaluations/2024/liens/{asso.pk}/envoyer/"


def send_a_form_after_the_session(person):
    page = person.page
    person.go(linked())
    page.get_by_label("Adresse électronique").fill("contact@les-lilas.example")
    Session.objects.all().delete()
    button(page, "Envoyer le lien").click()
    dialog = page.get_by_role("dialog", name=TITLE)
    expect(dialog).to_be_visible()
    log_in_beside(person, "coordination")
    send(page, button(dialog, "Renvoyer"))
    expect(page.get_by_role("main")).to_contain_text("Le lien est envoyé à contact@les-lilas")


def send_a_form_as_the_connection_fails(person, fault: str, key: str):
    """It stays, and goes when the connection returns, however lately the portal answered; a portal
    that restarts is no better than no network."""
    page, name = person.page, f"Camille {fault} {key}"
    person.go("/compte/")
    field = page.get_by_label("Prénom")
    field.fill(name)
    if fault == "cut":
        person.context.set_offline(True)
        page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => true})")
    else:
        page.route("**/*", lambda route: route.fulfill(status=502, body="panne"))
    if key == "Enter":
        field.press("Enter")
    else:
        button(page, "^Enregistrer$").click()
    expect(page.locator(".typed-band")).to_contain_text("Pas de connexion")
    expect(field).to_have_value(name)
    if fault == "cut":
        person.context.set_offline(False)
    else:
        page.unroute("**/*")
    expect(page.get_by_role("status").first).to_contain_text("enregistr")
    assert User.objects.get(email="coordination@demo.example").first_name == name
