"""An association without account answers by its link: on a telephone, with a mistake told, a block
pasted; then the link opens nothing."""

import datetime
import re
from unittest import mock

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect
from post_office.models import Email

from conventions.models import Convention, Organisation
from indicators.models import CampaignIndicator, EntryLink, Indicator, Value
from indicators.values.links.events import send_link
from indicators.values.links.tokens import address_of
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import button, send
from tests.indicators.bulk import many_indicators

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = 2031
EVALUATIONS = "/conventions/grand-chatellerault/evaluations/"
LINKS = f"{EVALUATIONS}{YEAR}/liens/"
ADDRESS = "contact@les-lilas.example"


@pytest.fixture
def asso(portal):
    """An association of which four figures are asked, and where nobody has an account."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    asso = Organisation.objects.create(
        convention=convention, name="Association Les Lilas", acronym="Les Lilas",
        kind="association",
    )  # fmt: skip
    campaign = many_indicators(convention, 4, [YEAR])
    Value.objects.filter(campaign_indicator__campaign=campaign).delete()
    campaign.campaign_indicators.update(provider=asso, enterer=asso)
    return asso


def sent_by(coordinator) -> str:
    """Have the coordinator send the link; what the association receives."""
    page = coordinator.page
    coordinator.go(f"{EVALUATIONS}{YEAR}/recueil/")
    page.get_by_role("link", name="Liens de saisie").click()
    page.get_by_role("link", name="Association Les Lilas").click()
    page.get_by_label("Adresse électronique").fill(ADDRESS)
    send(page, button(page, "Envoyer le lien"))
    expect(page.get_by_role("main")).to_contain_text(f"Le lien est envoyé à {ADDRESS}")
    mail = Email.objects.get(to=ADDRESS)
    return re.search(r"https?://[^/\s]+(/lien-de-saisie/\S+)", mail.message)[1]


def is_sound(page) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.long
def test_an_association_answers_by_its_link(visit, asso):
    coordinator = visit("coordination", WIDE)
    page = coordinator.page
    address = sent_by(coordinator)

    # Who opens it says who she is; a telephone, no account.
    holder = visit(None, NARROW)
    telephone = holder.page
    holder.go(address)
    holder.title_is("Donner les données")
    is_sound(telephone)
    telephone.get_by_label("Votre nom").fill("Marie Durand")
    telephone.get_by_label("Votre fonction").fill("directrice")
    send(telephone, button(telephone, "Continuer"))
    is_sound(telephone)
    cells = telephone.locator("[data-grid] .typed input[inputmode]")
    expect(cells).to_have_count(4)
    for n, typed in enumerate(("12 k", "21", "33")):
        cells.nth(n).fill(typed)
        with telephone.expect_response(lambda answer: "ligne=" in answer.url):
            cells.nth(n).press("Tab")
    wrong = telephone.locator("[data-grid] .entry-state .wrong")
    expect(wrong).to_have_count(1)
    is_sound(telephone)
    cells.first.fill("12")
    with telephone.expect_response(lambda answer: "ligne=" in answer.url):
        cells.first.press("Tab")
    expect(wrong).to_have_count(0)

    # The fourth is pasted, with its label.
    telephone.get_by_role("link", name="Coller un bloc").click()
    label = Indicator.objects.get(title__endswith="(4)").title
    telephone.get_by_label("Cellules copiées").fill(f"{label}\t44")
    send(telephone, button(telephone, "^Voir"))
    is_sound(telephone)
    send(telephone, button(telephone, "^Enregistrer"))
    send(telephone, button(telephone, "Enregistrer et transmettre"))
    holder.title_is("4 valeurs sont prêtes")
    is_sound(telephone)
    send(telephone, button(telephone, "Transmettre"))
    expect(telephone.get_by_role("main")).to_contain_text("4 valeurs sont transmises")

    # The coordinator reads by whom.
    coordinator.go(LINKS)
    expect(page.get_by_role("main")).to_contain_text("transmises par Marie Durand, directrice")
    given = Value.objects.filter(campaign_indicator__campaign__year=YEAR)
    assert sorted(int(value.number) for value in given) == [12, 21, 33, 44]
    assert {value.state for value in given} == {"submitted"}

    # It opens nothing else, and nothing any more once it is cut.
    for other in (EVALUATIONS, "/conventions/grand-chatellerault/plan-d-actions/",
                  "/conventions/grand-chatellerault/", "/conventions/"):  # fmt: skip
        holder.go(other)
        assert "/connexion/" in telephone.url
    send(page, button(page, "Couper le lien"))
    assert holder.go(address).status == 410
    holder.title_is("Ce lien n’ouvre plus rien")
    is_sound(telephone)


def test_a_link_expires(visit, asso):
    address = sent_by(visit("coordination", WIDE))
    holder = visit(None, NARROW)
    assert holder.go(address).status == 200
    later = EntryLink.objects.latest("pk").expires_at + datetime.timedelta(minutes=1)
    with mock.patch.object(timezone, "now", return_value=later):
        assert holder.go(address).status == 410
    expect(holder.page.get_by_role("main")).to_contain_text("Ce lien a expiré")


def opened_by(visit, address: str, name: str):
    """Somebody who has opened the link, in a browser of their own."""
    holder = visit(None, NARROW)
    holder.go(address)
    say_who(holder.page, name)
    return holder


def say_who(page, name: str) -> None:
    page.get_by_label("Votre nom").fill(name)
    page.get_by_label("Votre fonction").fill("directrice")
    send(page, button(page, "Continuer"))
    page.wait_for_load_state()


def cell(page):
    return page.locator("[data-grid] .typed input[inputmode]").first


def test_two_browsers_with_one_link_lose_nothing_in_silence(visit, asso):
    address = sent_by(visit("coordination", WIDE))
    first, second = (opened_by(visit, address, name).page for name in ("Marie", "Paul"))
    for page, typed in ((first, "12"), (second, "34")):
        cell(page).fill(typed)
        with page.expect_response(lambda answer: "ligne=" in answer.url):
            cell(page).press("Tab")
    told = second.locator("[data-grid] .entry-state").first
    expect(told).to_contain_text("Marie, directrice a enregistré une autre valeur")
    expect(cell(second)).to_have_value("34")
    assert kept() == [12]
    left = []
    second.once("dialog", lambda dialog: (left.append(dialog.type), dialog.dismiss()))
    second.evaluate("location.assign('/aide/')")
    expect(cell(second)).to_have_value("34")
    with second.expect_response(lambda answer: "ligne=" in answer.url):
        told.get_by_label("Garder ce que j’ai saisi").check()
    expect(told).to_contain_text("Enregistré")
    assert left == ["beforeunload"]
    assert kept() == [34]


def test_a_visit_that_ends_and_a_connection_that_fails_lose_nothing(visit, asso):
    address = sent_by(visit("coordination", WIDE))
    holder = opened_by(visit, address, "Marie Durand")
    page = holder.page
    holder.context.set_offline(True)
    cell(page).fill("12")
    cell(page).press("Tab")
    expect(page.locator("[data-grid] .entry-state").first).to_contain_text("gardé ici")
    expect(page.locator(".typed-band")).to_contain_text("Pas de connexion")
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        holder.context.set_offline(False)
    expect(page.locator("[data-grid] .entry-state").first).to_contain_text("Enregistré")
    assert kept() == [12]

    Session.objects.all().delete()
    cell(page).fill("56")
    cell(page).press("Tab")
    dialog = page.get_by_role("dialog", name="Votre visite est terminée")
    expect(dialog).to_be_visible()
    is_sound(page)
    button(dialog, "Renvoyer").click()
    expect(dialog.get_by_role("status")).to_contain_text("pas encore rouvert")
    beside = holder.context.new_page()
    beside.goto(f"{holder.portal}{address}")
    say_who(beside, "Marie Durand")
    beside.close()
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        button(dialog, "Renvoyer").click()
    expect(dialog).to_be_hidden()
    assert kept() == [56]


def kept() -> list[int]:
    values = Value.objects.filter(campaign_indicator__campaign__year=YEAR)
    return [int(value.number) for value in values]


def test_a_table_is_typed_by_its_link(visit, asso):
    """Row by row, as in the grid of who has an account."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    entry = CampaignIndicator.objects.get(campaign__convention=convention, campaign__year=2024,
                                          indicator__code="COM-01")  # fmt: skip
    Value.objects.filter(campaign_indicator=entry).delete()
    CampaignIndicator.objects.filter(pk=entry.pk).update(provider=asso, enterer=asso)
    link = send_link(entry.campaign, asso, address=ADDRESS, by=None)
    holder = visit(None, WIDE)
    page = holder.page
    holder.go(address_of(link).removeprefix(settings.SITE_URL))
    page.get_by_label("Votre nom").fill("Marie Durand")
    page.get_by_label("Votre fonction").fill("directrice")
    send(page, button(page, "Continuer"))
    holder.go(f"/saisie-par-lien/{link.pk}/communes/{entry.pk}/")
    cells = page.locator("[data-grid] .typed input[inputmode]")
    cells.nth(0).fill("12")
    cells.nth(1).fill("14")
    page.get_by_role("heading", level=1).click()
    holder.title_is("2\u00a0communes sur")
