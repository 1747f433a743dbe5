"""The figures of published years that are told otherwise today: as they are known, beside those of
other years, and said to be told otherwise than they were published (rule 8)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from decimal import Decimal

from ctg_portal.templatetags.french import enumerate_words
from evaluation.models import Edition
from evaluation.publication.frozen import plain_of
from evaluation.publication.years import (
    Figure,
    PublishedYear,
    figures_in,
    money_in,
    sign_of,
    year_of,
)
from evaluation.report.content import FundingLine
from evaluation.year.actions import action_line
from evaluation.year.reading import YearReading
from indicators.by_commune.lines import lines_of_places
from indicators.disclosure import PENDING, WORDS
from indicators.series.lines import FigureLine, lines_of

OF_ITS_YEAR = "Chiffres dits ici autrement que dans l’évaluation publiée de leur année"
MONEY_OF_ITS_YEAR = "Argent dit ici autrement que dans l’évaluation publiée de son année"
PUBLISHED = "Chiffres dits ici autrement que dans l’évaluation publiée"
ACTIONS = "Actions dites ici autrement que dans l’évaluation publiée"
# What is told late of an action; its money is among that of the year.
TOLD_LATE = ("state_kind", "is_late", "percent", "note")


def corrected_in(
    reading: YearReading, published: Mapping[int, PublishedYear]
) -> dict[str, list[int]]:
    """The ``published`` years of which each of its indicators, by its title, is told otherwise than
    they were published: by what everybody reads, so that nothing else is told."""
    if not published:
        return {}
    known: dict[tuple[int, str, str], list[Figure]] = defaultdict(list)
    for line in _lines_of(reading):
        number = Decimal(line.value) if line.value else None
        sign = sign_of(line.sign, line.notes)
        known[line.year, line.indicator, line.place].append((number, sign))
    found: dict[str, set[int]] = defaultdict(set)
    for (year, title, place), now in known.items():
        if year not in published or any(sign == WORDS[PENDING] for _, sign in now):
            continue
        before = published[year].figures.get((title, place), [])
        is_new = place and not before  # of a place that its year did not tell
        if not is_new and sorted(now, key=_order) != sorted(before, key=_order):
            found[title].add(year)
    return {title: sorted(years) for title, years in found.items()}


def _lines_of(reading: YearReading) -> Iterator[FigureLine]:
    """All that it tells of the territory, and of communes."""
    yield from lines_of(reading.series, axis="", theme="")
    for one in reading.by_commune:
        yield from lines_of_places(one, axis="", theme="")


def _order(figure: Figure) -> tuple[Decimal, str]:
    number, sign = figure
    return (Decimal(0) if number is None else number, sign)


def corrected_beside(reading: YearReading, published: Mapping[int, PublishedYear]) -> str:
    """Of the other years that an evaluation tells: « … : Places d’accueil (2021 et 2022). »; empty
    without any."""
    others = {year: one for year, one in published.items() if year != reading.period.year}
    found = corrected_in(reading, others)
    if not found:
        return ""
    titles = enumerate_words(
        f"{title} ({enumerate_words(map(str, years))})" for title, years in found.items()
    )
    return (
        f"{OF_ITS_YEAR} : {titles}. Ils le sont comme on les connaît aujourd’hui ; l’évaluation de "
        "leur année les garde comme elle les a publiés."
    )


def money_beside(
    reading: YearReading, published: Mapping[int, PublishedYear], told: Iterable[FundingLine]
) -> str:
    """Of the other years whose money an evaluation tells, by the lines of its tables: « … : 2021 et
    2022. »; empty without any."""
    lines = [asdict(line) for line in told]
    others = {line["year"] for line in lines} & {*published} - {reading.period.year}
    years = [year for year in others if money_in(lines, year) != published[year].money]
    if not years:
        return ""
    return (
        f"{MONEY_OF_ITS_YEAR} : {enumerate_words(map(str, sorted(years)))}. Il l’est comme on le "
        "connaît aujourd’hui ; l’évaluation de l’année le garde comme elle l’a publié."
    )


def corrected_since(reading: YearReading, edition: Edition) -> str:
    """Of the year itself, of which ``edition`` is the last that was published, and of what it told
    of years before: « … : Places d’accueil (2022 et 2023). ». One query."""
    content, own = plain_of(edition.snapshot), reading.period.year
    whole = year_of(content)
    published = {
        year: replace(whole, figures=figures_in(content, year))
        for year in {own} | {line["year"] for line in content.get("data", [])}
    }
    found: dict[str, list[int]] = {}
    for title, years in corrected_in(reading, published).items():
        # What is known since of a year before was not told.
        told = [one for one in years if one == own or _tells(published[one], title)]
        if told:
            found[title] = told
    if not found:
        return ""
    titles = (
        title if years == [own] else f"{title} ({enumerate_words(map(str, years))})"
        for title, years in found.items()
    )
    return f"{PUBLISHED} : {enumerate_words(titles)}."


def _tells(published: PublishedYear, title: str) -> bool:
    return any(indicator == title for indicator, _ in published.figures)


def actions_since(reading: YearReading, edition: Edition) -> str:
    """The actions of the year of which something else is told today: where they stood at its end,
    or their note. ``edition``: the last that was published. One query."""
    themes = [theme for axis in plain_of(edition.snapshot)["axes"] for theme in axis["themes"]]
    before = {one["number"]: one for theme in themes for one in theme.get("actions", [])}
    now = {one.number: asdict(one) for one in map(action_line, reading.actions)}
    alike = {number for number in before.keys() & now if _is_alike(before[number], now[number])}
    found = sorted((before.keys() | now) - alike)
    return f"{ACTIONS} : {enumerate_words(found)}." if found else ""


def _is_alike(before: Mapping, now: Mapping) -> bool:
    return all(before[name] == now[name] for name in TOLD_LATE if name in before)
