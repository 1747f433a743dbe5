"""Figures by commune, by sector and of the territory, as somebody may read them: the one function
that pages, charts, maps and files call."""

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
from indicators.disclosure.places import (
    TERRITORY,
    Terms,
    commune_place,
    sector_place,
    terms_in,
)
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.disclosure.stored import is_drawn, outdated_in
from indicators.disclosure.words import missing_told, total_told
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Absence, ShownValue, Value

NO_RULE = Organisation(opts_out_of_secrecy=True)
WHEN_VERIFIED = "quand le tableau sera entier et vérifié par son fournisseur, ou le recueil clos"
WITH_RELATIVES = "avec ceux auxquels ils sont liés, ou une fois le recueil clos"


@dataclass(frozen=True)
class Unfollowed:
    """A correction that others do not read, as its provider's people do. ``counted``: what totals
    count there instead, where others do not read it; empty without totals."""

    name: str
    figure: str
    others: str
    counted: str

    @property
    def told(self) -> str:
        """« Targé (3, les autres lisent « secret », les totaux comptent 7) »."""
        read = f"les autres lisent « {self.others} »"
        return f"{self.name} ({', '.join(filter(None, [self.figure, read, self.counted]))})"


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
        """Why nothing is told yet, in sentences; empty where it is."""
        if not self.is_pending:
            return ""
        return f"En attente : {self.progress}. Ces chiffres se liront {self._when}."

    @property
    def _when(self) -> str:
        is_ready = self.coverages and self.sheet.is_whole and self.sheet.is_verified
        return WITH_RELATIVES if is_ready else WHEN_VERIFIED

    @cached_property
    def progress(self) -> str:
        """« 46 communes sur 47, 40 vérifiées ; manque Targé », for everybody; without the communes
        but of how many something is given."""
        if not self.coverages:
            return told_of(self.entry.communes_given, self.entry.communes_asked)
        values = [(commune, self.sheet.value(commune)) for commune in self.sheet.communes]
        given = [value for _, value in values if value is not None]
        verified = sum(value.is_verified or value.is_public for value in given)
        told = plural(verified, "vérifiée,vérifiées") if verified else "aucune vérifiée"
        missing = missing_told([commune.name for commune, value in values if value is None])
        progress = f"{told_of(len(given), self.asked)}, {told}"
        return f"{progress} ; {missing}" if missing else progress

    @cached_property
    def communes(self) -> dict[int, DisclosedFigure]:
        return {commune.pk: self._of_commune(commune) for commune in self.sheet.communes}

    @property
    def is_given(self) -> bool:
        """Whether the figure of a commune, or why there is none, has come."""
        return any(not self._of_commune(commune).is_missing for commune in self.sheet.communes)

    def _of_commune(self, commune: Commune) -> DisclosedFigure:
        value = self.sheet.value(commune)
        figure = self._plain(value)
        is_public = value is not None and value.is_public
        return figure if is_public else self._told(commune_place(commune.pk), figure)

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
    def secrecy(self) -> dict[Commune | Sector | None, str]:
        """The same in words, which name the tables that it is masked with."""
        return {place: self._words(_place_of(place), why) for place, why in self.reasons.items()}

    def _words(self, place: str, why: Reason) -> str:
        """Why a place is masked. Linked tables are masked together, wherever one is small: which of
        them is nobody reads but its own provider."""
        threshold = self.disclosure.threshold if self.disclosure else None
        if why == Reason.PRIMARY and self._is_small(place):
            return why.words(threshold)
        others = [one for one in self._relatives if one.disclosed]
        masked = [one for one in others if one.disclosed and place in one.disclosed.reasons]
        is_told_of_own = all(one.provider_id == self.entry.provider_id for one in masked)
        if why == Reason.SECONDARY and is_told_of_own:
            return why.words(threshold)
        if why == Reason.RELATED:
            masked = masked or self._relatives
        titles = [Definition.of(one.version).title for one in masked]
        return (Reason.RELATED if titles else why).words(threshold, titles)

    def _is_small(self, place: str) -> bool:
        """Whether what was given there counts few, or leaves few, or nothing is known of it."""
        row = self.disclosure
        kept = row and (row.counted.get(place) or row.given.get(place) or row.totals.get(place))
        if not (row and kept and row.threshold):
            return True
        terms = terms_in(kept)
        left = [terms[1] - terms[0]] if len(terms) > 1 else []
        return any(0 < term < row.threshold for term in [*terms, *left])

    @cached_property
    def _relatives(self) -> list[CampaignIndicator]:
        groups = [[*one.entries] for one in read_declared(self.entry.campaign).relatives()]
        [own] = [group for group in groups if self.entry in group]
        return [one for one in own if one != self.entry]

    @cached_property
    def unfollowed(self) -> list[Unfollowed]:
        """The corrections that others do not read, for who reads the figures as they are given."""
        row = self.disclosure
        if not (self.is_raw and row):
            return []
        others = ByCommune(self.sheet, row, is_raw=False)
        outdated = outdated_in(row, self.sheet.given) - self.sheet.public
        found = []
        for commune in self.sheet.communes:
            place = commune_place(commune.pk)
            if place in outdated:
                figure, read = self.communes[commune.pk], others.communes[commune.pk]
                counted = "" if read.is_number else self._counted(row, place)
                found.append(Unfollowed(commune.name, figure.words, read.words, counted))
        return found

    def _counted(self, row: Disclosure, place: str) -> str:
        """What totals count for a commune of which others read no number."""
        if not self.sheet.definition.is_aggregated:
            return ""
        kept = row.counted.get(place)
        if not kept:
            return "les totaux ne la comptent pas"
        return f"les totaux comptent {tell(terms_in(kept), self.sheet.definition).text}"

    @property
    def closed_told(self) -> str:
        """Who disclosed it without waiting, when and why, where it was not its provider."""
        row = self.disclosure
        if row is None or not row.reason:
            return ""
        who = f"{row.disclosed_by_name} (coordination)" if row.disclosed_by_name else "coordination"
        day = long_date(row.disclosed_at)
        return f"Diffusé sans attendre le {day} par {who} : {row.reason}"

    @property
    def total_told(self) -> str:
        """How far its totals may be from the truth: said of those over masked figures, whether any
        was corrected or not; empty where there are none."""
        row = self.disclosure
        if row is None or not row.disclosed_at or not self.sheet.definition.is_aggregated:
            return ""
        given = {TERRITORY} if self.sheet.total is not None else set()
        totals = row.totals.keys() - row.reasons.keys() - given
        masks = row.reasons.keys() & {*row.perimeter_places}
        return total_told(timezone.localdate(row.disclosed_at)) if masks and totals else ""

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
            why = f"{self.progress} ; ces chiffres se liront {self._when}"
            return pending(figure, why) if figure.is_number else figure
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
    will read otherwise, the territory first. None where nothing was drawn of the figures as they
    are, or they are disclosed already."""
    row = getattr(entry, "disclosure", None)
    if row is None or row.is_done:
        return None
    [sheet] = read_sheets([entry])
    if not is_drawn(row, sheet.given):
        return None
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
        PreviewLine(name, figure, shown, own.secrecy.get(place, ""))
        for place, name, figure, shown in places
        if figure.words != shown.words
    ]


def disclosed_of_territory(
    entries: Iterable[CampaignIndicator], values: Mapping[int, Value | ShownValue | None]
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


def _place_of(place: Commune | Sector | None) -> str:
    if place is None:
        return TERRITORY
    return commune_place(place.pk) if isinstance(place, Commune) else sector_place(place.pk)


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


def _absent(sheet: Sheet, values: list[ShownValue | None]) -> DisclosedFigure:
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
