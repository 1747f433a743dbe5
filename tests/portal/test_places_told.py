"""Wherever one is in a convention the menu says so; a page has the style sheets of its room."""

import re

import pytest

from tests.portal.test_routes import CHAPTERS, RouteTests, for_each, is_page
from tests.role_table import ROUTES

pytestmark = pytest.mark.once

# What belongs to no chapter.
NO_CHAPTER = {"conventions:search", "conventions:my_access"}
CHAPTER = re.compile(r'<a href="([^"]*)"\s+aria-current="(?:page|true)">')
# Each room's sheet is called like the room, but for these.
STYLES = re.compile(r'<link rel="stylesheet" href="[^"]*?/(\w+)/\1[.\w]*css">')


class TestPlaces(RouteTests):
    @for_each(
        name
        for name, route in ROUTES.items()
        if name.startswith(CHAPTERS) and is_page(name, route) and name not in NO_CHAPTER
    )
    def the_menu_marks_one_chapter(self, name):
        html = self.ask("coordinator", name).content.decode()
        menu = re.search(r'<nav class="chapters".*?</nav>', html, re.DOTALL)
        if menu is None:  # a page outside conventions
            return
        marked = CHAPTER.findall(menu[0])
        assert len(marked) == 1
        assert marked[0] in self.urls[name] or self.urls[name] == marked[0]

    @for_each(
        name
        for name, route in ROUTES.items()
        if name.startswith("committee:") and is_page(name, route)
    )
    def the_committee_marks_one_tab(self, name):
        html = self.ask("coordinator", name).content.decode()
        if '<nav class="chapters"' not in html:  # a personal link opens this page alone
            return
        tabs = re.search(r'<nav class="tabs.*?</nav>', html, re.DOTALL)[0]
        assert len(CHAPTER.findall(tabs)) == 1

    @for_each(
        name for name, route in ROUTES.items() if name.startswith(CHAPTERS) and is_page(name, route)
    )
    def a_page_has_the_sheets_of_its_room(self, name):
        html = self.ask("coordinator", name).content.decode()
        if '<nav class="chapters"' in html:
            room = name.partition(":")[0]
            assert {"portal", "conventions", room} <= set(STYLES.findall(html))
