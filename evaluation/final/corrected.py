"""The figures of published years that are told otherwise today. The evaluation of the term tells
them as they are known, beside the years before and after, and says which they are (rule 8)."""

from collections import defaultdict
from decimal import Decimal

from ctg_portal.templatetags.french import enumerate_words
from evaluation.publication.years import Figure, as_published
from evaluation.year.reading import YearReading
from indicators.disclosure import PENDING, WORDS

SAID = "Chiffres dits ici autrement que dans l’évaluation publiée de leur année"


def corrected_in(reading: YearReading) -> dict[str, list[int]]:
    """The published years of which each of its indicators, by its title, is told otherwise than
    they were published: by what everybody reads, so that nothing else is told. One query."""
    known: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    for cell in (cell for series in reading.series for cell in series.collected):
        told = cell.figure
        sign = "" if told.is_number else WORDS[told.kind]
        known[cell.definition.title, cell.year].append((told.number, sign))
    published = as_published(reading.convention)
    found: dict[str, list[int]] = {}
    for (title, year), now in known.items():
        if year not in published or any(sign == WORDS[PENDING] for _, sign in now):
            continue
        before = published[year].figures.get(title, [])
        if sorted(now, key=_order) != sorted(before, key=_order):
            found.setdefault(title, []).append(year)
    return found


def _order(figure: Figure) -> tuple[Decimal, str]:
    number, sign = figure
    return (Decimal(0) if number is None else number, sign)


def corrected_told(reading: YearReading) -> str:
    """« … : Places d’accueil (2021 et 2022). »; empty without any, and of a year."""
    found = corrected_in(reading) if reading.period.is_term else {}
    if not found:
        return ""
    titles = enumerate_words(
        f"{title} ({enumerate_words(map(str, sorted(years)))})" for title, years in found.items()
    )
    return (
        f"{SAID} : {titles}. Ils le sont comme on les connaît aujourd’hui ; l’évaluation de leur "
        "année les garde comme elle les a publiés."
    )
