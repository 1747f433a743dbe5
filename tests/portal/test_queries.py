"""Every page asks as many queries of the database for fifty rows as for one."""

from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conventions.models import Membership
from tests import factories as f
from tests.databases import examples, look_at_the_rows
from tests.personas import build_scene
from tests.role_table import ROUTES

MANY = examples(50)
CHAPTERS = ("conventions:", "committee:", "actions:", "indicators:", "evaluation:")
PAGES = [n for n, r in ROUTES.items() if n.startswith(CHAPTERS) and r.method == "get"]
PERSONAS = ["coordinator", "member"]


def count_queries(client, url) -> int:
    client.get(url)  # content types and the like are cached by the first request
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


def queries_by_page(client, size: int) -> dict[str, int]:
    """How many queries each page asks, with ``size`` of everything, by page and person."""
    scene = build_scene(size=size)
    scene.logo_party.logo.save("logo.png", ContentFile(b"x"))
    look_at_the_rows()
    counts = {}
    for persona in PERSONAS:
        client.force_login(scene.people[persona])
        for name in PAGES:
            query = "?q=accueil" if name == "conventions:search" else ""
            url = reverse(name, kwargs=ROUTES[name].kwargs(scene)) + query
            counts[f"{name} ({persona})"] = count_queries(client, url)
    return counts


def test_page_asks_as_many_queries_for_many_rows(db, client):
    """All pages in one test: the rows are made twice, not twice for each page. A page of many
    may hold fewer kinds of rows than one of few, and then asks less."""
    few, many = queries_by_page(client, 1), queries_by_page(client, MANY)
    assert {page: (few[page], asked) for page, asked in many.items() if asked > few[page]} == {}
    assert few.keys() == many.keys()


def test_my_conventions_ask_as_many_queries_for_many_conventions(db, client):
    user = f.MembershipFactory(coordinator=True).user
    client.force_login(user)
    one = count_queries(client, reverse("conventions:list"))
    for _ in range(MANY):
        f.MembershipFactory(coordinator=True, user=user)
    assert Membership.objects.filter(user=user).count() == MANY + 1
    assert count_queries(client, reverse("conventions:list")) == one
