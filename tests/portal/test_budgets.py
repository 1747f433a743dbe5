"""The house's manners, read in its source."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

HOUSE = Path(__file__).parents[2]
PACKAGES = ["accounts", "actions", "committee", "conventions", "ctg_portal", "documents",
            "evaluation", "spreadsheets"]  # fmt: skip
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
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and "Q" in {name.name for name in node.names}:
            found.append("import of Q")
        if isinstance(node, ast.Attribute) and node.attr == "Q":
            found.append("use of Q")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in QUERYSET_METHODS
        ):
            asked = {keyword.arg or "**" for keyword in node.keywords}
            found += [f"{node.func.attr}({name}=…)" for name in sorted(asked - SCOPES)]
            found += [f"{node.func.attr}(…)"] * bool(node.args)
    return found


def test_the_measures_find_something_to_measure():
    assert len(CODE) > 60
    assert len(TEMPLATES) > 40
    assert HOUSE / "conventions/access/views.py" in VIEWS
    assert HOUSE / "accounts/views.py" in VIEWS


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_has_no_long_line(path):
    lines = enumerate(path.read_text().splitlines(), 1)
    assert [number for number, line in lines if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_tags_of_a_template_end_on_their_line(path):
    assert [match[0] for match in BROKEN_TAG.finditer(path.read_text())] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_has_no_inline_style_or_script(path):
    html = path.read_text()
    # Mail programs read no style sheet.
    is_mail = "mail" in path.parts or "email" in path.parts
    found = [match[0].strip() for match in INLINE.finditer(html)]
    assert [piece for piece in found if not (is_mail and piece == "<style")] == []


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_view_chains_words_of_querysets(path):
    assert states_asked_by(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from django.db.models import F, Q", ["import of Q"]),
        ("rows = Row.objects.filter(models.Q(a=1))", ["filter(…)", "use of Q"]),
        ("rows = Row.objects.filter(status='open')", ["filter(status=…)"]),
        ("rows = Row.objects.of(c).filter(ended_at__isnull=True)", ["filter(ended_at__isnull=…)"]),
        ("rows = c.rows.exclude(logo='')", ["exclude(logo=…)"]),
        ("rows = Row.objects.filter(**wanted)", ["filter(**=…)"]),
        ("rows = Row.objects.open().filter(user=request.user, pk=pk)", []),
        ("rows = Row.objects.filter(convention=c).open()", []),
        ("rows = Row.objects.in_force(day)", []),
    ],
)
def test_check_of_views_tells_words_from_states(source, found):
    assert sorted(states_asked_by(source)) == sorted(found)


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<p class='a' style = 'x'>",
        "<script>alert(1)</script>",
        "<script type='module'>x</script>",
        '<a onclick="go()">',
        '<body class="x" onLoad = "go()">',
        "<style>p {}</style>",
    ],
)
def test_check_of_templates_finds_inline_style_and_script(html):
    assert INLINE.search(html)


@pytest.mark.parametrize(
    "html",
    [
        '<script src="/static/htmx.js" defer></script>',
        '<link rel="stylesheet" href="x.css">',
        '<meta name="htmx-config" content="{&quot;includeIndicatorStyles&quot;: false}">',
        '<section data-one="1">',
    ],
)
def test_check_of_templates_lets_the_rest_be(html):
    assert not INLINE.search(html)
