"""The grid and the preview of a block take as many queries for 24 indicators as for 500."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Value
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory
from tests.indicators.bulk import many_indicators
from tests.indicators.values.entering import entry_url

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def asked(client, size: int) -> list[int]:
    """How many queries each page takes where one owes ``size`` figures."""
    committee = committee_of()
    agent = MembershipFactory(organisation=committee.caf).user
    campaign = many_indicators(committee.convention, size, [2023, 2024])
    Value.objects.filter(campaign_indicator__campaign=campaign).delete()
    campaign.campaign_indicators.update(enterer=committee.caf, provider=committee.caf)
    client.force_login(agent)
    block = {"block": "\n".join(["400"] * size)}
    counts = []
    for send in (
        lambda: client.get(entry_url(campaign, "grille/")),
        lambda: client.get(entry_url(campaign, "coller/")),
        lambda: client.post(entry_url(campaign, "coller/"), block),
        lambda: client.get(entry_url(campaign, "verification/")),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert send().status_code == 200
        counts.append(len(queries))
    return counts


def test_pages_of_the_grid_ask_the_same_for_few_and_for_many(client):
    few, many = asked(client, 24), asked(client, 500)
    assert many == few
    assert max(many) <= 25
