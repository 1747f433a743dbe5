"""Numbers as people type or paste them, and everything that they type instead."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_portal.templatetags.french import number as in_french
from ctg_portal.text.numbers import AMOUNT, Asked, NotANumber, key_in, parse_number
from indicators.definitions.definition import Definition
from indicators.values.tables import definition_for_commune

SPACES = [" ", "\u00a0", "\u202f", "\u2009", "\u2007", "\u3000", "\ufeff", "'", "’"]


@pytest.mark.parametrize("space", SPACES, ids=[f"U+{ord(space):04X}" for space in SPACES])
def test_thousands_are_spaced_with_any_space(space):
    assert parse_number(f"1{space}234,5") == Decimal("1234.5")
    assert parse_number(f"1{space}234{space}567,5") == Decimal("1234567.5")


@pytest.mark.parametrize("space", SPACES[:-2], ids=[f"U+{ord(s):04X}" for s in SPACES[:-2]])
def test_any_space_may_stand_around_a_number_and_before_its_sign(space):
    assert parse_number(f"{space}−{space}1 234,5{space}%{space}") == Decimal("-1234.5")


NOT = "n’est pas un nombre"
PLACES = Asked("places", is_whole=True)
SESSIONS = Asked("séances", is_whole=True)
PERCENT, EUROS, FTE, HOURS = Asked("%"), Asked("€"), Asked("ETP"), Asked("heures")
ANY = Asked()

READ = [
    # typed, as what, meant
    ("0", PLACES, "0"), ("12", PLACES, "12"), ("007", PLACES, "7"), ("+3", PLACES, "3"),
    ("1234", PLACES, "1234"), ("1 234", PLACES, "1234"), ("1\u00a0234", PLACES, "1234"),
    ("1\u202f234", PLACES, "1234"), ("1\u2009234", PLACES, "1234"), ("1'234", PLACES, "1234"),
    ("1 234 567", PLACES, "1234567"), ("221 900", PLACES, "221900"), ("  12  ", PLACES, "12"),
    ("12\r\n", PLACES, "12"), ("\t12", PLACES, "12"), ("12,00", PLACES, "12"),
    ("5,", PLACES, "5"), ("12.", PLACES, "12"), ("1.234.567", PLACES, "1234567"),
    ("1,234,567", PLACES, "1234567"), ("1,234.00", PLACES, "1234"), ("−5", PLACES, "-5"),
    ("12 places", PLACES, "12"), ("1 place", PLACES, "1"), ("12 Places", PLACES, "12"),
    ("12 %", PERCENT, "12"), ("12,5 %", PERCENT, "12.5"), ("12,5\u202f%", PERCENT, "12.5"),
    ("12.5%", PERCENT, "12.5"), ("12,5", PERCENT, "12.5"), (",5", PERCENT, "0.5"),
    ("−0,4", PERCENT, "-0.4"), ("–3", PERCENT, "-3"), ("- 3", PERCENT, "-3"),
    ("1,234", PERCENT, "1.234"), ("0,234", PERCENT, "0.234"), ("0.234", PERCENT, "0.234"),
    ("12,5 %", Asked("% des familles"), "12.5"),
    ("12 345,67 €", EUROS, "12345.67"), ("12 345,67 EUR", EUROS, "12345.67"),
    ("100 euros", EUROS, "100"), ("100 €", Asked("euros"), "100"), ("1.234,50", EUROS, "1234.5"),
    ("1,234.50", EUROS, "1234.5"), ("1 234.50", EUROS, "1234.5"),
    ("100 €", Asked("€ par enfant"), "100"), ("12 k€", Asked("k€"), "12"),
    ("21 enf.", Asked("enfants"), "21"), ("29 pla.", Asked("places"), "29"),
    ("0,5 ETP", FTE, "0.5"), ("1234.567", HOURS, "1234.567"), ("12,50", HOURS, "12.5"),
    ("12,5 %", ANY, "12.5"), ("12 000 €", ANY, "12000"), ("٣", ANY, "3"),
    ("－１２", PLACES, "-12"), ("﹣12", PLACES, "-12"), ("‒12", PLACES, "-12"),
    ("\u200e12\u200f", PLACES, "12"), ("\u202d12\u202c", PLACES, "12"), ("12\u00ad", PLACES, "12"),
]  # fmt: skip

ASKED = [
    # typed, as what, a piece of the answer
    ("82\t7530", PLACES, "plusieurs cellules"), ("82\t7530\n91\t12", PLACES, "82 | 7530 | 91 | 12"),
    ("221\n900", PLACES, "« 221 | 900 »"), ("221\r\n900", EUROS, "plusieurs cellules"),
    ("221\u2028900", PLACES, "plusieurs cellules"), ("221\v900", PLACES, "plusieurs cellules"),
    ("82;91", PLACES, "plusieurs cellules"), ("82 | 91", PLACES, "plusieurs cellules"),
    ("10 20", PLACES, "est-ce un seul nombre"), ("2023 45", PLACES, "est-ce un seul nombre"),
    ("12'30", PLACES, "est-ce un seul nombre"), ("82 7530", PLACES, "est-ce un seul nombre"),
    ("1 00", PLACES, "est-ce un seul nombre"), ("1  234", PLACES, "est-ce un seul nombre"),
    ("1234 567", PLACES, "est-ce un seul nombre"), ("0 500", PLACES, "est-ce un seul nombre"),
    ("1 234 56", EUROS, "est-ce un seul nombre"), ("12,5 13,5", HOURS, "est-ce un seul nombre"),
    ("1 234,5 6", HOURS, "est-ce un seul nombre"), ("1\u200b2", PLACES, "est-ce un seul nombre"),
    ("1.234 567", HOURS, "est-ce un seul nombre"), ("1 , 5", HOURS, "est-ce un seul nombre"),
    ("12,5", PLACES, "en nombres entiers (places)"), ("0,5", PLACES, "nombres entiers"),
    ("12.5", SESSIONS, "nombres entiers"), ("1 234,567", PLACES, "nombres entiers"),
    ("1,234", PLACES, "1234 ou un nombre sans décimales"), ("12.000", PLACES, "milliers ou décim"),
    ("12,500", Asked("€", decimals=0), "12500 ou 12,5."),
    ("1,234", AMOUNT, "1234 ou un nombre à deux décimales"),
    ("12,500 €", AMOUNT, "12500 ou 12,5."), ("3,000", AMOUNT, "3000 ou 3,0."),
    ("1.234", HOURS, "1234 ou 1,234"), ("-12.500", HOURS, "-12500 ou -12,500"),
    ("3.000", EUROS, "deux façons"),
    ("12,5 %", SESSIONS, "en « séances », non en « % »"), ("100 €", SESSIONS, "non en « € »"),
    ("12 enfants", PLACES, "non en « enfants »"), ("21 enf.", PLACES, "non en « enf. »"),
    ("12 %", EUROS, "en « € », non en « % »"),
    ("12 €", PERCENT, "en « % », non en « € »"), ("12 €", Asked("k€"), "en « k€ »"),
    ("50 %", FTE, "en « ETP »"), ("12h", HOURS, "non en « h »"), ("12 p", PLACES, "non en « p »"),
    ("env. 80", PLACES, "écrivez le nombre seul"), ("environ 80", PLACES, "le nombre seul"),
    ("~300", PLACES, "écrivez le nombre seul"), ("≈ 300", PLACES, "le nombre seul"),
    ("300 environ", PLACES, "le nombre seul"), ("80 (estimation)", PLACES, "le nombre seul"),
    ("< 5", PLACES, "le nombre exact"), ("<5", PLACES, "exact"), ("moins de 5", PLACES, "exact"),
    ("≤ 5", PLACES, "exact"), ("> 100", PLACES, "exact"), ("plus de 100", PLACES, "exact"),
    ("100+", PLACES, "exact"), ("10 à 15", PLACES, "celui que vous retenez"),
    ("10-15", PLACES, "celui que vous retenez"), ("entre 10 et 15", PLACES, "vous retenez"),
    ("1/2", HOURS, "en décimales"), ("½", HOURS, "en décimales"), ("1½", HOURS, "en décimales"),
    ("12k", PLACES, "tous ses zéros"), ("12 k€", EUROS, "tous ses zéros"),
    ("1,2 M€", EUROS, "tous ses zéros"), ("3 millions d’euros", EUROS, "tous ses zéros"),
    ("1e3", PLACES, "tous ses chiffres"), ("1,2E+05", PLACES, "tous ses chiffres"),
    ("(12)", PLACES, "sans parenthèses"), ("(1 234,50)", EUROS, "sans parenthèses"),
    ("-", PLACES, "écrivez 0"), ("néant", PLACES, "écrivez 0"), ("aucune", PLACES, "écrivez 0"),
    ("", PLACES, NOT), ("   ", PLACES, NOT), ("abc", PLACES, NOT), ("NaN", PLACES, NOT),
    ("Infinity", PLACES, NOT), ("0x10", PLACES, NOT), ("#REF!", PLACES, NOT), ("²", PLACES, NOT),
    ("\u202e21", PLACES, NOT),
    ("12,5,6", HOURS, NOT), ("1,234,5", HOURS, NOT), ("--3", HOURS, NOT), ("3-", HOURS, NOT),
    ("1_000", PLACES, NOT), ("<b>3</b>", PLACES, NOT), ("%", PERCENT, NOT), ("12 %%", PERCENT, NOT),
    ("=1+1", PLACES, NOT), ("\0", PLACES, NOT), ("12 enfants", ANY, NOT), ("5?", PLACES, NOT),
    ("9" * 400, PLACES, "trop long"),
    ("01/02/2024", PLACES, "une date"), ("2024-01-31", PLACES, "une date"),
    ("1.2.24", HOURS, "une date"), ("1\u00ad2", PLACES, NOT), ("12²", ANY, NOT),
    ("douze", PLACES, "en chiffres, comme « 1 234 »."),
    ("1:30", HOURS, "en chiffres, comme « 1 234,5 »."),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "asked", "meant"), READ)
def test_a_number_is_read_as_it_was_meant(typed, asked, meant):
    assert parse_number(typed, asked) == Decimal(meant)


@pytest.mark.parametrize(("typed", "asked", "told"), ASKED)
def test_what_may_be_meant_otherwise_is_asked(typed, asked, told):
    with pytest.raises(NotANumber) as wrong:
        parse_number(typed, asked)
    assert told in str(wrong.value)


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
        number, refusal = parse_number(text), ""
    except NotANumber as wrong:
        number, refusal = None, str(wrong)
    assert refusal.startswith("« ") if number is None else number.is_finite()


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


def test_a_number_below_zero_is_refused_as_it_is_typed_where_none_is_asked():
    assert parse_number("−3", Asked("€")) == -3
    with pytest.raises(NotANumber, match="« −3 » est négatif"):
        parse_number("−3", Asked("places", allows_negative=False))


@pytest.mark.parametrize("allows_negative", [True, False])
def test_figures_terms_and_those_of_communes_are_asked_for_below_zero_as_defined(allows_negative):
    content = {"unit": "%", "calculation": "ratio", "decimals": 1, "numerator": "a",
               "denominator": "b", "allows_negative": allows_negative}  # fmt: skip
    whole = Definition(content)
    for definition in (whole, definition_for_commune(whole)):
        asked = [definition.asked(), definition.asked("numerator"), definition.asked("denominator")]
        assert {one.allows_negative for one in asked} == {allows_negative}
