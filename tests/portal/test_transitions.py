"""States move by their verbs, and nowhere else; what may be done is written in the docs."""

import ast
from pathlib import Path

import pytest

from ctg_portal.transitions import Transition, logs, model_of, tables

HOUSE = Path(__file__).parents[2]
DOCS = HOUSE / "docs/transitions.md"
OUTSIDE = {"tests", "migrations", "build", "node_modules", ".venv"}
SOURCES = [
    path
    for path in sorted(HOUSE.glob("*/**/*.py"))
    if not OUTSIDE & {*path.relative_to(HOUSE).parts}
]
MECHANISM = HOUSE / "ctg_portal/transitions.py"
# The states of a seat are kept by its history, with the act.
BY_HISTORY = HOUSE / "agreements/seats/events.py"
MODELS = {model_of(log).__name__ for log in logs()}
WRITES = {"update", "create", "get_or_create", "update_or_create"}
BY_NAME = {"setattr", "bulk_update"}

each_log = pytest.mark.parametrize("log", logs(), ids=lambda log: log.__name__)


def states_written(source: str) -> list[str]:
    """Where a source gives a row its state by itself, instead of moving it."""
    nodes = list(ast.walk(ast.parse(source)))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return [*_assigned(nodes), *(f"{call.lineno}: {_name(call)}" for call in calls if _sets(call))]


def _assigned(nodes):
    """« row.state = », alone or among others."""
    for node in nodes:
        is_written = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if is_written and node.attr == "state":
            yield f"{node.lineno}: .state ="


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _sets(call: ast.Call) -> bool:
    """Whether a call creates or changes a row with a state that it names."""
    name, keywords = _name(call), {keyword.arg for keyword in call.keywords}
    words = {node.value for node in ast.walk(call) if isinstance(node, ast.Constant)}
    if name in BY_NAME:
        return "state" in words
    if name in WRITES | MODELS:
        return "state" in keywords or (bool(keywords & {None, "defaults"}) and "state" in words)
    return False


def test_a_state_is_written_by_a_move_alone():
    written = {
        path: states_written(path.read_text())
        for path in SOURCES
        if path not in {MECHANISM, BY_HISTORY}
    }
    assert {path: lines for path, lines in written.items() if lines} == {}


def test_a_state_that_is_written_otherwise_is_found():
    assert states_written("row.state, row.day = 'open', None\nrows.update(state='open')") == [
        "1: .state =", "2: update",
    ]  # fmt: skip


def test_the_walk_reads_the_whole_house():
    assert MECHANISM in SOURCES
    assert {"committee", "evaluation", "conventions", "actions"} <= {
        path.relative_to(HOUSE).parts[0] for path in SOURCES
    }
    assert {
        "Version",
        "Dossier",
        "Meeting",
        "Decision",
        "Campaign",
        "EntryLink",
        "Value",
        "Report",
        "Membership",
        "Drawing",
        "Edition",
        "Printing",
        "Import",
        "Application",
        "Offer",
        "Release",
        "FileReading",
    } == MODELS


@each_log
def test_a_table_names_states_that_exist_and_says_who(log):
    states = {*dict(model_of(log)._meta.get_field("state").choices)}
    for verb in log.verbs:
        assert {*verb.step.froms} <= states | {""}
        assert verb.step.to is None or verb.step.to in states
        assert verb.step.who
        assert verb.label


@each_log
def test_every_state_is_reached_or_is_where_rows_begin(log):
    field = model_of(log)._meta.get_field("state")
    reached = {verb.step.to for verb in log.verbs} | {field.default}
    assert reached >= {*dict(field.choices)}


@each_log
def test_a_log_is_kept_for_ever(log):
    """It refers to its row by a real key; who did something stays, however the account ends."""
    assert issubclass(log, Transition)
    assert log._meta.get_field("by").remote_field.on_delete.__name__ == "PROTECT"
    assert {constraint.name for constraint in log._meta.constraints} >= {
        f"{model_of(log)._meta.model_name}_transition_in_table"
    }


def test_the_docs_tell_the_tables_as_they_are():
    assert DOCS.read_text() == text_of_docs(), "Write docs/transitions.md as text_of_docs() says."


def text_of_docs() -> str:
    lead = (
        "# Transitions\n\nWhat may be done to each thing that has a state, by whom, and whether "
        "a reason is asked for. Written from the code (`ctg_portal/transitions.py`); a test "
        "compares it.\n\n"
    )
    return lead + "\n".join(tables()).rstrip() + "\n"
