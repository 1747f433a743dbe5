"""An agent in the grid: goes through it with keys, fills it in with a thumb, pastes a column of
twenty figures with three mistakes; and types in the list of what is owed. A commune's agent gives
its own."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from conventions.models import Convention
from indicators.models import Value
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import Acts, assert_fits, button
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
# A row that saves itself, by its address.
ROW = "ligne="


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


@pytest.mark.long
def test_an_agent_fills_in_the_grid(visit, column):
    campaign, cells = column
    agent = visit("agent-caf", WIDE)
    go_through_with_keys(agent, campaign)
    fill_in_with_a_thumb(visit("agent-caf", NARROW, has_touch=True, is_mobile=True), cells)
    given = Value.objects.filter(campaign_indicator__campaign=campaign)
    assert {bool(value.absence) for value in given} == {False, True}
    given.delete()
    paste_a_column(agent, campaign, cells)
    paste_two_cells_into_a_box(agent)


def test_a_communes_agent_gives_the_figures_of_it(visit):
    """The row of the commune saves itself on a telephone, in the tables of others, also where its
    figure was typed before the scripts of the page were there."""
    agent = visit("agent-commune", NARROW)
    page = agent.page
    agent.go("/conventions/grand-chatellerault/evaluations/2024/saisie/")
    agent.title_is("Vous pouvez donner 2 chiffres de votre commune pour 2024")
    late = []

    def hold(route):
        late.append(route)

    page.route("**/*.js", hold)
    page.get_by_role("link", name="Taux de pauvreté").click()
    agent.title_is("Taux de pauvreté : Naintré, 2024")
    cell = page.locator("[data-grid] .typed input[inputmode]")
    cell.fill("21,4")
    cell.press("Tab")
    with page.expect_response(lambda answer: ROW in answer.url):
        for script in late:
            script.continue_()
    page.unroute("**/*.js")
    expect(page.locator("[data-grid] .entry-state")).to_contain_text("Enregistré")
    assert faults(page) == []
    value = Value.objects.get(
        campaign_indicator__campaign__year=2024,
        campaign_indicator__indicator__title="Taux de pauvreté",
        commune__name="Naintré",
    )
    assert (value.number, value.state) == (Decimal("21.4"), "draft")


def go_through_with_keys(agent, campaign):
    page = agent.page
    agent.go(GRID)
    cells = page.locator("[data-grid] .typed input[inputmode]")
    cells.first.focus()
    page.keyboard.type("41")
    with page.expect_response(lambda answer: ROW in answer.url):
        page.keyboard.press("Enter")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cells.first).to_be_focused()
    page.keyboard.type("999")
    page.keyboard.press("Escape")
    expect(cells.first).to_have_value("41")
    page.keyboard.type("43")
    with page.expect_response(lambda answer: ROW in answer.url):
        page.keyboard.press("ArrowDown")
    with page.expect_response(lambda answer: ROW in answer.url):
        page.keyboard.press("Control+z")
    expect(cells.first).to_have_value("41")
    # It is answered once it is written.
    assert Value.objects.get(campaign_indicator__campaign=campaign).number == 41
    page.keyboard.press("Tab")
    expect(page.locator("[data-grid] .beside input").first).to_be_focused()
    agent.resize(NARROW)
    assert_fits(page)
    assert faults(page) == []
    agent.resize(WIDE)


def fill_in_with_a_thumb(agent, cells):
    """Digits alone are at hand: what they lack is beneath the row, and the keyboard stays."""
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
    with page.expect_response(lambda answer: "report" in (answer.request.post_data or "")):
        keys.get_by_role("button", name="Ligne suivante").tap()
    expect(third).to_be_focused()
    expect(rows.nth(1).locator(".entry-state")).to_contain_text("non disponible")
    assert faults(page) == []


def paste_a_column(agent, campaign, cells):
    """Twenty figures are given in at most twelve acts: pasted, seen, three of them put right, what
    surprises explained."""
    page, main = agent.page, agent.page.get_by_role("main")
    acts = Acts(page)
    acts.open(agent.portal + GRID)
    page.locator("[data-grid] .typed input[inputmode]").first.focus()
    with page.expect_navigation():
        page.evaluate(PASTE, "\r\n".join(cells) + "\r\n")
    expect(main.get_by_role("heading", level=1)).to_contain_text("20 lignes collées")
    expect(main.locator(".line-number.wrong")).to_have_text(
        [re.compile(n) for n in ("5", "10", "15")]
    )
    assert faults(page) == []
    assert not Value.objects.filter(campaign_indicator__campaign=campaign).exists()
    save(acts)
    expect(main.locator(".line-number.kept")).not_to_have_count(0)
    for field, text in zip(
        main.get_by_label("Valeur corrigée").all(), ("41", "30", "12"), strict=True
    ):
        acts.fill(field, text)
    explain(acts)
    save(acts)
    expect(main.get_by_role("heading", level=1)).not_to_contain_text("refusée")
    explain(acts)
    if "coller" in page.url:
        save(acts)
    assert acts.count <= 12
    expect(page).to_have_url(re.compile("/grille/"))
    assert Value.objects.filter(campaign_indicator__campaign=campaign).count() == 20


def save(acts):
    with acts.page.expect_navigation(wait_until="commit"):
        acts.click(button(acts.page.get_by_role("main"), "^Enregistrer"))


def explain(acts):
    for field in acts.page.get_by_role("main").get_by_label("Explication").all():
        acts.fill(field, "Une réorganisation du service")


def paste_two_cells_into_a_box(agent):
    """A field of one line makes a space of the end of a line: 221 and 900 would be 221 900."""
    agent.go("/conventions/grand-chatellerault/evaluations/2024/saisie/")
    field = agent.page.locator("input[inputmode=decimal]").first
    field.focus()
    field.select_text()
    agent.page.evaluate(PASTE, "221\r\n900\r\n")
    field.press("Tab")
    expect(field).to_have_value("221 | 900")
    state = agent.page.locator(".entry-state", has_text="plusieurs cellules")
    expect(state).to_contain_text("Non enregistré")
