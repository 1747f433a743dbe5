"""The figures of a report as files: within its PDF, and for who works with them."""

import csv
import dataclasses
import io
import json

import docx
import pytest
from python_calamine import CalamineWorkbook

from conventions.models import Convention, Theme
from ctg_portal.text.typography import polish
from evaluation.models import Narrative
from evaluation.report.data import csv_of, json_of, workbook_of
from evaluation.report.document import draw, write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from indicators.models import Campaign
from indicators.series.lines import COLUMNS
from tests.documents.drawn import ask
from tests.documents.reading import opened
from tests.evaluation.planning import whole_action
from tests.evaluation.report.test_report_document import DAY, MOMENT, full
from tests.evaluation.whole import whole_told
from tests.indicators.factories import campaign_of, figures, indicator_in_force, redefine, value_of

PROJECT = Mark.project(DAY)


def report_of(committee, year=2023):
    campaign = Campaign.objects.get(convention=committee.convention, year=year)
    return read_report(Convention.objects.get(pk=committee.convention.pk), campaign)


def rows_of(content) -> list[dict]:
    text = csv_of(content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


class TestLines:
    def test_the_lines_have_all_years_with_baseline_target_unit_and_source(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2021: 410, 2022: 420, 2023: 430})
        rows = rows_of(report_of(committee))
        assert [(row["Année"], row["Valeur"]) for row in rows] == [
            ("2021", "410"), ("2022", "420"), ("2023", "430"),
        ]  # fmt: skip
        last = rows[-1]
        assert last["Indicateur"] == "Places agréées en EAJE"
        assert (last["Unité"], last["Situation initiale"], last["Cible"]) == (
            "places",
            "400",
            "500",
        )
        assert last["Source"]
        assert last["Fournisseur"] == "Caf d’Exemple"
        assert last["Axe"] == committee.orientation.theme.axis.title

    def test_a_line_without_number_says_why_in_a_word(self, committee):
        committee.caf.masking_threshold = 5
        committee.caf.save()
        untold = {"baseline_value": None, "baseline_year": None, "targets": []}
        masked = indicator_in_force(committee, title="Masqué", is_confidential=True, **untold)
        away = indicator_in_force(committee, title="Pas là")
        absent = indicator_in_force(committee, title="Rien")
        campaign = campaign_of(committee, 2023, [masked, away, absent])
        value_of(campaign, masked, 3, comment="Exactement 3.", source="Fichier des 3")
        value_of(campaign, away, absence="not_available", reason="Pas d’enquête.")
        content = report_of(committee)
        rows = {row["Indicateur"]: row for row in rows_of(content)}
        assert [(rows[name]["Valeur"], rows[name]["Sans valeur"]) for name in rows] == [
            ("", "secret"), ("", "non disponible"), ("", "manquant"),
        ]  # fmt: skip
        assert rows["Pas là"]["Motif"] == "Pas d’enquête."
        for file in (csv_of(content), json_of(content, PROJECT)):
            assert b"Exactement" not in file
            assert b"des 3" not in file

    def test_a_line_says_how_final_its_number_is(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2022: 410})
        indicator = redefine(committee, indicator, definition="Autrement compté.")
        campaign = campaign_of(committee, 2023, [indicator])
        value_of(campaign, indicator, 430, provisional=True)
        assert [row["Précisions"] for row in rows_of(report_of(committee))] == [
            "pas encore vérifié", "provisoire, pas encore vérifié, rupture de série",
        ]  # fmt: skip

    def test_a_line_has_the_decimals_that_are_shown(self, committee):
        indicator = indicator_in_force(committee, unit="%", decimals=1)
        figures(committee, indicator, {2023: "12.5"})
        content = report_of(committee)
        assert rows_of(content)[0]["Valeur"] == "12,5"
        assert json.loads(json_of(content, PROJECT))["chiffres"][0]["Valeur"] == 12.5

    def test_axes_and_themes_are_called_as_the_territory_does(self, committee):
        committee.convention.labels = {"axe": "défi", "thematique": "chantier"}
        committee.convention.save()
        figures(committee, indicator_in_force(committee), {2023: 430})
        content = report_of(committee)
        assert list(rows_of(content)[0])[:3] == ["Défi", "Chantier", "Indicateur"]
        Theme.objects.update(title="", number="")
        assert list(rows_of(report_of(committee))[0])[:2] == ["Défi", "Indicateur"]
        assert "Thématique" in json.loads(json_of(content, PROJECT))["chiffres"][0]


