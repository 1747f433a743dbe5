"""CSV as French spreadsheets open it."""

import csv
import datetime
import io
import re
from decimal import Decimal

from documents.tables.table import Table, day_and_hour, plain

# What a spreadsheet would take for a formula, in full width too, or trims before it looks; behind
# apostrophes as well, so that whoever reads the file back takes exactly one away.
FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\n\r])")


def to_csv(table: Table) -> bytes:
    """UTF-8 with its mark, semicolons, decimal commas, days as 31/12/2024; header and rows only.

    Text that would be read as a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_cell(column.heading) for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value) -> str:
    value = plain(value)
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    if isinstance(value, datetime.date):
        return day_and_hour(value)
    return f"{Decimal(str(value)):f}".replace(".", ",")
