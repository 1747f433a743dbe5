"""Upgrade stored texts of indicators from one schema to the next. Imports nothing of ours."""


def with_actions(content: dict) -> dict:
    """Add the measured actions: texts of schema 1 measured objectives only."""
    return content | {"actions": []}


def with_grain(content: dict) -> dict:
    """Add grain and aggregation: texts of schema 2 were all about the whole territory."""
    return content | {"grain": "territory", "aggregation": "none"}


def with_parts(content: dict) -> dict:
    """Add the parts: texts of schema 3 could not be totals."""
    return content | {"parts": []}


def with_reason(content: dict) -> dict:
    """Add the reason why secrecy does not apply, which texts of schema 4 did not hold."""
    return content | {"not_confidential_reason": ""}


def with_negatives(content: dict) -> dict:
    """Add whether the figure may be below zero: texts of schema 5 let be negative, without a
    question, what is given in %, euros or points, and what has a bound, baseline or target so."""
    numbers = [content.get(name) for name in ("baseline_value", "minimum", "maximum")]
    numbers += [target["value"] for target in content.get("targets", [])]
    words = content.get("unit", "").lower().split()[:1]
    amounts = {"%", "€", "k€", "m€", "euro", "euros", "point", "points"}
    allows_negative = any(str(number).startswith("-") for number in numbers)
    allows_negative |= not amounts.isdisjoint(words) and content.get("calculation") == "direct"
    return content | {"allows_negative": allows_negative}
