"""What is published around a territory: of the intercommunalité, the département, France.

Territories that are alike are in ``indicators.comparison``.
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
from indicators.statistics.source import Measure, beside, sources
from indicators.statistics.telling import Telling, counting_of, is_part_of, years_filled


@dataclass(frozen=True)
class Landmark:
    """A place that has figures of its own: « Vienne », « France », one text a year."""

    name: str
    texts: list[str]


@dataclass(frozen=True)
class Beside:
    """``years``: those of which something is published; ``mentions``: of what, each once."""

    title: str
    years: list[int]
    landmarks: list[Landmark]
    mentions: list[str]
    limits: list[str]


def beside_of(convention: Convention, indicator: Indicator) -> Beside | None:
    """What the releases in use say of an indicator of the library; in a few queries. None where
    nothing is said."""
    told = beside(indicator.library_code) if indicator.library_code else []
    if not told:
        return None
    measures = {source.key: measure for source, measure in told}
    used = {
        release.pk: release
        for release in Release.objects.counting_for(convention).from_sources(measures)
    }
    if not used:
        return None
    territory = Territory.of(convention, max(release.year for release in used.values()))
    rows = _rows(territory, used, measures)
    around = {at: row for at, row in rows.items() if not is_part_of(territory, *at[:2])}
    if around != rows:
        filled = years_filled(territory, used, measures)
        telling = Telling.of(counting_of(convention), measures.values(), filled)
        rows = {
            (kind, place, year): row
            for (kind, place, year), row in rows.items()
            if (kind, place, year) in around or not telling.tells(kind, year)
        }
    if not rows:
        return None
    years = sorted({year for _, _, year in rows}, reverse=True)
    places = sorted({(kind, place) for kind, place, _ in rows}, key=lambda one: ORDER[one[0]])
    held = [used[pk] for pk in dict.fromkeys(pk for pk, *_ in rows.values())]
    landmarks = [
        Landmark(
            _name_of(*one),
            [_shown(rows.get((*one, year)), told[0][1]) for year in years],
        )
        for one in places
    ]
    return Beside(
        title=told[0][1].title,
        years=years,
        landmarks=landmarks,
        mentions=[mention(release) for release in held],
        limits=list(dict.fromkeys(sources()[release.source].limits for release in held)),
    )


@dataclass(frozen=True)
class Contested:
    """A published figure in whose place its provider has given another. ``reason``: why, where no
    rule of secrecy keeps it."""

    year: int
    place: str
    published: str
    reason: str


def contested_of(indicator: Indicator) -> list[Contested]:
    """What was contested of an indicator's published figures, the latest year first."""
    acts = ValueTransition.objects.filter(
        value__campaign_indicator__indicator=indicator,
        value__release=None,
        value__transitions__verb=ValueVerb.CONTESTED,
        verb=ValueVerb.TAKEN_UP,
    ).select_related(
        "value__commune", "value__campaign_indicator__campaign",
        "value__campaign_indicator__version", "value__campaign_indicator__provider",
    )  # fmt: skip
    last = {act.value_id: act for act in acts.order_by("pk")}
    said = ValueTransition.objects.filter(value__in=last, verb=ValueVerb.CONTESTED)
    reasons = dict(said.order_by("pk").values_list("value", "reason"))
    found = [_contested(act, reasons[pk]) for pk, act in last.items() if act.value.is_shown]
    return sorted(found, key=lambda one: (-one.year, one.place))


def _contested(act: ValueTransition, reason: str) -> Contested:
    entry, commune = act.value.campaign_indicator, act.value.commune
    definition = Definition.of(entry.version)
    return Contested(
        entry.campaign.year,
        str(commune) if commune else "tout le territoire",
        "secret de l’éditeur" if act.number is None else definition.show(act.number),
        "" if is_protected(definition, entry.rule) else reason,
    )


ORDER = {PlaceKind.EPCI: 0, PlaceKind.DEPARTMENT: 1, PlaceKind.FRANCE: 2}


def _rows(territory: Territory, used: dict[int, Release], measures: dict[str, Measure]) -> dict:
    """(release, number) by kind of place, place and year: what is around the territory."""
    own = {department_of(one.commune.insee_code) for one in territory.coverages}
    around = Q(place_kind=PlaceKind.DEPARTMENT, place__in=own) | Q(place_kind=PlaceKind.FRANCE)
    whole = Q(place_kind=PlaceKind.EPCI, place=territory.epci or None)
    found = PublicFigure.objects.filter(release__in=used).filter(around | whole)
    return {
        (row.place_kind, row.place, used[row.release_id].year): (row.release_id, row.number)
        for row in found
        if row.measure == measures[used[row.release_id].source].code
    }


def _name_of(kind: str, place: str) -> str:
    if kind == PlaceKind.DEPARTMENT:
        return departments().get(place, place)
    return "France" if kind == PlaceKind.FRANCE else "Intercommunalité"


def _shown(held: tuple[int, Decimal | None] | None, measure: Measure) -> str:
    """A figure in French; what is secret says so, what is not published has a dash."""
    if held is None:
        return "–"
    return "secret" if held[1] is None else number(held[1], measure.decimals)
