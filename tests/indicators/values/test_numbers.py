"""Numbers as people type or paste them, and everything that they type instead."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_portal.numbers import NotANumber, key_in, parse_number
from ctg_portal.templatetags.french import number as in_french

SPACES = [" ", "\u00a0", "\u202f", "\u2009", "\u2007", "\u3000", "\ufeff", "'", "’"]


@pytest.mark.parametrize("space", SPACES, ids=[f"U+{ord(space):04X}" for space in SPACES])
def test_thousands_are_spaced_with_any_space(space):
    assert parse_number(f"1{space}234,5") == Decimal("1234.5")
    assert parse_number(f"{space}1{space}234{space}567,5{space}%") == Decimal("1234567.5")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0", "0"), ("12", "12"), ("12,5 %", "12.5"), ("12.5", "12.5"), ("12,50", "12.5"),
        ("−3", "-3"), ("–3", "-3"), ("-3", "-3"), ("+3", "3"), ("1 234 567", "1234567"),
        ("1.234.567", "1234567"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"),
        ("12 000 €", "12000"), ("12 000 EUR", "12000"), ("0.234", "0.234"), ("0,234", "0.234"),
        ("1234.567", "1234.567"), (",5", "0.5"), ("5,", "5"), ("٣", "3"), ("007", "7"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_was_meant(typed, meant):
    assert parse_number(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "abc", "1e5", "1E5", "Infinity", "nan", "12h", "12,5,6", "1,234,5", "--3", "3-",
     "1/2", "<b>3</b>", "%", "€", "12 %%", "½", "²", "1_000", "0x1F", "\0", "1;2", "=1+1",
     "12 enfants"],
)  # fmt: skip
def test_what_is_no_number_is_told(typed):
    with pytest.raises(NotANumber, match="pas un nombre"):
        parse_number(typed)


@pytest.mark.parametrize(
    ("typed", "ways"), [("1.234", ("1234", "1,234")), ("-12.500", ("-12500", "-12,500"))]
)
def test_what_reads_in_two_ways_is_asked(typed, ways):
    with pytest.raises(NotANumber, match="deux façons") as wrong:
        parse_number(typed)
    assert all(way in str(wrong.value) for way in ways)


def test_a_long_text_is_told_short():
    with pytest.raises(NotANumber) as wrong:
        parse_number("x" * 100_000)
    assert len(str(wrong.value)) < 100


decimals = st.decimals(
    min_value=-(10**11), max_value=10**11, places=3, allow_nan=False, allow_infinity=False
)


@given(decimals)
@settings(max_examples=200, deadline=None)
def test_what_is_shown_is_read_back(value):
    """A figure copied from a page of the portal, and pasted into it, stays what it was."""
    shown = in_french(value)
    assert parse_number(shown) == value
    assert parse_number(f"{shown}\u202f%") == value


@given(st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_finite_number_or_told_in_french(text):
    try:
        found, told = parse_number(text), ""
    except NotANumber as wrong:
        found, told = None, str(wrong)
    assert told.startswith("« ") if found is None else found.is_finite()


@given(decimals, st.sampled_from(SPACES), st.sampled_from(["-", "−", "–"]))
@settings(max_examples=200, deadline=None)
def test_spaces_and_minus_signs_do_not_matter(value, space, minus):
    shown = in_french(abs(value)).replace("\u202f", space).replace("\u00a0", space)
    assert parse_number(shown) == abs(value)
    assert parse_number(minus + shown) == -abs(value)


@pytest.mark.parametrize(
    ("text", "key"),
    [("12", 12), ("0", 0), ("", 0), ("-1", 0), ("²", 0), ("٣", 0), ("1 2", 0), ("9" * 19, 0)],
)
def test_a_key_in_an_address_is_written_in_ascii_digits(text, key):
    assert key_in(text) == key
