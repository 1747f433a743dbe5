"""An association without account answers by its link: on a telephone, with a mistake told, a block
pasted; two of its people at once, a connection that fails, a visit that ends, a table of communes;
then the link opens nothing."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import expect
from post_office.models import Email

from conventions.models import Convention, Organisation
from indicators.models import CampaignIndicator, Indicator, Value
from indicators.values.links.events import send_link
from indicators.values.links.tokens import address_of
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import assert_fits, button, send
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
    page.get_by_text("Autres gestes").click()
    page.get_by_role("link", name="Liens de saisie").click()
    page.get_by_role("link", name="Association Les Lilas").click()
    page.get_by_label("Adresse électronique").fill(ADDRESS)
    send(page, button(page, "Envoyer le lien"))
    expect(page.get_by_role("main")).to_contain_text(f"Le lien est envoyé à {ADDRESS}")
    mail = Email.objects.get(to=ADDRESS)
    return re.search(r"https?://[^/\s]+(/lien-de-saisie/\S+)", mail.message)[1]


def is_sound(page) -> None:
    assert_fits(page)
    assert faults(page) == []


@pytest.mark.long
def test_an_association_answers_by_its_link(visit, asso):
    coordinator = visit("coordination", WIDE)
    address = sent_by(coordinator)
    holder = visit(None, NARROW)
    say_who(holder, address, "Marie Durand")
    lose_the_connection(holder)
    lose_the_visit(holder, address)
    meet_a_colleague(holder, address, visit(None, NARROW))
    Value.objects.filter(campaign_indicator__campaign__year=YEAR).delete()
    fill_in_and_submit(holder)
    type_a_table(holder, asso)
    find_nothing_else(holder)
    read_and_cut(coordinator.log_in("coordination"))
    assert holder.go(address).status == 410
    holder.title_is("Ce lien n’ouvre plus rien")
    is_sound(holder.page)


def say_who(holder, address: str, name: str) -> None:
    """Who opens it says who she is: no account."""
    page = holder.page
    page.goto(f"{holder.portal}{address}")
    holder.title_is("Donner les données")
    is_sound(page)
    say_name(page, name)


def say_name(page, name: str) -> None:
    page.get_by_label("Votre nom").fill(name)
    page.get_by_label("Votre fonction").fill("directrice")
    send(page, button(page, "Continuer"))
    page.wait_for_load_state()
    is_sound(page)


def cells(page):
    return page.locator("[data-grid] .typed input[inputmode]")


def type_in(page, n: int, text: str) -> None:
    """In the row of that number, which saves itself."""
    cells(page).nth(n).fill(text)
    with page.expect_response(lambda answer: "ligne=" in answer.url):
        cells(page).nth(n).press("Tab")


def saved_numbers() -> list[int]:
    values = Value.objects.filter(campaign_indicator__campaign__year=YEAR)
    return [int(value.number) for value in values]


def lose_the_connection(holder):
    """What is typed meanwhile is kept on the page, and sent when it returns."""
    page = holder.page
    state = page.locator("[data-grid] .entry-state").first
    holder.context.set_offline(True)
    cells(page).first.fill("12")
    cells(page).first.press("Tab")
    expect(state).to_contain_text("gardé ici")
    expect(page.locator(".typed-band")).to_contain_text("Pas de connexion")
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        holder.context.set_offline(False)
    expect(state).to_contain_text("Enregistré")
    assert saved_numbers() == [12]


def lose_the_visit(holder, address: str):
    """It is opened again beside, by the link, and nothing is lost."""
    page = holder.page
    Session.objects.all().delete()
    cells(page).first.fill("56")
    cells(page).first.press("Tab")
    dialog = page.get_by_role("dialog", name="Votre visite est terminée")
    expect(dialog).to_be_visible()
    is_sound(page)
    button(dialog, "Renvoyer").click()
    expect(dialog.get_by_role("status")).to_contain_text("pas encore rouvert")
    other_page = holder.context.new_page()
    other_page.goto(f"{holder.portal}{address}")
    say_name(other_page, "Marie Durand")
    other_page.close()
    with page.expect_response(lambda answer: "ligne=" in answer.url and answer.ok):
        button(dialog, "Renvoyer").click()
    expect(dialog).to_be_hidden()
    assert saved_numbers() == [56]


def meet_a_colleague(holder, address: str, colleague):
    """Two browsers with one link lose nothing in silence."""
    first, second = holder.page, colleague.page
    say_who(colleague, address, "Paul Martin")
    type_in(first, 0, "12")
    type_in(second, 0, "34")
    state = second.locator("[data-grid] .entry-state").first
    expect(state).to_contain_text("Marie Durand, directrice a enregistré une autre valeur")
    expect(cells(second).first).to_have_value("34")
    assert saved_numbers() == [12]
    left = []
    second.once("dialog", lambda dialog: (left.append(dialog.type), dialog.dismiss()))
    second.evaluate("location.assign('/aide/')")
    expect(cells(second).first).to_have_value("34")
    with second.expect_response(lambda answer: "ligne=" in answer.url):
        state.get_by_label("Garder ce que j’ai saisi").check()
    expect(state).to_contain_text("Enregistré")
    assert left == ["beforeunload"]
    assert saved_numbers() == [34]


def fill_in_and_submit(holder):
    """Three rows, one of them with a mistake; the fourth is pasted, with its label."""
    telephone = holder.page
    telephone.reload()
    expect(cells(telephone)).to_have_count(4)
    for n, typed in enumerate(("12 k", "21", "33")):
        type_in(telephone, n, typed)
    wrong = telephone.locator("[data-grid] .entry-state .wrong")
    expect(wrong).to_have_count(1)
    is_sound(telephone)
    type_in(telephone, 0, "12")
    expect(wrong).to_have_count(0)
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
    given = Value.objects.filter(campaign_indicator__campaign__year=YEAR)
    assert sorted(int(value.number) for value in given) == [12, 21, 33, 44]
    assert {value.state for value in given} == {"submitted"}


def type_a_table(holder, asso):
    """By the link of another year; row by row, as in the grid of who has an account."""
    entry = CampaignIndicator.objects.get(
        campaign__convention=asso.convention, campaign__year=2024, indicator__code="COM-01"
    )
    Value.objects.filter(campaign_indicator=entry).delete()
    CampaignIndicator.objects.filter(pk=entry.pk).update(provider=asso, enterer=asso)
    link = send_link(entry.campaign, asso, address=ADDRESS, by=None)
    holder.resize(WIDE)
    holder.go(address_of(link).removeprefix(settings.SITE_URL))
    say_name(holder.page, "Marie Durand")
    holder.go(f"/saisie-par-lien/{link.pk}/communes/{entry.pk}/")
    cells(holder.page).nth(0).fill("12")
    cells(holder.page).nth(1).fill("14")
    holder.page.get_by_role("heading", level=1).click()
    holder.title_is("2\u00a0communes sur")
    holder.resize(NARROW)


def find_nothing_else(holder):
    for address in (EVALUATIONS, "/conventions/grand-chatellerault/plan-d-actions/",
                    "/conventions/grand-chatellerault/", "/conventions/"):  # fmt: skip
        holder.go(address)
        assert "/connexion/" in holder.page.url


def read_and_cut(coordinator):
    """She reads by whom the figures were given."""
    page = coordinator.page
    coordinator.go(LINKS)
    expect(page.get_by_role("main")).to_contain_text("transmises par Marie Durand, directrice")
    send(page, button(page, "Couper le lien"))
    expect(page.get_by_role("main")).to_contain_text("coupé")
