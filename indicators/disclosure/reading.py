"""Read figures by commune, by sector and of the territory as somebody may read them: all pages,
charts, maps and files call ``disclosed_by_commune``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils import timezone

from conventions.models import Commune, Coverage, Organisation, Sector
from ctg_portal.templatetags.french import long_date, plural
from indicators.definitions.definition import Definition
from indicators.disclosure.declared import read_declared
from indicators.disclosure.figure import (
    NOTHING,
    DisclosedFigure,
    as_pending,
    below_rounding,
    disclose,
    disclosure_of,
    figure_at,
    figure_from_terms,
    format_coverage,
    without_texts,
)
from indicators.disclosure.masking import Reason
from indicators.disclosure.places import (
    TERRITORY,
    Terms,
    commune_place,
    decode_terms,
    sector_place,
)
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.disclosure.stored import is_preview_current, outdated_in
from indicators.disclosure.words import describe_frozen_totals, list_missing
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.disclosures import Disclosure
from indicators.figures.values import Absence, ShownValue, Value

NO_RULE = Organisation(opts_out_of_secrecy=True)
WHEN_VERIFIED = "quand le tableau sera entier et vérifié par son fournisseur, ou le recueil clos"
WITH_RELATIVES = "avec ceux auxquels ils sont liés, ou une fois le recueil clos"


@dataclass(frozen=True)
class HiddenCorrection:
    """A correction that others do not read, as its provider's people do. ``counted``: what totals
    count there instead, where others do not read it; empty without totals."""

    name: str
    figure: str
    others: str
    counted: str

    @property
    def sentence(self) -> str:
        """The words « Targé (3, les autres lisent « secret », les totaux comptent 7) »."""
        read = f"les autres lisent « {self.others} »"
        return f"{self.name} ({', '.join(filter(None, [self.figure, read, self.counted]))})"


@dataclass
class FiguresByCommune:
    """An indicator's year, as somebody reads it: ``communes`` and ``sectors`` by primary key, the
    territory. Each is made when it is asked for: who reads but the territory waits for no commune.

    ``disclosure``: as what everybody reads it, where a rule holds for it. ``is_raw``: as its
    provider's own people read it; then ``reasons`` says what others are not shown, and why.
    """

    sheet: Sheet
    disclosure: Disclosure | None
    is_raw: bool

    @property
    def entry(self) -> CampaignIndicator:
        return self.sheet.entry

    @property
    def coverages(self) -> list[Coverage]:
        return self.sheet.coverages

    @cached_property
    def communes_given(self) -> int:
        """The number of communes that have a figure or nothing to be counted: sums are over
        these."""
        return sum(map(self.sheet.is_covered, self.sheet.placed))

    @property
    def is_partial(self) -> bool:
        """Whether sums are over some communes only."""
        return self.communes_given < len(self.coverages)

    @property
    def is_pending(self) -> bool:
        """Whether nothing of it is disclosed yet."""
        return self.disclosure is None and self.sheet.is_protected

    @property
    def pending_note(self) -> str:
        """The sentences that say why nothing is shown yet; empty unless it is pending."""
        if not self.is_pending:
            return ""
        return f"En attente : {self.progress}. Ces chiffres se liront {self._condition}."

    @property
    def _condition(self) -> str:
        """When pending figures will be read, in words: with their relatives if they are complete
        and verified themselves, else once they are."""
        is_ready = self.coverages and self.sheet.is_whole and self.sheet.is_verified
        return WITH_RELATIVES if is_ready else WHEN_VERIFIED

    @cached_property
    def progress(self) -> str:
        """The words « 46 communes sur 47, 40 vérifiées ; manque Targé », for everybody. If communes
        were not read, the number of communes only."""
        if not self.coverages:
            return format_coverage(self.entry.communes_given, self.entry.communes_asked)
        values = [(commune, self.sheet.value(commune)) for commune in self.sheet.communes]
        given = [value for _, value in values if value is not None]
        verified = sum(value.is_verified or value.is_public for value in given)
        verified_words = plural(verified, "vérifiée,vérifiées") if verified else "aucune vérifiée"
        missing = list_missing([commune.name for commune, value in values if value is None])
        progress = f"{format_coverage(len(given), len(self.coverages))}, {verified_words}"
        return f"{progress} ; {missing}" if missing else progress

    @cached_property
    def communes(self) -> dict[int, DisclosedFigure]:
        return {commune.pk: self._commune_figure(commune) for commune in self.sheet.communes}

    @property
    def is_given(self) -> bool:
        """Whether the figure of a commune, or why there is none, has come."""
        return any(not self._commune_figure(commune).is_missing for commune in self.sheet.communes)

    def _commune_figure(self, commune: Commune) -> DisclosedFigure:
        """Return the figure of a commune as it may be read; a public one as it is published."""
        value = self.sheet.value(commune)
        figure = self._without_rule(value)
        is_public = value is not None and value.is_public
        return figure if is_public else self._disclosed_figure(commune_place(commune.pk), figure)

    @cached_property
    def sectors(self) -> dict[int, DisclosedFigure]:
        """The totals of sectors as they may be read, by the sector's primary key."""
        figures = {}
        for sector in self.sheet.named_sectors:
            place = sector_place(sector.pk)
            inside = [c.commune for c in self.coverages if c.sector_id == sector.pk]
            figure = _sum(self.sheet, self.sheet.sums.get(place), inside)
            figures[sector.pk] = self._disclosed_figure(place, figure)
        return figures

    @cached_property
    def territory(self) -> DisclosedFigure:
        """The figure of the territory as it may be read: the one given, else the total."""
        whole = self.sheet.values.get(None)
        if whole is not None:
            return self.territory_of(whole)
        figure = _sum(self.sheet, self.sheet.sums.get(TERRITORY), self.sheet.communes)
        return self._disclosed_figure(TERRITORY, figure)

    def territory_of(self, value: Value | ShownValue) -> DisclosedFigure:
        """Return what may be read of a figure of the territory, given or computed; all of a public
        one."""
        figure = self._without_rule(value)
        return figure if value.is_public else self._disclosed_figure(TERRITORY, figure)

    @cached_property
    def reasons(self) -> dict[Commune | Sector | None, Reason]:
        """The reasons of masked places, by commune, sector or None for the territory; empty for who
        reads them masked."""
        if not (self.is_raw and self.disclosure):
            return {}
        named = {commune_place(commune.pk): commune for commune in self.sheet.communes}
        named |= {sector_place(sector.pk): sector for sector in self.sheet.named_sectors}
        named[TERRITORY] = None
        reasons = self.disclosure.reasons.items()
        return {named[place]: Reason(why) for place, why in reasons if place in named}

    @cached_property
    def secrecy(self) -> dict[Commune | Sector | None, str]:
        """The reasons as words, which name the linked tables."""
        return {at: self._describe_reason(_place_of(at), why) for at, why in self.reasons.items()}

    def _describe_reason(self, place: str, why: Reason) -> str:
        """Return why a place is masked, as its provider reads it: with the titles of the linked
        tables if one of another provider may be the cause, or its own count is not the small one.
        """
        threshold = self.disclosure.threshold if self.disclosure else None
        if why == Reason.PRIMARY and self._is_small(place):
            return why.label(threshold)
        masked = [
            entry
            for entry in self._relatives
            if entry.disclosed and place in entry.disclosed.reasons
        ]
        are_all_own = all(entry.provider_id == self.entry.provider_id for entry in masked)
        if why == Reason.SECONDARY and are_all_own:
            return why.label(threshold)
        if why == Reason.RELATED:
            masked = masked or self._relatives
        titles = [Definition.of(entry.version).title for entry in masked]
        return (Reason.RELATED if titles else why).label(threshold, titles)

    def _is_small(self, place: str) -> bool:
        """Return whether a count given there, or a ratio's denominator less its numerator, is under
        the threshold but not zero; True if it is not known."""
        row = self.disclosure
        terms_stored = row and (
            row.counted.get(place) or row.given.get(place) or row.totals.get(place)
        )
        if not (row and terms_stored and row.threshold):
            return True
        terms = decode_terms(terms_stored)
        left = [terms[1] - terms[0]] if len(terms) > 1 else []
        return any(0 < term < row.threshold for term in [*terms, *left])

    @cached_property
    def _relatives(self) -> list[CampaignIndicator]:
        """The other indicators of the year that are linked with this one."""
        groups = [relatives.entries for relatives in read_declared(self.entry.campaign).relatives()]
        [own] = [group for group in groups if self.entry in group]
        return [entry for entry in own if entry != self.entry]

    @cached_property
    def hidden_corrections(self) -> list[HiddenCorrection]:
        """The corrections of communes that others do not read; empty for who does not read the
        figures as given."""
        row = self.disclosure
        if not (self.is_raw and row):
            return []
        others = FiguresByCommune(self.sheet, row, is_raw=False)
        outdated = outdated_in(row, self.sheet.given) - self.sheet.public
        corrections = []
        for commune in self.sheet.communes:
            place = commune_place(commune.pk)
            if place in outdated:
                figure, read = self.communes[commune.pk], others.communes[commune.pk]
                counted = "" if read.is_number else self._describe_counted(row, place)
                corrections.append(
                    HiddenCorrection(commune.name, figure.words, read.words, counted)
                )
        return corrections

    def _describe_counted(self, row: Disclosure, place: str) -> str:
        """Return, in words, what totals count for a commune whose number others do not read; empty
        if there are no totals."""
        if not self.sheet.definition.is_aggregated:
            return ""
        stored = row.counted.get(place)
        if not stored:
            return "les totaux ne la comptent pas"
        figure = figure_from_terms(decode_terms(stored), self.sheet.definition)
        return f"les totaux comptent {figure.text}"

    @property
    def early_disclosure_note(self) -> str:
        """The sentence on who disclosed it before it was complete, when and why; empty if no reason
        was stated."""
        row = self.disclosure
        if row is None or not row.reason:
            return ""
        who = f"{row.disclosed_by_name} (coordination)" if row.disclosed_by_name else "coordination"
        day = long_date(row.disclosed_at)
        return f"Diffusé sans attendre le {day} par {who} : {row.reason}"

    @property
    def total_caveat(self) -> str:
        """The caveat under totals over masked figures, corrected or not; empty without such
        totals."""
        row = self.disclosure
        if row is None or not row.disclosed_at or not self.sheet.definition.is_aggregated:
            return ""
        given = {TERRITORY} if self.sheet.total is not None else set()
        totals = row.totals.keys() - row.reasons.keys() - given
        masks = row.reasons.keys() & {*row.perimeter_places}
        if not (masks and totals):
            return ""
        return describe_frozen_totals(timezone.localdate(row.disclosed_at))

    def _without_rule(self, value: Value | ShownValue | None) -> DisclosedFigure:
        """Return the figure with its number as given; the texts beside it are reserved already
        where they must be."""
        figure = disclose(value, self.sheet.definition, NO_RULE)
        is_own = value is None or not value.is_public
        hides = not self.is_raw and is_own and self.sheet.is_reserved
        return without_texts(figure) if hides else figure

    def _disclosed_figure(self, place: str, figure: DisclosedFigure) -> DisclosedFigure:
        """Return the figure of a place as somebody reads it; ``figure``, as given, if no rule holds
        or they read it as given, without its number until it is disclosed."""
        if self.is_raw or not (self.sheet.is_protected or self.disclosure):
            return figure
        if self.disclosure is None:
            why = f"{self.progress} ; ces chiffres se liront {self._condition}"
            return as_pending(figure, why) if figure.is_number else figure
        disclosed = figure_at(place, self.disclosure, self.sheet.definition)
        if disclosed.is_masked and place not in self.disclosure.reasons and not figure.is_number:
            return figure  # nothing is given there, and it is said why
        return replace(
            figure,
            kind=disclosed.kind,
            number=disclosed.number,
            text=disclosed.text,
            is_rounded=disclosed.is_rounded,
            is_below=False,
        )


