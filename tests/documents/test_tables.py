"""Tables as files: what each of the three holds, and what none of them runs."""

import csv
import datetime
import io
import re
import tracemalloc
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404
from django.template import Context, Template
from python_calamine import CalamineWorkbook

from documents.tables import (
    FORMATS,
    Column,
    Table,
    cells_of,
    table_response,
    to_csv,
    to_pdf,
    to_xlsx,
    totals_of,
)
from documents.tables import document as document_module
from documents.tables.table import clean
from spreadsheets.reading.open import open_book
from tests.documents.reading import faults, opened, structure

DAY = datetime.date(2024, 7, 1)
NIGHT = datetime.datetime(2024, 7, 1, 22, 30, tzinfo=datetime.UTC)  # already the 2nd in Paris
COLUMNS = [Column("Indicateur"), Column("Valeur", kind="number"), Column("Le", kind="date"),
           Column("Validé le", kind="datetime"), Column("À l’heure")]  # fmt: skip
ROWS = [
    ("Places agréées", 1234, DAY, NIGHT, True),
    ("Coût ; par place", Decimal("-12.50"), None, datetime.datetime(2024, 1, 2, 3, 4), False),
    ("Enfants\r\naccueillis", "secret", DAY, None, None),
]
TABLE = Table("Valeurs de « l’été »", COLUMNS, ROWS, ["Source CAF de la Vienne."])

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1+1", "\u00a0=1", "＝1+1", "\0=1",
    "\x1f@x", '=HYPERLINK("https://mechant.example")', "=cmd|' /C calc'!A0", "＋1", "－1", "＠x",
    "'=1", "''=1", "' -1", "'\t",
]  # fmt: skip
HARMLESS = [
    "https://caf.example/", "mailto:x@caf.example", "0123", "1e5", "12/03", "a=b", "'a=1", "{=1}",
    "#REF!", "internal:A1", "file:///x", "_x0041_", "<b>&amp;</b>", "TRUE",
]  # fmt: skip


def table_of(*values, kind="text") -> Table:
    return Table("Essai", [Column("Valeur", kind=kind)], [(value,) for value in values])


def read_csv(table: Table) -> list[list[str]]:
    text = to_csv(table).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def book_of(*tables: Table) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(*tables)))


def read_xlsx(table: Table) -> list[list]:
    return book_of(table).get_sheet_by_index(0).to_python(skip_empty_area=False)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return parts.read(name).decode()


def sheet_of(table: Table) -> str:
    return part(to_xlsx(table), "xl/worksheets/sheet1.xml")


@pytest.fixture
def shown(monkeypatch):
    """What the template of a PDF is given, without drawing it."""

    def context_of(table):
        contexts = {}
        monkeypatch.setattr(
            document_module, "render_pdf", lambda _, context, **options: contexts.update(context)
        )
        to_pdf(table)
        return contexts

    return context_of


class TestCsv:
    def test_a_csv_is_written_as_french_spreadsheets_open_it(self):
        content = to_csv(TABLE)
        assert content.startswith(b"\xef\xbb\xbf" + "Indicateur;Valeur;Le;Validé le;".encode())
        assert content.count(b"\r\n") == 4
        assert read_csv(TABLE) == [
            ["Indicateur", "Valeur", "Le", "Validé le", "À l’heure"],
            ["Places agréées", "1234", "01/07/2024", "02/07/2024 00:30", "oui"],
            ["Coût ; par place", "-12,50", "", "02/01/2024 03:04", "non"],
            ["Enfants\naccueillis", "secret", "01/07/2024", "", ""],
        ]

    @pytest.mark.parametrize("text", FORMULAS, ids=ascii)
    def test_no_cell_of_a_csv_is_a_formula(self, text):
        table = Table("x", [Column(text)], [(text,)])
        for (cell,) in read_csv(table):
            assert cell.startswith("'")
            assert "\0" not in cell

    @pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS, "'", "''", "l' - x", "'a' - b"])
    def test_a_csv_that_is_imported_has_its_text_again(self, text):
        table = Table("x", [Column("Code"), Column("Titre")], [(1, text), (2, "x"), (3, "y")])
        read = open_book("a.csv", to_csv(table)).sheets[0].cells
        assert read[2, 2].text == clean(text)

    @pytest.mark.parametrize("text", HARMLESS)
    def test_a_harmless_text_is_unchanged_in_a_csv(self, text):
        assert read_csv(table_of(text, "x")) == [["Valeur"], [text], ["x"]]

    @pytest.mark.parametrize(
        ("number", "written"),
        [(0, "0"), (-3, "-3"), (0.1, "0,1"), (1e-7, "0,0000001"), (Decimal("1E+3"), "1000"),
         (10**20, "1" + "0" * 20), (float("nan"), "NaN")],
    )  # fmt: skip
    def test_numbers_of_a_csv_are_written_in_french(self, number, written):
        assert read_csv(table_of(number, kind="number"))[1] == [written]


