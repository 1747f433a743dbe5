"""What people do at the portal, played in the browser."""

import re

import pytest
from playwright.sync_api import expect
from post_office.models import Email

from conventions.models import Membership, Role
from ctg_portal import demo
from tests.browser.conftest import NARROW
from tests.browser.gestures import send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"


def last_mail(address: str, holding: str = "") -> str:
    return Email.objects.filter(to=address, message__contains=holding).latest("pk").message


def test_a_member_who_forgot_the_password_logs_in_by_code_and_reads(visit):
    """On a telephone: a code by mail, the dashboard, an objective, her commune."""
    visitor = visit(size=NARROW)
    page = visitor.page
    visitor.go(REAL + "axes/")
    page.get_by_role("button", name="Recevoir un code par courriel").scroll_into_view_if_needed()
    page.locator("form", has_text="Recevoir un code").get_by_label("Adresse électronique").fill(
        "copil-msa@demo.example"
    )
    page.get_by_role("button", name="Recevoir un code par courriel").click()
    expect(page.get_by_role("main")).to_contain_text("copil-msa@demo.example")
    message = last_mail("copil-msa@demo.example")
    code = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$", message, re.MULTILINE)[1]
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code)
    page.keyboard.press("Enter")
    visitor.title_is("4 axes, 7 thématiques, 30 objectifs et 42 sous-objectifs")
    page.get_by_role("button", name="Menu").click()
    page.get_by_text("Toute la convention").click()
    page.get_by_role("link", name="Territoire", exact=True).click()
    page.get_by_role("link", name="Thuré", exact=True).click()
    visitor.title_is("Thuré dans la convention")
    expect(page.get_by_role("main")).to_contain_text("2 765 habitants")


def test_the_whole_reading_with_the_keyboard_alone(visit):
    """Log in, skip to the content, open the text, follow the table of contents, search."""
    visitor = visit()
    page = visitor.page
    visitor.go("/connexion/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    page.get_by_label("Adresse électronique").first.focus()
    page.keyboard.type("copil-agglo@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(demo.password())
    page.keyboard.press("Enter")
    visitor.title_is("attendent votre réponse")
    tab_to(page, "Toute la convention")
    page.keyboard.press("Enter")
    tab_to(page, "Texte de la convention")
    page.keyboard.press("Enter")
    visitor.title_is("Le texte de la convention")
    tab_to(page, "Article 5 : Échanges de données")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#article-5$"))
    page.get_by_role("searchbox", name="Rechercher dans la convention").focus()
    page.keyboard.type("EVALUATION")
    page.keyboard.press("Enter")
    visitor.title_is("pour « EVALUATION »")


def tab_to(page, text: str, presses: int = 60):
    """Press Tab until the element of that text has the focus."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text().replace("\xa0", " ").strip() == text:
            return
    pytest.fail(f"« {text} » is not reached with the keyboard")


def test_the_coordinator_invites_and_the_newcomer_comes_in(visit):
    coordinator = visit("coordination")
    page = coordinator.page
    coordinator.go(REAL + "acces/")
    page.get_by_label("Adresse électronique").fill("nouvelle@msa.example")
    page.get_by_role("combobox", name="Organisme").select_option(
        label="Mutualité sociale agricole Poitou"
    )
    page.get_by_label(re.compile("Contribution")).check()
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_role("status").first).to_contain_text("Invitation envoyée")
    link = re.search(r"https?://\S+/invitation/\S+", last_mail("nouvelle@msa.example"))[0]

    newcomer = visit(size=NARROW)
    newcomer.page.goto(link)
    newcomer.title_is("Ouvrez votre compte")
    newcomer.page.get_by_label("Prénom").fill("Inès")
    newcomer.page.get_by_label("Nom", exact=False).last.fill("Blanchard")
    newcomer.page.get_by_role("button", name="Ouvrir mon compte").click()
    newcomer.title_is("indicateurs sur 36 progressent")
    expect(newcomer.page.get_by_role("banner")).to_contain_text("Inès Blanchard, MSA Poitou")
    assert Membership.objects.get(user__email="nouvelle@msa.example").role == Role.CONTRIBUTOR

    newcomer.page.goto(link)
    newcomer.title_is("Vous avez déjà accepté cette invitation")


def test_the_coordinator_hands_over_and_leaves_when_the_successor_accepts(visit):
    coordinator = visit("coordination")
    page = coordinator.page
    coordinator.go(REAL + "acces/moi/")
    page.get_by_role("link", name="Quitter").click()
    expect(page.get_by_role("main")).to_contain_text("transmettez d’abord ce rôle")
    page.get_by_role("link", name="Transmettre l’accès").click()
    page.get_by_label(re.compile("Adresse électronique")).fill("lecture@demo.example")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_role("status").first).to_contain_text("Invitation envoyée")
    invitation = last_mail("lecture@demo.example", holding="/invitation/")
    link = re.search(r"https?://\S+/invitation/\S+", invitation)[0]

    successor = visit("lecture")
    successor.page.goto(link)
    successor.title_is("Acceptez-vous cette invitation")
    send(successor.page, successor.page.get_by_role("button", name="Accepter"))
    successor.go(REAL + "acces/")
    successor.title_is("personnes ont accès")
    assert coordinator.go(REAL).status == 404


def test_communes_are_filtered_as_one_types_and_without_javascript(visit):
    with_script = visit("copil-agglo")
    with_script.go(REAL + "territoire/")
    with_script.page.get_by_role("searchbox", name="Commune").press_sequentially("saint remy")
    expect(with_script.page.locator("#liste [role=status]")).to_have_text("1 commune sur 49")
    expect(with_script.page.get_by_role("searchbox", name="Commune")).to_have_value("saint remy")

    without = visit("copil-agglo", java_script_enabled=False)
    without.go(REAL + "territoire/")
    without.page.get_by_role("searchbox", name="Commune").fill("saint remy")
    without.page.get_by_role("button", name="Filtrer").click()
    # What is sent, and finds one commune, opens it.
    without.title_is("Saint-Rémy")
    with_script.page.get_by_role("button", name="Filtrer").click()
    expect(with_script.page.get_by_role("heading", level=1)).to_contain_text("Saint-Rémy")