def disclosed_by_commune(
    entries: Iterable[CampaignIndicator], audience=None
) -> dict[int, FiguresByCommune]:
    """Return the figures of indicators of one convention, by the entry's primary key.

    ``audience``: the ``Contributor`` who reads, None for everybody. Who provides or enters an
    indicator reads it as given, with what others are not shown. A fixed number of queries, and one
    for the perimeter of each year.
    """
    return {
        sheet.entry.pk: FiguresByCommune(
            sheet,
            disclosure_of(sheet.definition, sheet.entry.rule),
            is_raw=audience is not None and audience.reads_raw(sheet.entry),
        )
        for sheet in read_sheets(entries)
    }


@dataclass(frozen=True)
class PreviewLine:
    """A place of which everybody else will read another figure, or none, and why it is masked."""

    name: str
    figure: DisclosedFigure
    others: DisclosedFigure
    why: str


def preview_of(entry: CampaignIndicator) -> list[PreviewLine] | None:
    """Return the places that others will read otherwise, from the stored preview: the territory,
    sectors, then communes. None without a preview of today's figures, or once they are disclosed.
    """
    row = getattr(entry, "disclosure", None)
    if row is None or row.is_done:
        return None
    [sheet] = read_sheets([entry])
    if not is_preview_current(row, sheet.given):
        return None
    own, others = (FiguresByCommune(sheet, row, is_raw) for is_raw in (True, False))
    places = [(None, "Territoire", own.territory, others.territory)]
    places += [
        (sector, sector.name, own.sectors[sector.pk], others.sectors[sector.pk])
        for sector in sheet.named_sectors
    ]
    places += [
        (commune, commune.name, own.communes[commune.pk], others.communes[commune.pk])
        for commune in sheet.communes
    ]
    return [
        PreviewLine(name, figure, shown, own.secrecy.get(place, ""))
        for place, name, figure, shown in places
        if figure.words != shown.words
    ]


