"""Find the figures of published years that are known otherwise today; the document that shows them,
beside those of other years, says so (rule 8)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from decimal import Decimal

from ctg_portal.templatetags.french import enumerate_words
from evaluation.editions.frozen import plain_of
from evaluation.editions.models import Edition
from evaluation.editions.years import Figure, PublishedYear, figures_in, money_in, sign_of, year_of
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
# The fields of an action that may still change; its money is among that of the year.
CHANGEABLE = ("state_kind", "is_late", "percent", "note")


def corrected_in(
    reading: YearReading, published: Mapping[int, PublishedYear]
) -> dict[str, list[int]]:
    """Return, by title of an indicator of the reading, the ``published`` years of which a figure
    differs from what they published, by what everybody reads."""
    if not published:
        return {}
    shown: dict[tuple[int, str, str], list[Figure]] = defaultdict(list)
    for line in _lines_of(reading):
        number = Decimal(line.value) if line.value else None
        sign = sign_of(line.sign, line.notes)
        shown[line.year, line.indicator, line.place].append((number, sign))
    years_by_title: dict[str, set[int]] = defaultdict(set)
    for (year, title, place), today in shown.items():
        if year not in published or any(sign == WORDS[PENDING] for _, sign in today):
            continue
        before = published[year].figures.get((title, place), [])
        is_new = place and not before  # a place that its year did not publish
        if not is_new and sorted(today, key=_order) != sorted(before, key=_order):
            years_by_title[title].add(year)
    return {title: sorted(years) for title, years in years_by_title.items()}


def _lines_of(reading: YearReading) -> Iterator[FigureLine]:
    """Yield all figures of the reading, of the territory and of communes."""
    yield from lines_of(reading.series, axis="", theme="")
    for table in reading.by_commune:
        yield from lines_of_places(table, axis="", theme="")


def _order(figure: Figure) -> tuple[Decimal, str]:
    number, sign = figure
    return (Decimal(0) if number is None else number, sign)


def describe_corrected_years(reading: YearReading, published: Mapping[int, PublishedYear]) -> str:
    """Return the sentence on corrected figures of the other years that an evaluation shows:
    « … : Places d’accueil (2021 et 2022). »; empty without any."""
    others = {year: content for year, content in published.items() if year != reading.period.year}
    corrected = corrected_in(reading, others)
    if not corrected:
        return ""
    titles = enumerate_words(
        f"{title} ({enumerate_words(map(str, years))})" for title, years in corrected.items()
    )
    return (
        f"{OF_ITS_YEAR} : {titles}. Ils le sont comme on les connaît aujourd’hui ; l’évaluation de "
        "leur année les garde comme elle les a publiés."
    )


def describe_corrected_money(
    reading: YearReading, published: Mapping[int, PublishedYear], rows: Iterable[FundingLine]
) -> str:
    """Return the sentence on the other years whose money, by the ``rows`` of the tables, differs
    from what they published: « … : 2021 et 2022. »; empty without any."""
    lines = [asdict(line) for line in rows]
    others = {line["year"] for line in lines} & {*published} - {reading.period.year}
    years = [year for year in others if money_in(lines, year) != published[year].money]
    if not years:
        return ""
    return (
        f"{MONEY_OF_ITS_YEAR} : {enumerate_words(map(str, sorted(years)))}. Il l’est comme on le "
        "connaît aujourd’hui ; l’évaluation de l’année le garde comme elle l’a publié."
    )


def corrected_since(reading: YearReading, edition: Edition) -> str:
    """Return the sentence on the figures of the year itself, and of the earlier years that it
    shows, that differ from its last published ``edition``:
    « … : Places d’accueil (2022 et 2023). »; empty without any. One query."""
    content, own = plain_of(edition.snapshot), reading.period.year
    whole = year_of(content)
    published = {
        year: replace(whole, figures=figures_in(content, year))
        for year in {own} | {line["year"] for line in content.get("data", [])}
    }
    corrected: dict[str, list[int]] = {}
    for title, years in corrected_in(reading, published).items():
        # A figure of an earlier year that the edition did not show is no correction of it.
        shown = [year for year in years if year == own or _has_figure(published[year], title)]
        if shown:
            corrected[title] = shown
    if not corrected:
        return ""
    titles = (
        title if years == [own] else f"{title} ({enumerate_words(map(str, years))})"
        for title, years in corrected.items()
    )
    return f"{PUBLISHED} : {enumerate_words(titles)}."


def _has_figure(published: PublishedYear, title: str) -> bool:
    return any(indicator == title for indicator, _ in published.figures)


def actions_since(reading: YearReading, edition: Edition) -> str:
    """Return the sentence on the actions whose state at the end of the year, or note, differs from
    the last published ``edition``; empty without any. One query."""
    themes = [theme for axis in plain_of(edition.snapshot)["axes"] for theme in axis["themes"]]
    before = {row["number"]: row for theme in themes for row in theme.get("actions", [])}
    now = {line.number: asdict(line) for line in map(action_line, reading.actions)}
    alike = {number for number in before.keys() & now if _is_alike(before[number], now[number])}
    changed = sorted((before.keys() | now) - alike)
    return f"{ACTIONS} : {enumerate_words(changed)}." if changed else ""


def _is_alike(before: Mapping, now: Mapping) -> bool:
    return all(before[name] == now[name] for name in CHANGEABLE if name in before)
