"""What a clipboard holds, cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.values.grid.block import NotABlock, read_block


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("12", [["12"]]),
        ("12\n", [["12"]]),
        ("12\r\n13\r\n", [["12"], ["13"]]),
        ("12\r13", [["12"], ["13"]]),
        ("12\n\n14", [["12"], [""], ["14"]]),
        ("\n12", [[""], ["12"]]),
        ("12\n\n", [["12"], [""]]),
        ("Places\t12\t\n", [["Places", "12", ""]]),
        ("\t12", [["", "12"]]),
        ("12\t", [["12", ""]]),
        ('"Places\nagréées"\t12\n13', [["Places\nagréées", "12"], ["13"]]),
        ('"a\tb"\t1', [["a\tb", "1"]]),
        ('"dit ""petit"""\t1', [['dit "petit"', "1"]]),
        ('"petit" lieu\t1', [['"petit" lieu', "1"]]),
        ('"\t1\n2', [['"', "1"], ["2"]]),
        ('12"\n13', [['12"'], ["13"]]),
        ('""\n13', [[""], ["13"]]),
        ("1\u202f234,5\u00a0", [["1\u202f234,5"]]),
    ],
)
def test_each_cell_stays_in_its_place(text, cells):
    assert read_block(text) == cells


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", " \t ", "1" * 200_001, "1\n" * 2001, "1\t" * 41, ("1\t" * 39 + "1\n") * 501],
)
def test_what_is_no_block_is_said(text):
    with pytest.raises(NotABlock):
        read_block(text)


def quoted(cell: str) -> str:
    """As spreadsheets write it to the clipboard."""
    if any(sign in cell for sign in '\t\n"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


cells = st.text(alphabet='ab12 ,"\t\né', max_size=6).map(str.strip)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=6))
def test_what_a_spreadsheet_copies_is_read_cell_by_cell(lines):
    text = "".join("\t".join(map(quoted, line)) + "\n" for line in lines)
    if any(cell for line in lines for cell in line):
        assert read_block(text) == lines
