"""Lists as files: what a page lists, as it is filtered, for whom the page is."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from indicators.models import Campaign
from tests.factories import MembershipFactory
from tests.personas import build_scene
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LISTS = {
    "conventions:communes_file": ("conventions:territory", "Code Insee"),
    "conventions:access_file": ("conventions:access", "Organisme"),
    "committee:points_file": ("committee:points", "Situation"),
    "committee:dossiers_file": ("committee:dossiers", "Dossier"),
    "conventions:directory_file": ("conventions:directory", "Nom"),
    "committee:seats_file": ("committee:composition", "Organisme"),
    "indicators:library_file": ("indicators:library", "Code"),
    "indicators:owed_file": ("indicators:campaign", "Organisme"),
}
OF_A_YEAR = ("indicators:owed_file", "indicators:campaign", "indicators:happenings_file")


@told_once
def scene(db):
    return build_scene()


def address(name: str, scene, *args) -> str:
    is_of_year = name in OF_A_YEAR
    year = [scene.evaluation.year] if is_of_year else []
    return reverse(name, args=[scene.convention.slug, *year, *args])


def rows_of(response) -> list[dict]:
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_offered_on_its_page_as_both_kinds_of_file(client, scene, name):
    page, first = LISTS[name]
    client.force_login(scene.people["coordinator"])
    shown = client.get(address(page, scene)).content.decode()
    for extension in ("xlsx", "csv"):
        assert address(name, scene, extension) in shown
    rows = rows_of(client.get(address(name, scene, "csv")))
    assert next(iter(rows[0])) == first
    book = load_workbook(io.BytesIO(client.get(address(name, scene, "xlsx")).content))
    assert book.worksheets[0].max_row >= len(rows) + 1
    assert client.get(address(name, scene, "pdf")).status_code == 404


def test_a_list_is_filtered_as_its_page(client, scene):
    client.force_login(scene.people["coordinator"])
    name = "indicators:library_file"
    rows = rows_of(client.get(f"{address(name, scene, 'csv')}?thematique=jeunesse"))
    assert {row["Domaine"] for row in rows} == {"Jeunesse"}
    shown = client.get(f"{address('indicators:library', scene)}?thematique=jeunesse")
    assert "export/csv/?thematique=jeunesse" in shown.content.decode()


def test_the_points_of_all_pages_are_in_the_file(client, scene):
    client.force_login(scene.people["coordinator"])
    rows = rows_of(client.get(f"{address('committee:points_file', scene, 'csv')}?page=2"))
    assert rows == rows_of(client.get(address("committee:points_file", scene, "csv")))


def test_the_list_of_accesses_is_for_the_coordinator_alone(client, scene):
    reader = MembershipFactory(organisation=scene.organisation, role="reader").user
    client.force_login(reader)
    assert client.get(address("conventions:access_file", scene, "csv")).status_code == 403


def test_the_journal_of_a_collection_is_a_file(client, scene):
    campaign = Campaign.objects.get(convention=scene.convention, year=scene.evaluation.year)
    campaign.transitions.create(
        verb="opened",
        from_state="prepared",
        to_state="open",
        by_name="Mme Roy",
        reason="=1+1",
    )
    client.force_login(scene.people["coordinator"])
    shown = client.get(address("indicators:campaign", scene)).content.decode()
    assert address("indicators:happenings_file", scene, "xlsx") in shown
    row = rows_of(client.get(address("indicators:happenings_file", scene, "csv")))[-1]
    assert row["Par"] == "Mme Roy"
    assert row["Motif ou message"] == "'=1+1"


def test_the_communes_use_the_words_of_the_territory(client, scene):
    scene.convention.labels = {"secteur": "Bassin"}
    scene.convention.save()
    client.force_login(scene.people["coordinator"])
    headings = rows_of(client.get(address("conventions:communes_file", scene, "csv")))[0]
    assert "Bassin" in headings
    assert "Secteur" not in headings