def disclosed_of_territory(
    entries: Iterable[CampaignIndicator], values: Mapping[int, Value | ShownValue | None]
) -> dict[int, DisclosedFigure]:
    """Return what everybody reads of the territory in protected tables, by the entry's primary key,
    without reading a commune.

    ``values``, by the same key: the territory's figure, given or computed by the database.
    """
    figures = {}
    for entry in entries:
        value, definition = values.get(entry.pk), Definition.of(entry.version)
        disclosure = disclosure_of(definition, entry.rule)
        if value is None:
            figures[entry.pk] = NOTHING
        elif value.is_public:
            figures[entry.pk] = disclose(value, definition, NO_RULE)
        else:
            figures[entry.pk] = FiguresByCommune(Sheet(entry, []), disclosure, False).territory_of(
                value
            )
    return figures


def _place_of(place: Commune | Sector | None) -> str:
    """Return the place as stored disclosures hold it; None is the territory."""
    if place is None:
        return TERRITORY
    return commune_place(place.pk) if isinstance(place, Commune) else sector_place(place.pk)


def _sum(sheet: Sheet, terms: Terms | None, communes: list[Commune]) -> DisclosedFigure:
    """Return the total that terms make over communes, with how many it covers if not all. Without
    terms: the communes' common absence if the table is summed, else ``NOTHING``."""
    values = [sheet.value(commune) for commune in communes]
    if terms is None and sheet.definition.is_aggregated:
        return _absent(sheet, values)
    if terms is None or (len(terms) > 1 and terms[1] == 0):
        return NOTHING
    counted = [value for value in values if value is not None and value.number is not None]
    covered = sum(sheet.is_covered(commune_place(commune.pk)) for commune in communes)
    source = sheet.published_source(counted)
    total = f" ; total de {format_coverage(covered, len(communes))}"
    bases = {value.rounding_base for value in counted}
    figure = figure_from_terms(
        terms,
        sheet.definition,
        is_provisional=any(value.provisional for value in counted),
        is_verified=all(value.is_verified for value in counted),
        # A total of published figures only is marked as published.
        source=source and source + total,
        partial=format_coverage(covered, len(communes)) if covered < len(communes) else "",
    )
    if figure.number == 0 and len(bases) == 1 and (base := bases.pop()):
        return below_rounding(figure, base, is_sum=True)
    return figure


def _absent(sheet: Sheet, values: list[ShownValue | None]) -> DisclosedFigure:
    """Return the absence that stands for communes without any number: their common one, « non
    disponible » if theirs differ, ``NOTHING`` if one has said nothing."""
    absences = {value.absence if value else "" for value in values}
    if not absences or "" in absences:
        return NOTHING
    return DisclosedFigure(
        absences.pop() if len(absences) == 1 else Absence.NOT_AVAILABLE,
        source=sheet.published_source(value for value in values if value),
        is_verified=all(value.is_verified for value in values),
    )
