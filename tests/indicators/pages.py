"""The pages of indicators as people read them and fill them in."""

import pytest

from tests.committee.pages import page_of


def indicators_url(committee, address: str = "") -> str:
    return f"/conventions/{committee.convention.slug}/indicateurs/{address}"


@pytest.fixture
def get(client, committee):
    """``get(address, person)``: the page as read by the coordinator, unless told otherwise."""

    def get(address="", user=None, status=200):
        client.force_login(user or committee.coordinator)
        return page_of(client.get(indicators_url(committee, address)), status)

    get.client = client
    return get


@pytest.fixture
def post(client, committee):
    def post(address, user=None, **data):
        client.force_login(user or committee.coordinator)
        return client.post(indicators_url(committee, address), data)

    return post


def typed(committee, **others) -> dict:
    """What is typed for a whole indicator; None leaves a field out."""
    values = {
        "title": "Places agréées en EAJE",
        "theme": committee.orientation.theme.pk,
        "kind": "output",
        "direction": "up",
        "definition": "Places agréées au 31 décembre.",
        "unit": "places",
        "decimals": "0",
        "calculation": "direct",
        "grain": "territory",
        "aggregation": "none",
        "provider": committee.caf.pk,
        "periodicity": "annual",
        "baseline_value": "1 400",
        "baseline_year": str(committee.convention.start.year - 1),
        "target_final": "1 500",
        "variation_alert": "30",
    } | others
    return {name: value for name, value in values.items() if value is not None}
