"""Encode places and terms of figures as stored disclosures hold them."""

from collections.abc import Iterable
from decimal import Decimal

# The place of a figure of the whole territory.
TERRITORY = ""

# The count itself, or the numerator and denominator of a ratio.
Terms = tuple[Decimal, ...]


def commune_place(pk: int) -> str:
    return f"c{pk}"


def sector_place(pk: int) -> str:
    return f"s{pk}"


def encode_terms(terms: Iterable[Decimal]) -> list[str]:
    """Return terms as texts for JSON: the same number is always the same text."""
    return [format(Decimal(term).normalize(), "f") for term in terms]


def decode_terms(stored: Iterable[str]) -> Terms:
    return tuple(Decimal(term) for term in stored)
