"""A collection, played in the browser: from an empty year to the first text that tells of it."""

import datetime
import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from conventions.models import Convention
from indicators.models import Absence, Value, ValueState
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
YEAR = REAL + "evaluations/2025/"


def value_of(code: str) -> Value:
    return Value.objects.get(
        campaign_indicator__indicator__code=code, campaign_indicator__campaign__year=2025
    )


def row_of(page, title: str):
    return page.locator("tr", has=page.get_by_role("link", name=title))


def unfolded(row, label: str):
    """A field below a fold, which the page opens by itself where it asks for that field: whether
    it did is known once the fold is there, not while the page is on its way."""
    field = row.get_by_label(re.compile(label))
    fold = row.locator("details", has=row.page.get_by_label(re.compile(label)))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return field


@pytest.mark.long
def test_from_an_empty_year_to_its_first_text(visit):
    coordination, agent = visit("coordination"), visit("agent-caf", NARROW)
    open_the_year(coordination)
    enter_on_a_telephone(agent)
    agent.resize(WIDE)
    explain_and_submit(agent)
    verify(agent.log_in("agent-caf-2"))
    write_the_narrative(coordination)


def open_the_year(coordination):
    """Nothing is asked of anybody until the coordinator opens the year, the last of a convention
    that was prolonged."""
    real = Convention.objects.filter(slug="grand-chatellerault")
    real.update(end=datetime.date(2025, 12, 31))
    page = coordination.page
    coordination.go(REAL + "evaluations/")
    page.get_by_role("link", name="Préparer un recueil annuel").click()
    expect(page.get_by_label("Année observée")).to_have_value("2025")
    page.get_by_label("Données attendues pour le").fill("2027-06-15")
    button(page, "Préparer").click()
    # Preparing leads to the page that opens it.
    button(page, "Ouvrir").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Recueil 2025")


def enter_on_a_telephone(agent):
    """From the dashboard, numbers as people type them; a mistake is told, and nothing is lost."""
    page = agent.page
    agent.go(REAL)
    # What was returned comes first.
    page.get_by_text("Tout voir").click()
    page.locator("li", has_text="2025").get_by_role("link", name="Saisir mes données").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("à renseigner")
    fill = {
        "Heures d’accueil de loisirs extrascolaire réalisées": "222\u202f451",
        "Places agréées en EAJE": "4O0",
        "Centres sociaux et espaces de vie sociale agréés": "8",
        "Familles en impayé de loyer accompagnées": "n.d.",
    }
    for title, typed in fill.items():
        row_of(page, title).get_by_role("textbox").first.fill(typed)
    button(page, "^Enregistrer$").click()
    expect(page.get_by_role("alert")).to_contain_text("ne sont pas enregistrées")
    wrong = row_of(page, "Places agréées en EAJE").get_by_role("textbox").first
    expect(wrong).to_have_value("4O0")
    wrong.fill("448,0")
    absent = row_of(page, "Familles en impayé de loyer accompagnées")
    unfolded(absent, "^Motif").fill("Le suivi est confié à un nouveau service.")
    send(page, button(page, "^Enregistrer$"))
    assert value_of("EN-01").number == 222451
    assert value_of("PE-02").number == 448
    assert value_of("LO-04").absence == Absence.NOT_AVAILABLE


def explain_and_submit(agent):
    """A figure that moved a lot is to be explained first; what is ready is submitted."""
    page = agent.page
    agent.go(YEAR + "saisie/")
    ratio = row_of(page, "Familles présentes par séance de LAEP")
    ratio.get_by_role("textbox").nth(0).fill("1 000")
    ratio.get_by_role("textbox").nth(1).fill("100")
    button(page, "Enregistrer et transmettre").click()
    expect(page.get_by_role("main")).to_contain_text("expliquez-le")
    page.get_by_role("link", name="Revenir à la saisie").first.click()
    ratio = row_of(page, "Familles présentes par séance de LAEP")
    unfolded(ratio, "^Commentaire").fill("Deux lieux de plus ont ouvert.")
    button(page, "Enregistrer et transmettre").click()
    expect(page.get_by_role("main")).to_contain_text("Deux lieux de plus")
    send(page, button(page, "^Transmettre"))
    assert value_of("PA-04").number == Decimal(10)
    assert value_of("PA-04").state == ValueState.SUBMITTED


def verify(second):
    """A second person of the Caf confirms."""
    page = second.page
    second.go(REAL)
    page.locator("li", has_text="2025").get_by_role("link", name="Vérifier").click()
    expect(button(page, "Vérifier les valeurs")).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()
    send(page, button(page, "Vérifier l"))  # it counts those that are ticked
    assert value_of("EN-01").state == ValueState.VERIFIED
    assert value_of("EN-01").verified_by_name == "Karim Benali"


def write_the_narrative(coordination):
    page = coordination.page
    coordination.go(YEAR)
    page.get_by_role("link", name="Compléter").click()
    page.locator(".year-texts").get_by_role("link", name=re.compile("^Écrire")).first.click()
    page.get_by_role("textbox").last.fill("Un **huitième** espace a ouvert à Lencloître.")
    button(page, "Enregistrer").click()
    page.get_by_role("link", name="Lire").click()
    expect(page.get_by_role("main")).to_contain_text("huitième")
