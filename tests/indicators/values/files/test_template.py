"""The workbook that goes out: what it tells, to whom, and that it comes back."""

import io
from decimal import Decimal

import pytest
import rfc8785
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from indicators.models import Indicator
from indicators.values.events import save_value
from indicators.values.figure import Figure
from tests.indicators.values.entering import entry_url
from tests.indicators.values.files.office import wrong

pytestmark = pytest.mark.django_db


def downloaded(client, office, user) -> bytes:
    client.force_login(user)
    return client.get(entry_url(office.campaign, "modele/")).content


@pytest.fixture
def exported(office, tmp_path):
    def export(acronym=None) -> bytes:
        path = tmp_path / "modele.xlsx"
        acronym = acronym or office.committee.caf.acronym
        call_command("export_template", *office.scope.split("/"), acronym, output=path)
        return path.read_bytes()

    return export


def rows_of(content: bytes) -> list[list]:
    """The lines of figures, from their headings on."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[1]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_it_tells_what_is_asked_and_what_was_given(office, exported):
    head, *rows = rows_of(exported())
    assert head == [
        "Code", "Indicateur", "Unité", "Définition", "Dernière valeur", "Cible", "Valeur 2023",
        "Numérateur", "Dénominateur", "Motif", "Commentaire", "État", "Source",
    ]  # fmt: skip
    assert rows[0][:7] == ["1.1", "Places agréées en EAJE", "places",
                           "Places agréées au 31 décembre.", "400 (2022)", "500", None]  # fmt: skip
    assert len(rows) == 7


def test_it_is_protected_but_for_what_is_to_be_filled_in(exported):
    sheet = load_workbook(io.BytesIO(exported())).worksheets[1]
    assert sheet.protection.sheet
    assert [sheet.cell(5, column).protection.locked for column in range(1, 14)] == [
        *[True] * 6, *[False] * 7,
    ]  # fmt: skip
    assert any("provisoire" in (rule.formula1 or "") for rule in
               sheet.data_validations.dataValidation)  # fmt: skip


def test_filled_in_it_comes_back(office, agent, client):
    book = load_workbook(io.BytesIO(downloaded(client, office, agent)))
    sheet = book.worksheets[1]
    sheet["G5"], sheet["K5"], sheet["L5"] = 412, "Une crèche", "provisoire"
    sheet["G8"] = 0.125  # in a cell that shows percentages
    sheet["H10"], sheet["I10"] = 120, 480
    content = io.BytesIO()
    book.save(content)
    preview = office.read("donnees-2023.xlsx", content.getvalue(), agent)
    assert wrong(preview) == {}
    assert office.after(preview) == {
        "1.1": "412, provisoire, « Une crèche »", "2.1": "12,5 %", "2.3": "25,0 %",
    }  # fmt: skip
    assert preview.sheetful.is_settled


def test_what_is_there_comes_back_unchanged(office, agent, client):
    given = {
        "1.1": Figure(number=Decimal(412), provisional=True, comment="=1+1"),
        "1.2": Figure(absence="not_available", reason="Panne", source="Relevé"),
        "2.1": Figure(number=Decimal("0.5")),
        "2.2": Figure(number=Decimal("12500.123456")),
        "2.3": Figure(numerator=Decimal(1), denominator=Decimal(3)),
        "3.1": Figure(number=Decimal(0)),
    }
    for code, figure in given.items():
        save_value(office.entry(code), figure, by=agent)
    preview = office.read("a.xlsx", downloaded(client, office, agent), agent)
    assert wrong(preview) == {}
    assert (len(preview.unchanged), preview.to_keep, preview.questions) == (6, [], [])


def test_no_text_of_it_runs_as_a_formula(office, exported):
    Indicator.objects.update(code="")
    for sheet in load_workbook(io.BytesIO(exported())).worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_a_protected_figure_is_told_as_everybody_may_read_it(office, exported, agent, client):
    caf = office.committee.caf
    caf.masking_threshold = 500
    caf.save()
    version = office.entry("1.1").version
    content = version.content | {"is_confidential": True}
    type(version).objects.filter(pk=version.pk).update(text=_canonical(content))
    assert rows_of(exported())[1][4] == "en attente (2022)"
    assert rows_of(downloaded(client, office, agent))[1][4] == "400 (2022)"


def _canonical(content: dict) -> str:
    return rfc8785.dumps(content).decode()


def test_an_organisation_that_is_not_there(office, exported):
    with pytest.raises(CommandError, match="n’a le sigle"):
        exported("XYZ")


@pytest.mark.parametrize("text", ["=1+1", "@x", "\t=1", "=cmd|' /C calc'!A0"])
def test_what_people_typed_never_runs(office, exported, text):
    version = office.entry("1.1").version
    content = version.content | {"title": text, "definition": text, "unit": text}
    type(version).objects.filter(pk=version.pk).update(text=_canonical(content))
    row = load_workbook(io.BytesIO(exported())).worksheets[1][5]
    assert [cell.data_type for cell in row[1:4]] == ["s"] * 3
    assert row[1].value.strip() == text.strip()
