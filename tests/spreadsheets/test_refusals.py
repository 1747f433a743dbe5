"""What is not read is told, with what to do; and nothing else ever comes of a damaged file."""

import random
import sys
from collections import Counter

import pytest

from conventions.directory.headings import vocabulary
from spreadsheets.columns.likeness import likeness, matcher_of
from spreadsheets.columns.lines import KnowledgeOfLines
from spreadsheets.columns.questions import Asking
from spreadsheets.columns.tables import _by_cell
from spreadsheets.importing.lines import FileOfLines
from spreadsheets.reading.cells import MAX_MERGED, Area, Book, Sheet
from spreadsheets.reading.open import LARGE, LARGE_CELLS, is_large, open_book
from spreadsheets.reading.refusals import MAX_CELLS, MAX_TAGS, MAX_TEXT, SENTENCES, Unreadable
from tests.spreadsheets.damage import damaged
from tests.spreadsheets.files import archive_of, csv_text, ods, with_parts, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
)


def code_of(name: str, content: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        open_book(name, content)
    assert str(refusal.value) == SENTENCES[refusal.value.code]
    return refusal.value.code


def sparse(reference: str) -> bytes:
    """A sheet with one number, far away."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1048576"><c r="{reference}"><v>7</v></c></row></sheetData></worksheet>'
    )
    return with_parts(xlsx([1]), {"xl/worksheets/sheet1.xml": sheet})


def encrypted_zip() -> bytes:
    content = bytearray(xlsx([1]))
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(signature, place + 4)
    return bytes(content)


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("empty", "a.xlsx", b""),
        ("too_large", "a.csv", b"a;b\n" * 3_000_000),
        ("macros", "a.xlsm", with_parts(xlsx([1]), {"xl/vbaProject.bin": b"x"})),
        ("macros", "a.xlsx", with_parts(xlsx([1]), {"xl/vbaProject.bin": b"x"})),
        ("locked", "a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
        ("locked", "a.xlsx", encrypted_zip()),
        ("locked", "a.ods", ods([1], more={"META-INF/manifest.xml": "<m><encryption-data/></m>"})),
        ("old", "a.xls", OLE + "Workbook".encode("utf-16-le")),
        ("binary", "a.xlsb", archive_of({"[Content_Types].xml": "<T/>", "xl/workbook.bin": b"x"})),
        ("entities", "a.xlsx", with_parts(xlsx(["x"]), {"xl/sharedStrings.xml": BOMB})),
        ("entities", "a.ods", archive_of({"mimetype": "x", "content.xml": BOMB})),
        ("entities", "a.ods", archive_of({"content.xml": BOMB.decode().encode("utf-16")})),
        ("xml_2003", "a.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:'
         b'office:spreadsheet"><Worksheet/></Workbook>'),
        ("web_archive", "a.xls", b"MIME-Version: 1.0\nX-Type: Workbook\n\n<table></table>"),
        ("pdf", "a.pdf", b"%PDF-1.7\n1 0 obj"),
        ("not_a_table", "a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("not_a_table", "a.docx", archive_of({"[Content_Types].xml": "<T/>", "word/d.xml": ""})),
        ("not_a_table", "a.zip", archive_of({"lisez-moi.txt": "bonjour"})),
        ("not_a_table", "a.csv", bytes(range(256)) * 20),
        ("not_a_table", "a.json", b'{"a": 1}'),
        ("no_table", "a.xls", b"<html><body><p>Rien</p></body></html>"),
        ("no_cells", "a.xlsx", xlsx([])),
        ("no_cells", "a.csv", b"\r\n;;\r\n"),
        ("damaged", "a.xlsx", xlsx([1, 2, 3])[:-200]),
        ("damaged", "a.xlsx", with_parts(xlsx(["x"]), {"xl/sharedStrings.xml": b"<sst><si><t>"})),
    ],
)  # fmt: skip
def test_what_is_not_read_says_why_and_what_to_do(code, name, content):
    assert code_of(name, content) == code


def test_every_refusal_says_what_to_do():
    for sentence in SENTENCES.values():
        assert sentence.startswith(("Ce ", "Cette "))
        assert " : " in sentence


def test_too_many_cells_are_counted_before_they_are_read(monkeypatch):
    many = MAX_CELLS // 20 + 1
    assert code_of("a.csv", csv_text(*[[1] * 20] * many).encode()) == "too_many"
    row = "<c><v>1</v></c>" * 20
    sheet = f"<worksheet><sheetData>{f'<row>{row}</row>' * many}</sheetData></worksheet>"
    content = with_parts(xlsx([1]), {"xl/worksheets/sheet1.xml": sheet})
    monkeypatch.setattr("spreadsheets.reading.workbook._read_sheet", None)  # not reached
    assert code_of("a.xlsx", content) == "too_many"


def test_what_opendocument_repeats_is_counted_before_it_is_laid_out():
    cell = (
        '<table:table-cell office:value-type="float" office:value="1" '
        'table:number-columns-repeated="16384"/>'
    )
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert code_of("a.ods", ods(row)) == "too_many"


def test_a_bomb_is_refused_by_what_it_declares_and_by_what_it_is():
    assert (
        code_of("a.xlsx", with_parts(xlsx([1]), {"xl/media/x.bin": b"\0" * 101 * 2**20})) == "huge"
    )
    lying = bytearray(with_parts(xlsx([1]), {"xl/z.xml": b" " * 5_000_000}))
    entry = lying.rfind(b"PK\1\2", 0, lying.find(b"xl/z.xml", lying.find(b"PK\1\2")))
    lying[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert code_of("a.xlsx", bytes(lying)) == "damaged"


def test_a_cell_far_away_costs_nothing():
    [sheet] = open_book("a.xlsx", sparse("XFD1048576")).sheets
    assert [cell.place for cell in sheet.cells.values()] == ["XFD1048576"]
    assert code_of("a.xlsx", sparse("ZZZ9999999")) == "damaged"


# What costs more than its size -------------------------------------------------------------------


def sheet_of(columns: str = "", row: str = "", more: str = "") -> bytes:
    """A workbook whose one sheet is written by hand; it holds a 7."""
    sheet = (
        f"<worksheet><cols>{columns}</cols><sheetData><row><c><v>7</v></c>{row}</row></sheetData>"
        f"{more}</worksheet>"
    )
    return with_parts(xlsx([1]), {"xl/worksheets/sheet1.xml": sheet})


def test_a_workbook_of_empty_cells_is_refused_before_it_is_a_tree():
    assert code_of("a.xlsx", sheet_of(row="<c/>" * MAX_TAGS)) == "bloated"
    assert code_of("a.ods", ods("<table:table-row/>" * MAX_TAGS)) == "bloated"


def test_a_column_is_hidden_once_however_often_it_is_told(monkeypatch):
    class Counting(set):
        given = 0

        def update(self, numbers):
            numbers = list(numbers)
            Counting.given += len(numbers)
            super().update(numbers)

    monkeypatch.setattr(
        "spreadsheets.reading.workbook.Sheet",
        lambda name, **told: Sheet(name, hidden_columns=Counting(), **told),
    )
    twice = '<col min="1" max="16384" hidden="1"/>' * 50
    [sheet] = open_book("a.xlsx", sheet_of(columns=twice)).sheets
    assert len(sheet.hidden_columns) == 16_384
    assert Counting.given == 16_384


def test_rows_are_hidden_no_further_than_a_sheet_goes():
    row = '<table:table-row table:visibility="collapse" table:number-rows-repeated="9999"/>'
    [sheet] = open_book("a.ods", ods([7], row * 300)).sheets
    assert max(sheet.hidden_rows) == 1_048_576


def test_notes_of_a_page_cost_no_more_than_their_number():
    def steps(count: int) -> int:
        taken = 0

        def step(*_):
            nonlocal taken
            taken += 1
            return step

        page = f"<table><tr><td>1</td><td>a{'<!---->x' * count}</td></tr></table>".encode()
        sys.settrace(step)
        try:
            [sheet] = open_book("a.html", page).sheets
        finally:
            sys.settrace(None)
        assert len(sheet.cells[1, 2].text) == count + 1
        return taken

    steps(4)  # what is made once, is made
    assert steps(400) < steps(40) * 2


def test_notes_before_a_page_are_passed_over_once():
    """Sixty of them would take longer than anybody lives, and nobody be answered meanwhile."""
    assert code_of("a.csv", b"<!---->" * 29 + b"x") == "not_a_table"
    page = b"<!-- a -->\n<!-- b --> <table><tr><td>1</td></tr></table>"
    assert open_book("a.csv", page).format == "page web"


@pytest.mark.parametrize("sign", ["[", "[$"])
def test_a_format_of_numbers_is_no_longer_than_excel_has_it(sign):
    def shown_as(code: str) -> bytes:
        styles = (
            f'<styleSheet><numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
            '<cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
        )
        return with_parts(sheet_of(), {"xl/styles.xml": styles})

    assert code_of("a.xlsx", shown_as(sign * 300_000)) == "damaged"
    assert open_book("a.xlsx", shown_as(sign * 100)).count == 1


def test_a_unit_is_looked_for_once():
    told = "1 " + "millier " * 4_000 + "\n"
    cell = '<table:table-cell office:value-type="float" office:value="1">'
    row = f"<table:table-row>{f'{cell}<text:p>{told}</text:p></table:table-cell>' * 100}"
    assert open_book("a.ods", ods(f"{row}</table:table-row>")).count == 100


def test_a_cell_is_no_longer_than_spreadsheets_keep_it():
    assert code_of("a.csv", b'a;"' + b"x;" * 20_000) == "long"
    assert open_book("a.csv", b"a;" + b"x" * 32_767).count == 2


def test_blanks_are_gone_through_once():
    [sheet] = open_book("a.csv", f"Caf{' ' * 5_000}CCAS;Caf  CCAS".encode()).sheets
    assert [cell.text for cell in sheet.cells.values()] == ["Caf CCAS", "Caf  CCAS"]


def test_merged_areas_are_noted_up_to_a_number():
    cell = '<table:table-cell table:number-columns-spanned="2"/>' * (MAX_MERGED + 10)
    [sheet] = open_book("a.ods", ods([1], f"<table:table-row>{cell}</table:table-row>")).sheets
    assert len(sheet.merged) == MAX_MERGED


def test_a_file_of_endless_texts_is_refused():
    strings = f"<sst><si><t>{'mot ' * 8_000}</t></si></sst>"
    often = sheet_of(row='<c t="s"><v>0</v></c>' * (MAX_TEXT // 32_000 + 1))
    assert code_of("a.xlsx", with_parts(often, {"xl/sharedStrings.xml": strings})) == "wordy"


def test_a_text_that_is_repeated_is_counted_before_it_is_laid_out(monkeypatch):
    laid_out = Counter()
    monkeypatch.setattr(
        "spreadsheets.reading.opendocument._Reading._text",
        lambda self, cell: laid_out.update("x") or "mot " * 8_000,
    )
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="10000">'
        "<text:p>mot</text:p></table:table-cell>"
    )
    assert code_of("a.ods", ods(f"<table:table-row>{cell}</table:table-row>")) == "wordy"
    assert laid_out["x"] < MAX_TEXT / 32_000 + 5


@pytest.mark.parametrize(
    "raw", ["1e999999", "-1e999999", "1e-999999", "0e-999999", "1e999999999", "1e-999999999"]
)
def test_a_number_is_not_spelled_over_a_million_digits(raw):
    [sheet] = open_book("a.xlsx", sheet_of(row=f"<c><v>{raw}</v></c>")).sheets
    assert len(sheet.cells[1, 2].text) < 40


def test_merged_areas_are_laid_out_up_to_a_number_of_cells():
    areas = [Area(1 + 2 * n, 1, 2 + 2 * n, 1000) for n in range(500)]
    assert len(_by_cell(areas, MAX_CELLS)) <= MAX_CELLS


def book_of(*lines: list) -> Book:
    return open_book("a.csv", csv_text(*lines).encode())


def test_of_a_line_its_own_cells_are_looked_at_however_wide_the_table_is():
    def calls(width: int) -> int:
        made = Counter()
        lines = [["Les Minimes", "Thuré"]] * 2_000
        book = book_of(["Nom", "Ville", *(f"Humeur {n}" for n in range(width))], *lines)
        sys.setprofile(lambda _, event, __: made.update([event]))
        try:
            FileOfLines(book, KnowledgeOfLines(vocabulary()), Asking())
        finally:
            sys.setprofile(None)
        return made["call"]

    assert calls(200) - calls(10) < 190 * 2_000


def test_of_long_texts_the_beginning_is_compared():
    one, other = "ab" * 15_000, "ba" * 15_000
    assert likeness(one, matcher_of(other)) > 0.9


# Damage ------------------------------------------------------------------------------------------


def samples() -> list[bytes]:
    rows = [
        ["Code", "Libellé", 2022, 2023],
        *([f"1.{n}", "Places", n, (n / 100, "0%")] for n in range(30)),
    ]
    return [
        xlsx(*rows),
        ods(["Code", "Libellé", 2023], *(["1", "Places d’accueil", n] for n in range(30))),
        csv_text(*rows).encode("cp1252"),
        b"<html><table>" + b"<tr><td>1.1</td><td rowspan=2>12</td></tr>" * 30 + b"</table></html>",
    ]  # fmt: skip


@pytest.mark.long
def test_two_thousand_damaged_files_are_read_or_refused_in_words():
    rng, sound = random.Random(15), samples()  # noqa: S311
    names = ["a.xlsx", "a.ods", "a.csv", "a.xls"]
    told = {"read": 0}
    for turn in range(2000):
        content = damaged(rng, sound[turn % len(sound)])
        try:
            open_book(names[turn % len(names)], content)
        except Unreadable as refusal:
            told[refusal.code] = told.get(refusal.code, 0) + 1
        else:
            told["read"] += 1
    assert sum(told.values()) == 2000
    assert told["read"] > 200
    assert told["damaged"] > 200


def test_what_is_large_is_told_without_reading_it_whole():
    assert not is_large(xlsx(["Code", "Valeur"], ["1.1", 412]))
    assert not is_large(b"Code;Valeur\n1.1;412\n")
    assert not is_large(b"PK damaged")
    assert is_large(b"Code;Valeur\n" + b"1.1;412;\n" * 12_000)
    assert is_large(b"x" * (LARGE + 1))
    bomb = xlsx(*([f"Ligne {n}", n, n, n] for n in range(12_000)))
    assert is_large(bomb)


def test_few_bytes_that_hold_many_cells_are_large():
    """A workbook of seven kilobytes had a page read 80,000 cells."""
    narrow = xlsx(*([1, 2] for _ in range(LARGE_CELLS // 2 + 1)))
    assert len(narrow) < 100_000
    assert is_large(narrow)
    repeated = ods(*([3, 2] for _ in range(LARGE_CELLS // 2 + 1)))
    assert is_large(repeated)
    table = f"<table>{'<tr><td>1</td><td>2</td></tr>' * (LARGE_CELLS // 2 + 1)}</table>"
    assert is_large(table.encode())
    assert not is_large(xlsx(*([1, 2] for _ in range(LARGE_CELLS // 2))))
    told = "mot " * 8_000  # which is written once, and stands in each cell
    assert is_large(xlsx(*([told] for _ in range(7))))
