"""Mentions of sources (art. 5) beside figures of many years: each once, with its years."""

import re
from collections.abc import Iterable, Sequence

YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def merge_mentions(mentions: Iterable[str]) -> list[str]:
    """Return mentions each once, those that differ by their only year alone as one: « décembre 2020
    à 2024 »; in the order in which they come first."""
    years_of: dict[tuple[str, str], set[str]] = {}
    for mention in mentions:
        years = YEAR.findall(mention)
        before, year, after = mention.partition(years[0]) if len(years) == 1 else (mention, "", "")
        years_of.setdefault((before, after), set()).add(year)
    return [
        before + format_years(sorted(years)) + after for (before, after), years in years_of.items()
    ]


def format_years(years: Sequence[str]) -> str:
    """Return « 2020 à 2024 » for three years in a row or more, else « 2020, 2022 »; empty for none.
    ``years`` come in order, each once."""
    is_run = len(years) > 2 and int(years[-1]) - int(years[0]) == len(years) - 1
    return f"{years[0]} à {years[-1]}" if is_run else ", ".join(years)
