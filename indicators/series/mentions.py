"""Mentions of sources (art. 5) beside figures of many years: each once, with its years."""

import re
from collections.abc import Iterable, Sequence

YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def over_years(mentions: Iterable[str]) -> list[str]:
    """Those that differ by their year alone told as one: « décembre 2020 à 2024 »."""
    told: dict[tuple[str, str], set[str]] = {}
    for mention in mentions:
        years = YEAR.findall(mention)
        before, year, after = mention.partition(years[0]) if len(years) == 1 else (mention, "", "")
        told.setdefault((before, after), set()).add(year)
    return [before + years_told(sorted(years)) + after for (before, after), years in told.items()]


def years_told(years: Sequence[str]) -> str:
    """« 2020 à 2024 » of three in a row or more, else « 2020, 2022 »; in order, nothing of
    none."""
    is_run = len(years) > 2 and int(years[-1]) - int(years[0]) == len(years) - 1
    return f"{years[0]} à {years[-1]}" if is_run else ", ".join(years)
