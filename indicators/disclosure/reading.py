"""Figures by commune, by sector and of the territory, as somebody may read them: the one function
that pages, charts, maps and files call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from conventions.models import Commune, Coverage, Organisation, Sector
from indicators.collection.models import CampaignIndicator
from indicators.definitions.definition import Definition
from indicators.disclosure.figure import (
    MASKED,
    NOTHING,
    DisclosedFigure,
    disclose,
    pending,
    reserved,
    tell,
    told_of,
    why_pending,
)
from indicators.disclosure.models import Audit
from indicators.disclosure.reasons import Reason
from indicators.disclosure.sheet import (
    Sheet,
    commune_place,
    place_of,
    read_sheets,
    sector_place,
)
from indicators.disclosure.stamps import Stamp, stamps_of
from indicators.disclosure.tables import TERRITORY, terms_in
from indicators.values.models import Absence, Value

NO_RULE = Organisation()


@dataclass
class ByCommune:
    """An indicator's year, as somebody reads it: ``communes`` and ``sectors`` by primary key, the
    territory. Each is made when it is asked for: who reads but the territory waits for no commune.

    ``audit``: the last that was done of it; ``is_decided``: it is of these very figures, and what
    is shown is what it decided. ``is_raw``: as its provider's own people read it; then ``reasons``
    tells them what others are not shown, and why.
    """

    sheet: Sheet
    audit: Audit | None
    is_raw: bool
    is_decided: bool

    @property
    def entry(self) -> CampaignIndicator:
        return self.sheet.entry

    @property
    def coverages(self) -> list[Coverage]:
        return self.sheet.coverages

    @property
    def asked(self) -> int:
        return len(self.coverages)

    @cached_property
    def given(self) -> int:
        """How many of those asked have a figure, or none for it does not apply: sums are theirs,
        and say so where some lack (``DisclosedFigure.partial``)."""
        return sum(map(self.sheet.is_covered, self.sheet.placed))

    @property
    def is_partial(self) -> bool:
        """Whether the sums are those of some communes only."""
        return self.given < self.asked

    @property
    def is_settled(self) -> bool:
        return self.sheet.is_settled

    @property
    def is_pending(self) -> bool:
        """Whether nothing of it is told yet: no audit of these very figures has been done, nor has
        begun before they are settled (``is_settled``)."""
        return self.sheet.is_protected and not self.is_decided

    @property
    def awaited(self) -> str:
        """Why nothing is told yet, as a sentence; empty where it is."""
        return f"En attente : {self._why}." if self.is_pending else ""

    @cached_property
    def _why(self) -> str:
        if self.is_settled:
            return why_pending(self.entry, self.sheet.digest)
        given = told_of(self.given, self.asked)
        return (
            f"{given} {'est donnée' if self.given < 2 else 'sont données'} ; ces chiffres seront "
            "montrés quand toutes le seront, ou le recueil clos"
        )

    @cached_property
    def communes(self) -> dict[int, DisclosedFigure]:
        found = {}
        for commune in self.sheet.communes:
            value = self.sheet.value(commune)
            figure = self._plain(value)
            if value is None or not value.is_public:
                figure = self._told(commune_place(commune.pk), self.sheet.counts(value), figure)
            found[commune.pk] = figure
        return found

    @cached_property
    def sectors(self) -> dict[int, DisclosedFigure]:
        found = {}
        for sector in self.sheet.sectors_named:
            place, inside = sector_place(sector.pk), self.sheet.communes_in(sector)
            terms = self.sheet.sums.get(self.sheet.key(place))
            found[sector.pk] = self._told(place, terms, _sum(self.sheet, terms, inside))
        return found

    @cached_property
    def territory(self) -> DisclosedFigure:
        sheet, whole = self.sheet, self.sheet.values.get(None)
        if whole is not None:
            return self.territory_of(whole)
        terms = sheet.sums.get(sheet.key(TERRITORY))
        return self._told(TERRITORY, terms, _sum(sheet, terms, sheet.communes))

    def territory_of(self, value) -> DisclosedFigure:
        """What is told of the territory's figure, which was given or computed."""
        terms, figure = self.sheet.counts(value), self._plain(value)
        return figure if value.is_public else self._told(TERRITORY, terms, figure)

    @cached_property
    def reasons(self) -> dict[Commune | Sector | None, Reason]:
        """By commune, by sector, or by None for the territory; empty for who reads it masked."""
        if not (self.is_raw and self.is_decided):
            return {}
        communes = {commune.pk: commune for commune in self.sheet.communes}
        sectors = {sector.pk: sector for sector in self.sheet.sectors_named}
        return {
            communes.get(mask.commune_id) or sectors.get(mask.sector_id): Reason(mask.reason)
            for mask in self.audit.masks.all()
        }

    @cached_property
    def masked(self) -> int:
        """How many communes' figures are not shown for secrecy."""
        return sum(figure.is_masked for figure in self.communes.values())

    @cached_property
    def _masked(self) -> set[str]:
        return {place_of(mask) for mask in self.audit.masks.all()} if self.is_decided else set()

    def _plain(self, value) -> DisclosedFigure:
        """What was given; its number is not protected yet, the texts beside it are."""
        figure = disclose(value, self.sheet.definition, NO_RULE)
        is_own = value is None or not value.is_public
        hides = not self.is_raw and is_own and self.sheet.is_reserved
        return reserved(figure) if hides else figure

    def _told(self, place: str, terms, figure: DisclosedFigure) -> DisclosedFigure:
        """The figure of a place, as it is told; ``figure`` is it without a rule."""
        sheet = self.sheet
        if not sheet.is_protected or self.is_raw or terms is None:
            # A ratio without its terms counts nobody.
            return figure
        if not self.is_decided:
            return pending(figure, self._why)
        if place in self._masked:
            return replace(figure, kind=MASKED, number=None, text="")
        if place in self.audit.rounded:
            terms = terms_in(self.audit.rounded[place])
            told = tell(terms, sheet.definition, base=sheet.rule.base)
            return replace(figure, number=told.number, text=told.text, is_rounded=True)
        # Under a rule that rounds, what is not rounded is told by nobody.
        is_plain = sheet.rule.masks or figure.number is None
        return figure if is_plain else replace(figure, kind=MASKED, number=None, text="")


