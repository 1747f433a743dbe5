"""What is of one convention is not reached through the address of another."""

import pytest
from django.db import transaction
from django.urls import reverse

from tests.personas import build_scene
from tests.role_table import ROUTES

# What pages look up is the same on both databases.
pytestmark = pytest.mark.once

# Their token says of what they are, whoever holds it.
BY_TOKEN = {"conventions:invitation", "committee:link", "indicators:entry_link"}


def mixed(own: dict, theirs: dict) -> list[dict]:
    """The keywords of an address of one's own, with each of those that are of the other in turn."""
    foreign = [key for key in own if key != "slug" and own[key] != theirs[key]]
    return [own | {key: theirs[key]} for key in foreign]


def test_a_row_of_another_convention_is_not_there(db, client):
    """For who coordinates one of two that are alike, on every route, read or sent."""
    one, other = build_scene(), build_scene()
    addresses = [
        (name, reverse(name, kwargs=kwargs))
        for name, route in ROUTES.items()
        for kwargs in mixed(route.kwargs(one), route.kwargs(other))
        if name not in BY_TOKEN
    ]
    assert len(addresses) > 100
    client.force_login(one.people["coordinator"])
    reached = []
    for name, address in addresses:
        for method in ("get", "post"):
            with transaction.atomic():
                status = getattr(client, method)(address).status_code
                transaction.set_rollback(True)
            # A form of a link that is over is given back, whoever sends it, and nothing is read.
            is_given_back = status == 409 and name.startswith("indicators:linked_")
            if status not in (404, 405) and not is_given_back:
                reached.append((name, method, status))
    assert reached == []
