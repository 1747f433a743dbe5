"""The figures of a convention's indicators, year by year, as everybody may read them.

``read_series`` asks the same few queries for one indicator and for five hundred; pages, charts and
the report all read from what it gives.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet

from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from conventions.models import Convention
from conventions.parties.reading import organisations_by_key
from indicators.definitions.definition import Aim, Definition, round_to
from indicators.definitions.models import Indicator
from indicators.disclosure import NOTHING, NUMBER, DisclosedFigure, disclose, is_protected
from indicators.disclosure.reading import disclosed_of_territory
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import ShownValue, Value
from indicators.series.attainment import (
    Attainment,
    Movement,
    TargetState,
    attainment,
    movement,
    target_state,
    variation,
)
from indicators.series.whole import Whole, wholes_of

# Up to how many indicators are named in the queries; beyond, the convention's whole is read.
FEW = 30


@dataclass(frozen=True)
class Cell:
    """One year of one indicator. ``definition`` is the one frozen for that year; ``entry`` is None
    for a year in which the indicator was not collected. ``is_break``: measured otherwise than the
    year collected before, or (``is_of_other_communes``) a sum of those of another territory."""

    year: int
    figure: DisclosedFigure
    definition: Definition
    entry: CampaignIndicator | None = None
    is_break: bool = False
    is_of_other_communes: bool = False

    @property
    def is_collected(self) -> bool:
        return self.entry is not None

    @property
    def is_protected(self) -> bool:
        """Whether a rule of secrecy holds for it."""
        return self.is_collected and is_protected(self.definition, self.entry.rule)

    @property
    def source(self) -> str:
        """The mention beside the figure (art. 5): its own source, else its provider's; empty for a
        year in which none was asked for."""
        if self.entry is None:
            return ""
        return self.figure.source or self.entry.provider.source

    @property
    def state(self) -> str:
        """The words for how far the figure is: pending, partial, missing (« à transmettre » as long
        as the year is open), verified or not. Only for a year in which it was asked for."""
        if self.figure.is_pending:
            return self.figure.words
        if self.figure.is_number and self.figure.partial:
            return self.figure.partial_words
        if self.figure.is_missing:
            return "à transmettre" if self.entry.campaign.is_open else "jamais transmis"
        return "vérifié" if self.figure.is_verified else "transmis, non vérifié"


class YearFigure(NamedTuple):
    year: int
    figure: DisclosedFigure


@dataclass
class Series:
    """An indicator with its years. ``definition`` is that of the last year read, else today's."""

    indicator: Indicator
    definition: Definition
    cells: list[Cell] = field(default_factory=list)

    @cached_property
    def by_year(self) -> dict[int, Cell]:
        return {cell.year: cell for cell in self.cells}

    @property
    def collected(self) -> list[Cell]:
        """The years in which it was asked for."""
        return [cell for cell in self.cells if cell.is_collected]

    @property
    def breaks(self) -> list[int]:
        """The years whose figures are not comparable to those before."""
        return [cell.year for cell in self.cells if cell.is_break]

    def figure(self, year: int) -> DisclosedFigure:
        """Return the figure of a year; ``NOTHING`` for a year not read."""
        cell = self.by_year.get(year)
        return cell.figure if cell else NOTHING

    def is_partial(self, year: int) -> bool:
        """Return whether the year's total is of some communes only: it is compared with nothing."""
        return bool(self.figure(year).partial)

    def definition_of(self, year: int) -> Definition:
        """Return the definition frozen for a year; for a year not read, that of the last year."""
        cell = self.by_year.get(year)
        return cell.definition if cell else self.definition

    def aim(self, year: int) -> Aim | None:
        return self.definition_of(year).aim_for(year)

    def attainment(self, year: int) -> Attainment | None:
        """Return how far the year's figure is on the way from baseline to target, all three rounded
        as they are shown; None if one is missing (a target that is reached needs no baseline), the
        figure is partial, or the indicator describes the context."""
        definition, aim = self.definition_of(year), self.aim(year)
        if definition.is_context:
            return None
        baseline, target = (
            None if number is None else definition.rounded(number)
            for number in (definition.baseline, aim and aim.value)
        )
        number = None if self.is_partial(year) else self.figure(year).number
        reached = attainment(number, baseline, target, definition.direction)
        return reached and replace(reached, since=definition.baseline_year)

    def target_state(self, year: int) -> TargetState | None:
        """Return how near the year's figure is to its target, both rounded as they are shown; None
        without a target, and for an indicator that describes the context."""
        definition, aim = self.definition_of(year), self.aim(year)
        if aim is None or definition.is_context:
            return None
        number = None if self.is_partial(year) else self.figure(year).number
        return target_state(number, definition.rounded(aim.value), definition.direction)

    def target_year(self, year: int) -> int:
        """Return the year by whose end the target that counts for ``year`` is to be reached: the
        convention's last one, if it names none."""
        aim = self.aim(year)
        return (aim and aim.year) or self.indicator.convention.end.year

    def before(self, year: int, *, from_start: bool = False) -> YearFigure | None:
        """Return the last figure before a year, a number or a masked one, else the baseline;
        ``from_start``: the baseline, else the first figure. Each is of an earlier year, and totals
        of some communes only are skipped. None without either, and where the year's own figure is
        such a total."""
        if self.is_partial(year):
            return None
        given = (
            YearFigure(cell.year, cell.figure)
            for cell in (self.cells if from_start else reversed(self.cells))
            if cell.year < year
            and not cell.figure.partial
            and (cell.figure.is_number or cell.figure.is_masked)
        )
        if from_start:
            return self._baseline_before(year) or next(given, None)
        return next(given, None) or self._baseline_before(year)

    def _baseline_before(self, year: int) -> YearFigure | None:
        """Return the baseline of the year's definition as a figure; None without one whose year is
        known and earlier."""
        definition = self.definition_of(year)
        baseline, baseline_year = definition.baseline, definition.baseline_year
        if baseline is None or not baseline_year or baseline_year >= year:
            return None
        number, text = definition.rounded(baseline), definition.show(baseline)
        return YearFigure(baseline_year, DisclosedFigure(NUMBER, number, text))

    def movement(self, year: int, *, from_start: bool = False) -> Movement:
        """Return which way the year's figure went from the one before it (``before``), or why that
        cannot be said: secret or pending, missing, partial, context, first, broken."""
        figure, before = self.figure(year), self.before(year, from_start=from_start)
        if figure.is_masked or (before and before.figure.is_masked and figure.is_number):
            masked = figure if figure.is_masked else before.figure
            return Movement.PENDING if masked.is_pending else Movement.SECRET
        if not figure.is_number or figure.partial:
            return Movement.PARTIAL if figure.is_number else Movement.MISSING
        definition = self.definition_of(year)
        if definition.is_context:
            return Movement.CONTEXT
        if before is None:
            return Movement.FIRST
        if any(before.year < broken <= year for broken in self.breaks):
            return Movement.BROKEN
        # A year shown with fewer decimals is compared as far as it is shown.
        decimals = min(definition.decimals, self.definition_of(before.year).decimals)
        numbers = (round_to(compared.number, decimals) for compared in (figure, before.figure))
        return movement(*numbers, definition.direction)

    def comparable_before(self, year: int, *, from_start: bool = False) -> Decimal | None:
        """Return the number of the figure that a year is compared with (``before``); None without
        one, if it is masked, and across a break."""
        before = self.before(year, from_start=from_start)
        if before is None or any(before.year < broken <= year for broken in self.breaks):
            return None
        return before.figure.number

    def variation(self, year: int) -> Decimal | None:
        """Return the change in percent from the figure before; None where it is undefined, or
        across a break."""
        return variation(self.figure(year).number, self.comparable_before(year))

    @property
    def last(self) -> Cell | None:
        """The latest year with a figure, masked ones and stated absences included; None if all are
        missing."""
        given = [cell for cell in self.cells if not cell.figure.is_missing]
        return given[-1] if given else None

    def sources(self, years: Iterable[int] | None = None) -> list[str]:
        """Return the source mentions of the years with a figure (of these only, unless None), each
        once, in order; of those collected where none has one."""
        wanted = None if years is None else set(years)
        cells = [c for c in self.collected if wanted is None or c.year in wanted]
        given = [cell for cell in cells if not cell.figure.is_missing]
        return list(dict.fromkeys(cell.source for cell in given or cells))


