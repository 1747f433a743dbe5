"""Axes that a text numbers otherwise than 1, 2, 3."""

import pytest

from conventions.loading.numerals import places_of, roman
from conventions.models import OrganisationKind
from tests.conventions.loading.samples import FULL, changed


@pytest.mark.parametrize(
    ("marks", "places"),
    [
        (["A", "B", "C"], [1, 2, 3]),
        (["I", "II", "IV"], [1, 2, 4]),
        (["I"], [1]),
        (["IX", "X"], [9, 10]),
        (["B", "A"], []),
        (["II", "I"], []),
        (["un", "deux"], []),
        ([1, 2], []),
        (["A", None], []),
        ([], []),
    ],
)
def test_letters_and_roman_numerals_are_counted(marks, places):
    assert places_of(marks) == places


@pytest.mark.parametrize(("mark", "value"), [("III", 3), ("IV", 4), ("XIV", 14), ("XL", 40)])
def test_roman_numerals_are_read(mark, value):
    assert roman(mark) == value


@pytest.mark.parametrize(("first", "second"), [("A", "B"), ("I", "II")])
def test_lettered_axes_are_counted_and_shown_as_the_text_writes_them(load_text, first, second):
    text = changed(
        "  - numero: 1\n    titre: Accueillir", f"  - numero: {first}\n    titre: Accueillir"
    )
    text = text.replace("  - numero: 2\n", f"  - numero: {second}\n")
    report = load_text(text)
    axes = report.convention.axes.all()
    assert [(axis.number, axis.mark) for axis in axes] == [(1, first), (2, second)]
    assert not load_text(text).has_changes


def test_axes_counted_1_2_3_are_written_so(load_text):
    assert [axis.mark for axis in load_text(FULL).convention.axes.all()] == ["1", "2"]


def test_a_cgss_is_known_by_its_name(load_text):
    text = FULL.replace("type: epci", "type: cgss", 1)
    report = load_text(text)
    assert report.convention.organisations.filter(kind=OrganisationKind.CGSS).exists()
    assert not load_text(text).has_changes
