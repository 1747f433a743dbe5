"""Cells as their reader sees them, whatever program wrote the file."""

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import Workbook as OpenpyxlWorkbook
from python_calamine import CalamineWorkbook

from spreadsheets.reading.cells import Kind, letters, numbered, spelled
from spreadsheets.reading.open import open_book
from tests.spreadsheets.files import csv_text, ods, parts_in, with_parts, xlsx


def cells(content: bytes, name: str = "donnees.xlsx") -> dict:
    [sheet] = open_book(name, content).sheets
    return {cell.place: cell for cell in sheet.cells.values()}


def shown(content: bytes, name: str = "donnees.xlsx") -> list[list[str]]:
    [sheet] = open_book(name, content).sheets
    return [[cell.text for cell in row.values()] for _, row in sheet.rows()]


# XLSX --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (12, Kind.NUMBER, "12"),
        (1234.5, Kind.NUMBER, "1234,5"),
        (0, Kind.NUMBER, "0"),
        (-3, Kind.NUMBER, "-3"),
        (0.1 + 0.2, Kind.NUMBER, "0,3"),
        (1.234, Kind.NUMBER, "1,2340"),
        ((0.125, "0.0%"), Kind.PERCENT, "12,5\u202f%"),
        ((0.5, "0 %"), Kind.PERCENT, "50\u202f%"),
        ((45291, "dd/mm/yyyy"), Kind.DATE, "31/12/2023"),
        ((45291, "[$-40C]d mmmm yyyy"), Kind.DATE, "31/12/2023"),
        ((12, '0 "places"'), Kind.NUMBER, "12"),
        ((12, "#,##0 [$€-40C]"), Kind.NUMBER, "12"),
        ((12, "[Red]0;[Blue]-0"), Kind.NUMBER, "12"),
        ("12 k€", Kind.TEXT, "12 k€"),
        ("2e semestre 2021", Kind.TEXT, "2e semestre 2021"),
    ],
)
def test_a_cell_is_read_as_its_format_shows_it(value, kind, text):
    cell = cells(xlsx([value]))["A1"]
    assert (cell.kind, cell.text) == (kind, text)


def test_a_cell_keeps_its_true_address():
    cell = cells(xlsx([], [None, None, 3], name="Petite enfance"))["C2"]
    assert cell.address == "Petite enfance!C2"


def test_a_formula_is_read_by_its_result():
    def then(book, sheet):
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("A2", '="" & ""', None, "")
        sheet.write_formula("A3", "=1/0", None, "#DIV/0!")

    found = cells(xlsx(["x"], then=then))
    assert found["A1"].number == Decimal(2)
    assert found["A3"].kind == Kind.ERROR


def test_a_formula_that_was_never_calculated_is_no_zero():
    book = OpenpyxlWorkbook()
    book.active["A1"], book.active["A2"] = 1, "=A1+1"
    content = io.BytesIO()
    book.save(content)
    assert cells(content.getvalue())["A2"].kind == Kind.UNCALCULATED


def test_a_zero_beside_a_formula_is_doubted_unless_the_program_calculates():
    def then(book, sheet):
        sheet.write_formula("A1", "=B1+C1")

    written = xlsx(then=then)
    assert cells(written)["A1"].kind == Kind.DOUBTFUL
    workbook = b"<workbook/>"
    [workbook] = [p for n, p in parts_in(written).items() if n == "xl/workbook.xml"]
    by_excel = with_parts(
        written,
        {
            "xl/workbook.xml": workbook.replace(b'fullCalcOnLoad="1"', b""),
            "xl/calcChain.xml": "<calcChain/>",
        },
    )
    assert cells(by_excel)["A1"].number == 0


def test_what_is_hidden_and_merged_is_told():
    def then(book, sheet):
        sheet.merge_range("A1:C1", "Suivi des indicateurs")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column("B:B", 10, None, {"hidden": True})
        hidden = book.add_worksheet("Calculs")
        hidden.write(0, 0, 1)
        hidden.hide()

    [sheet, hidden] = open_book("a.xlsx", xlsx(["x"], then=then)).sheets
    assert [str(area) for area in sheet.merged] == ["A1:C1"]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({5}, {2})
    assert (hidden.name, hidden.is_hidden, sheet.is_hidden) == ("Calculs", True, False)


def test_days_of_the_other_epoch():
    content = xlsx([(43829, "dd/mm/yyyy")])
    workbook = parts_in(content)["xl/workbook.xml"]
    assert b"<workbookPr" in workbook
    mac = workbook.replace(b"<workbookPr", b'<workbookPr date1904="1"')
    assert cells(with_parts(content, {"xl/workbook.xml": mac}))["A1"].day == datetime.date(
        2023, 12, 31
    )


def test_rich_and_inline_texts_are_read_whole():
    def then(book, sheet):
        bold = book.add_format({"bold": True})
        sheet.write_rich_string("A1", "Places ", bold, "en crèche")
        sheet.write_string("A2", "ligne 1\nligne 2")

    assert shown(xlsx(then=then)) == [["Places en crèche"], ["ligne 1\nligne 2"]]
    book = OpenpyxlWorkbook(write_only=True)
    book.create_sheet("F").append(["é", 3])
    content = io.BytesIO()
    book.save(content)
    assert shown(content.getvalue()) == [["é", "3"]]


def test_cells_without_their_address_follow_each_other():
    content = xlsx([1, 2], [3])
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData></worksheet>"
    )
    found = cells(with_parts(content, {"xl/worksheets/sheet1.xml": sheet}))
    assert {place: cell.text for place, cell in found.items()} == {"A1": "1", "B1": "2", "A2": "3"}


