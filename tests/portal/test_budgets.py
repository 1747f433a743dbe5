"""Style that the source of all rooms keeps."""

import ast
import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PACKAGES = [*sorted(path.parent.name for path in HOUSE.glob("*/apps.py")), "ctg_portal"]
CODE = [
    path
    for package in PACKAGES
    for path in sorted((HOUSE / package).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))
VIEWS = [path for path in CODE if "views" in path.parts or path.name == "views.py"]

# Of a template; paragraphs of mails are lines, and are no HTML.
LONGEST_LINE = 120
# What Django takes for text: a tag ends on its line.
BROKEN_TAG = re.compile(r"\{%[^%]*\n[^%]*%\}|\{\{[^}]*\n[^}]*\}\}|\{#[^#]*\n[^#]*#\}")

# A view may narrow to whom it is for and to the row of its address; states are words of querysets.
SCOPES = {"convention", "email", "pk", "slug", "user"}
QUERYSET_METHODS = {"filter", "exclude"}
INLINE = re.compile(r"""\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=""", re.IGNORECASE)


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def states_asked_by(source: str) -> list[str]:
    """What the source of a view asks of the database that a queryset should have a word for."""
    result = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and "Q" in {name.name for name in node.names}:
            result.append("import of Q")
        if isinstance(node, ast.Attribute) and node.attr == "Q":
            result.append("use of Q")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in QUERYSET_METHODS
        ):
            asked = {keyword.arg or "**" for keyword in node.keywords}
            result += [f"{node.func.attr}({name}=…)" for name in sorted(asked - SCOPES)]
            result += [f"{node.func.attr}(…)"] * bool(node.args)
    return result


def faults(paths, measure) -> dict[str, list]:
    """Return what ``measure`` finds in the text of each file, of those where it finds something."""
    by_file = {name_of(path): measure(path.read_text()) for path in paths}
    return {name: rows for name, rows in by_file.items() if rows}


def test_the_budgets_read_all_rooms():
    assert {path.relative_to(HOUSE).parts[0] for path in CODE} == set(PACKAGES)
    assert {HOUSE / "conventions/access/views.py", HOUSE / "accounts/views.py"} <= {*VIEWS}


def test_templates_have_no_long_line():
    def long_lines(text: str) -> list[int]:
        lines = enumerate(text.splitlines(), 1)
        return [number for number, line in lines if len(line) > LONGEST_LINE]

    assert faults(TEMPLATES, long_lines) == {}


def test_tags_of_a_template_end_on_their_line():
    assert faults(TEMPLATES, BROKEN_TAG.findall) == {}


def test_templates_have_no_inline_style_or_script():
    found_faults = faults(TEMPLATES, INLINE.findall)
    # Mail programs read no style sheet.
    mails = {name_of(path) for path in TEMPLATES if {"mail", "email"} & {*path.parts}}
    assert {name: rows for name, rows in found_faults.items()
            if name not in mails or {*rows} != {"<style"}} == {}  # fmt: skip


def test_views_chain_words_of_querysets():
    assert faults(VIEWS, states_asked_by) == {}
