"""An agent pastes a column into the grid: twenty figures, three mistakes told, in under a minute;
and goes through it with keys."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conventions.models import Convention
from indicators.models import Value
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import button, send
from tests.indicators.bulk import many_indicators

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = 2031
GRID = f"/conventions/grand-chatellerault/evaluations/{YEAR}/saisie/grille/"
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(paste);
}"""


@pytest.fixture
def column(portal):
    """Twenty figures of the Caf as they stand in its spreadsheet, near those of the year before."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    campaign = many_indicators(convention, 60, [YEAR - 1, YEAR])
    Value.objects.filter(campaign_indicator__campaign=campaign).delete()
    caf = convention.organisations.order_by("pk").first()
    rows = campaign.campaign_indicators.entered_by([caf]).in_reading_order()
    before = {
        value.campaign_indicator.indicator_id: value.number
        for value in Value.objects.filter(
            campaign_indicator__campaign__year=YEAR - 1, number__isnull=False
        ).select_related("campaign_indicator")
    }
    cells = [f"{before.get(row.indicator_id, 40):.0f}" for row in rows]
    assert len(cells) == 20
    cells[4], cells[9], cells[14] = "31/12/2031", "env. 30", "12 k"
    return campaign, cells


def test_twenty_figures_are_pasted_in_under_a_minute(visit, column):
    campaign, cells = column
    agent = visit("agent-caf", WIDE)
    page = agent.page
    agent.go(GRID)
    began = time.monotonic()
    page.locator("[data-grid] .typed input[inputmode]").first.focus()
    with page.expect_navigation():
        page.evaluate(PASTE, "\r\n".join(cells) + "\r\n")
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_contain_text("20 lignes collées")
    expect(main.locator(".line-number.wrong")).to_have_text(
        [re.compile(n) for n in ("5", "10", "15")]
    )
    assert Axe().run(page).violations_count == 0
    assert not Value.objects.filter(campaign_indicator__campaign=campaign).exists()
    send(page, button(main, "^Enregistrer"))
    expect(main.locator(".line-number.kept")).not_to_have_count(0)
    for field, text in zip(
        main.get_by_label("Valeur corrigée").all(), ("41", "30", "12"), strict=True
    ):
        field.fill(text)
    for field in main.get_by_label("Explication").all():
        field.fill("Une réorganisation du service")
    send(page, button(main, "^Enregistrer"))
    expect(main.get_by_role("heading", level=1)).not_to_contain_text("refusée")
    for field in main.get_by_label("Explication").all():
        field.fill("Une réorganisation du service")
    if "coller" in page.url:
        send(page, button(main, "^Enregistrer"))
    assert time.monotonic() - began < 60
    expect(page).to_have_url(re.compile("/grille/"))
    assert Value.objects.filter(campaign_indicator__campaign=campaign).count() == 20


def test_the_grid_is_gone_through_with_keys(visit, column):
    campaign, _ = column
    agent = visit("agent-caf", WIDE)
    page = agent.page
    agent.go(GRID)
    cells = page.locator("[data-grid] .typed input[inputmode]")
    cells.first.focus()
    page.keyboard.type("41")
    with page.expect_response(lambda answer: "ligne=" in answer.url):
        page.keyboard.press("Enter")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cells.first).to_be_focused()
    page.keyboard.type("999")
    page.keyboard.press("Escape")
    expect(cells.first).to_have_value("41")
    page.keyboard.type("43")
    with page.expect_response(lambda answer: "ligne=" in answer.url):
        page.keyboard.press("ArrowDown")
    with page.expect_response(lambda answer: "ligne=" in answer.url):
        page.keyboard.press("Control+z")
    expect(cells.first).to_have_value("41")
    page.wait_for_timeout(300)
    assert Value.objects.get(campaign_indicator__campaign=campaign).number == 41
    page.keyboard.press("Tab")
    expect(page.locator("[data-grid] .beside input").first).to_be_focused()
    agent.resize(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert Axe().run(page).violations_count == 0


def test_rows_are_filled_in_with_a_thumb(visit, column):
    """Digits alone are at hand: what they lack is beneath the row, and the keyboard stays."""
    campaign, cells = column
    agent = visit("agent-caf", NARROW, has_touch=True, is_mobile=True)
    page = agent.page
    agent.go(GRID)
    rows = page.locator("[data-row]")
    first, second, third = (rows.nth(n).locator(".typed input[inputmode]") for n in range(3))
    keys = page.get_by_role("group", name="Pour cette ligne")
    expect(keys).to_be_hidden()
    first.tap()
    page.keyboard.type(cells[0])
    keys.get_by_role("button", name="Ligne suivante").tap()
    expect(second).to_be_focused()
    expect(rows.nth(0).locator(".entry-state")).to_contain_text("Enregistré")
    keys.get_by_role("button", name="n.d.").tap()
    expect(second).to_have_value("n.d.")
    expect(rows.nth(1).locator(".beside input")).to_be_focused()
    page.keyboard.type("Enquête reportée")
    keys.get_by_role("button", name="Ligne suivante").tap()
    expect(third).to_be_focused()
    expect(rows.nth(1).locator(".entry-state")).to_contain_text("non disponible")
    assert Axe().run(page).violations_count == 0
    kept = Value.objects.filter(campaign_indicator__campaign=campaign)
    assert {bool(value.absence) for value in kept} == {False, True}
