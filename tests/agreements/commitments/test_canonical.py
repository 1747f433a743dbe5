"""One content has one text, byte for byte, whoever writes it, in whatever order."""

import datetime
import hashlib
import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.commitments.canonical import canonical, digest, plain, read

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4)
LEAVES = st.none() | st.booleans() | WHOLE | st.text() | DECIMALS | st.dates()
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
CONTENTS = st.dictionaries(NAMES, VALUES, max_size=6)
# They are slow to draw on a machine that does something else at the same time.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def turned(value):
    """The same content written by somebody else: fields in another order, letters decomposed."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    if isinstance(value, list):
        return tuple(turned(item) for item in value)
    if isinstance(value, str):
        lines = value if "\r" in value else value.replace("\n", "\r\n")
        return unicodedata.normalize("NFD", lines)
    if isinstance(value, Decimal):
        sign, digits, exponent = value.as_tuple()
        return Decimal((sign, (*digits, 0, 0), exponent - 2))
    return value


def exactly(value) -> str:
    """What tells 1 from True, and an order from another."""
    return json.dumps(value, sort_keys=True)


@BUSY
@given(CONTENTS)
def test_a_content_written_is_read_back(content):
    assert exactly(read(canonical(content))) == exactly(plain(content))


@BUSY
@given(CONTENTS)
def test_equal_contents_have_equal_bytes(content):
    assert canonical(turned(content)).encode() == canonical(content).encode()


@BUSY
@given(CONTENTS)
def test_a_text_read_and_written_again_is_the_same(content):
    text = canonical(content)
    assert canonical(read(text)) == text


@BUSY
@given(CONTENTS, CONTENTS)
def test_different_contents_have_different_texts(left, right):
    assert (canonical(left) == canonical(right)) == (exactly(plain(left)) == exactly(plain(right)))


@BUSY
@given(CONTENTS)
def test_digest_is_the_sha256_of_the_very_bytes(content):
    text = canonical(content)
    assert digest(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()


@given(st.floats(), st.sampled_from(["alone", "in a list", "in a child"]))
def test_a_float_is_refused_wherever_it_hides(value, place):
    hidden = {"alone": value, "in a list": [1, value], "in a child": {"part": value}}[place]
    with pytest.raises(TypeError, match="float has no canonical text"):
        canonical({"field": hidden})


@pytest.mark.parametrize(
    "value",
    [
        datetime.datetime(2024, 4, 12, 10, 30),
        datetime.time(10, 30),
        Decimal("NaN"),
        Decimal("Infinity"),
        b"octets",
        {"a", "b"},
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_without_canonical_text_is_refused(value):
    with pytest.raises(TypeError, match="has no canonical text"):
        canonical({"field": value})


def test_a_whole_number_beyond_what_every_reader_holds_is_refused():
    assert canonical({"n": 2**53 - 1}) == '{"n":9007199254740991}'
    with pytest.raises(ValueError):
        canonical({"n": 2**53 + 1})


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (Decimal("1.50"), '"1.5"'),
        (Decimal("150"), '"150"'),
        (Decimal("1.5E+3"), '"1500"'),
        (Decimal("0.000"), '"0"'),
        (Decimal("-0"), '"0"'),
        (Decimal("-0.70"), '"-0.7"'),
        (datetime.date(2024, 1, 1), '"2024-01-01"'),
        ("Cafe\u0301", '"Café"'),
        ("un\r\ndeux", '"un\\ndeux"'),
        ("un\r\r\ndeux\r", '"un\\n\\ndeux\\n"'),
        ("« Ouvrir\u202f» \u20ac", '"« Ouvrir\u202f» €"'),
        (True, "true"),
        (1, "1"),
        (None, "null"),
        (("a", 2), '["a",2]'),
    ],
)
def test_each_kind_of_value_has_its_canonical_text(written, text):
    assert canonical({"f": written}) == f'{{"f":{text}}}'


def test_fields_are_in_the_order_of_the_standard():
    content = {"é": 1, "b": 2, "a": 3, "B": 4, "10": 5, "9": 6}
    assert list(json.loads(canonical(content))) == ["10", "9", "B", "a", "b", "é"]
    assert canonical(content) == '{"10":5,"9":6,"B":4,"a":3,"b":2,"é":1}'


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_figure_of_any_length_keeps_all_its_digits(value):
    text = plain(value)
    assert Decimal(text) == value
    assert text == plain(Decimal(text))
    assert "e" not in text.lower()
