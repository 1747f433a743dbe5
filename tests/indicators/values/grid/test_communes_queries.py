"""The grid of a table asks as much for 5 communes as for 300: to be read, to save one cell or all
of them, to paste a column."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.values.tables import keep_state
from tests.agreements.factories import committee_of
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, communes, indicator_in_force
from tests.indicators.values.entering import entry_url, fields_of

pytestmark = pytest.mark.django_db

YEAR = 2024


def counted(send, status: int) -> int:
    """How many queries it takes; many rows are written in batches, as large as a database lets."""
    with CaptureQueriesContext(connection) as queries:
        response = send()
    assert response.status_code == status
    written = [one for one in queries if one["sql"].startswith(("INSERT", "UPDATE"))]
    return len(queries) - len(written) + len({one["sql"].partition("(")[0] for one in written})


def asked(client, size: int) -> dict[str, int]:
    """How many queries each act takes in a table of ``size`` communes."""
    committee = committee_of()
    committee.caf.masking_threshold = 5
    committee.caf.save()
    places = communes(committee, *(f"Commune {n}" for n in range(size)))
    indicator = indicator_in_force(
        committee, grain="commune", aggregation="sum", is_confidential=True
    )
    entry = campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()
    keep_state(entry, [place.pk for place in places])
    client.force_login(MembershipFactory(organisation=committee.caf).user)
    url = entry_url(entry.campaign, f"{entry.pk}/communes/")
    key, whole = f"{entry.pk}-{places[0].pk}", f"v{entry.pk}-figure"
    empty = fields_of(client.get(url), form=-2)
    one = {name: text for name, text in empty.items() if key in name} | {f"v{key}-figure": "8"}
    preview = {}

    def paste():
        numbers = "\n".join(str(10 + n) for n in range(size))
        fields = fields_of(client.get(f"{url}coller/")) | {"block": numbers}
        preview["response"] = client.post(f"{url}coller/", fields)
        return preview["response"]

    def keep():
        return client.post(f"{url}coller/", fields_of(preview["response"]) | {"keep": "yes"})

    def change(text: str):
        filled = fields_of(client.get(url), form=-2)
        cells = [name for name in filled if name.endswith("-figure") and name != whole]
        told = {name: f"{text}{n}" for n, name in enumerate(cells)}
        return client.post(url, filled | told)

    def with_one_wrong():
        filled = fields_of(client.get(url), form=-2)
        cells = [name for name in filled if name.endswith("-figure") and name != whole]
        told = {name: str(70 + n) for n, name in enumerate(cells)} | {cells[0]: "douze"}
        return client.post(url, filled | told)

    row = {"HX-Request": "true"}
    acts = {
        "read": (lambda: client.get(url), 200),
        "one cell": (lambda: client.post(f"{url}?ligne={key}", one, headers=row), 200),
        "paste": (paste, 200),
        "keep": (keep, 302),
        "read, filled": (lambda: client.get(url), 200),
        "change all": (lambda: change("3"), 302),
        "all but one": (with_one_wrong, 200),
        "recap": (lambda: client.get(entry_url(entry.campaign, "transmettre/")), 200),
        "submit": (
            lambda: client.post(
                entry_url(entry.campaign, "transmettre/"),
                fields_of(client.get(entry_url(entry.campaign, "transmettre/"))),
            ),
            302,
        ),
        "read, given": (lambda: client.get(url), 200),
    }
    counts = {name: counted(send, status) for name, (send, status) in acts.items()}
    assert entry.values.by_commune().shown().count() == size
    return counts


@pytest.mark.long
def test_a_table_asks_the_same_for_few_communes_and_for_many(client):
    few, many = (asked(client, size) for size in (5, 300))
    assert many == few
    assert max(many.values()) <= 60, many