def test_another_reader_finds_the_same():
    rows = [["Code", "Libellé", 2022, 2023], ["1.1", "Places", 12, 15.5], [], ["x", None, 0, -4]]
    content = xlsx(*rows)
    [sheet] = open_book("a.xlsx", content).sheets
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    for row, line in enumerate(theirs, start=1):
        for column, value in enumerate(line, start=1):
            ours = sheet.cells.get((row, column))
            if value == "":
                assert ours is None
            else:
                assert (float(ours.number) if ours.number is not None else ours.text) == value


# ODS ---------------------------------------------------------------------------------------------


def test_cells_of_opendocument():
    content = ods(
        ["Code", "Libellé", 2023],
        ["1.1", "Places", 12.5],
        ["1.2", "Part", (0.125, "12,50 %")],
        ["1.3", "Jour", '<table:table-cell office:value-type="date" office:date-value="2023-12-31">'
         "<text:p>31/12/23</text:p></table:table-cell>"],
        ["1.4", "Note", "<table:table-cell office:value-type=\"string\"><office:annotation><text:p>"
         "à revoir</text:p></office:annotation><text:p>a<text:s/>b</text:p></table:table-cell>"],
        ["1.5", "Formule", '<table:table-cell table:formula="of:=[.A1]+1"/>'],
        ["1.6", "Zéro", '<table:table-cell table:formula="of:=[.A1]+1" office:value-type="float" '
         'office:value="0"><text:p>0</text:p></table:table-cell>'],
    )  # fmt: skip
    found = cells(content, "a.ods")
    assert found["C2"].text == "12,5"
    assert found["C3"].text == "12,5\u202f%"
    assert found["C4"].day == datetime.date(2023, 12, 31)
    assert found["C5"].text == "a b"
    assert found["C6"].kind == Kind.UNCALCULATED
    assert found["C7"].kind == Kind.DOUBTFUL


def test_what_opendocument_repeats_and_hides():
    content = ods(
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>',
        '<table:table-row table:number-rows-repeated="3"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>',
        '<table:table-row table:number-rows-repeated="2" table:visibility="filter">'
        '<table:table-cell office:value-type="float" office:value="7" '
        'table:number-columns-repeated="2"/></table:table-row>',
        '<table:table-row><table:table-cell table:number-columns-spanned="3" '
        'office:value-type="string"><text:p>Titre</text:p></table:table-cell>'
        "<table:covered-table-cell/></table:table-row>",
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>',
        attributes='table:style-name="ta2"',
    )
    [sheet] = open_book("a.ods", content).sheets
    assert sorted(cell.place for cell in sheet.cells.values()) == ["A4", "A5", "A6", "B4", "B5"]
    assert (sheet.is_hidden, sheet.hidden_rows, sheet.hidden_columns) == (True, {4, 5}, {3})
    assert [str(area) for area in sheet.merged] == ["A6:C6"]


# CSV ---------------------------------------------------------------------------------------------

ROWS = [
    ["Code", "Libellé", "2023"],
    ["1.1", "Places d’accueil", "1 234,5"],
    ["1.2", "Évolution", ""],
]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]
)
def test_csv_whatever_its_letters_separator_and_ends(separator, end, encoding):
    content = csv_text(*ROWS, separator=separator, end=end).encode(encoding)
    assert shown(content, "donnees.csv") == [
        ["Code", "Libellé", "2023"], ["1.1", "Places d’accueil", "1 234,5"], ["1.2", "Évolution"],
    ]  # fmt: skip


def test_a_csv_that_names_its_separator_keeps_its_row_numbers():
    found = cells("sep=;\r\nCode;2023\r\n1.1;12\r\n".encode("cp1252"), "a.csv")
    assert found["B3"].text == "12"
    assert found["B3"].address == "a!B3"


def test_the_apostrophe_that_we_put_before_a_formula_is_taken_off():
    found = cells(b"a;b\n'=1+1;'-3\n'autre;x\n", "a.csv")
    assert [found[p].text for p in ("A2", "B2", "A3")] == ["=1+1", "-3", "'autre"]


def test_a_csv_of_one_column_and_of_commas_within():
    assert shown("Libellé\nPlaces, en crèche\n".encode(), "a.csv") == [
        ["Libellé"], ["Places, en crèche"],
    ]  # fmt: skip
    text = 'Code;Libellé;2023\n1;"Places; en crèche";"12,5"\n'
    assert shown(text.encode(), "a.csv")[1] == ["1", "Places; en crèche", "12,5"]


# Pages saved as .xls -----------------------------------------------------------------------------

PAGE = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head>'
    "<body><table><tr><td colspan=2>Suivi</td></tr><tr><th>Code</th><th>2023</th></tr>"
    "<tr><td rowspan=2>1.1</td><td>1&nbsp;234</td></tr><tr><td>12<br>13</td></tr></table></body>"
)


def test_a_page_saved_as_xls_is_told_and_read():
    book = open_book("export.xls", PAGE.encode())
    [sheet] = book.sheets
    found = {cell.place: cell.text for cell in sheet.cells.values()}
    assert found == {
        "A1": "Suivi", "A2": "Code", "B2": "2023", "A3": "1.1", "B3": "1\xa0234", "B4": "12\n13",
    }  # fmt: skip
    assert [str(area) for area in sheet.merged] == ["A1:B1", "A3:A4"]
    assert book.notes == [
        "Ce fichier se nomme « .xls », mais c’est un fichier « page web » : il a été lu comme tel."
    ]


# Numbers and columns -----------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (16384, "XFD")])
def test_names_of_columns(column, name):
    assert (letters(column), numbered(name)) == (name, column)


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+3", "1000"), ("-0", "0"), ("0.0000", "0"), ("12.50", "12,5"), ("1E-7", "0,0000001")],
)
def test_a_number_is_spelled_in_one_way(number, text):
    assert spelled(Decimal(number)) == text