@dataclass(frozen=True)
class FigureRows:
    """Collections by primary key, what they ask for, and what was given of the territory by primary
    key of that."""

    campaigns: dict[int, Campaign]
    entries: list[CampaignIndicator]
    values: dict[int, ShownValue]


def read_series(
    convention: Convention,
    indicators: Iterable[Indicator],
    *,
    campaigns: QuerySet[Campaign] | None = None,
) -> list[Series]:
    """Return the series of these indicators (with their ``targets`` prefetched), in their order.

    ``campaigns``: of these years alone, if they were ever opened; drafts of values are not read.
    Five queries, whatever their number; where there are figures by commune, and where these are
    protected, a few more.
    """
    indicators = list(indicators)
    if not indicators:
        return []
    campaigns = Campaign.objects.of(convention) if campaigns is None else campaigns
    return series_of(convention, indicators, read_rows([row.pk for row in indicators], campaigns))


def read_rows(indicators: list[int], campaigns: QuerySet[Campaign]) -> FigureRows:
    """Return what was asked for of these indicators, by primary key, in ``campaigns`` that were
    opened, and given of the territory. Four queries."""
    opened = {campaign.pk: campaign for campaign in campaigns.filter(opened_at__isnull=False)}
    narrowed: dict[str, Collection[int]] = {"campaign__in": opened}
    if len(indicators) <= FEW:
        narrowed["indicator__in"] = indicators
    # Each version is one object, however many rows point to it: thousands add up.
    versions = Prefetch("version", Version.objects.only("kind", "schema", "text"))
    asked = CampaignIndicator.objects.filter(**narrowed).order_by().without_raw_figures()
    given = Value.objects.whole().filter(
        **{f"campaign_indicator__{name}": pks for name, pks in narrowed.items()}
    )
    values = {value.campaign_indicator_id: value for value in ShownValue.read(given)}
    return FigureRows(opened, list(asked.prefetch_related(versions)), values)


