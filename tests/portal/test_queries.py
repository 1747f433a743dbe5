"""Every page asks as many queries of the database for several rows as for one."""

import re
from collections import Counter

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse

from conventions.models import Membership
from tests import factories as f
from tests.personas import build_scene
from tests.role_table import ROUTES

pytestmark = pytest.mark.long

MANY = 4
CHAPTERS = ("conventions:", "committee:", "actions:", "indicators:", "evaluation:")
PERSONAS = ["coordinator", "member"]
PAGES = [
    name
    for name, route in ROUTES.items()
    if name.startswith(CHAPTERS)
    and route.method == "get"
    and {route.expected(persona) for persona in PERSONAS} != {403}
]
# Where a member is asked something, and of the other pages one in four.
OF_MEMBER = [name for name in PAGES if name.startswith("committee:")]
OF_MEMBER += sorted({*PAGES} - {*OF_MEMBER})[::4]
WHO = re.compile(r'^SELECT .*? FROM "(conventions_membership|agreements_seat)" ')
PAGED = {
    f"{page} ({persona})"
    for page in ("committee:register", "committee:points")
    for persona in PERSONAS
}


def queries_of(client, url) -> list[str]:
    """With their values, as they are sent: to have the database write them out takes longer."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(f"{sql} {params}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        client.get(url)
    return asked


def queries_by_page(client, size: int, pages: dict[str, list[str]]) -> dict[str, list[str]]:
    """What pages ask, with ``size`` of everything, by page and person; ``pages``: by person."""
    ContentType.objects.get_for_models(*apps.get_models())  # else the first page that asks would
    scene = build_scene(size=size)
    scene.logo_party.logo.save("logo.png", ContentFile(b"x"))
    result = {}
    for persona in PERSONAS:
        client.force_login(scene.people[persona])
        for name in pages[persona]:
            query = "?q=accueil" if name == "conventions:search" else ""
            url = reverse(name, kwargs=ROUTES[name].kwargs(scene)) + query
            result[f"{name} ({persona})"] = queries_of(client, url)
    return result


def test_page_asks_as_many_queries_for_many_rows(db, client):
    compare_queries(client, {"coordinator": PAGES, "member": OF_MEMBER})


@pytest.mark.explorer(
    stands_for="tests/portal/test_queries.py::test_page_asks_as_many_queries_for_many_rows"
)
def test_each_page_of_a_member_asks_as_many_queries_for_many_rows(db, client):
    compare_queries(client, {"coordinator": [], "member": PAGES})


def compare_queries(client, pages: dict[str, list[str]]) -> None:
    """All pages in one test: the rows are made twice, not twice for each page. What a page has read
    of whoever reads it, and of who sits, it hands on."""
    few, many = (queries_by_page(client, size, pages) for size in (1, MANY))
    assert {page: twice for page, asked in many.items() if (twice := asked_twice(asked))} == {}
    few, many = ({page: len(asked) for page, asked in one.items()} for one in (few, many))
    assert max(many.values()) > 20  # they were noted
    for page in many.keys() & PAGED:
        # Of many rows the first page is about fewer kinds of them, each of which is read.
        assert many.pop(page) <= few.pop(page)
    assert few == many


def asked_twice(queries: list[str]) -> list[str]:
    times = Counter(query for query in queries if WHO.search(query))
    return [query for query in times if times[query] > 1]


def test_my_conventions_ask_as_many_queries_for_many_conventions(db, client):
    """Somebody waits to be confirmed in each convention."""
    user = f.UserFactory()
    client.force_login(user)

    def coordinate_one_more() -> None:
        access = f.MembershipFactory(coordinator=True, user=user)
        f.MembershipFactory(organisation=access.organisation, pending=True)

    coordinate_one_more()
    before = len(queries_of(client, reverse("conventions:list")))
    for _ in range(MANY):
        coordinate_one_more()
    assert Membership.objects.filter(user=user).count() == MANY + 1
    assert len(queries_of(client, reverse("conventions:list"))) == before