class TestXlsx:
    def test_a_workbook_has_real_dates_and_numbers(self):
        assert read_xlsx(TABLE) == [
            ["Indicateur", "Valeur", "Le", "Validé le", "À l’heure"],
            ["Places agréées", 1234.0, DAY, datetime.datetime(2024, 7, 2, 0, 30), "oui"],
            ["Coût ; par place", -12.5, "", datetime.datetime(2024, 1, 2, 3, 4), "non"],
            ["Enfants\naccueillis", "secret", DAY, "", ""],
            [""] * 5,
            ["Source CAF de la Vienne.", "", "", "", ""],
        ]

    @pytest.mark.parametrize("text", FORMULAS + HARMLESS)
    def test_a_text_of_a_workbook_is_no_formula_or_link(self, text):
        content = to_xlsx(Table(text, [Column(text)], [(text,)], [text]))
        sheet = part(content, "xl/worksheets/sheet1.xml")
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert len(re.findall(r't="inlineStr"', sheet)) == 3
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert not [name for name in parts.namelist() if "sheet1.xml.rels" in name]

    @pytest.mark.parametrize("text", ["été\u202f!", "文件 🙂", "a\tb", *HARMLESS])
    def test_a_text_of_a_workbook_is_read_back(self, text):
        assert read_xlsx(table_of(text, "x"))[1:] == [[text], ["x"]]

    def test_control_characters_are_left_out_of_a_workbook(self):
        assert read_xlsx(table_of("a\0b\x0bc\x1f\x7f\ud800\uffff", "x"))[1] == ["abc"]
        assert "_x00" not in sheet_of(table_of("a\0b\x0b"))

    def test_the_header_of_a_workbook_is_frozen_filtered_and_printed_again(self):
        sheet = sheet_of(TABLE)
        assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
        assert '<autoFilter ref="A1:E4"/>' in sheet
        assert 'orientation="landscape"' in sheet
        assert 'paperSize="9"' in sheet
        assert 'fitToHeight="0"' in sheet
        workbook = part(to_xlsx(TABLE), "xl/workbook.xml")
        assert "_xlnm.Print_Titles" in workbook
        assert "Tableau!$1:$1" in workbook

    def test_a_workbook_has_its_title_in_properties_and_print(self):
        table = Table("Secret & Cie\0 " + "x" * 400, COLUMNS, ROWS)
        core = part(to_xlsx(table), "docProps/core.xml")
        assert "<dc:title>Secret &amp; Cie xxx" in core
        assert "&amp;LSecret &amp;&amp;amp;" not in sheet_of(table)
        assert "&amp;LSecret &amp;&amp; Cie xxx" in sheet_of(table)
        assert "Page &amp;P sur &amp;N" in sheet_of(table)

    def test_columns_are_as_wide_as_their_texts_within_reason(self):
        table = Table("x", [Column("a"), Column("b"), Column("c")], [("x" * 20, "y", "z" * 500)])
        widths = re.findall(r'<col min="\d" max="\d" width="([\d.]+)"', sheet_of(table))
        assert [int(float(width)) for width in widths] == [22, 8, 60]

    @pytest.mark.parametrize("character", ["x", "🙂"])
    def test_a_text_too_long_for_a_cell_is_cut(self, character):
        ((_,), (cell,)) = read_xlsx(table_of(character * 40_000))
        assert cell.endswith(f"{character}…")
        assert 32_765 <= len(cell.encode("utf-16-le")) // 2 <= 32_767

    def test_a_text_as_long_as_a_cell_is_whole(self):
        assert read_xlsx(table_of("x" * 32_767))[1] == ["x" * 32_767]

    @pytest.mark.parametrize(
        ("value", "cell"),
        [(datetime.date(1850, 1, 2), "02/01/1850"), (float("inf"), "Infinity"),
         (10**16 + 1, "10000000000000001"), (Decimal("NaN"), "NaN"), (-5, -5.0)],
    )  # fmt: skip
    def test_a_number_that_a_spreadsheet_cannot_hold_is_text(self, value, cell):
        assert read_xlsx(table_of(value))[1] == [cell]

    def test_more_rows_than_a_workbook_holds_are_refused(self, monkeypatch):
        monkeypatch.setattr("documents.tables.workbook.MAX_ROWS", 3)
        assert to_xlsx(table_of(1, 2))
        with pytest.raises(ValueError, match="More rows"):
            to_xlsx(table_of(1, 2, 3))


