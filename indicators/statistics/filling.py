"""Fill a year's campaign with public statistics, for the communes and the territory of that year.

An indicator is filled by the entry of the library that it was taken from. A ratio is not: what is
published has no terms, and its figure stands beside (``surroundings.py``).
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
from indicators.statistics.notices import notify_taken_up
from indicators.statistics.source import Measure, Source, filling, sources
from indicators.values import from_publishers
from indicators.values.figure import Figure
from indicators.values.from_publishers import PublicFigure

AROUND = frozenset([PlaceKind.DEPARTMENT, PlaceKind.FRANCE])


def after_opening(campaign: Campaign) -> None:
    """Fill a campaign that was just opened with what is published of its year."""
    fill(campaign)


@event(Subject.FIGURES)
def fill(campaign: Campaign) -> list[Value]:
    """Create values of an open campaign from what is published of its year, where nobody has given
    a figure, and return them; providers are notified once of all."""
    campaign = lock_campaign(campaign)
    taken = from_publishers.take_up(campaign, list(figures_for(campaign)))
    notify_taken_up(campaign, taken)
    return taken


def figures_for(campaign: Campaign) -> Iterator[PublicFigure]:
    """Yield the figures that the releases in use give for the indicators of a campaign."""
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
    """The places of a convention in a year. ``epci``: the SIREN of the intercommunalité, if its
    communes are those of the convention; else empty. ``former``: by code of a commune of today, the
    codes of those that are part of it."""

    coverages: tuple[Coverage, ...]
    epci: str
    former: dict[str, list[str]]

    @classmethod
    def of(cls, convention: Convention, year: int) -> "Territory":
        coverages = tuple(Coverage.objects.in_year(convention, year).select_related("commune"))
        former = defaultdict(list)
        for commune in former_communes():
            former[commune.became].append(commune.insee_code)
        return cls(coverages, _epci_of(convention, coverages), former)

    @property
    def codes(self) -> list[str]:
        """The codes by which a file may identify one of its communes."""
        own = [coverage.commune.insee_code for coverage in self.coverages]
        return own + [code for code_of_own in own for code in self.former.get(code_of_own, ())]

    @property
    def codes_of_today(self) -> set[str]:
        """The codes of its communes, or of what these have become."""
        became = {commune.insee_code: commune.became for commune in former_communes()}
        own = (coverage.commune.insee_code for coverage in self.coverages)
        return {became.get(code, code) for code in own}

    @cached_property
    def own(self) -> frozenset[str]:
        return frozenset([*self.codes, self.epci])

    def concerns(self, place_kind: str, place: str) -> bool:
        """Return whether a figure of this place concerns the convention: one of its communes, its
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
        """Yield what a release gives for an indicator: by commune, or for the whole territory."""
        released = _ReleasedMeasure(source, measure, release)
        if not entry.is_by_commune:
            if figure := self._whole(released):
                yield PublicFigure(entry, None, figure, release)
            return
        definition = Definition.of(entry.version)
        if not definition.is_aggregated and (figure := self._own(released)):
            yield PublicFigure(entry, None, figure, release)
        for coverage in self.territory.coverages:
            if figure := self._commune_figure(released, coverage.commune.insee_code):
                yield PublicFigure(entry, coverage.commune, figure, release)

    def _commune_figure(self, released: "_ReleasedMeasure", code: str) -> Figure | None:
        rows = self._rows_of(released, code)
        if not rows:
            return None
        if any(row.number is None for row in rows):
            return released.secret()
        carried = len(rows) - (self._row(released, code) is not None)
        note = f" ; avec {plural(carried, FORMER)}" if carried else ""
        return released.number(sum(row.number for row in rows), note)

    def _rows_of(self, released: "_ReleasedMeasure", code: str) -> list[Row]:
        """Return the rows of a commune and of those that are part of it by now: a file written
        before a merger lists them apart. Nothing if they exist and the measure does not add up."""
        own = self._row(released, code)
        before = [
            self._row(released, former_code) for former_code in self.territory.former.get(code, ())
        ]
        before = [row for row in before if row is not None]
        if before and not released.measure.adds_up:
            return []
        return [own, *before] if own else before

    def _whole(self, released: "_ReleasedMeasure") -> Figure | None:
        """Return the figure of the intercommunalité itself, else the sum of the communes if none is
        missing; or None."""
        territory = self.territory
        if figure := self._own(released):
            return figure
        if not released.measure.adds_up or not territory.coverages:
            return None
        rows_by_commune = [
            self._rows_of(released, coverage.commune.insee_code) for coverage in territory.coverages
        ]
        rows = [row for some in rows_by_commune for row in some]
        if not all(rows_by_commune) or any(row.number is None for row in rows):
            return None
        note = f" ; total de {plural(len(territory.coverages), 'commune,communes')}"
        return released.number(sum(row.number for row in rows), note)

    def _own(self, released: "_ReleasedMeasure") -> Figure | None:
        """Return the figure of the intercommunalité, if its communes are those of the convention;
        or None."""
        row = self._row(released, self.territory.epci)
        if row is None:
            return None
        return released.secret() if row.number is None else released.number(row.number)

    def _row(self, released: "_ReleasedMeasure", place: str) -> Row | None:
        return self.rows.get((released.release.pk, released.measure.code, place))


FORMER = "ancienne commune,anciennes communes"


@dataclass(frozen=True)
class _ReleasedMeasure:
    """A measure of a release, which makes figures with their source."""

    source: Source
    measure: Measure
    release: Release

    def number(self, number: Decimal, note: str = "") -> Figure:
        return Figure(number=number, source=mention(self.release) + note)

    def secret(self) -> Figure:
        reason = f"L’éditeur ({self.source.publisher}) garde ce chiffre sous secret statistique."
        return Figure(absence=Absence.NOT_AVAILABLE, reason=reason, source=mention(self.release))


def mention(release: Release) -> str:
    """Return the source of a figure of this release, as it is shown."""
    words = sources()[release.source].full_mention(release.year)
    words += f" ; édition {release.number}" if release.number > 1 else ""
    return f"{words} ; chiffres fictifs" if release.is_fictional else words
