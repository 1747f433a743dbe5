"""« Tout cocher »: what asks for no reading is ticked at once, and nothing else."""

import re
from decimal import Decimal

import pytest

from indicators.models import Value
from indicators.values import events, giving
from indicators.values.figure import Figure
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.indicators.values.entering import entry_url
from tests.stories import told_once

pytestmark = pytest.mark.django_db

GIVEN = {
    "Sans histoire": Figure(number=Decimal(101)),
    "Expliquée": Figure(number=Decimal(900), comment="Une fusion"),
    "Commentée": Figure(number=Decimal(100), comment="Au 1er janvier"),
    "Provisoire": Figure(number=Decimal(100), provisional=True),
    "Absente": Figure(absence="not_available", reason="Pas encore reçue"),
}


@told_once
def campaign(committee, agent, colleague):
    indicators = [indicator_in_force(committee, title=title) for title in [*GIVEN, "La mienne"]]
    before = campaign_of(committee, 2023, indicators, state="closed")
    for indicator in indicators:
        value_of(before, indicator, 100)
    campaign = campaign_of(committee, 2024, indicators)
    for entry in campaign.campaign_indicators.with_relations():
        title = entry.indicator.title
        by = agent if title in GIVEN else colleague
        events.save_value(entry, GIVEN.get(title, Figure(number=Decimal(100))), by=by)
        assert giving.submit_values([entry], by=by).sent
    return campaign


def ticked(client, campaign, user, query="") -> list[str]:
    client.force_login(user)
    html = client.get(entry_url(campaign, "verification/") + query).content.decode()
    boxes = re.findall(r"<input[^>]*name=\"valeur\"[^>]*>", html)
    keys = [int(re.search(r'value="(\d+):', box)[1]) for box in boxes if " checked" in box]
    titles = campaign.campaign_indicators.values_list("pk", "indicator__title")
    return [dict(titles)[key] for key in keys]


def test_nothing_is_ticked_before_one_asks(client, campaign, colleague):
    assert ticked(client, campaign, colleague) == []


def test_only_what_needs_no_explanation_is_ticked(client, campaign, colleague):
    assert ticked(client, campaign, colleague, "?cocher=oui") == ["Sans histoire"]


def test_asking_verifies_nothing(client, campaign, colleague):
    ticked(client, campaign, colleague, "?cocher=oui")
    assert not Value.objects.filter(verified_at__isnull=False).exists()


def test_what_is_not_ones_own_to_verify_is_not_offered(client, campaign, committee, agent):
    # The agent typed all but one, and verifies that one alone.
    assert ticked(client, campaign, agent, "?cocher=oui") == ["La mienne"]
    assert ticked(client, campaign, committee.coordinator, "?cocher=oui") == []


def test_the_button_says_what_it_ticks(client, campaign, colleague):
    client.force_login(colleague)
    page = page_of(client.get(entry_url(campaign, "verification/")))
    assert "Tout cocher" in page
    assert "Coche 1 valeur sans écart" in " ".join(page.split())