class TestSheets:
    """A workbook has several tables."""

    def test_each_table_has_a_sheet_with_its_rows_and_header(self):
        book = book_of(replace(TABLE, title="Valeurs"), replace(table_of(1, 2), title="Jalons"))
        assert book.sheet_names == ["Valeurs", "Jalons"]
        assert book.get_sheet_by_name("Valeurs").to_python()[1][:2] == ["Places agréées", 1234.0]
        assert book.get_sheet_by_name("Jalons").to_python() == [["Valeur"], [1.0], [2.0]]

    def test_each_sheet_has_its_own_layout_and_title(self):
        content = to_xlsx(replace(TABLE, title="Valeurs"), replace(table_of(1), title="Jalons"))
        second = part(content, "xl/worksheets/sheet2.xml")
        assert '<autoFilter ref="A1:A2"/>' in second
        assert "&amp;LJalons&amp;R" in second
        assert "<dc:title>Valeurs<" in part(content, "docProps/core.xml")

    def test_the_sheet_of_a_single_table_is_called_tableau(self):
        assert book_of(TABLE).sheet_names == ["Tableau"]

    def test_names_of_sheets_are_those_that_spreadsheets_allow(self):
        titles = ["Plan [2024] : a/b?", "x" * 40, "X" * 40, "'x'", "\0", "x" * 40]
        names = book_of(*(replace(table_of(1), title=title) for title in titles)).sheet_names
        assert names == ["Plan 2024 a b", "x" * 31, "X" * 26 + " (2)", "x", "Tableau",
                         "x" * 26 + " (3)"]  # fmt: skip

    def test_a_long_name_of_a_sheet_is_cut_between_two_words(self):
        title = "Accès aux droits et aux services, inclusion numérique"
        assert book_of(replace(table_of(1), title=title), table_of(1)).sheet_names[0] == (
            "Accès aux droits et aux…"
        )

    def test_a_response_has_several_tables_where_the_format_can(self):
        other_tables = [replace(table_of(1), title="Jalons")]
        sheets = table_response(TABLE, "xlsx", "x", other_tables).content
        assert CalamineWorkbook.from_filelike(io.BytesIO(sheets)).sheet_names[1] == "Jalons"
        assert table_response(TABLE, "csv", "x", other_tables).content == to_csv(TABLE)


class TestPdf:
    def test_a_pdf_of_a_table_is_accessible(self):
        content = to_pdf(TABLE)
        assert faults(content) == []
        elements = structure(content)
        assert elements.count(("/TH", 0)) == 5
        assert elements.count(("/TD", 1)) == 15
        with opened(content) as document:
            assert document.docinfo["/Title"] == TABLE.title
            assert [round(float(x)) for x in document.pages[0].MediaBox] == [0, 0, 842, 595]

    @pytest.mark.parametrize(
        "table",
        [Table("Vide", COLUMNS, []), Table("Une note", COLUMNS, iter([]), ["Rien à dire."]),
         table_of("Châtellerault" * 50, "x\0\x07", "<b>&", "a\nb"),
         Table("Large", [Column(f"Colonne {n}") for n in range(30)], [["longueur" * 9] * 30] * 3),
         Table("Châtellerault & <b> " * 12, COLUMNS, ROWS * 67)],
        ids=["no row", "no row but a note", "odd text", "30 columns", "201 rows"],
    )  # fmt: skip
    def test_a_pdf_of_a_table_is_accessible_whatever_it_contains(self, table):
        assert faults(to_pdf(table)) == []

    def test_a_pdf_of_a_table_has_the_same_bytes_twice(self):
        assert to_pdf(TABLE) == to_pdf(TABLE)

    def test_a_pdf_of_a_table_shows_texts_in_french(self, shown):
        context = shown(TABLE)
        assert [[text for _, text in row] for row in context["rows"]] == [
            ["Places agréées", "1\u202f234", "01/07/2024", "02/07/2024 00:30", "oui"],
            ["Coût ; par place", "−12,5", "", "02/01/2024 03:04", "non"],
            ["Enfants\naccueillis", "secret", "01/07/2024", "", ""],
        ]
        assert [kind for kind, _ in context["rows"][0]] == [column.kind for column in COLUMNS]

    @pytest.mark.parametrize("count", [1, 3, 16, 30])
    def test_widths_of_columns_never_leave_the_page(self, shown, count):
        columns = [Column("x" * n) for n in range(count)]
        widths = shown(Table("x", columns, [["y" * 500] * count]))["widths"]
        assert len(widths) == count
        assert 100 - count < sum(widths) <= 100
        assert min(widths) >= 1

    def test_widths_of_columns_follow_their_texts(self, shown):
        table = Table("x", [Column("a"), Column("b")], [("court", "une remarque bien plus longue")])
        narrow, wide = shown(table)["widths"]
        assert wide > 3 * narrow


