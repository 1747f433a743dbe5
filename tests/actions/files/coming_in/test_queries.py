"""The pages of a plan ask as many queries for many lines as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actions.files.coming_in.office import bring

pytestmark = pytest.mark.django_db

FEW, MANY = 24, 500
MOST = 110
HEAD = ["Thématique", "Action", "Pilote", "Calendrier", "Budget 2021", "État"]


def lines_of(count: int) -> list[list]:
    """Return lines of all kinds: new, with cells that are not read, without a known place."""
    kinds = [
        lambda n: [
            "Petite enfance",
            f"Ouvrir le lieu {n}",
            "CCAS",
            "2021-2023",
            "12 k€",
            "en cours",
        ],
        lambda n: [
            "Parentalité",
            f"Aider la famille {n}",
            f"Inconnu {n}",
            "un jour",
            "peu",
            "moui",
        ],
        lambda n: [f"Ailleurs {n}", f"Réunir le groupe {n}", "Caf", "2022", 1500, "fait"],
    ]
    return [kinds[n % len(kinds)](n) for n in range(count)]


def test_the_lines_of_a_plan_ask_as_many_queries_for_many_as_for_few(client, office):
    client.force_login(office.coordinator)

    def queries(count: int) -> int:
        row = bring(office, office.coordinator, HEAD, *lines_of(count), name=f"{count}.xlsx")
        assert not row.is_large
        client.get(row.get_absolute_url())  # what is asked once and kept under marks
        with CaptureQueriesContext(connection) as asked:
            response = client.get(row.get_absolute_url(), {"etape": "lignes"})
        assert len(response.context["page"].sheetful.rows) == count
        assert response.context["page"].preview.new
        return len(asked)

    assert queries(FEW) == queries(MANY) <= MOST
