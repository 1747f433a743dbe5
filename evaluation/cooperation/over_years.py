"""The posts of cooperation over the whole term: what years have told of them, beside what was
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
    YearTold,
)
from evaluation.cooperation.models import PostYear
from evaluation.cooperation.reading import figures_of, line_of, shares_of
from evaluation.cooperation.told import Told
from evaluation.period import years_of_term
from evaluation.publication.years import as_published, post_year_from_line

Known = Mapping[int, Decimal | None]  # by year, what is counted; None where nobody told it
YEARS_OF = "année connue,années connues"


def posts_over_years(convention: Convention) -> list[PostOverYears]:
    """Those that the convention plans, and those of which a year says something: a published year
    what was published of it. Six queries."""
    published = as_published(convention)
    kept: dict[int, dict[int | None, Told]] = {}
    for row in PostYear.objects.of(convention).with_lines():
        if row.year not in published:
            kept.setdefault(row.post_id, {})[row.year] = Told.of(row)
    for year, told in published.items():
        for post, one in told.posts.items():
            kept.setdefault(post, {})[year] = one
    today = timezone.localdate()
    years = [year for year in years_of_term(convention) if year <= today.year]
    return [
        over_years(post, kept.get(post.pk, {}), years)
        for post in CooperationPost.objects.of(convention).with_parts()
        if post.is_in_text or post.pk in kept
    ]


def rewritten_years(convention: Convention) -> list[int]:
    """The published years of which something else is told of a post now, in order: the term does
    not tell it yet. Five queries."""
    published = as_published(convention)
    written: dict[int, dict[int, Told]] = {year: {} for year in published}
    rows = PostYear.objects.of(convention).filter(year__in=published).with_lines()
    posts = CooperationPost.objects.of(convention).with_parts().in_bulk()
    for row in rows:
        line = line_of(posts[row.post_id], row.year, Told.of(row))
        if (told := post_year_from_line(asdict(line))) != Told():
            written[row.year][row.post_id] = told
    return sorted(year for year, told in published.items() if told.posts != written[year])


def over_years(
    post: CooperationPost, kept: Mapping[int | None, Told], asked: list[int]
) -> PostOverYears:
    """``kept``: what is told, by year; None for the term. ``asked``: the years of the term that
    have begun."""
    term = kept.get(None, Told())
    years = sorted(year for year in kept if year is not None)
    told = {year: kept[year] for year in years if kept[year] != Told()}
    return PostOverYears(
        key=post.pk,
        title=post.title or "Poste de coopération",
        employer=post.employer.name if post.employer else "",
        planned_fte=number(post.fte),
        planned_cost="" if post.cost is None else euros(post.cost),
        years=list(told),
        untold=[year for year in asked if year not in told],
        fte=_domains(post, told),
        total_fte=_total_fte(post, told),
        missions=_missions(told),
        money=_money(post, told),
        text=term.text.strip(),
        brought=_brought(term, told),
        data=[
            figure
            for year, one in told.items()
            for figure in figures_of(post, year, one, shares_of(post, one))
        ],
    )


def _domains(post: CooperationPost, told: Mapping[int, Told]) -> list[CountedOverYears]:
    """Those that the convention plans, then those that a year tells besides."""
    planned, filled = {}, {}
    for year, one in told.items():
        for domain, fte, done in shares_of(post, one):
            planned.setdefault(domain, fte)
            filled.setdefault(domain, {})[year] = done
    return [
        _mean(domain, planned[domain], {year: filled[domain].get(year) for year in told})
        for domain in sorted(planned, key=lambda one: planned[one] is None)
    ]


def _total_fte(post: CooperationPost, told: Mapping[int, Told]) -> CountedOverYears:
    """Of the years of which every domain is known: what is known of some is no total."""
    totals: dict[int, Decimal | None] = {}
    for year, one in told.items():
        filled = [done for _, _, done in shares_of(post, one)]
        totals[year] = None if None in filled else sum(filled, Decimal(0))
    return _mean("Ensemble", post.fte, totals)


def _mean(title: str, planned: Decimal | None, filled: Known) -> CountedOverYears:
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
    known = [value for value in counted.values() if value is not None]
    is_whole = len(known) == len(counted)
    return CountedOverYears(
        title,
        planned,
        [YearTold(year, "" if value is None else words(value)) for year, value in counted.items()],
        over(known) if known else "",
        "" if is_whole or not known else f"{plural(len(known), YEARS_OF)} sur {len(counted)}",
    )


def _missions(told: Mapping[int, Told]) -> list[MissionOverYears]:
    """The whole framework: what was never done is told too."""
    return [
        MissionOverYears(
            mission.title,
            [
                ActivityOverYears(
                    own.title, [year for year, one in told.items() if own.key in one.activities]
                )
                for own in mission.activities
            ],
        )
        for mission in framework()
    ]


def _money(post: CooperationPost, told: Mapping[int, Told]) -> list[CountedOverYears]:
    def row(title: str, planned: str, counted: Known) -> CountedOverYears:
        return _counted(title, planned, counted, euros, lambda known: euros(sum(known)))

    planned = "" if post.cost is None else euros(post.cost)
    paid = {year: dict(one.fundings) for year, one in told.items()}
    funders = dict.fromkeys(who for one in paid.values() for who in one)
    return [
        row("Coût", planned, {year: one.cost for year, one in told.items()}),
        *(row(who, "", {year: one.get(who) for year, one in paid.items()}) for who in funders),
    ]


def _brought(term: Told, told: Mapping[int, Told]) -> list[BroughtOverYears]:
    found = []
    for field, name in BROUGHT.items():
        text = getattr(term, field).strip()
        years = [YearTold(year, own) for year, one in told.items() if (own := getattr(one, field))]
        if text or years:
            found.append(BroughtOverYears(name, text, years))
    return found
