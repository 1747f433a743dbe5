"""Figures by commune, by sector and of the territory, as somebody may read them: the one function
that pages, charts, maps and files call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from conventions.models import Commune, Coverage, Organisation, Sector
from indicators.collection.models import CampaignIndicator
from indicators.definitions.definition import Definition
from indicators.disclosure.figure import (
    NOTHING,
    DisclosedFigure,
    disclose,
    disclosure_of,
    pending,
    reserved,
    tell,
    told_at,
    told_of,
)
from indicators.disclosure.masking import Reason
from indicators.disclosure.models import Disclosure
from indicators.disclosure.places import TERRITORY, Terms, commune_place, sector_place
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.values.models import Absence, Value

NO_RULE = Organisation(opts_out_of_secrecy=True)


@dataclass
class ByCommune:
    """An indicator's year, as somebody reads it: ``communes`` and ``sectors`` by primary key, the
    territory. Each is made when it is asked for: who reads but the territory waits for no commune.

    ``disclosure``: as what everybody reads it, where a rule holds for it. ``is_raw``: as its
    provider's own people read it; then ``reasons`` tells them what others are not shown, and why.
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
    def is_pending(self) -> bool:
        """Whether nothing of it is disclosed yet."""
        return self.disclosure is None and self.sheet.is_protected

    @property
    def awaited(self) -> str:
        """Why nothing is told yet, as a sentence; empty where it is."""
        return f"En attente : {self._why}." if self.is_pending else ""

    @cached_property
    def _why(self) -> str:
        given = told_of(self.entry.communes_given, self.entry.communes_asked)
        return (
            f"{given} {'est donnée' if self.entry.communes_given < 2 else 'sont données'} ; "
            "ces chiffres se "
            "liront quand le tableau sera entier et vérifié par son fournisseur, ou le recueil clos"
        )

    @cached_property
    def communes(self) -> dict[int, DisclosedFigure]:
        found = {}
        for commune in self.sheet.communes:
            value = self.sheet.value(commune)
            figure = self._plain(value)
            if value is None or not value.is_public:
                figure = self._told(commune_place(commune.pk), figure)
            found[commune.pk] = figure
        return found

    @cached_property
    def sectors(self) -> dict[int, DisclosedFigure]:
        found = {}
        for sector in self.sheet.sectors_named:
            place, inside = sector_place(sector.pk), self.sheet.communes_in(sector)
            figure = _sum(self.sheet, self.sheet.sums.get(place), inside)
            found[sector.pk] = self._told(place, figure)
        return found

    @cached_property
    def territory(self) -> DisclosedFigure:
        whole = self.sheet.values.get(None)
        if whole is not None:
            return self.territory_of(whole)
        figure = _sum(self.sheet, self.sheet.sums.get(TERRITORY), self.sheet.communes)
        return self._told(TERRITORY, figure)

    def territory_of(self, value) -> DisclosedFigure:
        """What is told of the territory's figure, which was given or computed."""
        figure = self._plain(value)
        return figure if value.is_public else self._told(TERRITORY, figure)

    @cached_property
    def reasons(self) -> dict[Commune | Sector | None, Reason]:
        """By commune, by sector, or by None for the territory; empty for who reads it masked."""
        if not (self.is_raw and self.disclosure):
            return {}
        named = {commune_place(commune.pk): commune for commune in self.sheet.communes}
        named |= {sector_place(sector.pk): sector for sector in self.sheet.sectors_named}
        named[TERRITORY] = None
        reasons = self.disclosure.reasons.items()
        return {named[place]: Reason(why) for place, why in reasons if place in named}

    @cached_property
    def masked(self) -> int:
        """How many communes' figures are not shown for secrecy."""
        return sum(figure.is_masked for figure in self.communes.values())

    def _plain(self, value) -> DisclosedFigure:
        """What was given; its number is not protected yet, the texts beside it are."""
        figure = disclose(value, self.sheet.definition, NO_RULE)
        is_own = value is None or not value.is_public
        hides = not self.is_raw and is_own and self.sheet.is_reserved
        return reserved(figure) if hides else figure

    def _told(self, place: str, figure: DisclosedFigure) -> DisclosedFigure:
        """The figure of a place, as it is told; ``figure`` is it without a rule."""
        if self.is_raw or not (self.sheet.is_protected or self.disclosure):
            return figure
        if self.disclosure is None:
            return pending(figure, self._why) if figure.is_number else figure
        told = told_at(place, self.disclosure, self.sheet.definition)
        if told.is_masked and place not in self.disclosure.reasons and not figure.is_number:
            return figure  # nothing is given there, and it is said why
        return replace(
            figure, kind=told.kind, number=told.number, text=told.text, is_rounded=told.is_rounded
        )


def disclosed_by_commune(
    entries: Iterable[CampaignIndicator], audience=None
) -> dict[int, ByCommune]:
    """Return the figures of these indicators of one convention, by the entry's primary key.

    ``audience``: the ``Contributor`` who reads, None for everybody; who reads an indicator raw is
    given it raw, with what others are not shown. Some queries, however many
    communes and indicators there are, and one for the perimeter of each year.
    """
    return {
        sheet.entry.pk: ByCommune(
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
    """Return what was drawn of an indicator for its provider to look at: the places that others
    will read otherwise, the territory first. None where nothing was drawn, or it is disclosed
    already."""
    row = getattr(entry, "disclosure", None)
    if row is None or row.is_done:
        return None
    [sheet] = read_sheets([entry])
    own, others = (ByCommune(sheet, row, is_raw) for is_raw in (True, False))
    places = [(None, "Territoire", own.territory, others.territory)]
    places += [
        (sector, sector.name, own.sectors[sector.pk], others.sectors[sector.pk])
        for sector in sheet.sectors_named
    ]
    places += [
        (commune, commune.name, own.communes[commune.pk], others.communes[commune.pk])
        for commune in sheet.communes
    ]
    return [
        PreviewLine(name, figure, shown, why.words(row.threshold) if why else "")
        for place, name, figure, shown in places
        if figure.words != shown.words
        for why in [own.reasons.get(place)]
    ]


def disclosed_of_territory(
    entries: Iterable[CampaignIndicator], values: Mapping[int, Value | None]
) -> dict[int, DisclosedFigure]:
    """Return what everybody is told of the territory by these protected tables, by the entry's
    primary key, without reading a commune. ``values``, by the same: the figure that counts, given,
    or computed by the database."""
    found = {}
    for entry in entries:
        value, definition = values.get(entry.pk), Definition.of(entry.version)
        disclosure = disclosure_of(definition, entry.rule)
        if value is None:
            found[entry.pk] = NOTHING
        elif value.is_public:
            found[entry.pk] = disclose(value, definition, NO_RULE)
        else:
            found[entry.pk] = ByCommune(Sheet(entry, []), disclosure, False).territory_of(value)
    return found


def _sum(sheet: Sheet, terms: Terms | None, communes: list[Commune]) -> DisclosedFigure:
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
