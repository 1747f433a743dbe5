"""A session that ends, a connection that fails: nothing typed is lost, nor another's."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from agreements.answers import events as answers
from agreements.models import Agreement, Version
from committee.demo import EVIDENCE
from committee.demo import account as person
from conventions.models import Convention, Organisation
from ctg_portal import demo
from documents.models import store
from indicators.models import Campaign, CampaignIndicator, Value
from tests.browser.conftest import NARROW, Visitor
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


# What binds, or goes out -------------------------------------------------------------------------


class Form(NamedTuple):
    """A form whose session ends while it is filled: who fills it, where, what and how it is sent;
    what the page that follows says. ``binds``: without JavaScript its text alone comes back."""

    account: str
    address: Callable[[Visitor], str]
    label: str
    text: str
    button: str
    done: str
    binds: bool = True


def contested(_visitor) -> str:
    """An agreement of the Caf's member, which the coordinator has recorded and nobody denied."""
    by, convention = person("coordination"), Convention.objects.get(slug="grand-chatellerault")
    seat = person("copil-caf").seats.get()
    answered = Agreement.objects.filter(organisation=seat.organisation)
    proposed = Version.objects.of(convention).proposed().filter(kind="objective")
    version = proposed.exclude(pk__in=answered.values("version")).first()
    evidence = store(SimpleUploadedFile("accord.eml", EVIDENCE.encode(), "message/rfc822"), by=by)
    entry = answers.record(
        version, seat, received_on=timezone.localdate(), evidence=evidence, by=by
    )
    return f"{REAL}comite/reponses/{entry.pk}/contester/"


def linked(_visitor) -> str:
    """An association without account, of which a figure is asked."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    asso = Organisation.objects.create(convention=convention, name="Les Lilas", kind="association")
    campaign = Campaign.objects.get(convention=convention, year=2024)
    entry = campaign.campaign_indicators.filter(values__isnull=True).first()
    CampaignIndicator.objects.filter(pk=entry.pk).update(provider=asso, enterer=asso)
    return f"{REAL}evaluations/2024/liens/{asso.pk}/envoyer/"


def corrected(coordination, year: int = 2021) -> str:
    """An evaluation, by default one that is published, of which a text has changed since."""
    page, address = coordination.page, f"{REAL}evaluations/{year}/"
    coordination.go(f"{address}textes/conclusion/")
    page.get_by_label("Conclusion et perspectives").fill("Une phrase de plus.")
    send(page, button(page, "^Enregistrer$"))
    return f"{address}publication/soumettre/"


FORMS = {
    "contest": Form(
        "copil-caf", contested, "Motif", "Je n’ai rien signé", "Contester cet accord",
        "L’accord est contesté",
    ),
    "link": Form(
        "coordination", linked, "Adresse électronique", "contact@les-lilas.example",
        "Envoyer le lien", "Le lien est envoyé à contact@les-lilas.example", binds=False,
    ),
    "correct": Form(
        "coordination", corrected, "Ce qui est corrigé", "Une phrase", "Figer et soumettre",
        "L’évaluation est soumise",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.long
def test_a_form_that_counts_is_sent_once_logged_in_again(visit, name):
    form = FORMS[name]
    visitor = visit(form.account, NARROW)
    page = visitor.page
    visitor.go(form.address(visitor))
    page.get_by_label(form.label).fill(form.text)
    Session.objects.all().delete()
    button(page, form.button).click()
    dialog = page.get_by_role("dialog", name=TITLE)
    expect(dialog).to_be_visible()
    log_in_beside(visitor, form.account)
    send(page, button(dialog, "Renvoyer"))
    expect(page.get_by_role("main")).to_contain_text(form.done)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.long
def test_without_javascript_its_text_is_found_after_logging_in(visit, name):
    form = FORMS[name]
    visitor = visit(form.account, NARROW, java_script_enabled=False)
    page = visitor.page
    visitor.go(form.address(visitor))
    page.get_by_label(form.label).fill(form.text)
    Session.objects.all().delete()
    send(page, button(page, form.button))
    expect(page.get_by_role("main")).to_contain_text("Ce que vous avez saisi est gardé pour vous")
    page.get_by_label("Adresse électronique").first.fill(f"{form.account}@demo.example")
    page.get_by_role("textbox", name="Mot de passe").fill(demo.password())
    send(page, button(page, "Se connecter"))
    visitor.title_is("Vous aviez saisi ceci")
    if form.binds:
        expect(page.get_by_label("Texte 1")).to_have_value(form.text)
        page.get_by_role("link", name="Retourner à la page").click()
        page.get_by_label(form.label).fill(form.text)
        send(page, button(page, form.button))
    else:
        send(page, button(page, "Envoyer ce que j’avais saisi"))
    expect(page.get_by_role("main")).to_contain_text(form.done)


@pytest.mark.long
def test_a_button_alone_is_to_be_pressed_again_on_its_page(visit):
    """Nothing was typed: the log-in page says that nothing was done, and leads back there."""
    visitor = visit("coordination", NARROW)
    page = visitor.page
    visitor.go(corrected(visitor, 2023))
    Session.objects.all().delete()
    send(page, button(page, "Figer et soumettre"))
    expect(page.get_by_role("main")).to_contain_text("rien n’a été enregistré")
    page.get_by_label("Adresse électronique").first.fill("coordination@demo.example")
    page.get_by_role("textbox", name="Mot de passe").fill(demo.password())
    send(page, button(page, "Se connecter"))
    visitor.title_is("Soumettre l’évaluation 2023")
    send(page, button(page, "Figer et soumettre"))
    expect(page.get_by_role("main")).to_contain_text("L’évaluation est soumise")


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
        "window.patience = []; window.waits = 500;"
        "document.addEventListener('htmx:configRequest', (event) => {"
        " window.patience.push(event.detail.timeout); event.detail.timeout = window.waits; })"
    )
    entry = row_key(page)
    page.route("**/saisie/?ligne=*", lambda route: None)
    first_field(page).fill("7654")
    first_field(page).press("Tab")
    expect(page.locator(f"#etat-{entry}")).to_contain_text("gardé ici")
    expect(page.locator(".typed-band")).to_contain_text("Pas de connexion")
    page.evaluate("window.waits = 20_000")  # who answers again may be slow
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        page.unroute("**/saisie/?ligne=*")
    expect(page.locator(f"#etat-{entry}")).not_to_contain_text("gardé ici")
    assert Value.objects.get(campaign_indicator=entry).number == 7654
    assert set(page.evaluate("window.patience")) == {20_000}
