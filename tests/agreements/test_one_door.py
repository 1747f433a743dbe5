"""A version's text is read in one place: ``Version.content``."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from agreements.commitments.commitment import commitments

ROOT = Path(__file__).parents[2]
# Folders whose code the portal runs.
ROOMS = sorted(path.parent for path in ROOT.glob("*/apps.py"))
# What reads JSON, and of what: none of it is the text of a version.
READERS = {
    "agreements/commitments/canonical.py": "says how a canonical text is read",
    "agreements/versions/models.py": "is the door",
    "agreements/commitments/upcasters.py": "is what lies behind it",
    "actions/follow_up/journal.py": "reads what the journal says of a document",
    "actions/follow_up/parts/base.py": "reads the journal of the follow-up",
    "actions/follow_up/forms.py": "reads back what its own form has sent",
    "conventions/territory/outlines.py": "reads the outlines of communes",
    "conventions/setting_up/taking_up.py": "reads the file of a project",
    "conventions/loading/schema.py": "reads the format of the convention file",
    "evaluation/editions/frozen.py": "is the door to what was frozen of an evaluation",
    "committee/meetings/minutes/content.py": "reads frozen minutes",
    "ctg_portal/hosting/backup.py": "reads the notes of backups",
    "spreadsheets/importing/command.py": "reads what a file says of columns",
    "spreadsheets/importing/plain.py": "reads what the worker has read of a file",
    "spreadsheets/marking/mark.py": "reads which cells it marks",
}
PARSERS = {("json", "loads"), ("json", "load"), ("canonical", "read"), ("upcasters", "upgrade")}
MODULES = {
    "json", "orjson", "rfc8785", "agreements.commitments.canonical",
    "agreements.commitments.upcasters",
}  # fmt: skip
# Of these calls, a name of a column is asked for as such.
SELECTING = {"values", "values_list", "F", "Cast", "Func", "KT", "KeyTextTransform", "annotate"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted(room.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str, str]]:
    """Each call with the name it is made on, and its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                on = called.value
                yield node, getattr(on, "id", getattr(on, "attr", "")), called.attr
            elif isinstance(called, ast.Name):
                yield node, "", called.id


def parses(tree: ast.Module) -> list[str]:
    parsing = [f"{on}.{name}" for _, on, name in calls(tree) if (on, name) in PARSERS]
    for node in ast.walk(tree):
        # No parser under another name.
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            parsing += [f"{node.module}.{alias.name}" for alias in node.names
                      if alias.name in {"read", "loads", "load", "upgrade"}]  # fmt: skip
    return parsing


def selects(tree: ast.Module) -> list[str]:
    """Calls that take the text out of the table, past the object that it belongs to."""
    parsing = []
    for node, _, name in calls(tree):
        values = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        texts = [
            value for value in values if value == "text" or str(value).endswith("version__text")
        ]
        if name in SELECTING and texts:
            parsing.append(f"{name}({texts[0]!r})")
        if name == "only" and texts and not {"kind", "schema"} <= set(values):
            parsing.append("only('text') without 'kind' and 'schema': a query for each row")
    return parsing


def test_only_the_listed_modules_parse_json():
    parsing = {path: parsed for path, tree in modules() if (parsed := parses(tree))}
    more = {path: parsed for path, parsed in parsing.items() if path not in READERS}
    assert not more, f"read a version's text by Version.content: {more}"
    assert parsing.keys() == READERS.keys(), "READERS names what parses nothing any more"


def test_nothing_takes_a_text_out_of_its_table():
    parsing = {path: selected for path, tree in modules() if (selected := selects(tree))}
    assert not parsing, f"read a version's text by Version.content: {parsing}"


@pytest.mark.parametrize(
    "source",
    [
        "json.loads(version.text)",
        "canonical.read(text)",
        "from agreements.commitments.canonical import read",
        "from json import loads as parse",
        "upcasters.upgrade(commitment, 1, text)",
    ],
)
def test_code_that_parses_json_is_recognised(source):
    assert parses(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        'Version.objects.values_list("pk", "text")',
        'rows.values("version__text")',
        'rows.annotate(said=Cast("text", JSONField()))',
        'rows.only("text", "title")',
    ],
)
def test_code_that_reads_a_text_from_its_table_is_recognised(source):
    assert selects(ast.parse(source))


def test_a_step_imports_nothing_of_ours():
    """A step runs years later, with other code around it."""
    ours = {room.name for room in ROOMS} | {"django", "tests"}
    for commitment in commitments():
        for number, step in commitment.steps.items():
            tree = ast.parse((ROOT / step.__code__.co_filename).read_text())
            imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
                        for alias in node.names}  # fmt: skip
            imported |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
            named = {name.partition(".")[0] for name in imported} & ours
            assert not named, f"step {number} of {commitment.kind} lies in a module with {named}"
