"""Every page of the portal has its place in the guide, and the place is there."""

import pytest
from django.urls import reverse

from ctg_portal.help.guide import address_of, read_page
from ctg_portal.help.places import ERRORS, ROLES, help_address, place_of
from ctg_portal.house import house
from tests import factories as f
from tests.portal.test_routes import named_routes

ROUTES = [route for route in named_routes() if not route.startswith("help:")]


def is_in_the_guide(place: str) -> bool:
    name, _, anchor = place.partition("#")
    return not anchor or anchor in read_page(name).anchors


def test_help_of_every_route_is_a_place_of_the_guide():
    places = {place_of(route, role): f"{route} as {role or 'anybody'}"
              for route in ROUTES for role in [*ROLES, ""]}  # fmt: skip
    assert len(places) > len(house().help)
    assert {place: who for place, who in places.items() if not is_in_the_guide(place)} == {}


def test_every_placed_route_exists_and_is_placed_once():
    named = [route for place in house().help for route in place.routes.split()]
    assert len(named) == len(set(named))
    assert {route for route in named if not route.endswith("*")} <= set(ROUTES)


def test_every_place_that_is_declared_is_in_the_guide():
    declared = [place for topic in house().help for place in topic.targets]
    assert [place for place in declared if not is_in_the_guide(place)] == []


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("reader", "membre-du-comite#un-dossier"),
        ("coordinator", "coordination#envoyer-un-dossier"),
    ],
)
def test_place_is_that_of_the_role(role, place):
    assert place_of("committee:dossiers", role) == place


def test_route_without_a_place_has_that_of_its_room_then_of_the_role():
    assert place_of("committee:a_new_page") == "membre-du-comite#repondre-aux-points-a-valider"
    assert place_of("elsewhere:page", "contributor") == "contributeur"
    assert place_of("") == "membre-du-comite"


@pytest.fixture
def coordinator(db, client):
    membership = f.MembershipFactory(coordinator=True)
    client.force_login(membership.user)
    return membership


def help_link(page) -> str:
    return page.content.decode().split('">Aide</a>')[0].rpartition('href="')[2]


def test_page_of_a_convention_leads_to_its_help_and_back(client, coordinator):
    path = reverse("committee:dossiers", args=[coordinator.organisation.convention.slug])
    link = help_link(client.get(path))
    assert link == address_of("coordination#envoyer-un-dossier", path)
    page = client.get(link)
    assert 'id="envoyer-un-dossier"' in page.content.decode()
    assert f'href="{path}">Revenir' in page.content.decode()
    assert help_link(page) == address_of("", path)


def test_log_in_page_leads_to_its_help(client, db):
    assert help_link(client.get("/connexion/")) == "/aide/se-connecter/"
    assert client.get("/aide/se-connecter/").status_code == 200


def test_page_that_does_not_exist_leads_to_what_that_means_and_not_back(client, coordinator):
    page = client.get("/nulle-part/")
    assert help_link(page) == address_of(ERRORS) == "/aide/se-connecter/#je-n-arrive-pas-a-entrer"
    assert "je-n-arrive-pas-a-entrer" in read_page("se-connecter").anchors


def test_without_a_request_help_is_that_of_who_is_logged_out():
    assert help_address(None) == "/aide/se-connecter/"
