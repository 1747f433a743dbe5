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
def test_roman_numerals(mark, value):
    assert roman(mark) == value


@pytest.mark.parametrize(("first", "second"), [("A", "B"), ("I", "II")])
def test_a_file_with_lettered_axes_is_loaded_and_says_so(load_text, first, second):
    text = changed(
        "  - numero: 1\n    titre: Accueillir", f"  - numero: {first}\n    titre: Accueillir"
    )
    text = text.replace("  - numero: 2\n", f"  - numero: {second}\n")
    report = load_text(text)
    assert [axis.number for axis in report.convention.axes.all()] == [1, 2]
    told = f"Le texte numérote ses axes {first}, {second} ; ils sont comptés ici 1, 2."
    assert told in report.convention.points_to_check
    assert not load_text(text).has_changes


def test_a_cgss_does_what_an_msa_does(load_text):
    text = FULL.replace("type: epci", "type: cgss", 1)
    report = load_text(text)
    assert report.convention.organisations.filter(kind=OrganisationKind.MSA).exists()
    assert not load_text(text).has_changes
