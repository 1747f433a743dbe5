"""Nothing that people typed runs in a spreadsheet, whichever of our tables holds it."""

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
ROOMS = ["accounts", "actions", "agreements", "committee", "conventions", "ctg_portal", "documents",
         "evaluation", "indicators", "notifications", "spreadsheets"]  # fmt: skip
# Every module that makes a file for spreadsheets, and the test that gives it formulas to write.
WRITERS = {
    "documents/tables/text_file.py": "tests/documents/test_tables.py",
    "documents/tables/workbook.py": "tests/documents/test_tables.py",
    "indicators/values/files/template.py": "tests/indicators/values/files/test_template.py",
    # The file that somebody brought, handed back to them with marks: what it holds, it held.
    "spreadsheets/marking/mark.py": "tests/spreadsheets/test_marking.py",
    "spreadsheets/marking/marked.py": "tests/spreadsheets/test_marking.py",
}
# They read.
READERS = {"conventions/territory/departments.py", "conventions/territory/naming.py",
           "conventions/territory/reference.py",
           "indicators/library/entries.py", "indicators/statistics/reading.py",
           "indicators/statistics/revealing.py", "spreadsheets/reading/text.py",
           "spreadsheets/reading/workbook.py"}  # fmt: skip
LIBRARIES = {"csv", "xlsxwriter", "openpyxl", "odf", "pyexcel", "pandas"}


def modules() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(HERE)): ast.parse(path.read_text())
        for room in ROOMS
        for path in (HERE / room).rglob("*.py")
    }


def imported(tree: ast.Module) -> set[str]:
    modules_found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules_found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules_found.add((node.module or "").partition(".")[0])
            names = {alias.name for alias in node.names}
            if node.module == "documents.tables.workbook" and "workbook" in names:
                modules_found.add("xlsxwriter")  # opened by ours
    return modules_found


def test_every_writer_of_tables_is_known_and_tested():
    modules_found = {path for path, tree in modules().items() if imported(tree) & LIBRARIES}
    assert modules_found - READERS == set(WRITERS)
    for test in WRITERS.values():
        assert "=cmd|" in (HERE / test).read_text(), test


@pytest.mark.parametrize("path", [*WRITERS, *READERS])
def test_no_writer_leaves_the_kind_of_a_text_to_the_library(path):
    """``write`` takes a text that begins with « = » for a formula; ``write_string`` does not."""
    guessing = {"write", "write_row", "write_column", "write_formula", "write_array_formula",
                "write_dynamic_array_formula", "write_url"}  # fmt: skip
    tree = ast.parse((HERE / path).read_text())
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and not (isinstance(node.func.value, ast.Attribute) and node.func.value.attr == "buffer")
    }
    assert not called & guessing
