"""The pages of a file of figures ask as many queries for many lines as for few."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.values.files.importing import ImportOfValues
from spreadsheets.importing import events
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, communes, indicator_in_force
from tests.indicators.values.files.office import YEAR, Office
from tests.spreadsheets.files import xlsx

pytestmark = pytest.mark.django_db

FEW, MANY = 24, 500
MOST = 60


def lines_of(count: int) -> list[list]:
    """Return lines of all kinds: new, of an unknown commune or indicator, unreadable, doubtful."""
    kinds = [
        lambda n: [f"Commune {n}", "Places agréées", n + 3],
        lambda n: [f"Ailleurs {n}", "Places agréées", n + 3],
        lambda n: [f"Commune {n}", f"Inconnu {n}", n + 3],
        lambda n: [f"Commune {n}", "Places agréées", f"une {n}aine"],
        lambda n: [f"Commune {n}", "Places agréées", 2023],
    ]
    return [kinds[n % len(kinds)](n) for n in range(count)]


def test_the_lines_of_a_file_of_figures_ask_as_many_queries_for_many_as_for_few(client, committee):
    communes(committee, *(f"Commune {n}" for n in range(MANY)))
    made = indicator_in_force(
        committee, code="1.1", title="Places agréées", grain="commune", aggregation="sum"
    )
    office = Office(committee, campaign_of(committee, YEAR, [made]))
    agent = MembershipFactory(organisation=committee.caf).user
    client.force_login(agent)

    def queries(count: int) -> int:
        content = xlsx(["Commune", "Indicateur", "Valeur"], *lines_of(count))
        upload = SimpleUploadedFile(f"{count}.xlsx", content)
        row = events.bring(ImportOfValues.name, office.scope, upload, by=agent)
        assert not row.is_large
        client.get(row.get_absolute_url())  # what is asked once and kept under marks
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = client.get(row.get_absolute_url(), {"etape": "lignes"})
        assert len(response.context["page"].sheetful.rows) == count
        assert len(response.context["page"].preview.new) == -(-count // 5)
        return len(asked)

    assert queries(FEW) == queries(MANY) <= MOST
