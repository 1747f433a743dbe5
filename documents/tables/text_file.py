"""CSV as French spreadsheets open it."""

import csv
import datetime
import io
import re
from decimal import Decimal

from documents.tables.table import Table, day_and_hour, plain

# A text that a spreadsheet would take for a formula (CSV injection), in full-width signs too, or
# after white space that it trims. Behind apostrophes as well: whoever reads the file back removes
# exactly one.
FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\n\r])")


def to_csv(table: Table) -> bytes:
    """Encode header and rows of a table as CSV: UTF-8 with a byte-order mark, semicolons, decimal
    commas, days as 31/12/2024. Text that would be read as a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_cell(column.heading) for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    """Format a value for CSV; a text that would be a formula gets an apostrophe before it."""
    value = plain(value)
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    if isinstance(value, datetime.date):
        return day_and_hour(value)
    return f"{Decimal(str(value)):f}".replace(".", ",")
