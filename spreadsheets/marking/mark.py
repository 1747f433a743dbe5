"""Marks the cells of a workbook, apart from the portal: it may be anything, and openpyxl loads it
whole. Reads eight digits, that many bytes of JSON ({sheet: {cell: text}}), then the workbook."""

import io
import json
import sys

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side

FILL = PatternFill("solid", fgColor="FFFCE4E4")
RED = Side(style="medium", color="FFA51D2D")


def mark(content: bytes, marks: dict[str, dict[str, str]]) -> bytes:
    book = load_workbook(io.BytesIO(content), keep_links=False)
    for name, cells in marks.items():
        for place, text in cells.items():
            cell = book[name][place]
            if isinstance(cell, MergedCell):
                area = next(a for a in book[name].merged_cells.ranges if place in a)
                cell = book[name].cell(area.min_row, area.min_col)
            cell.fill, cell.border = FILL, Border(RED, RED, RED, RED)
            cell.comment = Comment(text[:2000], "Portail CTG", width=320, height=140)
    if marks:
        book.active = book.sheetnames.index(next(iter(marks)))
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


if __name__ == "__main__":
    given = sys.stdin.buffer.read()
    size = int(given[:8])
    sys.stdout.buffer.write(mark(given[8 + size :], json.loads(given[8 : 8 + size])))
