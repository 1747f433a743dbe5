"""The ways to look at the plan ask as many queries for 60 actions as for six, and stay light."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Action
from tests import factories as f
from tests.actions.bulk import many_actions
from tests.actions.factories import proposed_action
from tests.actions.ways.scene import WAYS, action_row, heading_of, ways_url
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of

pytestmark = pytest.mark.django_db

ADDRESSES = [*WAYS, "objectifs/?trous=1", "calendrier/?etat=en-cours&retard=on"]


def plan_of(number: int):
    """A committee with that many actions over five themes of two axes, as many objectives as
    actions up to forty, and communes that they name."""
    committee = committee_of()
    convention = committee.convention
    f.ThemeFactory(axis__convention=convention)
    for rank in range(3):
        f.ThemeFactory(axis=committee.orientation.theme.axis, rank=rank + 2)
    actions = many_actions(convention, number)
    places = [f.CoverageFactory(commune__convention=convention).commune for _ in range(number // 6)]
    for action, place in zip(actions, places, strict=False):
        objective = f.ObjectiveFactory(parent=committee.orientation)
        action.objectives.add(objective)
        action.communes.add(place)
    proposed_action(committee)
    return committee


def test_as_many_queries_for_60_actions_as_for_six(client):
    counts, sizes = {}, {}
    for number in (6, 60):
        committee = plan_of(number)
        client.force_login(committee.coordinator)
        for address in ADDRESSES:
            client.get(ways_url(committee, address))
            with CaptureQueriesContext(connection) as captured:
                response = client.get(ways_url(committee, address))
            assert response.status_code == 200
            counts.setdefault(address, []).append(len(captured))
            sizes[address] = len(response.content)
    assert {address: numbers[0] for address, numbers in counts.items()} == {
        address: numbers[1] for address, numbers in counts.items()
    }
    assert max(numbers[0] for numbers in counts.values()) < 40, counts
    assert max(sizes.values()) < 150_000, sizes


@pytest.mark.parametrize("address", WAYS)
def test_odd_plans_are_shown(client, address):
    """Odd plans have no date, a single day, years far away, no lead, a title that is no HTML or
    an axis of yesterday."""
    committee = committee_of()
    day = datetime.date
    action_row(committee, "Sans date", starts_on=None, ends_on=None)
    action_row(committee, "Un jour", starts_on=day(2024, 2, 29), ends_on=day(2024, 2, 29))
    far = [("Région", 1990, 1, None, None), ("Région", 2100, "9999999999.99", None, None)]
    action_row(committee, "De 1990 à 2100", starts_on=day(1990, 1, 1), ends_on=day(2100, 12, 31),
               fundings=far, milestones=[("Loin", day(2100, 1, 1), None)])  # fmt: skip
    action_row(committee, "<b>L'an & l'autre</b>" + "M" * 150)
    ended = f.AmendmentFactory(
        convention=committee.convention, number=1, effective_on=committee.convention.start
    )
    old = f.ThemeFactory(axis__convention=committee.convention, axis__until=ended, until=ended)
    action_row(committee, "D’hier", theme=old)
    Action.objects.of(committee.convention).first().leads.all().delete()
    client.force_login(committee.coordinator)
    response = client.get(ways_url(committee, address))
    page_of(response)
    html = response.content.decode()
    assert "<b>L" not in html
    assert not re.search(r"\b(?:nan|inf|None)\b", html)
    assert heading_of(html)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("calendrier/", "Le plan d’actions est vide."),
        ("etats/", "Le plan d’actions est vide."),
        ("budget/", "Le plan d’actions est vide."),
        ("communes/", "La convention n’énumère aucune commune"),
        ("objectifs/", "∅ sans action"),
    ],
)
def test_an_empty_plan_says_so(client, address, expected):
    committee = committee_of()
    client.force_login(committee.coordinator)
    assert expected in page_of(client.get(ways_url(committee, address)))


@pytest.mark.parametrize("address", ["", *WAYS])
def test_the_title_follows_the_filter_without_the_page_being_loaded_anew(client, address):
    """The heading of an answer that htmx asks for is put in its place like the view."""
    committee = committee_of()
    action_row(committee, "Une action")
    client.force_login(committee.coordinator)
    html = client.get(ways_url(committee, f"{address}?priorite=haute")).content.decode()
    assert re.search(r'<h1>\s*<span id="constat" data-hx-swap-oob="true">', html)
