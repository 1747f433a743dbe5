"""Files of tables as programs write them, made by code."""

import csv
import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter import Workbook

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def archive(**parts: str | bytes) -> bytes:
    """A ZIP of these parts; ``__`` in a name stands for a slash, ``_xml`` for its ending."""
    return archive_of(
        {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()}
    )


def archive_of(parts: dict[str, str | bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, part in parts.items():
            opened.writestr(name, part)
    return whole.getvalue()


def parts_in(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def xlsx(*rows, name: str = "Feuille", then=None, sheets: dict | None = None) -> bytes:
    """A workbook of one sheet, or of several; a cell is a value, or a value and its format.
    ``then(book, sheet)`` does what is left."""
    content = io.BytesIO()
    options = {"strings_to_numbers": False, "in_memory": True}
    with Workbook(content, options) as book:
        formats = {}
        for title, lines in (sheets or {name: rows}).items():
            sheet = book.add_worksheet(title)
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    write(book, sheet, row, column, value, formats)
            if then:
                then(book, sheet)
    return content.getvalue()


def write(book, sheet, row: int, column: int, value, formats: dict) -> None:
    if value is None:
        return
    if isinstance(value, tuple):
        value, code = value
        style = formats.setdefault(code, book.add_format({"num_format": code}))
        sheet.write(row, column, value, style)
    else:
        sheet.write(row, column, value)


def ods_cell(value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str) and value.startswith("<"):
        return value
    if isinstance(value, tuple):  # shown as a percentage
        return (
            f'<table:table-cell office:value-type="percentage" office:value="{value[0]}">'
            f"<text:p>{value[1]}</text:p></table:table-cell>"
        )
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p>'
        "</table:table-cell>"
    )


def ods(*rows, name: str = "Feuille", more: dict | None = None, attributes: str = "") -> bytes:
    """An OpenDocument workbook of one sheet; a row that is a text is written as it is."""
    lines = "".join(
        row
        if isinstance(row, str)
        else f"<table:table-row>{''.join(ods_cell(value) for value in row)}</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}>'
        '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet><table:table table:name={quoteattr(name)} {attributes}>"
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return archive_of({"mimetype": ODS_TYPE, "content.xml": content} | (more or {}))


def csv_text(*rows, separator: str = ";", end: str = "\r\n") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerows(rows)
    return text.getvalue()


def with_parts(content: bytes, changes: dict[str, bytes | str]) -> bytes:
    """An archive with some parts put in, or in another's place."""
    return archive_of(parts_in(content) | changes)
