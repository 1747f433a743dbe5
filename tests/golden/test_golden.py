"""How pages and files are compared; the lists are compared in ``test_demonstration.py`` and in
``tests/portal/test_routes.py``."""

import io
import zipfile

import pytest

from tests.golden.bare import Keys, Page, lines_of_file
from tests.golden.lists import Taken


def seen(html: str) -> list[str]:
    return Page(html, Keys()).lines


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
def test_a_change_that_nobody_sees_is_no_difference(before, after):
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
        ('<img src="data:image/png;base64,A12">', '<img src="data:image/png;base64,A13">'),
        ('<a href="/annees/2024/">Voir</a>', '<a href="/annees/2023/">Voir</a>'),
        ('<a href="/1/">a</a><a href="/2/">b</a>', '<a href="/1/">a</a><a href="/1/">b</a>'),
        ('<label for="v-3"></label><i id="v-3"></i>', '<label for="v-3"></label><i id="v-4"></i>'),
    ],
)
def test_a_change_that_somebody_sees_is_a_difference(before, after):
    assert seen(before) != seen(after)


def packed(**members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", ".").replace("_", "/"), text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("application/zip", packed(a__csv="12"), packed(a__csv="13")),
        ("application/zip", packed(a__csv="12"), packed(b__csv="12")),
        ("a.wordprocessingml.document", packed(word_document__xml="<p>12</p>"),
         packed(word_document__xml="<p>13</p>")),
        ("a.wordprocessingml.document", packed(word_footer1__xml="<p>12</p>"),
         packed(word_footer1__xml="<p>13</p>")),
        ("application/pdf", b"<!-- drawn --><p>12 places</p>", b"<!-- drawn --><p>13 places</p>"),
        ("image/png", b"12", b"13"),
        ("text/csv", b"places;12", b"places;13"),
        ("application/json", b'{"places": 12}', b'{"places": 13}'),
    ],
)  # fmt: skip
def test_a_change_within_a_file_is_a_difference(kind, before, after):
    assert lines_of_file(kind, before, Keys()) != lines_of_file(kind, after, Keys())


def test_a_comparison_says_which_lines_differ_and_how_to_store_them():
    seen_now = Taken({}, {"none of these": ["/ici/ get reader 200 abc"]})
    with pytest.raises(AssertionError) as error:
        seen_now.compare("none of these")
    assert "none of these: +/ici/ get reader 200 abc" in str(error.value)
    assert "python -m tests.golden --write" in str(error.value)
