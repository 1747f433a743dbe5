"""Where there is no room for them, the chapters are called by « Menu »."""

import pytest

from tests.browser.conftest import NARROW
from tests.browser.sizes import CROWDED, CUT
from tests.browser.test_pages import PLAN, REAL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_menu_opens_without_a_script(visit):
    """They are called by a button of the header, and leave by Escape."""
    visitor = visit("copil-caf", NARROW, java_script_enabled=False)
    visitor.go(PLAN)
    menu = visitor.page.get_by_role("navigation", name="Chapitres de la convention")
    assert not menu.is_visible()
    visitor.page.get_by_role("button", name="Menu").click()
    current = menu.get_by_role("link", name="Plan d’actions", exact=True).first
    assert current.is_visible()
    assert current.get_attribute("aria-current") == "page"
    visitor.page.keyboard.press("Escape")
    assert not menu.is_visible()


def test_the_coordinations_column_leaves_tables_their_room(visit):
    """On a tablet the column of chapters is what « Menu » calls; once the window is wide again it
    stands beside the page."""
    visitor = visit("coordination", (900, 700))
    visitor.go(REAL + "indicateurs/")
    menu = visitor.page.get_by_role("navigation", name="Chapitres de la convention")
    assert not menu.is_visible()
    visitor.page.get_by_role("button", name="Menu").click()
    assert menu.get_by_role("link", name="Indicateurs", exact=True).is_visible()
    visitor.resize((1024, 700))
    visitor.page.wait_for_selector(".chapters:not(:popover-open)")
    assert menu.is_visible()
    assert not visitor.page.get_by_role("button", name="Menu").is_visible()
    for width in (1024, 1023, 801):
        visitor.resize((width, 700))
        assert visitor.page.evaluate(CUT) + visitor.page.evaluate(CROWDED) == []
