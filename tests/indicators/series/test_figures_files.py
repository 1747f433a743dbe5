"""Figures as files: a row a figure, what it measures, what everybody may read of it."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from conventions.models import Organisation
from indicators.models import Absence
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def figures(committee):
    """Two years of three indicators, one of them protected."""
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=5)
    places = indicator_in_force(
        committee, code="PE-02", title="Places", definition="Au 31 décembre.", limits="=1+1"
    )
    secret = indicator_in_force(committee, title="Foyers suivis", is_confidential=True)
    absent = indicator_in_force(committee, title="Enfants inscrits")
    for year in (2022, 2023):
        campaign = campaign_of(committee, year, [places, secret, absent])
        value_of(campaign, places, 400 + year)
        value_of(campaign, secret, 3, comment="Trois foyers.")
    value_of(campaign, absent, absence=Absence.NOT_AVAILABLE, reason="Panne")
    return committee


@pytest.fixture
def reader(figures, client):
    user = MembershipFactory(organisation=figures.caf, role="reader").user
    client.force_login(user)
    return client


def url(committee, extension: str) -> str:
    return reverse("indicators:figures_file", args=[committee.convention.slug, extension])


def rows_of(content: bytes) -> list[dict]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_row_a_figure_with_its_definition_and_masks_as_words(figures, reader):
    response = reader.get(url(figures, "csv"))
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert f"chiffres-{figures.convention.slug}-" in response.headers["Content-Disposition"]
    rows = rows_of(response.content)
    assert [(r["Indicateur"], r["Année"], r["Valeur"], r["Sans valeur"]) for r in rows] == [
        ("Places", "2022", "2422", ""),
        ("Places", "2023", "2423", ""),
        ("Foyers suivis", "2022", "", "secret"),
        ("Foyers suivis", "2023", "", "secret"),
        ("Enfants inscrits", "2022", "", "manquant"),
        ("Enfants inscrits", "2023", "", "non disponible"),
    ]
    assert (rows[0]["Code"], rows[0]["Définition"]) == ("PE-02", "Au 31 décembre.")
    assert rows[0]["Limites"] == "'=1+1"
    assert rows[0]["Source"] == figures.caf.source
    assert rows[3]["Commentaire"].startswith("commentaire réservé")
    assert rows[5]["Motif"] == "Panne"


def test_a_workbook_has_the_definitions_beside(figures, reader):
    book = load_workbook(io.BytesIO(reader.get(url(figures, "xlsx")).content))
    assert book.sheetnames == ["Chiffres", "Définitions"]
    head, *rows = book["Définitions"].iter_rows(values_only=True)
    titles = [row[head.index("Indicateur")] for row in rows]
    assert titles[:3] == ["Places", "Foyers suivis", "Enfants inscrits"]


def test_a_list_downloads_as_it_is_filtered(figures, reader):
    page = reader.get(
        reverse("indicators:indicators", args=[figures.convention.slug]), {"mots": "foyers"}
    )
    address = f"{url(figures, 'csv')}?mots=foyers"
    assert address in page.content.decode()
    rows = rows_of(reader.get(address).content)
    assert {row["Indicateur"] for row in rows} == {"Foyers suivis"}


def test_an_unknown_kind_of_file_does_not_exist(figures, reader):
    assert reader.get(url(figures, "pdf")).status_code == 404


@pytest.mark.parametrize("name", ["chiffres.csv", "chiffres.xlsx"])
def test_the_command_writes_the_same(figures, tmp_path, name):
    out, path = io.StringIO(), tmp_path / name
    slug = figures.convention.slug
    call_command("export_values", slug, str(path), year=2023, stdout=out)
    assert "3\u00a0chiffres" in out.getvalue()
    if name.endswith("csv"):
        rows = rows_of(path.read_bytes())
        assert [row["Valeur"] for row in rows] == ["2423", "", ""]


def test_the_command_says_what_it_cannot_write(figures, tmp_path):
    slug = figures.convention.slug
    for wrong in (["inconnue", "a.csv"], [slug, "a.pdf"], [slug]):
        with pytest.raises(CommandError):
            call_command("export_values", *wrong)
    with pytest.raises(CommandError, match="2019"):
        call_command("export_values", slug, str(tmp_path / "a.csv"), year=2019)


def test_a_file_of_thirty_indicators_takes_32_queries_at_most(
    figures, reader, django_assert_max_num_queries
):
    for rank in range(30):
        indicator_in_force(figures, title=f"Indicateur {rank}")
    with django_assert_max_num_queries(32):
        reader.get(url(figures, "csv"))