class TestOneColumn:
    """Page, document and files show the same column."""

    SPENT = Column("Dépensé", lambda row: row[1], "euros", note="suivi",
                   total=lambda rows: sum(row[1] for row in rows))  # fmt: skip

    def test_euros_are_words_on_a_page_and_numbers_in_a_file(self):
        [cell] = cells_of([self.SPENT], ("Ouvrir", Decimal(1200)))
        assert (cell.text, self.SPENT.title) == ("1\u202f200\u202f€", "Dépensé (suivi)")
        rows = [("Ouvrir", Decimal(1200))]
        assert read_csv(Table.of("x", [self.SPENT], rows)) == [["Dépensé (€)"], ["1200"]]
        assert read_xlsx(Table.of("x", [self.SPENT], rows)) == [["Dépensé (€)"], [1200]]

    def test_an_unknown_amount_is_no_zero(self):
        assert cells_of([self.SPENT], ("Ouvrir", None))[0].text == ""

    def test_a_column_of_a_part_of_a_row_has_its_total(self):
        within = self.SPENT.within(lambda row: row["line"])
        rows = [{"line": ("a", 1)}, {"line": ("b", 2)}]
        assert [cell.value for cell in totals_of([Column("Nom"), within], rows)] == [3]
        assert within.value(rows[1]) == 2

    def test_a_page_draws_cells_and_marks(self):
        columns = [
            Column("Nom", lambda row: row["name"], mark=lambda row: "late"),
            Column("Combien", lambda row: 0, "number"),
            Column("Dépensé", lambda row: 1200, "euros"),
            Column("Le", lambda row: DAY, "date"),
            Column("Axe", lambda row: "Habiter", cell="evaluation/year/counts_axis.html"),
        ]
        template = Template("{% load listings %}{% heads columns %}{% cells columns row %}")
        html = template.render(Context({"columns": columns, "row": {"name": "l'été", "colour": 3}}))
        compact = re.sub(r"[ \n]*(<[^>]+>)[ \n]*", r"\1", html)
        assert re.sub(r"[ \n]+", " ", compact) == (
            '<th scope="col">Nom</th><th scope="col" class="n">Combien</th>'
            '<th scope="col" class="n">Dépensé</th><th scope="col">Le</th><th scope="col">Axe</th>'
            '<th scope="row" class="late">l’été</th>'
            '<td class="n nothing" data-label="Combien">0</td>'
            '<td class="n" data-label="Dépensé">1\u202f200\u202f€</td>'
            '<td data-label="Le">1er\u00a0juillet 2024</td>'
            '<td data-label="Axe"><div class="axis axis-3">Habiter</div></td>'
        )


class TestResponse:
    @pytest.mark.parametrize("extension", FORMATS)
    def test_a_response_is_a_file_to_save(self, extension):
        response = table_response(TABLE, extension, "Été 2024")
        assert response["Content-Disposition"].endswith(f"''%C3%89t%C3%A9%202024.{extension}")
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["Content-Type"] == FORMATS[extension][1]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        if extension != "xlsx":  # a workbook tells when it was made
            assert response.content == FORMATS[extension][0](TABLE)

    @pytest.mark.parametrize("extension", ["", "xls", "PDF", "csv/", "../csv"])
    def test_another_format_is_not_found(self, extension):
        with pytest.raises(Http404):
            table_response(TABLE, extension, "x")

    def test_a_response_with_an_odd_name_has_a_safe_header(self):
        header = table_response(TABLE, "csv", 'a/b\r\n"c')["Content-Disposition"]
        assert header == 'attachment; filename="b_c.csv"'


def test_a_workbook_takes_little_memory():
    rows = (("Places agréées", n, DAY, NIGHT, f"remarque {n}") for n in range(5_000))
    tracemalloc.start()
    to_xlsx(Table("Tout", COLUMNS, rows))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
