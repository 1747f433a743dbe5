"""Every page asks as many queries of the database for fifty rows as for one."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conventions.models import Membership
from tests import factories as f
from tests.personas import build_scene
from tests.routes import ROUTES

MANY = 50
PAGES = [n for n, r in ROUTES.items() if n.startswith("conventions:") and r.method == "get"]


def count_queries(client, url) -> int:
    client.get(url)  # content types and the like are cached by the first request
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(url)
    return len(queries)


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_as_many_queries_for_many_rows(name, db, client):
    counts = []
    for size in (1, MANY):
        scene = build_scene(size=size)
        scene.logo_party.logo.save("logo.png", ContentFile(b"x"))
        client.force_login(scene.people["coordinator"])
        kwargs = ROUTES[name].kwargs(scene)
        query = "?q=accueil" if name == "conventions:search" else ""
        counts.append(count_queries(client, reverse(name, kwargs=kwargs) + query))
    assert counts[0] == counts[1]


def test_my_conventions_ask_as_many_queries_for_many_conventions(db, client):
    user = f.MembershipFactory(coordinator=True).user
    client.force_login(user)
    one = count_queries(client, reverse("conventions:list"))
    for _ in range(MANY):
        f.MembershipFactory(coordinator=True, user=user)
    assert Membership.objects.filter(user=user).count() == MANY + 1
    assert count_queries(client, reverse("conventions:list")) == one
