"""On a telephone, the chapters are called by « Menu »."""

import pytest

from tests.browser.conftest import NARROW
from tests.browser.test_pages import PLAN

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
