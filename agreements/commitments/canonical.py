"""The text that parties agree to: one and the same bytes for one and the same content.

RFC 8785 (JSON Canonicalization Scheme) over strings in Unicode NFC; decimals and days are strings,
so that no reader's arithmetic can change them.
"""

import datetime
import hashlib
import json
import unicodedata
from decimal import Decimal

import rfc8785


def canonical(content: dict) -> str:
    """The canonical text of ``content``: dicts, lists, texts, whole numbers, booleans, None.

    Raises TypeError for a float or anything else whose text depends on who writes it.
    """
    return rfc8785.dumps(plain(content)).decode()


def digest(text: str) -> str:
    """The SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> dict:
    """What a canonical text says."""
    return json.loads(text)


def plain(value):
    """``value`` as JSON carries it: NFC texts, days as ``2024-12-31``, decimals as ``"1.5"``."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        lines = value.replace("\r\n", "\n").replace("\r", "\n")
        return unicodedata.normalize("NFC", lines)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return _digits(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical text")


def _digits(value: Decimal) -> str:
    """All the digits of a figure, without the zeros that say nothing. No arithmetic: it rounds."""
    whole, _, part = format(abs(value) if value.is_zero() else value, "f").partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + ".".join(filter(None, [whole.lstrip("0") or "0", part.rstrip("0")]))
