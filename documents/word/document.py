"""Writer of a Word document, from top to bottom."""

import datetime
import io
from collections.abc import Iterable, Sequence

import docx
from django.db.models.fields.files import FieldFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.image import Image
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from ctg_portal.text.typography import polish
from documents.logos.carried import stored_png
from documents.tables.table import Column, cells_of, clean

FRENCH = "fr-FR"
FONT = "Calibri"
GRID, LINE = "Table Grid", "BFC5CF"
INK, BLUE = RGBColor(0x1C, 0x21, 0x2B), RGBColor(0x1F, 0x4E, 0x8C)
HEADINGS = {
    1: (20, INK), 2: (14, BLUE), 3: (11.5, INK), 4: (11, INK), 5: (10.5, INK), 6: (10.5, INK)
}  # fmt: skip
WIDTH = Cm(17)
LOGO_WIDTH, LOGO_HEIGHT = Cm(4.2), Cm(1.3)
PICTURE_HEIGHT, PIXEL = Cm(11), Inches(1) / 96


class WordDocument:
    """A writer of a Word document: its methods append to it in order, ``save`` returns its bytes.

    Texts get French typography, and lose control characters. Headings, quotes and lists have Word's
    own styles, so that it can navigate and restyle them. ``date``: that of the document's
    properties; ``foot``: the text of its footer.
    """

    def __init__(self, title: str, *, date: datetime.date, foot: str = ""):
        self.document = docx.Document()
        properties = self.document.core_properties
        properties.title, properties.language = clean(title)[:255], FRENCH
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.created = properties.modified = datetime.datetime.combine(date, datetime.time())
        self._set_styles()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
        paragraph = section.footer.paragraphs[0]
        paragraph.add_run(self.text(f"{foot} – page " if foot else "Page "))
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)

    # Content --------------------------------------------------------------------------------------

    def heading(self, text: str, level: int) -> Paragraph:
        return self.paragraph(text, f"Heading {level}")

    def paragraph(self, text: str = "", style: str = "Normal") -> Paragraph:
        return self.document.add_paragraph(self.text(text), style)

    def logos(self, parties: Iterable[tuple[str, FieldFile]]) -> None:
        """Append the logos of these parties, by their names, on one line; one that is
        missing or damaged is left out."""
        line = None
        for name, file in parties:
            if png := stored_png(file):
                line = line or self.paragraph()
                self._picture(line, png, f"Logo : {name}", (LOGO_WIDTH, LOGO_HEIGHT))
                line.add_run("\u2003")

    def picture(self, paragraph: Paragraph, content: bytes, alternative: str) -> None:
        """Append a PNG or JPEG to a paragraph, no wider than the page. ``alternative``: its
        alternative text, empty for a decoration."""
        width = min(WIDTH, Image.from_blob(content).px_width * PIXEL)
        self._picture(paragraph, content, alternative, (width, PICTURE_HEIGHT))

    def labelled(self, label: str, text: str) -> Paragraph:
        """Append a paragraph that begins with a bold label: « **Freins.** Le recrutement est
        difficile. »"""
        paragraph = self.paragraph()
        paragraph.add_run(self.text(f"{label} ")).bold = True
        paragraph.add_run(self.text(text))
        return paragraph

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]], *,
              widths: Sequence[float], numbers: Sequence[int] = ()) -> Table:  # fmt: skip
        """Append a table whose header is repeated on each page. ``numbers``: the indices of columns
        aligned to the right; ``widths``: the share of each column."""
        table = self._table(len(header))
        self._row(table, header, numbers, is_header=True)
        for row in rows:
            self._row(table, row, numbers)
        self._widen(table, widths)
        return table

    def listing(
        self, columns: Sequence[Column], things: Sequence, *, widths: Sequence[float],
        total: str = "",
    ) -> Table:  # fmt: skip
        """Append a table with a row for each of ``things``, as the columns read it; with ``total``,
        the label of a last row of totals."""
        rows = [[cell.text for cell in cells_of(columns, thing)] for thing in things]
        if total:
            sums = [
                column.words(column.total(things)) if column.total else "" for column in columns
            ]
            rows.append([total, *sums[1:]])
        return self.table(
            [column.title for column in columns],
            rows,
            widths=widths,
            numbers=[place for place, column in enumerate(columns) if column.is_number],
        )

    def facts(self, facts: Iterable[tuple[str, str]], *, label: float = 0.24) -> Table:
        """Append a table of labels and texts, without a header row. ``label``: the share of the
        width for the labels."""
        table = self._table(2, is_headed=False)
        for name, text in facts:
            self._row(table, (name, text))
            table.rows[-1].cells[0].paragraphs[0].runs[0].bold = True
        self._widen(table, (label, 1 - label))
        return table

    def save(self) -> bytes:
        """Return the document as a file (.docx); nothing is stored."""
        content = io.BytesIO()
        self.document.save(content)
        return content.getvalue()

    @staticmethod
    def text(text: str) -> str:
        return polish(clean(text))

    # Look -----------------------------------------------------------------------------------------

    def _set_styles(self) -> None:
        """Set language, fonts, colours and spacing of Word's own styles."""
        styles, settings = self.document.styles, self.document.settings.element
        for lang in (*styles.element.iter(qn("w:lang")), *settings.iter(qn("w:themeFontLang"))):
            lang.set(qn("w:val"), FRENCH)
        _set_font(styles["Normal"], 10.5, INK)
        styles["Normal"].paragraph_format.space_after = Pt(5)
        styles["Normal"].paragraph_format.line_spacing = 1.15
        for level, (size, colour) in HEADINGS.items():
            style = styles[f"Heading {level}"]
            _set_font(style, size, colour)
            style.paragraph_format.space_before = Pt(4 if level == 1 else 14 if level == 2 else 9)
            style.paragraph_format.space_after = Pt(3)
            style.font.italic = False
        for border in styles[GRID].element.find(f".//{qn('w:tblBorders')}"):
            border.set(qn("w:color"), LINE)

    def _picture(
        self, paragraph: Paragraph, content: bytes, alternative: str, room: tuple[int, int]
    ) -> None:
        """Append a picture that fits into ``room``, a width and a height, with its alternative
        text."""
        size = Image.from_blob(content)
        scale = min(room[0] / size.px_width, room[1] / size.px_height)
        picture = paragraph.add_run().add_picture(
            io.BytesIO(content), int(size.px_width * scale), int(size.px_height * scale)
        )
        shape = picture._inline
        for properties in (shape.docPr, shape.graphic.graphicData.pic.nvPicPr.cNvPr):
            properties.set("descr", self.text(alternative))

    def _table(self, columns: int, *, is_headed: bool = True) -> Table:
        """Append a table without rows, whose first column and (``is_headed``) row are headers."""
        table = self.document.add_table(0, columns, GRID)
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        for name, value in (("firstRow", is_headed), ("firstColumn", True), ("noHBand", True)):
            look.set(qn(f"w:{name}"), "1" if value else "0")
        table.autofit = False
        return table

    def _row(self, table: Table, texts: Iterable[str], numbers: Sequence[int] = (), *,
             is_header: bool = False) -> None:  # fmt: skip
        """Append a row of texts to a table. ``numbers``: the indices of columns aligned to the
        right; ``is_header``: bold, and repeated on each page."""
        row = table.add_row()
        # Headers are repeated, and a row is never cut by the end of a page.
        for name in ("w:cantSplit", "w:tblHeader") if is_header else ("w:cantSplit",):
            row._tr.get_or_add_trPr().append(OxmlElement(name))
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(self.text(text))
            run.bold, run.font.size = is_header or None, Pt(9.5)
            if column in numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _widen(self, table: Table, widths: Sequence[float]) -> None:
        """Set the widths of the columns, shares of the page's, and append a space after the
        table."""
        for column, share in zip(table.columns, widths, strict=True):
            column.width = int(WIDTH * share)
        for row in table.rows:
            for cell, share in zip(row.cells, widths, strict=True):
                cell.width = int(WIDTH * share)
        # Word glues two tables that follow each other.
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)


def _set_font(style: ParagraphStyle, size: float, colour: RGBColor) -> None:
    """Give a style the portal's font, whatever the theme."""
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), colour
    fonts = style.element.rPr.rFonts
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