def disclosed_by_commune(
    entries: Iterable[CampaignIndicator], audience=None
) -> dict[int, ByCommune]:
    """The figures of these indicators of one convention, by the entry's primary key.

    ``audience``: the ``Contributor`` who reads, None for everybody; who reads an indicator raw is
    given it raw, with what others are not shown. Some queries, however many
    communes and indicators there are, and one for the perimeter of each year.
    """
    sheets = read_sheets(entries)
    last = _last_audits(sheet.entry for sheet in sheets if sheet.is_protected)
    found = {}
    for sheet in sheets:
        audit = last.get(sheet.entry.pk)
        is_raw = audience is not None and audience.reads_raw(sheet.entry)
        is_of_them = audit is not None and audit.digest == sheet.digest
        found[sheet.entry.pk] = ByCommune(sheet, audit, is_raw, is_of_them and sheet.is_settled)
    return found


def disclosed_of_territory(
    entries: Iterable[CampaignIndicator],
    values: Mapping[int, Value | None],
    *,
    stamped: Mapping[int, Stamp],
) -> dict[int, DisclosedFigure]:
    """What everybody is told of the territory by these protected tables, by the entry's primary
    key. ``values``, by the same: the figure that counts, given, or computed by the database;
    ``stamped``: the stamps of their rows as they were before these were read. Where they are others
    now, something was changed in between: the figures may be neither those that were decided of
    nor those that there are, and the table is read anew.

    Where it was decided of the rows as they are now, no commune's is read: a page that tells of all
    years costs the same for three hundred communes as for five.
    """
    entries = list(entries)
    stamps, last = stamps_of(entries), _last_audits(entries)
    found, others = {}, []
    for entry in entries:
        stamp, audit, value = stamps[entry.pk], last.get(entry.pk), values.get(entry.pk)
        if stamp != stamped.get(entry.pk):
            others.append(entry)
        elif stamp.is_published:
            found[entry.pk] = disclose(value, Definition.of(entry.version), NO_RULE)
        elif audit is not None and audit.stamp == stamp.told:
            read = ByCommune(Sheet(entry, []), audit, is_raw=False, is_decided=True)
            found[entry.pk] = NOTHING if value is None else read.territory_of(value)
        else:
            others.append(entry)
    return found | {pk: read.territory for pk, read in disclosed_by_commune(others).items()}


def _last_audits(entries: Iterable[CampaignIndicator]) -> dict[int, Audit]:
    """The last that was done of each, with what it masks."""
    audits = Audit.objects.done().filter(campaign_indicator__in=list(entries))
    audits = audits.defer("bounds", "given").prefetch_related("masks").order_by("pk")
    return {audit.campaign_indicator_id: audit for audit in audits}


def _sum(sheet: Sheet, terms, communes: list[Commune]) -> DisclosedFigure:
    values = [sheet.value(commune) for commune in communes]
    if terms is None and sheet.definition.is_aggregated:
        return _absent(sheet, values)
    if terms is None or (len(terms) > 1 and terms[1] == 0):
        return NOTHING
    counted = [value for value in values if value is not None and value.number is not None]
    covered = sum(sheet.is_covered(commune_place(commune.pk)) for commune in communes)
    sources = {value.source for value in counted} if sheet.is_published else set()
    total = f" ; total de {told_of(covered, len(communes))}"
    return tell(
        terms,
        sheet.definition,
        is_provisional=any(value.provisional for value in counted),
        is_verified=all(value.is_verified for value in counted),
        # A total of what is published is told as that.
        source=sources.pop() + total if len(sources) == 1 else "",
        partial=told_of(covered, len(communes)) if covered < len(communes) else "",
    )


def _absent(sheet: Sheet, values: list[Value | None]) -> DisclosedFigure:
    """What there is of communes of which none has a number: « sans objet » where it is so of each,
    « non disponible » where each says why there is none. Their reasons are told beside each."""
    absences = {value.absence if value else "" for value in values}
    if not absences or "" in absences:
        return NOTHING
    sources = {value.source for value in values} if sheet.is_published else set()
    return DisclosedFigure(
        absences.pop() if len(absences) == 1 else Absence.NOT_AVAILABLE,
        source=sources.pop() if len(sources) == 1 else "",
        is_verified=all(value.is_verified for value in values),
    )