class TestFiles:
    def test_the_json_file_has_numbers_or_null(self, committee):
        indicator = indicator_in_force(committee)
        figures(committee, indicator, {2022: 410})
        campaign_of(committee, 2023, [indicator])
        whole_action(committee)
        data = json.loads(json_of(report_of(committee), PROJECT))
        assert data["état"] == "Projet composé le 12\u00a0avril 2024"
        assert [one["Valeur"] for one in data["chiffres"]] == [410, None]
        assert list(data["chiffres"][0]) == [column.heading for column in COLUMNS]
        assert data["financements"][0]["Dépensé (€)"] == 10500.25

    def test_a_workbook_has_figures_and_money(self, committee):
        book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_of(report_of_full(committee))))
        assert book.sheet_names == ["Chiffres 2023", "Financements"]
        figures_sheet, money = (
            book.get_sheet_by_name(name).to_python() for name in book.sheet_names
        )
        assert figures_sheet[0] == [column.heading for column in COLUMNS]
        assert money[0][:3] == ["Financeur", "Année", "Prévu (€)"]

    def test_the_pdf_has_both_files_attached(self, committee):
        content = report_of_full(committee)
        document = draw(write(content, PROJECT), content, PROJECT, MOMENT)
        with opened(document.content) as pdf:
            attachments = {
                name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments
            }
        assert attachments == {
            "evaluation-2023-chiffres.csv": csv_of(content),
            "evaluation-2023-chiffres.json": json_of(content, PROJECT),
        }

    def test_a_word_document_has_the_texts_and_the_tables(self, committee):
        content = report_of_full(committee)
        document = docx.Document(io.BytesIO(docx_of(content, PROJECT)))
        lines = [paragraph.text for paragraph in document.paragraphs]
        for words in ("Introduction.", "Le relais a ouvert.", "Onze communes sont servies."):
            assert words in lines
        headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
        assert headings[:2] == ["Introduction", "La convention en bref"]
        assert headings[-1] == "Les mots de ce document"
        tables = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
        assert sum(head[0] == "Indicateur" for head in tables) >= 1
        assert sum(head[0] == "Financeur" for head in tables) == 1
        chart = content.axes[0].themes[0].drawings[0].chart
        assert any(line.startswith(polish(chart.title)) for line in lines)

    def test_a_share_of_money_in_the_word_document_names_its_sums(self, committee):
        document = docx.Document(io.BytesIO(docx_of(report_of_full(committee), PROJECT)))
        [table] = [one for one in document.tables if one.cell(0, 0).text == "Financeur"]
        share = table.rows[-1].cells[-1].text.replace("\u202f", " ").replace("\u00a0", " ")
        assert share == "88 % (10 500 € sur 12 000 €, 1 ligne sur 2)"

    def test_the_content_is_written_as_json(self, committee):
        """The content is stored as JSON, and read back."""
        json.dumps(dataclasses.asdict(report_of_full(committee)))


def report_of_full(committee):
    full(committee)
    whole_told(committee, 2023)
    Narrative.objects.update(text="Le relais a ouvert.")
    return report_of(committee)


class TestPage:
    @pytest.mark.parametrize("extension", ["xlsx", "csv", "docx"])
    def test_who_reads_the_report_takes_its_files(self, client, committee, extension):
        full(committee)
        client.force_login(committee.epci_member)
        page = f"/conventions/{committee.convention.slug}/evaluations/2023/rapport/"
        address = f"{page}fichiers/{extension}/"
        assert f'action="{address}"' in client.get(page).content.decode()
        response = ask(client, address)
        assert response.status_code == 200
        name = f"evaluation-2023-{committee.convention.slug}.{extension}"
        assert name in response["Content-Disposition"]
        assert len(response.content) > 500

    def test_an_unknown_year_or_file_is_not_found(self, client, committee):
        full(committee)
        client.force_login(committee.coordinator)
        page = f"/conventions/{committee.convention.slug}/evaluations/"
        assert client.get(f"{page}2023/rapport/fichiers/exe/").status_code == 404
        assert client.get(f"{page}1999/rapport/fichiers/csv/").status_code == 404

    def test_files_are_not_found_by_who_does_not_see_the_convention(
        self, client, committee, django_user_model
    ):
        full(committee)
        client.force_login(django_user_model.objects.create_user("x@y.example", password="x"))
        address = f"/conventions/{committee.convention.slug}/evaluations/2023/rapport/fichiers/csv/"
        assert client.post(address).status_code == 404