def series_of(
    convention: Convention, indicators: list[Indicator], rows: FigureRows
) -> list[Series]:
    """Return the series of these indicators, in their order, from ``rows``."""
    organisations = organisations_by_key(convention)
    for campaign in rows.campaigns.values():
        campaign.convention = convention
    entries: dict[int, list[CampaignIndicator]] = {i.pk: [] for i in indicators}
    for entry in rows.entries:
        if entry.indicator_id in entries:
            entry.campaign = rows.campaigns[entry.campaign_id]
            entry.provider = organisations[entry.provider_id]
            entry.enterer = organisations[entry.enterer_id]
            entries[entry.indicator_id].append(entry)
    for own in entries.values():
        own.sort(key=lambda entry: entry.campaign.year)

    asked_here = [entry for own in entries.values() for entry in own]
    # What does not reveal the figures of communes is disclosed of the territory.
    protected = [
        entry
        for entry in asked_here
        if entry.is_by_commune and is_protected(Definition.of(entry.version), entry.rule)
    ]
    years = sorted({entry.campaign.year for entry in asked_here})
    wholes = wholes_of(convention, asked_here, rows.values)
    tables = disclosed_of_territory(protected, {pk: whole.value for pk, whole in wholes.items()})
    return [
        _series(indicator, entries[indicator.pk], rows.values, wholes, tables, years)
        for indicator in indicators
    ]


def _series(
    indicator: Indicator,
    entries: list[CampaignIndicator],
    values: dict[int, ShownValue],
    wholes: dict[int, Whole],
    tables: dict[int, DisclosedFigure],
    years: list[int],
) -> Series:
    """Return the series of an indicator in all of ``years``, whether it was asked for then or not.

    ``values`` and ``wholes`` are of the territory, ``tables`` the disclosed figures of the
    territory where those by commune are protected: all by the primary key of the entry.
    """
    definitions: dict[int, Definition] = {}
    for entry in entries:
        if entry.version_id not in definitions:
            definitions[entry.version_id] = Definition.of(entry.version)
    last = definitions[entries[-1].version_id] if entries else definition_today(indicator)

    by_year = {entry.campaign.year: entry for entry in entries}
    series, before, communes = Series(indicator, last), None, frozenset()
    for year in years:
        entry = by_year.get(year)
        if entry is None:
            series.cells.append(Cell(year, NOTHING, before or last))
            continue
        definition = definitions[entry.version_id]
        whole = wholes.get(entry.pk) or Whole(values.get(entry.pk))
        has_moved = bool(communes and whole.communes and communes != whole.communes)
        is_break = before is not None and before.measuring != definition.measuring
        figure = tables.get(entry.pk) or disclose(whole.value, definition, entry.rule)
        if whole.partial and not figure.partial:
            figure = replace(figure, partial=whole.partial)
        series.cells.append(Cell(year, figure, definition, entry, is_break or has_moved, has_moved))
        before, communes = definition, whole.communes or communes
    return series


def definition_today(indicator: Indicator) -> Definition:
    """Return the definition that the row of the indicator holds today, in force or not yet."""
    return Definition(commitment_of(indicator).content(indicator))
