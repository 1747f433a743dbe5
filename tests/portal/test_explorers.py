"""What only ``make test-all`` plays names the fixed tests of ``make test`` that stand for it."""

import ast
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def marks_of(node: ast.AST) -> list[ast.expr]:
    """Return the decorators of a function or class; of a module, its ``pytestmark``."""
    if isinstance(node, ast.Module):
        values = [n.value for n in node.body if ast.unparse(n).startswith("pytestmark =")]
        return [mark for v in values for mark in (v.elts if isinstance(v, ast.List) else [v])]
    return node.decorator_list


def explorers_of(path: Path) -> tuple[dict[str, list[str]], set[str]]:
    """Return the explorers of a file with what stands for each, and all its other tests."""
    explorers, tests = {}, set()

    def walk(node, name: str, stands_for: list[str] | None):
        for mark in marks_of(node):
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.explorer":
                [keyword] = mark.keywords
                names = ast.literal_eval(keyword.value)
                stands_for = [names] if isinstance(names, str) else [*names]
        if isinstance(node, ast.FunctionDef):
            if stands_for is None:
                tests.add(name)
            else:
                explorers[name] = stands_for
            return
        for child in node.body:
            if isinstance(child, ast.ClassDef) or (
                isinstance(child, ast.FunctionDef) and child.name.startswith("test")
            ):
                walk(child, f"{name}::{child.name}", stands_for)

    walk(ast.parse(path.read_text()), str(path.relative_to(HOUSE)), None)
    return explorers, tests


def test_each_explorer_names_fixed_tests_that_stand_for_it():
    explorers, tests = {}, set()
    for path in (HOUSE / "tests").rglob("test_*.py"):
        of_file, others = explorers_of(path)
        explorers |= of_file
        tests |= others
    assert len(tests) > 5000
    assert {name: stands_for for name, stands_for in explorers.items()
            if not stands_for or not tests.issuperset(stands_for)} == {}  # fmt: skip
