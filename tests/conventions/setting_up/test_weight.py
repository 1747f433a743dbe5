"""Pages of a project ask as little of a large one as of a small one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conventions.models import Project
from conventions.setting_up.territory import add
from tests.conventions.setting_up.conftest import LUMBRES, send
from tests.conventions.setting_up.test_flow import prepare

PAGES = ["territory", "parties", "frame", "outline", "articles", "people", "review", "manage"]
BUDGET = 15


def outline_of(lines: int) -> str:
    rows = ["1. Un", "1.1 Premier thème", *(f"• Objectif {n}" for n in range(lines - 2))]
    return "\n".join(rows)


@pytest.mark.parametrize("page", PAGES)
def test_a_large_project_asks_as_many_queries_as_a_small_one(as_newcomer, project, page):
    counts = []
    outline = reverse("conventions:project_outline", args=[project.pk])
    for communes, parties, lines in (("commune:86272", 1, 3), (f"epci:{LUMBRES}", 13, 300)):
        project.refresh_from_db()
        add(project, communes)
        project.content["parties"] = [
            {"sigle": f"P{n}", "nom": f"Partie {n}", "co_valide": True} for n in range(parties)
        ]
        project.save()
        send(as_newcomer, outline, outline=outline_of(lines))
        with CaptureQueriesContext(connection) as queries:
            shown = as_newcomer.get(reverse(f"conventions:project_{page}", args=[project.pk]))
        assert shown.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= BUDGET


def test_the_list_asks_as_many_queries_for_many_projects_as_for_one(as_newcomer, newcomer, project):
    counts = []
    for more in (0, 20):
        Project.objects.bulk_create(Project(owner=newcomer) for _ in range(more))
        with CaptureQueriesContext(connection) as queries:
            as_newcomer.get(reverse("conventions:projects"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= BUDGET


def test_the_review_of_a_convention_that_is_created_stays_within_its_budget(as_newcomer):
    address = prepare(as_newcomer)
    as_newcomer.post(f"{address}relire/")
    as_newcomer.get(f"{address}relire/")
    with CaptureQueriesContext(connection) as queries:
        as_newcomer.get(f"{address}relire/")
    assert len(queries) <= BUDGET
