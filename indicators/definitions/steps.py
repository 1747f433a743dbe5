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


def with_reference_population(content: dict) -> dict:
    """Add the population that communes are compared by: for texts of schema 5, inhabitants."""
    return content | {"reference_population": "inhabitants"}
