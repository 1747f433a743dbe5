"""The grid of a table asks as much for 5 communes as for 300: to be read, to save one cell or all
of them, to paste a column."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.values.tables import update_table_state
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
    update_table_state(entry, [place.pk for place in places])
    client.force_login(MembershipFactory(organisation=committee.caf).user)
    url = entry_url(entry.campaign, f"{entry.pk}/communes/")
    giving = entry_url(entry.campaign, "transmettre/")
    key, whole = f"{entry.pk}-{places[0].pk}", f"v{entry.pk}-figure"
    # The page that was read last, of whose form the next act sends the fields.
    last = {}

    def read(address: str = url):
        last["page"] = client.get(address)
        return last["page"]

    def cells(fields: dict) -> list[str]:
        return [name for name in fields if name.endswith("-figure") and name != whole]

    def save_one():
        fields = fields_of(last["page"], form=-2)
        row = {name: text for name, text in fields.items() if key in name}
        filled = row | {f"v{key}-figure": "8"}
        return client.post(f"{url}?ligne={key}", filled, headers={"HX-Request": "true"})

    def paste():
        numbers = "\n".join(str(10 + n) for n in range(size))
        fields = fields_of(client.get(f"{url}coller/")) | {"block": numbers}
        last["page"] = client.post(f"{url}coller/", fields)
        return last["page"]

    def keep():
        return client.post(f"{url}coller/", fields_of(last["page"]) | {"keep": "yes"})

    def change():
        fields = fields_of(last["page"], form=-2)
        figures = {name: f"3{n}" for n, name in enumerate(cells(fields))}
        return client.post(url, fields | figures)

    def change_with_one_wrong():
        fields = fields_of(last["page"], form=-2)
        figures = {name: str(70 + n) for n, name in enumerate(cells(fields))}
        return client.post(url, fields | figures | {cells(fields)[0]: "douze"})

    def submit():
        return client.post(giving, fields_of(last["page"]))

    acts = {
        "read": (read, 200),
        "one cell": (save_one, 200),
        "paste": (paste, 200),
        "keep": (keep, 302),
        "read, filled": (read, 200),
        "change all": (change, 302),
        "read, changed": (read, 200),
        "all but one": (change_with_one_wrong, 200),
        "recap": (lambda: read(giving), 200),
        "submit": (submit, 302),
        "read, given": (read, 200),
    }
    counts = {name: counted(send, status) for name, (send, status) in acts.items()}
    assert entry.values.by_commune().shown().count() == size
    return counts


@pytest.mark.long
def test_a_table_asks_the_same_for_few_communes_and_for_many(client):
    few, many = (asked(client, size) for size in (5, 300))
    assert many == few
    assert max(many.values()) <= 60, many
