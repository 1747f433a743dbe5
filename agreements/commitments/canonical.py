"""Canonical text of a content, to which the parties agree: same content, same bytes.

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
    """Encode ``content`` as canonical text: dicts, lists, texts, whole numbers, booleans, None.

    Raises TypeError for a float or anything else whose text depends on who writes it.
    """
    return rfc8785.dumps(plain(content)).decode()


def digest(text: str) -> str:
    """Return the SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> dict:
    """Decode a canonical text."""
    return json.loads(text)


def plain(value):
    """Convert a value to plain JSON: NFC texts, days as ``2024-12-31``, decimals as ``"1.5"``.
    Raises TypeError for anything else, such as a float."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        lines = value.replace("\r\n", "\n").replace("\r", "\n")
        return unicodedata.normalize("NFC", lines)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return _format_decimal(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical text")


def _format_decimal(value: Decimal) -> str:
    """Format a decimal with all its digits, without insignificant zeros. Arithmetic would round
    it."""
    whole, _, part = format(abs(value) if value.is_zero() else value, "f").partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + ".".join(filter(None, [whole.lstrip("0") or "0", part.rstrip("0")]))
