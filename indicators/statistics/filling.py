"""What public statistics give for a year's collection, for the communes and the territory of that
year.

An indicator is filled by the entry of the library that it was taken from. A ratio is not: what is
published has no terms, and its figure stands beside (``beside.py``).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from conventions.models import Convention, Coverage, Organisation, OrganisationKind
from conventions.territory.naming import former_communes
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import plural
from indicators.collection.events import lock_campaign
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.releases import PlaceKind, Release
from indicators.figures.releases import PublicFigure as Row
from indicators.figures.values import Absence, Value
from indicators.statistics.notices import tell_taken_up
from indicators.statistics.source import Measure, Source, filling, sources
from indicators.values import from_publishers
from indicators.values.figure import Figure
from indicators.values.from_publishers import PublicFigure

AROUND = frozenset([PlaceKind.DEPARTMENT, PlaceKind.FRANCE])


def after_opening(campaign: Campaign) -> None:
    """A collection begins with what is published of its year."""
    fill(campaign)


@event(Subject.FIGURES)
def fill(campaign: Campaign) -> list[Value]:
    """Give an open collection what is published of its year, where nobody has given a figure; who
    provides it is told once of all. Returns what was written."""
    campaign = lock_campaign(campaign)
    taken = from_publishers.take_up(campaign, list(figures_for(campaign)))
    tell_taken_up(campaign, taken)
    return taken


def figures_for(campaign: Campaign) -> Iterator[PublicFigure]:
    """What the releases in use give for the indicators of a collection."""
    filled = filling()
    asked = campaign.campaign_indicators.with_relations()
    entries = [
        entry
        for entry in asked.filter(indicator__library_code__in=filled).in_reading_order()
        if not Definition.of(entry.version).is_ratio
    ]
    wanted = {filled[entry.indicator.library_code][0].key for entry in entries}
    if not wanted:
        return
    releases = Release.objects.counting_for(campaign.convention).for_year(campaign.year)
    used = {release.source: release for release in releases.from_sources(wanted)}
    if not used:
        return
    territory = Territory.of(campaign.convention, campaign.year)
    published = Published(used, territory)
    for entry in entries:
        source, measure = filled[entry.indicator.library_code]
        if release := used.get(source.key):
            yield from published.figures(entry, source, measure, release)


@dataclass(frozen=True)
class Territory:
    """The places of a convention in a year. ``epci``: the SIREN of the intercommunalité, where its
    communes are those of the convention; empty otherwise. ``former``: the codes that are part of a
    commune of today, by its own."""

    coverages: tuple[Coverage, ...]
    epci: str
    former: dict[str, list[str]]

    @classmethod
    def of(cls, convention: Convention, year: int) -> "Territory":
        coverages = tuple(Coverage.objects.of_year(convention, year).select_related("commune"))
        former = defaultdict(list)
        for one in former_communes():
            former[one.became].append(one.insee_code)
        return cls(coverages, _epci_of(convention, coverages), former)

    @property
    def codes(self) -> list[str]:
        """Every code by which a file may tell one of its communes."""
        own = [coverage.commune.insee_code for coverage in self.coverages]
        return own + [code for one in own for code in self.former.get(one, ())]

    @property
    def codes_of_today(self) -> set[str]:
        """Those of its communes, or of what these have become."""
        became = {one.insee_code: one.became for one in former_communes()}
        own = (coverage.commune.insee_code for coverage in self.coverages)
        return {became.get(code, code) for code in own}

    @cached_property
    def own(self) -> frozenset[str]:
        return frozenset([*self.codes, self.epci])

    def is_told_of(self, place_kind: str, place: str) -> bool:
        """Whether a figure of this place concerns the convention: one of its communes, its
        intercommunalité, or what surrounds it: all départements and France, which are few."""
        return place in self.own or place_kind in AROUND


def _epci_of(convention: Convention, coverages) -> str:
    rows = Organisation.objects.filter(convention=convention, kind=OrganisationKind.EPCI)
    sirens = {row.siren for row in rows.exclude(party=None) if row.siren}
    if len(sirens) != 1 or not all(coverage.is_epci_member for coverage in coverages):
        return ""
    return sirens.pop()


class Published:
    """The figures of releases that are about a territory, read at once."""

    def __init__(self, releases: dict[str, Release], territory: Territory):
        self.territory = territory
        communes = Q(place_kind=PlaceKind.COMMUNE, place__in=territory.codes)
        whole = Q(place_kind=PlaceKind.EPCI, place=territory.epci or None)
        rows = Row.objects.filter(release__in=releases.values()).filter(communes | whole)
        self.rows = {(row.release_id, row.measure, row.place): row for row in rows}

    def figures(
        self, entry: CampaignIndicator, source: Source, measure: Measure, release: Release
    ) -> Iterator[PublicFigure]:
        """What a release gives for an indicator: of each commune, or of the whole territory."""
        told = _Telling(source, measure, release)
        if not entry.is_by_commune:
            if figure := self._whole(told):
                yield PublicFigure(entry, None, figure, release)
            return
        definition = Definition.of(entry.version)
        if not definition.is_aggregated and (figure := self._own(told)):
            yield PublicFigure(entry, None, figure, release)
        for coverage in self.territory.coverages:
            if figure := self._of_commune(told, coverage.commune.insee_code):
                yield PublicFigure(entry, coverage.commune, figure, release)

    def _of_commune(self, told: "_Telling", code: str) -> Figure | None:
        rows = self._rows_of(told, code)
        if not rows:
            return None
        if any(row.number is None for row in rows):
            return told.secret()
        carried = len(rows) - (self._row(told, code) is not None)
        note = f" ; avec {plural(carried, FORMER)}" if carried else ""
        return told.number(sum(row.number for row in rows), note)

    def _rows_of(self, told: "_Telling", code: str) -> list[Row]:
        """Its own, and those of the communes that are part of it by now: a file that was written
        before a merger tells them apart. What does not add up is then that of no commune."""
        own = self._row(told, code)
        before = [self._row(told, one) for one in self.territory.former.get(code, ())]
        before = [row for row in before if row is not None]
        if before and not told.measure.adds_up:
            return []
        return [own, *before] if own else before

    def _whole(self, told: "_Telling") -> Figure | None:
        """The intercommunalité's own figure where there is one; else the sum, if none lacks."""
        territory = self.territory
        if figure := self._own(told):
            return figure
        if not told.measure.adds_up or not territory.coverages:
            return None
        found = [self._rows_of(told, one.commune.insee_code) for one in territory.coverages]
        rows = [row for some in found for row in some]
        if not all(found) or any(row.number is None for row in rows):
            return None
        note = f" ; total de {plural(len(territory.coverages), 'commune,communes')}"
        return told.number(sum(row.number for row in rows), note)

    def _own(self, told: "_Telling") -> Figure | None:
        """The intercommunalité's, where the convention is of its communes."""
        row = self._row(told, self.territory.epci)
        if row is None:
            return None
        return told.secret() if row.number is None else told.number(row.number)

    def _row(self, told: "_Telling", place: str) -> Row | None:
        return self.rows.get((told.release.pk, told.measure.code, place))


FORMER = "ancienne commune,anciennes communes"


@dataclass(frozen=True)
class _Telling:
    """A measure of a release, as a figure of it is told."""

    source: Source
    measure: Measure
    release: Release

    def number(self, number: Decimal, note: str = "") -> Figure:
        return Figure(number=number, source=mention(self.release) + note)

    def secret(self) -> Figure:
        reason = f"L’éditeur ({self.source.publisher}) garde ce chiffre sous secret statistique."
        return Figure(absence=Absence.NOT_AVAILABLE, reason=reason, source=mention(self.release))


def mention(release: Release) -> str:
    """What stands as the source of a figure of this release."""
    told = sources()[release.source].told(release.year)
    told += f" ; édition {release.number}" if release.number > 1 else ""
    return f"{told} ; chiffres fictifs" if release.is_fictional else told
