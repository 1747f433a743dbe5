"""How pages are compared. ``python -m tests.golden`` tells what people see or read otherwise than
what is kept, ``--write`` keeps it anew."""

import pytest

from tests.golden.bare import Keys, page

pytestmark = pytest.mark.once


def seen(html: str) -> list[str]:
    return page(html, Keys()).lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="/points/12/">Voir</a>', '<a href="/points/713/">Voir</a>'),
        ("<p>\n  Voir\n</p>\n<p>ici</p>", "<p>Voir</p> <p>ici</p>"),
        ("<a id='a' class='b'>Voir</a>", "<a class='b' id='a'>Voir</a>"),
        ('<input type="hidden" name="vu" value="12">', '<input type="hidden" name="vu" value="7">'),
        ('<option value="12">Caf</option>', '<option value="2">Caf</option>'),
        ('<input name="csrfmiddlewaretoken" value="a">', '<input name="csrfmiddlewaretoken">'),
        ('<label for="v-3"></label><i id="v-3"></i>', '<label for="v-4"></label><i id="v-4"></i>'),
    ],
)
def test_what_nobody_sees_may_change(before, after):
    assert seen(before) == seen(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>un accord</p>", "<p>un désaccord</p>"),
        ("<p>12 places</p>", "<p>13 places</p>"),
        ("<p>le <b>12</b></p>", "<p>le<b>12</b></p>"),
        ("<p>12 %</p>", "<p>12\u202f%</p>"),
        ('<input type="number" value="12">', '<input type="number" value="13">'),
        ('<rect width="12"/>', '<rect width="13"/>'),
        ('<a href="/annees/2024/">Voir</a>', '<a href="/annees/2023/">Voir</a>'),
        ('<a href="/1/">a</a><a href="/2/">b</a>', '<a href="/1/">a</a><a href="/1/">b</a>'),
        ('<label for="v-3"></label><i id="v-3"></i>', '<label for="v-3"></label><i id="v-4"></i>'),
    ],
)
def test_what_somebody_sees_is_told_apart(before, after):
    assert seen(before) != seen(after)
