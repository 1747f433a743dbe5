"""Read what is published around a territory: for the intercommunalité, the département, France.

Similar territories are in ``indicators.comparison``.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from conventions.models import Convention
from conventions.territory.departments import department_of, departments
from ctg_portal.templatetags.french import number
from indicators.definitions.definition import Definition
from indicators.definitions.models import Indicator
from indicators.disclosure import is_protected
from indicators.figures.releases import PlaceKind, PublicFigure, Release
from indicators.figures.values import ValueTransition, ValueVerb
from indicators.statistics.filling import Territory, mention
from indicators.statistics.revealing import RevealCheck, indicator_counts, is_part_of, years_filled
from indicators.statistics.source import Measure, sources, sources_measuring


@dataclass(frozen=True)
class Landmark:
    """A place with published figures. ``texts``: one for each year of ``Surroundings.years``."""

    name: str
    texts: list[str]


@dataclass(frozen=True)
class Surroundings:
    """Published figures around a territory. ``years``: the latest first; ``mentions``, ``limits``:
    of the releases shown, each once."""

    title: str
    years: list[int]
    landmarks: list[Landmark]
    mentions: list[str]
    limits: list[str]


def surroundings_of(convention: Convention, indicator: Indicator) -> Surroundings | None:
    """Return what the releases in use say of an indicator for its intercommunalité, départements
    and France, in a fixed number of queries; figures that would reveal secret ones are left out.
    None if nothing is left, or it is not of the library."""
    measured = sources_measuring(indicator.library_code) if indicator.library_code else []
    if not measured:
        return None
    measures = {source.key: measure for source, measure in measured}
    used = {
        release.pk: release
        for release in Release.objects.counting_for(convention).from_sources(measures)
    }
    if not used:
        return None
    territory = Territory.of(convention, max(release.year for release in used.values()))
    rows = _published_around(territory, used, measures)
    around = {at: row for at, row in rows.items() if not is_part_of(territory, *at[:2])}
    if around != rows:
        filled = years_filled(territory, used, measures)
        check = RevealCheck.of(indicator_counts(convention), measures.values(), filled)
        rows = {
            (kind, place, year): row
            for (kind, place, year), row in rows.items()
            if (kind, place, year) in around or not check.reveals(kind, year)
        }
    if not rows:
        return None
    years = sorted({year for _, _, year in rows}, reverse=True)
    places = sorted({(kind, place) for kind, place, _ in rows}, key=lambda place: ORDER[place[0]])
    shown_releases = [used[pk] for pk in dict.fromkeys(pk for pk, *_ in rows.values())]
    landmarks = [
        Landmark(
            _label_place(*place),
            [_format_figure(rows.get((*place, year)), used, measured[0][1]) for year in years],
        )
        for place in places
    ]
    return Surroundings(
        title=measured[0][1].title,
        years=years,
        landmarks=landmarks,
        mentions=[mention(release) for release in shown_releases],
        limits=list(dict.fromkeys(sources()[release.source].limits for release in shown_releases)),
    )


@dataclass(frozen=True)
class Contested:
    """A published figure that its provider replaced. ``reason``: why; empty if it is protected."""

    year: int
    place: str
    published: str
    reason: str


def contested_of(indicator: Indicator) -> list[Contested]:
    """Return the contested figures of an indicator, the latest year first, then by place; only
    those whose new figure is shown to all."""
    acts = ValueTransition.objects.filter(
        value__campaign_indicator__indicator=indicator,
        value__release=None,
        value__transitions__verb=ValueVerb.CONTESTED,
        verb=ValueVerb.TAKEN_UP,
    ).select_related(
        "value__commune", "value__campaign_indicator__campaign",
        "value__campaign_indicator__version", "value__campaign_indicator__provider", "release",
    )  # fmt: skip
    last = {act.value_id: act for act in acts.order_by("pk")}
    contestations = ValueTransition.objects.filter(value__in=last, verb=ValueVerb.CONTESTED)
    reasons = dict(contestations.order_by("pk").values_list("value", "reason"))
    contested = [_contested(act, reasons[pk]) for pk, act in last.items() if act.value.is_shown]
    return sorted(contested, key=lambda item: (-item.year, item.place))


def _contested(act: ValueTransition, reason: str) -> Contested:
    """Return the published figure of ``act`` as text, with the reason unless it is protected."""
    entry, commune = act.value.campaign_indicator, act.value.commune
    definition = Definition.of(entry.version)
    published = "secret de l’éditeur"
    if act.number is not None:
        published = definition.show(act.number)
        published = act.release.show(act.number, published) if act.release else published
    return Contested(
        entry.campaign.year,
        str(commune) if commune else "tout le territoire",
        published,
        "" if is_protected(definition, entry.rule) else reason,
    )


ORDER: dict[str, int] = {PlaceKind.EPCI: 0, PlaceKind.DEPARTMENT: 1, PlaceKind.FRANCE: 2}


def _published_around(
    territory: Territory, used: dict[int, Release], measures: dict[str, Measure]
) -> dict[tuple[str, str, int], tuple[int, Decimal | None]]:
    """Return release (key) and number (None: secret) by kind of place, place and year: for the
    intercommunalité, its communes' départements and France."""
    own = {department_of(coverage.commune.insee_code) for coverage in territory.coverages}
    around = Q(place_kind=PlaceKind.DEPARTMENT, place__in=own) | Q(place_kind=PlaceKind.FRANCE)
    whole = Q(place_kind=PlaceKind.EPCI, place=territory.epci or None)
    figures = PublicFigure.objects.filter(release__in=used).filter(around | whole)
    return {
        (row.place_kind, row.place, used[row.release_id].year): (row.release_id, row.number)
        for row in figures
        if row.measure == measures[used[row.release_id].source].code
    }


def _label_place(kind: str, place: str) -> str:
    """Return the name of a département, « France » or « Intercommunalité »."""
    if kind == PlaceKind.DEPARTMENT:
        return departments().get(place, place)
    return "France" if kind == PlaceKind.FRANCE else "Intercommunalité"


def _format_figure(
    figure: tuple[int, Decimal | None] | None, used: dict[int, Release], measure: Measure
) -> str:
    """Return a figure as text; « secret » if it is, a dash if it is not published."""
    if figure is None:
        return "–"
    release, published = figure
    if published is None:
        return "secret"
    return used[release].show(published, number(published, measure.decimals))
