"""What the bench measures of long inputs: each is gone through once, however it is made.

One that is gone through again at each of its signs would take minutes, hours or longer, and nobody
would be answered meanwhile.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from conventions.directory.headings import vocabulary
from conventions.loading import reader
from ctg_portal.help.glossary import glossary
from documents.logos import LogoError, clean_logo
from documents.tables import Column, Table, to_csv, to_xlsx
from documents.uploads import check_upload
from indicators.values.forms import FigureField
from spreadsheets.columns.lines import KnowledgeOfLines
from spreadsheets.columns.questions import Asking
from spreadsheets.importing.lines import FileOfLines
from spreadsheets.reading.open import open_book
from spreadsheets.reading.refusals import Unreadable
from tests.conventions.loading.samples import MINIMAL
from tests.documents.files import ODT, archive, docx, office
from tests.documents.images import png
from tests.spreadsheets.files import csv_text, ods, with_parts, xlsx

REFUSALS = (ValidationError, LogoError, Unreadable)
SHEET = "xl/worksheets/sheet1.xml"


def bench_long_inputs() -> None:
    """Print the seconds of the processor that each input takes, and those that it may take."""
    print(f"\n{'Long inputs':44}{'CPU s':>8}{'at most':>9}")  # noqa: T201
    for name, limit, act in long_inputs():
        began = time.process_time()
        with contextlib.suppress(*REFUSALS):
            act()
        seconds = time.process_time() - began
        over = "  TOO LONG" if seconds > limit else ""
        print(f"{name:44}{seconds:8.2f}{limit:9}{over}")  # noqa: T201


def long_inputs() -> Iterator[tuple[str, int, Callable]]:
    """Yield the name of each input, the seconds that it may take, and what takes it in."""
    for piece in ["9", " ", "1\t", "env. 1", "< "]:
        typed = f"1{piece * 100_000}x"
        yield f"A figure of {piece!r}", 2, lambda typed=typed: FigureField().clean(typed)
    yield from _uploads()
    yield from _spreadsheets()
    yield "A logo of 36 million pixels", 10, lambda: clean_logo(png(width=6000, height=6000))
    for row in ["      - titre: {n}\n        sous_objectifs: [1, 2, 3]\n", "      - titre: {n}\n"]:
        yield "A convention file of 5 MB", 60, lambda row=row: _convention_file(row)
    words = "Les avenants de la CAF et de l’EPCI, deux équivalents temps plein. " * 3000
    glossary()
    yield "Words of a page of 200,000 letters", 1, lambda: glossary().used_in(words)
    for write in (to_csv, to_xlsx):
        yield f"50,000 rows, {write.__name__}", 60, lambda write=write: write(_table())


def _uploads() -> Iterator[tuple[str, int, Callable]]:
    def part(name: str, content: bytes) -> tuple[int, Callable]:
        return 5, lambda: check_upload(SimpleUploadedFile(name, content))

    for piece in ["<f ", '<f a="', '<x formula="', "<definedName "]:
        workbook = with_parts(office("xl/workbook.xml"), {SHEET: piece * 200_000})
        yield f"A sheet of {piece!r}", *part("a.xlsx", workbook)
    for signs in ["[", "[[a]", "'[", '"["']:
        formula = escape(signs * 300_000)
        cell = f'<c r="A1"><f t="x">{formula}</f><v>0</v></c>'
        workbook = with_parts(office("xl/workbook.xml"), {SHEET: cell})
        yield f"A formula of {signs!r}, XLSX", *part("a.xlsx", workbook)
        kind = ODT.replace("text", "spreadsheet")
        content = archive(mimetype=kind, content_xml=f'<a formula="of:={formula}"/>')
        yield f"A formula of {signs!r}, ODS", *part("a.ods", content)
    for piece in ["<w:instrText ", '<w:instrText a="', "<w:fldSimple ", '<w:x w:instr="']:
        document = with_parts(docx(), {"word/footer1.xml": piece * 200_000})
        yield f"A footer of {piece!r}", *part("a.docx", document)
    for content in ['<draw:image xlink:href="' + " " * 400_000, "<draw:image :href" * 100_000]:
        text = archive(mimetype=ODT, content_xml=content)
        yield f"An open document of {content[:17]!r}", *part("a.odt", text)


def _spreadsheets() -> Iterator[tuple[str, int, Callable]]:
    notes = b"<!---->" * 29 + b"x"
    yield "Notes before a page", 1, lambda: open_book("a.csv", notes)
    styles = (
        f'<styleSheet><numFmts><numFmt numFmtId="200" formatCode="{"[" * 300_000}"/></numFmts>'
        '<cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
    formatted = with_parts(xlsx([1]), {"xl/styles.xml": styles})
    yield "A format of numbers", 1, lambda: open_book("a.xlsx", formatted)
    unit = '<table:table-cell office:value-type="float" office:value="1"><text:p>1 '
    row = f"{unit}{'millier ' * 4_000}</text:p></table:table-cell>" * 100
    units = ods(f"<table:table-row>{row}</table:table-row>")
    yield "A unit of 4,000 words", 2, lambda: open_book("a.ods", units)
    for name, head in {
        "brackets": [["Nom", "Ville", *["(" * 300] * 10_000], ["Caf", "Thuré"]],
        "brackets and a year": [["Nom", "Ville 2023", *["[" * 299 + "1"] * 10_000], ["Caf", 3]],
        "years below it": [["Nom", *["Ville"] * 8_000], ["", *range(2000, 2100)] * 2],
    }.items():
        book = open_book("a.csv", csv_text(*head).encode())
        known = KnowledgeOfLines(vocabulary())
        yield f"A wide head, {name}", 10, lambda b=book, k=known: FileOfLines(b, k, Asking())


def _convention_file(row: str) -> None:
    """Read a convention file that is just under the limit of its size."""
    rows, size = [], len(MINIMAL.encode())
    while (size := size + len(row.format(n=len(rows)))) < reader.MAX_SIZE:
        rows.append(row.format(n=len(rows)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "convention.yaml"
        path.write_text(MINIMAL + "".join(rows), encoding="utf-8")
        reader.read(path)


def _table() -> Table:
    columns = [Column("Indicateur"), Column("Valeur", kind="number"), Column("Remarque")]
    return Table("Tout", columns, (("Places agréées", n, "remarque") for n in range(50_000)))
