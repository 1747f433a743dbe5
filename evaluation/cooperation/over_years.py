"""The posts of cooperation over the whole term: what years have recorded, beside what was
planned and what the framework expects. Annexe 1 has their effects measured at the end of the
engagement."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from conventions.models import Convention, CooperationPost
from ctg_portal.templatetags.french import euros, number, plural
from evaluation.cooperation.framework import framework
from evaluation.cooperation.lines import (
    BROUGHT,
    ActivityOverYears,
    BroughtOverYears,
    CountedOverYears,
    MissionOverYears,
    PostOverYears,
    TextOfYear,
)
from evaluation.cooperation.models import PostYear
from evaluation.cooperation.post_record import PostRecord, post_year_from_line
from evaluation.cooperation.reading import figures_of, line_of, shares_of
from evaluation.editions.years import PublishedYear, as_published
from evaluation.period import years_of_term

Known = Mapping[int, Decimal | None]  # by year, what is counted; None where nobody recorded it
YEARS_OF = "année connue,années connues"


def posts_over_years(convention: Convention) -> list[PostOverYears]:
    """Return, over the term, the posts that are planned or have a record: that of a published year
    as published, others and that of the term as written now. Six queries."""
    published = as_published(convention)
    records: dict[int, dict[int | None, PostRecord]] = {}
    for row in PostYear.objects.of(convention).with_lines():
        if row.year not in published:
            records.setdefault(row.post_id, {})[row.year] = PostRecord.of(row)
    for year, published_year in published.items():
        for post, record in _published_records(published_year).items():
            records.setdefault(post, {})[year] = record
    today = timezone.localdate()
    years = [year for year in years_of_term(convention) if year <= today.year]
    return [
        over_years(post, records.get(post.pk, {}), years)
        for post in CooperationPost.objects.of(convention).with_parts()
        if post.is_in_text or post.pk in records
    ]


def rewritten_years(convention: Convention) -> list[int]:
    """Return, in order, the published years whose records are written otherwise now. Five
    queries."""
    published = as_published(convention)
    written: dict[int, dict[int, PostRecord]] = {year: {} for year in published}
    rows = PostYear.objects.of(convention).filter(year__in=published).with_lines()
    posts = CooperationPost.objects.of(convention).with_parts().in_bulk()
    for row in rows:
        line = line_of(posts[row.post_id], row.year, PostRecord.of(row))
        if (record := post_year_from_line(asdict(line))) != PostRecord():
            written[row.year][row.post_id] = record
    return sorted(
        year for year, own in published.items() if _published_records(own) != written[year]
    )


def _published_records(published: PublishedYear) -> dict[int, PostRecord]:
    """Return the records of a published year by key of the post, those that are not empty."""
    records = {key: post_year_from_line(line) for key, line in published.posts.items()}
    return {key: record for key, record in records.items() if record != PostRecord()}


def over_years(
    post: CooperationPost, records: Mapping[int | None, PostRecord], asked: list[int]
) -> PostOverYears:
    """Return a post with its ``records`` by year, that of the term under None. ``asked``: the years
    that should have a record: those of the term that have begun."""
    term = records.get(None, PostRecord())
    years = sorted(year for year in records if year is not None)
    by_year = {year: records[year] for year in years if records[year] != PostRecord()}
    return PostOverYears(
        key=post.pk,
        title=post.title or "Poste de coopération",
        employer=post.employer.name if post.employer else "",
        planned_fte=number(post.fte),
        planned_cost="" if post.cost is None else euros(post.cost),
        years=list(by_year),
        untold=[year for year in asked if year not in by_year],
        fte=_domains(post, by_year),
        total_fte=_total_fte(post, by_year),
        missions=_missions(by_year),
        money=_money(post, by_year),
        text=term.text.strip(),
        brought=_brought(term, by_year),
        data=[
            figure
            for year, record in by_year.items()
            for figure in figures_of(post, year, record, shares_of(post, record))
        ],
    )


def _domains(post: CooperationPost, by_year: Mapping[int, PostRecord]) -> list[CountedOverYears]:
    """Return the ETP of each planned domain, then of those that records add."""
    planned, filled = {}, {}
    for year, record in by_year.items():
        for domain, fte, done in shares_of(post, record):
            planned.setdefault(domain, fte)
            filled.setdefault(domain, {})[year] = done
    return [
        _mean(domain, planned[domain], {year: filled[domain].get(year) for year in by_year})
        for domain in sorted(planned, key=lambda domain: planned[domain] is None)
    ]


def _total_fte(post: CooperationPost, by_year: Mapping[int, PostRecord]) -> CountedOverYears:
    """Return the ETP of all domains together, in the years in which every domain is known."""
    totals: dict[int, Decimal | None] = {}
    for year, record in by_year.items():
        filled = [done for _, _, done in shares_of(post, record)]
        totals[year] = None if None in filled else sum(filled, Decimal(0))
    return _mean("Ensemble", post.fte, totals)


def _mean(title: str, planned: Decimal | None, filled: Known) -> CountedOverYears:
    """Return ETP by year, with the mean of those that are known, rounded to hundredths."""

    def mean(known: list[Decimal]) -> str:
        return number((sum(known) / len(known)).quantize(Decimal("0.01"), ROUND_HALF_UP))

    return _counted(title, "" if planned is None else number(planned), filled, number, mean)


def _counted(
    title: str,
    planned: str,
    counted: Known,
    words: Callable[[Decimal], str],
    over: Callable[[list[Decimal]], str],
) -> CountedOverYears:
    """Return the years in ``words``, and what ``over`` makes of the known values: empty without
    any, with a note where some are not known."""
    known = [value for value in counted.values() if value is not None]
    is_whole = len(known) == len(counted)
    return CountedOverYears(
        title,
        planned,
        [
            TextOfYear(year, "" if value is None else words(value))
            for year, value in counted.items()
        ],
        over(known) if known else "",
        "" if is_whole or not known else f"{plural(len(known), YEARS_OF)} sur {len(counted)}",
    )


def _missions(by_year: Mapping[int, PostRecord]) -> list[MissionOverYears]:
    """Return the whole framework, each activity with the years in which it was done, if any."""
    return [
        MissionOverYears(
            mission.title,
            [
                ActivityOverYears(
                    own.title, [y for y, record in by_year.items() if own.key in record.activities]
                )
                for own in mission.activities
            ],
        )
        for mission in framework()
    ]


def _money(post: CooperationPost, by_year: Mapping[int, PostRecord]) -> list[CountedOverYears]:
    """Return the cost, then what each funder paid, in euros by year with their sum."""

    def row(title: str, planned: str, counted: Known) -> CountedOverYears:
        return _counted(title, planned, counted, euros, lambda known: euros(sum(known)))

    planned = "" if post.cost is None else euros(post.cost)
    paid = {year: dict(record.fundings) for year, record in by_year.items()}
    funders = dict.fromkeys(who for amounts in paid.values() for who in amounts)
    return [
        row("Coût", planned, {year: record.cost for year, record in by_year.items()}),
        *(
            row(who, "", {year: amounts.get(who) for year, amounts in paid.items()})
            for who in funders
        ),
    ]


def _brought(term: PostRecord, by_year: Mapping[int, PostRecord]) -> list[BroughtOverYears]:
    """Return each kind of what the post brought of which the term or a year has a text."""
    brought = []
    for field, name in BROUGHT.items():
        text = getattr(term, field).strip()
        years = [
            TextOfYear(year, own)
            for year, record in by_year.items()
            if (own := getattr(record, field))
        ]
        if text or years:
            brought.append(BroughtOverYears(name, text, years))
    return brought
