"""Numerals of axes, A, B, C or I, II, III: counted, and shown as the text writes them."""

from collections.abc import Sequence
from itertools import pairwise
from string import ascii_uppercase
from typing import Any

ROMAN = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}


def count_axes(content: Any) -> list[str]:
    """Replace letters or Roman numerals of the axes in ``content`` by 1, 2, 3, and return them;
    where they are neither, change nothing and return []."""
    axes = content.get("axes") if isinstance(content, dict) else None
    if not isinstance(axes, list) or not all(isinstance(axis, dict) for axis in axes):
        return []
    marks = [axis.get("numero") for axis in axes]
    places = places_of(marks)
    for axis, place in zip(axes, places, strict=False):
        axis["numero"] = place
    return marks if places else []


def places_of(marks: Sequence[Any]) -> list[int]:
    """Return the numbers that letters from A on, or rising Roman numerals, stand for; [] where the
    marks are neither."""
    if not marks or not all(isinstance(mark, str) and mark for mark in marks):
        return []
    if list(marks) == list(ascii_uppercase[: len(marks)]):
        return list(range(1, len(marks) + 1))
    if not all(set(mark) <= ROMAN.keys() for mark in marks):
        return []
    places = [roman(mark) for mark in marks]
    return places if all(place < after for place, after in pairwise(places)) else []


def roman(mark: str) -> int:
    """Return the value of a Roman numeral: « XIV » is 14."""
    values = [ROMAN[letter] for letter in mark]
    following = [*values[1:], 0]
    pairs = zip(values, following, strict=True)
    return sum(-value if value < after else value for value, after in pairs)
