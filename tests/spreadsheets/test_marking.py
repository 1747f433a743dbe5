"""A file handed back, its mistakes in their cells."""

import io

import pytest
from openpyxl import load_workbook

from spreadsheets.importing.preview import Mistake
from spreadsheets.marking.marked import marked, marks_of
from spreadsheets.reading.open import open_book
from tests.spreadsheets.files import csv_text, ods, parts_in, with_parts, xlsx

MISTAKES = [
    Mistake("Feuille!B2", "Écrivez le nombre seul."),
    Mistake("Feuille!B2", "Deux fois."),
    Mistake("Feuille!D3", "Il manque l’année."),
]


def handed_back(name: str, content: bytes, mistakes=MISTAKES):
    return load_workbook(io.BytesIO(marked(open_book(name, content), content, marks_of(mistakes))))


def test_a_workbook_comes_back_as_it_was_with_its_marks():
    def then(book, sheet):
        sheet.write_formula("C2", "=1+1", None, 2)
        sheet.merge_range("D2:D3", "fusion")

    content = xlsx(["Code", "Valeur"], ["1.1", "env. 3"], ["1.2", 4], then=then)
    sheet = handed_back("a.xlsx", content)["Feuille"]
    assert sheet["B2"].comment.text == "Écrivez le nombre seul.\nDeux fois."
    assert sheet["B2"].fill.fgColor.rgb == "FFFCE4E4"
    assert sheet["C2"].value == "=1+1"
    assert sheet["D2"].comment.text == "Il manque l’année."  # where the merged cell is shown
    assert sheet["B3"].comment is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Feuille.csv", csv_text(["Code", "Valeur"], ["1.1", "env. 3"]).encode()),
        ("a.ods", ods(["Code", "Valeur"], ["1.1", "env. 3"])),
    ],
)
def test_any_other_file_comes_back_as_a_workbook(name, content):
    sheet = handed_back(name, content)["Feuille"]
    assert [cell.value for cell in sheet[2]][:2] == ["1.1", "env. 3"]
    assert sheet["B2"].comment.text.startswith("Écrivez le nombre seul.")
    assert sheet["D3"].comment.text == "Il manque l’année."


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_a_text_that_looks_like_a_formula_stays_text(text):
    rows = [["Code", "Valeur"], [text, "env. 3"]]
    for name, content in (("Feuille.csv", csv_text(*rows).encode()), ("a.ods", ods(*rows))):
        cell = handed_back(name, content)["Feuille"]["A2"]
        assert (cell.data_type, cell.value.strip()) == ("s", text.strip())

    def then(book, sheet):
        sheet.write_string("A2", text)

    cell = handed_back("a.xlsx", xlsx(rows[0], [None, "env. 3"], then=then))["Feuille"]["A2"]
    assert (cell.data_type, cell.value.strip()) == ("s", text.strip())


def test_cells_merged_without_end_are_not_laid_out():
    content = xlsx(["Code", "Valeur"], ["1.1", "env. 3"])
    path = "xl/worksheets/sheet1.xml"
    merged = b'</sheetData><mergeCells><mergeCell ref="D2:XFD1048576"/></mergeCells>'
    sheet = parts_in(content)[path].replace(b"</sheetData>", merged)
    content = with_parts(content, {path: sheet})
    sheet = handed_back("a.xlsx", content, MISTAKES[:1])["Feuille"]
    assert sheet["B2"].comment.text == "Écrivez le nombre seul."
