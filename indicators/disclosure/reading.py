"""Figures by commune, by sector and of the territory, as somebody may read them: the one function
that pages, charts, maps and files call."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Prefetch

from conventions.models import Commune, Coverage, Organisation, Sector
from indicators.collection.models import CampaignIndicator
from indicators.disclosure.figure import (
    MASKED,
    NOTHING,
    DisclosedFigure,
    disclose,
    reserved,
    tell,
    told_of,
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
from indicators.disclosure.tables import TERRITORY, terms_in

NO_RULE = Organisation()


@dataclass
class ByCommune:
    """An indicator's year: ``communes`` and ``sectors`` by primary key, the territory.

    ``given`` of ``asked`` communes have a figure, or none for it does not apply: sums are theirs,
    and say so where some lack (``DisclosedFigure.partial``). ``is_raw``: as its provider's own
    people read it; then ``reasons`` tells them what others are not shown, and why: by commune,
    sector, or None.
    ``is_pending``: nothing of it is told yet, for want of an audit of these very figures, which has
    not begun before it is settled (``is_settled``).
    """

    entry: CampaignIndicator
    coverages: list[Coverage]
    communes: dict[int, DisclosedFigure] = field(default_factory=dict)
    sectors: dict[int, DisclosedFigure] = field(default_factory=dict)
    territory: DisclosedFigure = NOTHING
    given: int = 0
    is_raw: bool = False
    is_pending: bool = False
    is_settled: bool = True
    reasons: dict[Commune | Sector | None, Reason] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        return len(self.coverages)

    @property
    def is_partial(self) -> bool:
        """Whether the sums are those of some communes only."""
        return self.given < self.asked

    @property
    def awaited(self) -> str:
        """Why nothing is told yet, as a sentence; empty where it is."""
        if not self.is_pending:
            return ""
        if self.is_settled:
            return "En attente : ce que le secret statistique couvre est en cours de calcul."
        given = told_of(self.given, self.asked)
        return (
            f"En attente : {given} {'est donnée' if self.given < 2 else 'sont données'}. Ces "
            "chiffres seront montrés quand toutes le seront, ou le recueil clos."
        )

    @cached_property
    def masked(self) -> int:
        """How many communes' figures are not shown for secrecy."""
        return sum(figure.is_masked for figure in self.communes.values())


def disclosed_by_commune(
    entries: Iterable[CampaignIndicator], audience=None
) -> dict[int, ByCommune]:
    """The figures of these indicators of one convention, by the entry's primary key.

    ``audience``: the ``Contributor`` who reads, None for everybody; who reads an indicator raw is
    given it raw, with what others are not shown. Some queries, however many
    communes and indicators there are, and one for the perimeter of each year.
    """
    sheets = read_sheets(entries)
    audits = Audit.objects.done().filter(
        campaign_indicator__in=[sheet.entry.pk for sheet in sheets if sheet.is_protected]
    )
    last: dict[int, Audit] = {}
    masks = Prefetch("masks")
    for audit in audits.defer("bounds", "given").prefetch_related(masks).order_by("pk"):
        last[audit.campaign_indicator_id] = audit
    return {
        sheet.entry.pk: _disclosed(sheet, last.get(sheet.entry.pk), audience) for sheet in sheets
    }


def _disclosed(sheet: Sheet, audit: Audit | None, audience) -> ByCommune:
    entry = sheet.entry
    is_raw = audience is not None and audience.reads_raw(entry)
    is_decided = audit is not None and audit.digest == sheet.digest and sheet.is_settled
    read = ByCommune(
        entry,
        sheet.coverages,
        given=sum(map(sheet.is_covered, sheet.placed)),
        is_raw=is_raw,
        is_pending=sheet.is_protected and not is_decided,
        is_settled=sheet.is_settled,
    )
    if is_raw and is_decided:
        read.reasons = _reasons(sheet, audit)
    masked = {place_of(mask) for mask in audit.masks.all()} if is_decided else set()
    rounded = audit.rounded if is_decided else {}

    def shown(place: str, terms, figure: DisclosedFigure) -> DisclosedFigure:
        """The figure of a place, as it is told; ``figure`` is it without a rule."""
        if not sheet.is_protected or is_raw or terms is None:
            # A ratio without its terms counts nobody.
            return figure
        if not is_decided or place in masked:
            return replace(figure, kind=MASKED, number=None, text="", is_pending=not is_decided)
        if place in rounded:
            told = tell(terms_in(rounded[place]), sheet.definition, base=sheet.rule.base)
            return replace(figure, number=told.number, text=told.text, is_rounded=True)
        # Under a rule that rounds, what is not rounded is told by nobody.
        is_plain = sheet.rule.masks or figure.number is None
        return figure if is_plain else replace(figure, kind=MASKED, number=None, text="")

    for commune in sheet.communes:
        value = sheet.value(commune)
        figure = _plain(sheet, value, is_reserved=not is_raw)
        if value is None or not value.is_public:
            figure = shown(commune_place(commune.pk), sheet.counts(value), figure)
        read.communes[commune.pk] = figure
    for sector in sheet.sectors_named:
        place, inside = sector_place(sector.pk), sheet.communes_in(sector)
        terms = sheet.sums.get(sheet.key(place))
        read.sectors[sector.pk] = shown(place, terms, _sum(sheet, terms, inside))
    whole = sheet.values.get(None)
    terms = sheet.counts(whole) or sheet.sums.get(sheet.key(TERRITORY))
    if whole is None:
        figure = _sum(sheet, terms, sheet.communes)
    else:
        figure = _plain(sheet, whole, is_reserved=not is_raw)
    is_public = whole is not None and whole.is_public
    read.territory = figure if is_public else shown(TERRITORY, terms, figure)
    return read


def _plain(sheet: Sheet, value, *, is_reserved: bool) -> DisclosedFigure:
    """What was given; its number is not protected yet, the texts beside it are."""
    figure = disclose(value, sheet.definition, NO_RULE)
    is_own = value is None or not value.is_public
    return reserved(figure) if is_reserved and is_own and sheet.is_reserved else figure


def _sum(sheet: Sheet, terms, communes: list[Commune]) -> DisclosedFigure:
    if terms is None or (len(terms) > 1 and terms[1] == 0):
        return NOTHING
    values = [sheet.value(commune) for commune in communes]
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


def _reasons(sheet: Sheet, audit: Audit) -> dict:
    communes = {commune.pk: commune for commune in sheet.communes}
    sectors = {sector.pk: sector for sector in sheet.sectors_named}
    return {
        communes.get(mask.commune_id) or sectors.get(mask.sector_id): Reason(mask.reason)
        for mask in audit.masks.all()
    }
