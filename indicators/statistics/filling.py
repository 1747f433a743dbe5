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
    """Write values of an open campaign from the releases in use, where nobody gave a figure or one
    taken before is not confirmed; notify their providers, return them. Locks the campaign."""
    campaign = lock_campaign(campaign)
    taken = from_publishers.take_up(campaign, list(figures_for(campaign)))
    notify_taken_up(campaign, taken)
    return taken


def figures_for(campaign: Campaign) -> Iterator[PublicFigure]:
    """Yield what the releases in use of its year publish for a campaign's indicators of the
    library; nothing for ratios."""
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
    published = PublishedFigures(used, territory)
    for entry in entries:
        source, measure = filled[entry.indicator.library_code]
        if release := used.get(source.key):
            yield from published.figures(entry, source, measure, release)


@dataclass(frozen=True)
class Territory:
    """The places of a convention in a year. ``epci``: the SIREN of its one signing intercommunalité
    if it has the same communes, else empty; ``former``: merged communes' codes by today's code."""

    coverages: tuple[Coverage, ...]
    epci: str
    former: dict[str, list[str]]

    @classmethod
    def of(cls, convention: Convention, year: int) -> "Territory":
        """Read the territory of a convention as its figures of ``year`` cover it."""
        coverages = tuple(Coverage.objects.in_year(convention, year).select_related("commune"))
        former = defaultdict(list)
        for commune in former_communes():
            former[commune.became].append(commune.insee_code)
        rows = Organisation.objects.filter(convention=convention, kind=OrganisationKind.EPCI)
        sirens = {row.siren for row in rows.exclude(party=None) if row.siren}
        is_whole = len(sirens) == 1 and all(coverage.is_epci_member for coverage in coverages)
        return cls(coverages, sirens.pop() if is_whole else "", former)

    @property
    def codes(self) -> list[str]:
        """The codes that a file may use for its communes, with those merged into them."""
        own = [coverage.commune.insee_code for coverage in self.coverages]
        return own + [code for code_of_own in own for code in self.former.get(code_of_own, ())]

    @property
    def codes_of_today(self) -> set[str]:
        """The codes of its communes, or of what they have become since."""
        became = {commune.insee_code: commune.became for commune in former_communes()}
        own = (coverage.commune.insee_code for coverage in self.coverages)
        return {became.get(code, code) for code in own}

    @cached_property
    def own(self) -> frozenset[str]:
        """The codes with that of its intercommunalité, which may be empty."""
        return frozenset([*self.codes, self.epci])

    def concerns(self, place_kind: str, place: str) -> bool:
        """Return whether a release of the convention stores figures of this place."""
        return place in self.own or place_kind in AROUND


class PublishedFigures:
    """The figures of releases about a territory and its communes, read in one query."""

    def __init__(self, releases: dict[str, Release], territory: Territory):
        self.territory = territory
        communes = Q(place_kind=PlaceKind.COMMUNE, place__in=territory.codes)
        whole = Q(place_kind=PlaceKind.EPCI, place=territory.epci or None)
        rows = Row.objects.filter(release__in=releases.values()).filter(communes | whole)
        self.rows = {(row.release_id, row.measure, row.place): row for row in rows}

    def figures(
        self, entry: CampaignIndicator, source: Source, measure: Measure, release: Release
    ) -> Iterator[PublicFigure]:
        """Yield a release's figures for an indicator: of the territory or, by commune, of each
        commune, and of the territory too unless that is computed from them."""
        released = _ReleasedMeasure(source, measure, release)
        if not entry.is_by_commune:
            if figure := self._figure_of_territory(released):
                yield PublicFigure(entry, None, figure, release)
            return
        definition = Definition.of(entry.version)
        if not definition.is_aggregated and (figure := self._figure_of_epci(released)):
            yield PublicFigure(entry, None, figure, release)
        for coverage in self.territory.coverages:
            if figure := self._figure_of_commune(released, coverage.commune.insee_code):
                yield PublicFigure(entry, coverage.commune, figure, release)

    def _figure_of_commune(self, released: "_ReleasedMeasure", code: str) -> Figure | None:
        """Return the sum of its rows; an absence if one is secret; None without rows."""
        rows = self._rows_of_commune(released, code)
        if not rows:
            return None
        if any(row.number is None for row in rows):
            return released.secret_figure()
        carried = len(rows) - (self._row(released, code) is not None)
        note = f" ; avec {plural(carried, FORMER)}" if carried else ""
        return released.figure_of(sum(row.number for row in rows), note)

    def _rows_of_commune(self, released: "_ReleasedMeasure", code: str) -> list[Row]:
        """Return the rows of a commune and of those merged into it, which an older file lists
        apart. Empty if such rows exist and the measure does not add up."""
        own = self._row(released, code)
        former = self.territory.former.get(code, ())
        before = [row for place in former if (row := self._row(released, place)) is not None]
        if before and not released.measure.adds_up:
            return []
        return [own, *before] if own else before

    def _figure_of_territory(self, released: "_ReleasedMeasure") -> Figure | None:
        """Return the figure of the intercommunalité, else the sum of the communes; None if it does
        not add up, or a commune is missing or secret."""
        territory = self.territory
        if figure := self._figure_of_epci(released):
            return figure
        if not released.measure.adds_up or not territory.coverages:
            return None
        rows_by_commune = [
            self._rows_of_commune(released, coverage.commune.insee_code)
            for coverage in territory.coverages
        ]
        rows = [row for commune_rows in rows_by_commune for row in commune_rows]
        if not all(rows_by_commune) or any(row.number is None for row in rows):
            return None
        note = f" ; total de {plural(len(territory.coverages), 'commune,communes')}"
        return released.figure_of(sum(row.number for row in rows), note)

    def _figure_of_epci(self, released: "_ReleasedMeasure") -> Figure | None:
        """Return the figure of the territory's intercommunalité, an absence if secret; None if the
        release or the territory has none."""
        row = self._row(released, self.territory.epci)
        if row is None:
            return None
        return released.secret_figure() if row.number is None else released.figure_of(row.number)

    def _row(self, released: "_ReleasedMeasure", place: str) -> Row | None:
        return self.rows.get((released.release.pk, released.measure.code, place))


FORMER = "ancienne commune,anciennes communes"


@dataclass(frozen=True)
class _ReleasedMeasure:
    """A measure in a release; it makes figures that carry their source."""

    source: Source
    measure: Measure
    release: Release

    def figure_of(self, number: Decimal, note: str = "") -> Figure:
        """Return a figure with the release as its source; ``note`` ends the mention."""
        return Figure(number=number, source=mention(self.release) + note)

    def secret_figure(self) -> Figure:
        """Return the absence of a figure that its publisher keeps secret."""
        reason = f"L’éditeur ({self.source.publisher}) garde ce chiffre sous secret statistique."
        return Figure(absence=Absence.NOT_AVAILABLE, reason=reason, source=mention(self.release))


def mention(release: Release) -> str:
    """Return the source mention of a release, with its edition and whether it is fictional."""
    words = sources()[release.source].full_mention(release.year)
    words += f" ; édition {release.number}" if release.number > 1 else ""
    return f"{words} ; chiffres fictifs" if release.is_fictional else words
