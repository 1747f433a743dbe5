"""Odd addresses and odd forms of the yearly collections get a page, never an error."""

import pytest

from indicators.models import Campaign, Value
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
HUGE = "9" * 30
ODD = ["\0", "²", "٣", "<b>", "🦄", "\u202e", " ", "-1", HUGE, "x" * 6000]


@told_once
def entry(committee):
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    return campaign.campaign_indicators.get()


@pytest.fixture
def base(committee, client):
    user = MembershipFactory(organisation=committee.caf).user
    MembershipFactory(organisation=committee.epci, coordinator=True, user=user)
    client.force_login(user)
    return f"/conventions/{committee.convention.slug}/evaluations/"


@pytest.mark.parametrize("year", ["0", "1899", HUGE])
@pytest.mark.parametrize("page", ["recueil/", "recueil/ouvrir/", "saisie/", "saisie/1/",
                                  "saisie/pieces/1/"])  # fmt: skip
def test_a_year_that_is_not_there_is_a_404(client, entry, base, year, page):
    assert client.get(f"{base}{year}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "joindre/", "retourner/"])
@pytest.mark.parametrize("pk", ["0", HUGE])
def test_a_value_that_is_not_there_is_a_404(client, entry, base, pk, page):
    assert client.get(f"{base}2024/saisie/{pk}/{page}").status_code == 404
    assert client.get(f"{base}2024/saisie/pieces/{pk}/").status_code == 404


@pytest.mark.parametrize("odd", ODD)
def test_odd_texts_are_no_figures_and_no_errors(client, entry, base, odd):
    pk = entry.pk
    for name in ("figure", "absence", "revision", "decision", "provisional", "comment", "reason"):
        sent = {f"v{pk}-figure": "5", f"v{pk}-was": "x", f"v{pk}-{name}": odd}
        assert client.post(f"{base}2024/saisie/", sent).status_code in (200, 302)
        sent = {"figure": "5", name: odd, "observed_from": odd, "source": odd}
        assert client.post(f"{base}2024/saisie/{pk}/", sent).status_code in (200, 302)
    assert not Value.objects.exclude(number__in=[5, 3, -1]).exists()


@pytest.mark.parametrize("odd", ODD)
def test_odd_parameters_are_not_found_or_ignored(client, entry, base, odd):
    for query in ({"pour": odd}, {"ligne": odd}, {"depuis": odd}):
        assert client.get(f"{base}2024/saisie/", query).status_code in (200, 404)
    for page in ("transmettre/", "verification/"):
        sent = {"valeur": [odd, f"{odd}:1", f"{entry.pk}:{odd}"]}
        assert client.post(f"{base}2024/saisie/{page}", sent).status_code == 302
    assert client.post(f"{base}2024/recueil/", {"indicateur": odd}).status_code == 404


@pytest.mark.parametrize("odd", ODD)
def test_odd_collections_are_not_prepared(client, entry, base, odd):
    sent = {"year": odd, "due_on": odd, "message": odd}
    assert client.post(f"{base}preparer/", sent).status_code == 200
    sent = {"due_on": "2025-06-01", "message": odd, "revision": odd}
    assert client.post(f"{base}2024/recueil/modifier/", sent).status_code in (200, 302)
    assert Campaign.objects.count() == 1
