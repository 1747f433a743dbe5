"""Numbers typed in French, in a form."""

from decimal import Decimal

import pytest
from django import forms

from ctg_portal.forms.fields import (
    DayField,
    FrenchDecimalField,
    NumbersByKeyField,
    WholeNumberField,
)


class NumberForm(forms.Form):
    number = FrenchDecimalField(label="Nombre", required=False)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("12,5 %", "12.5"),
        ("−3", "-3"),
        ("0", "0"),
    ],
)
def test_a_number_is_read_however_spelled(typed, read):
    form = NumberForm({"number": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["number"] == Decimal(read)


@pytest.mark.parametrize("typed", ["", "   ", None])
def test_an_empty_field_is_no_number(typed):
    form = NumberForm({"number": typed} if typed is not None else {})
    assert form.is_valid()
    assert form.cleaned_data["number"] is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("douze", "n’est pas un nombre"),
        ("1.234", "deux façons"),
        ("1e5", "tous ses chiffres"),
        ("82\t91", "plusieurs cellules"),
        ("9" * 40, "chiffres"),
        ("9" * 400, "trop long"),
        ("1,1234567", "après la virgule"),
        ("NaN", "n’est pas un nombre"),
    ],
)
def test_what_is_no_number_is_told_and_kept(typed, expected):
    form = NumberForm({"number": typed})
    assert expected in str(form.errors["number"])
    assert typed in str(form["number"])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("1234.500000"), "1\u202f234,5"), (Decimal(400), "400"), (None, None)],
)
def test_a_number_is_shown_again_with_a_comma(value, shown):
    assert NumberForm(initial={"number": value})["number"].value() == shown


def test_a_number_that_is_shown_is_read_back():
    field = FrenchDecimalField()
    assert field.clean(field.prepare_value(Decimal("1234567.25"))) == Decimal("1234567.25")


@pytest.mark.parametrize(
    ("initial", "typed", "is_changed"),
    [
        (Decimal("1234.5"), "1 234,50", False),
        (Decimal("1234.5"), "1 234,6", True),
        (None, "", False),
        (Decimal(1), "un", True),
    ],
)
def test_a_number_has_changed_only_if_its_value_has(initial, typed, is_changed):
    assert FrenchDecimalField().has_changed(initial, typed) is is_changed


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1000", 1000), ("1\u202f000", 1000), ("1 000", 1000), ("50 %", 50), ("10,0", 10), ("", None)],
)
def test_a_whole_number_is_read_as_a_figure_is(typed, read):
    field = WholeNumberField(unit="%", required=False)
    assert field.clean(typed) == read
    assert not field.has_changed(read, typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1.000", "deux façons"),
        ("1,000", "deux façons"),
        ("12,5", "a des décimales"),
        ("1_000", "n’est pas un nombre"),
        ("82\t91", "plusieurs cellules"),
        ("9" * 400, "trop long"),
        ("100 €", "est attendu en « % »"),
    ],
)
def test_what_is_no_whole_number_is_asked_about(typed, expected):
    with pytest.raises(forms.ValidationError, match=expected):
        WholeNumberField(unit="%").clean(typed)


@pytest.mark.parametrize("sent", ["a\0b", "7:\0", "7", "7:" + "9" * 30, "x" * 100_000])
def test_what_a_page_cannot_have_sent_counts_as_not_seen(sent):
    assert NumbersByKeyField().clean(sent) == {}
    assert NumbersByKeyField().clean(f"{sent} 7:1") == {7: 1}


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31"])
def test_a_year_that_is_mistyped_is_told(typed):
    """The day after the last one is none."""
    with pytest.raises(forms.ValidationError, match="Vérifiez l’année"):
        DayField(label="Jour").clean(typed)
