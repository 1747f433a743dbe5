"""Every route of the resolver, with every role and a stranger."""

import re
from tempfile import TemporaryDirectory
from typing import NamedTuple
from unittest.mock import patch

import html5lib
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.urls import get_resolver, reverse

from tests import factories as f
from tests.personas import build_scene
from tests.role_table import ROUTES
from tests.routes import PERSONAS

# On the other database, all pages are opened in the browser.
pytestmark = pytest.mark.once

CHAPTERS = ("conventions:", "documents:", "committee:", "actions:", "indicators:", "evaluation:",
            "spreadsheets:")  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n"
FILES = {"typed_standing", "conventions:logo", "committee:document", "committee:delegation_act",
         "committee:seat_act",
         "committee:entry_text", "committee:register_export", "actions:document",
         "actions:plan_file", "indicators:evidence", "indicators:figures_file",
         "indicators:by_commune_file",
         "indicators:library_file", "indicators:owed_file", "indicators:happenings_file",
         "actions:mine_file", "actions:journal_file",
         "conventions:communes_file", "conventions:access_file", "committee:points_file",
         "committee:dossiers_file", "conventions:directory_file",
         "committee:seats_file",
         "indicators:values_template", "spreadsheets:marked", "spreadsheets:account",
         "documents:drawing_file",
         "evaluation:report_file", "evaluation:edition_file", "evaluation:edition_data",
         "evaluation:image", "evaluation:preview"}  # fmt: skip

# What belongs to no chapter.
NO_CHAPTER = {"conventions:search", "conventions:my_access"}
CHAPTER = re.compile(r'<a href="([^"]*)"\s+aria-current="(?:page|true)">')
# Each room's sheet is called like the room, but for these.
STYLES = re.compile(r'<link rel="stylesheet" href="[^"]*?/(\w+)/\1[.\w]*css">')


def named_routes():
    """The names of all routes, with their namespaces, but for the administration."""

    def walk(patterns, prefix=""):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                if pattern.namespace == "admin":
                    continue
                namespace = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, prefix + namespace)
            else:
                yield prefix + (pattern.name or str(pattern.pattern))

    return sorted(set(walk(get_resolver().url_patterns)))


def is_page(name, route) -> bool:
    """Whether somebody is shown HTML there; the table says who is sent elsewhere."""
    shown = 200 in (route.expected("anonymous"), route.expected("coordinator"))
    return shown and route.method == "get" and name not in FILES


def without_tokens(response) -> str:
    return re.sub(
        r'name="(csrfmiddlewaretoken|typed-by)" value="[^"]*"', "", response.content.decode()
    )


def whole_scene():
    scene = build_scene()
    scene.logo_party.logo.save("logo.png", ContentFile(PNG))
    return scene


@pytest.fixture
def scene(db):
    return whole_scene()


def test_every_route_is_in_the_role_table():
    assert named_routes() == sorted(ROUTES)


def for_each(names):
    """Have a check of ``RouteTests`` made of each of these routes, as a test of its own."""

    def mark(check):
        check.routes = list(names)
        return check

    return mark


class Answer(NamedTuple):
    status_code: int
    content: bytes


class RouteTests(TestCase):
    """Checks of routes in one scene, which is long to build; what a request writes is undone: an
    answer is as good for the next check."""

    def __init_subclass__(cls):
        for check in [*vars(cls).values()]:
            for name in getattr(check, "routes", ()):
                setattr(cls, f"test_{check.__name__}[{name}]", _bound(check, name))

    @classmethod
    def setUpClass(cls):
        # Each test has a folder of its own, made after the scene and its files.
        cls.media = cls.enterClassContext(TemporaryDirectory())
        cls.answers = {}
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        with override_settings(MEDIA_ROOT=cls.media):
            scene = whole_scene()
            cls.urls = {name: reverse(name, kwargs=r.kwargs(scene)) for name, r in ROUTES.items()}
        cls.sessions = {}
        for persona in PERSONAS[1:]:
            client = Client()
            client.force_login(scene.people[persona])
            cls.sessions[persona] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def setUp(self):
        self.enterContext(override_settings(MEDIA_ROOT=self.media))
        # The worker draws; no view does, whoever asks.
        drawn = AssertionError("A view draws a document.")
        self.enterContext(patch("documents.engine.draw", side_effect=drawn))

    def ask(self, persona, name, method="get") -> Answer:
        """What a person who has just logged in gets there."""
        asked = persona, name, method
        if asked not in self.answers:
            self.answers[asked] = self._ask(*asked)
        return self.answers[asked]

    def _ask(self, persona, name, method) -> Answer:
        client = Client()
        if persona != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[persona]
        with transaction.atomic():
            response = getattr(client, method)(self.urls[name])
            transaction.set_rollback(True)
        return Answer(response.status_code, b"" if response.streaming else response.content)


def _bound(check, name):
    def test(self):
        check(self, name)

    return test


class TestRoles(RouteTests):
    @for_each(ROUTES)
    def each_person_gets_what_the_table_says(self, name):
        route = ROUTES[name]
        got = {persona: self.ask(persona, name, route.method).status_code for persona in PERSONAS}
        assert got == {persona: route.expected(persona) for persona in PERSONAS}

    @for_each(n for n, r in ROUTES.items() if n.startswith(CHAPTERS) and r.method == "post")
    def a_change_is_never_made_by_opening_a_page(self, name):
        assert self.ask("coordinator", name).status_code == 405

    @for_each(name for name, route in ROUTES.items() if is_page(name, route))
    def page_is_valid_html_with_one_title(self, name):
        is_public = ROUTES[name].expected("anonymous") == 200
        response = self.ask("anonymous" if is_public else "coordinator", name)
        assert response.status_code == 200
        html = response.content.decode()
        html5lib.HTMLParser(strict=True).parse(html)
        assert html.count("<h1") == 1
        assert "style=" not in html
        assert "<script>" not in html
        if not is_public:  # each form says for whom it is drawn (ctg_portal.typed)
            assert html.count('name="typed-by"') == html.count('name="csrfmiddlewaretoken"') > 0

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


def test_a_stranger_gets_404_for_a_convention_that_exists_or_not(scene, client):
    client.force_login(scene.people["stranger"])
    existing = client.get(reverse("conventions:dashboard", args=[scene.convention.slug]))
    invented = client.get(reverse("conventions:dashboard", args=["n-existe-pas"]))
    assert existing.status_code == invented.status_code == 404
    assert without_tokens(existing) == without_tokens(invented)


def test_rows_of_another_convention_are_not_reached_through_ones_own(scene, client):
    """The slug of one's own convention with the keys of another."""
    own = f.MembershipFactory(coordinator=True)
    slug = own.organisation.convention.slug
    client.force_login(own.user)
    for name, kwargs, method in [
        ("logo", {"pk": scene.logo_party.pk}, "get"),
        ("commune", {"insee": scene.commune.insee_code}, "get"),
        ("hand_over", {"pk": scene.membership.pk}, "post"),
        ("end_membership", {"pk": scene.membership.pk}, "post"),
        ("renew_offer", {"pk": scene.offer.pk}, "post"),
        ("revoke_offer", {"pk": scene.offer.pk}, "post"),
    ]:
        url = reverse(f"conventions:{name}", kwargs={"slug": slug, **kwargs})
        assert getattr(client, method)(url).status_code == 404, name
    scene.membership.refresh_from_db()
    assert scene.membership.is_active
