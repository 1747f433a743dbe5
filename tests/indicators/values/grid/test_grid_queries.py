"""What is entered, asked for and taken away of a collection takes as many queries for 24 indicators
as for 500."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Value
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory
from tests.indicators.bulk import many_indicators
from tests.indicators.values.entering import entry_url

pytestmark = pytest.mark.django_db


def asked(client, size: int) -> dict[str, int]:
    """How many queries each page takes where one owes ``size`` figures."""
    committee = committee_of()
    agent = MembershipFactory(organisation=committee.caf).user
    campaign = many_indicators(committee.convention, size, [2023, 2024])
    Value.objects.filter(campaign_indicator__campaign=campaign).delete()
    campaign.campaign_indicators.update(enterer=committee.caf, provider=committee.caf)
    slug, year = committee.convention.slug, campaign.year
    block = {"block": "\n".join(["400"] * size)}
    pages = {
        entry_url(campaign): agent,
        entry_url(campaign, "grille/"): agent,
        entry_url(campaign, "coller/"): agent,
        entry_url(campaign, "verification/"): agent,
        reverse("indicators:values_template", args=[slug, year]): agent,
        reverse("indicators:campaign", args=[slug, year]): committee.coordinator,
        reverse("indicators:remind", args=[slug, year]): committee.coordinator,
        reverse("indicators:owed_file", args=[slug, year, "csv"]): committee.coordinator,
        reverse("indicators:figures_file", args=[slug, "csv"]): committee.coordinator,
    }
    ContentType.objects.get_for_models(*apps.get_models())  # else the first page that asks would
    counts = {}
    for address, user in pages.items():
        client.force_login(user)
        counts[address] = queries_of(lambda: client.get(address))  # noqa: B023
    client.force_login(agent)
    pasting = entry_url(campaign, "coller/")
    counts["block"] = queries_of(lambda: client.post(pasting, block))
    return {address.replace(slug, ""): count for address, count in counts.items()}


def queries_of(send) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert send().status_code == 200
    return len(queries)


@pytest.mark.long
def test_pages_of_a_collection_ask_the_same_for_few_and_for_many(client):
    few, many = asked(client, 24), asked(client, 500)
    assert many == few
    assert max(many.values()) <= 45
