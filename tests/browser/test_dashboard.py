"""How far one scrolls on a telephone for what one came for."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
FICTIONAL = "/conventions/val-de-claise-fictif/"
TELEPHONE = (375, 800)
FOUR_SCREENS = 4 * 800

# Whose page, and what they came for: what is to be done, or the state.
CAME_FOR = [
    ("copil-caf", REAL, ".acts .btn-primary"),
    ("copil-agglo", REAL, ".acts .btn-primary"),
    ("agent-caf", REAL, ".acts .btn-primary"),
    ("agent-agglo", REAL, ".acts .btn-primary"),
    ("coordination", REAL, ".todo"),
    ("etranger", FICTIONAL, ".todo"),
    ("adviser-caf", REAL, "main"),
    ("ressource", REAL, "main"),
]


def bottom(page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.long
def test_what_one_came_for_is_within_four_screens_of_a_telephone(visit):
    far = {}
    for account, address, selector in CAME_FOR:
        visitor = visit(account, TELEPHONE)
        visitor.go(address)
        if (found := bottom(visitor.page, selector)) > FOUR_SCREENS:
            far[account] = found
    assert far == {}


def test_table_is_a_list_on_a_telephone_and_each_figure_leads_to_its_page(visit):
    visitor = visit("lecture", TELEPHONE)
    page = visitor.page
    visitor.go(REAL)
    row = page.locator(".glance tbody tr").first
    cells = [cell.bounding_box() for cell in row.locator("td").all()]
    assert len({box["x"] for box in cells}) == 1
    assert [box["y"] for box in cells] == sorted({box["y"] for box in cells})
    addresses = [row.locator("td a").nth(n).get_attribute("href") for n in range(3)]
    for address in addresses:
        assert visitor.go(address).ok
