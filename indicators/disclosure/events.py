"""Disclose the protected figures of a year once they are whole and verified, then follow what is
corrected of them: within the transaction of the act that gives, verifies, corrects or closes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils import timezone

from accounts.models import User
from conventions.models import Convention, Coverage
from conventions.territory.naming import code_of_today
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from indicators.definitions.definition import Definition
from indicators.disclosure.corrections import DisclosedTables, correct, disclose, regroup, tighten
from indicators.disclosure.declared import Relatives, read_declared
from indicators.disclosure.figure import is_masked_or_rounded
from indicators.disclosure.masking import Perimeter
from indicators.disclosure.models import Disclosure, DisclosureTurn
from indicators.disclosure.places import commune_place, sector_place
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.disclosure.stored import WHOLE, RelatedSheets, is_drawn, plain_terms
from indicators.figures.campaigns import Campaign, CampaignIndicator


@event(Subject.FIGURES)
def follow(
    campaign: Campaign, *, of: Iterable[CampaignIndicator] | None = None, by: User | None = None
) -> None:
    """Disclose what is whole and verified, and follow what has changed of what was disclosed;
    ``of``: of these indicators and their relatives alone."""
    has_changed = False
    for related in _in_turn(campaign, of):
        has_changed |= _follow(related)
        ready = [sheet for sheet in related.protected if _is_ready(sheet, related)]
        _disclose(related, ready, by)
        has_changed |= bool(ready)
    if has_changed and campaign.is_closed:
        let_follow(house().after_figures, campaign, by=by)


@event(Subject.FIGURES)
def follow_convention(convention: Convention, *_) -> None:
    """Follow another rule, or other sectors, in all years of a convention that was loaded again;
    what was drawn for a preview was drawn under those of before."""
    for campaign in Campaign.objects.of(convention).filter(opened_at__isnull=False).order_by("pk"):
        Disclosure.objects.of(campaign).filter(disclosed_at=None).delete()
        follow(campaign)


def follow_sectors(campaign: Campaign) -> None:
    """Follow a perimeter that has changed on its day, as a job of the clock finds it."""
    of_communes = Disclosure.objects.done().of(campaign).exclude(perimeter=[])
    kept = list(of_communes.values_list("perimeter", flat=True))
    if not kept:
        return
    coverages = Coverage.objects.in_year(campaign.convention, campaign.year)
    today = {
        (commune_place(commune), sector and sector_place(sector))
        for commune, sector in coverages.values_list("commune", "sector")
    }
    if any(set(map(tuple, perimeter)) != today for perimeter in kept):
        follow(campaign)


@event(Subject.FIGURES)
def disclose_year(campaign: Campaign, *, by: User | None) -> None:
    """Disclose all that is given of a year that is being closed, whole or not."""
    for related in _in_turn(campaign, None):
        _follow(related)
        _disclose(related, [s for s in related.protected if s.given and not s.entry.disclosed], by)


@event(Subject.FIGURES)
def disclose_now(
    entry: CampaignIndicator, *, by: User | None, reason: str = ""
) -> Disclosure | None:
    """Disclose an indicator, whole and verified or not, as its provider asks for it, or who
    coordinates, with a ``reason`` that is kept; None where nothing protects it, nothing is given,
    or it is disclosed already."""
    disclosed = None
    for related in _in_turn(entry.campaign, [entry]):
        _follow(related)
        asked = [s for s in _undisclosed(related) if s.entry.pk == entry.pk]
        _disclose(related, asked, by, reason)
        disclosed = asked[0].entry.disclosure if asked else disclosed
    if disclosed and entry.campaign.is_closed:
        let_follow(house().after_figures, entry.campaign, by=by)
    return disclosed


@event(Subject.FIGURES)
def preview(entry: CampaignIndicator) -> Disclosure | None:
    """Return what would be disclosed of an indicator now; what is drawn for it is kept, and used
    when it is. None where ``disclose_now`` gives None."""
    for related in _in_turn(entry.campaign, [entry]):
        for sheet in _undisclosed(related):
            if sheet.entry.pk == entry.pk:
                is_drawn = _is_drawn(sheet)
                return sheet.entry.disclosure if is_drawn else _drawn(related, [sheet])[entry.pk]
    return None


def _undisclosed(related: RelatedSheets) -> list[Sheet]:
    return [sheet for sheet in related.protected if sheet.given and not sheet.entry.disclosed]


def _in_turn(
    campaign: Campaign, of: Iterable[CampaignIndicator] | None
) -> Iterator[RelatedSheets]:  # fmt: skip
    """Give the figures that hang together, read once it is one's turn: whoever waited for it reads
    what the one before has written."""
    groups = _protected_groups(campaign, of)
    if groups:
        DisclosureTurn.objects.get_or_create(campaign=campaign)
        DisclosureTurn.objects.select_for_update().get(campaign=campaign)
        yield from _read(campaign, groups)


def _protected_groups(
    campaign: Campaign, of: Iterable[CampaignIndicator] | None
) -> list[Relatives]:  # fmt: skip
    """The relatives one of which at least is protected, and those that count the same."""
    entries = list(campaign.campaign_indicators.with_rules().order_by("pk"))
    if not any(map(_is_protected, entries)):
        return []
    declared = read_declared(campaign, entries)
    asked = None if of is None else {name for entry in of for name in declared.tables_of(entry)}
    return [
        relatives
        for relatives in declared.relatives()
        if (asked is None or not asked.isdisjoint(relatives.tables))
        and any(map(_is_protected, relatives.entries))
    ]


def _is_protected(entry: CampaignIndicator) -> bool:
    is_held = is_masked_or_rounded(Definition.of(entry.version), entry.rule)
    return bool(entry.disclosed) or is_held


def _read(campaign: Campaign, groups: list[Relatives]) -> list[RelatedSheets]:
    """The groups with their figures as they are now, tables by commune first."""
    declared = groups[0].declared
    names = set().union(*(group.tables for group in groups))
    keys = [one.pk for one in declared.entries if not names.isdisjoint(declared.tables_of(one))]
    entries = campaign.campaign_indicators.with_rules().filter(pk__in=keys)
    sheets = read_sheets(entries.order_by("pk"))
    found = []
    for group in sorted(groups, key=lambda one: not one.is_by_commune):
        own = {entry.pk for entry in group.entries}
        related = RelatedSheets(
            group,
            [sheet for sheet in sheets if sheet.entry.pk in own],
            [
                sheet
                for sheet in sheets
                if sheet.entry.is_by_commune != group.is_by_commune
                and not group.tables.isdisjoint(declared.tables_of(sheet.entry))
            ],
        )
        if related.protected:
            found.append(related)
    return found


def _is_ready(sheet: Sheet, related: RelatedSheets) -> bool:
    """Whether it is whole and verified, or of a closed year. It waits for what it is counted in as
    well: what is disclosed before its base masks more; and one of the whole territory for the table
    of communes that counts the same."""
    if sheet.entry.disclosed or not (sheet.given and _is_complete(sheet)):
        return False
    if not related.is_by_commune and not all(
        one.entry.disclosed for one in related.beside if one.is_protected
    ):
        return False
    bases = {
        total.base
        for table in related.tables_of(sheet)
        if (total := related.relatives.links.total_of(table)) is not None
    } - set(related.tables_of(sheet))
    return all(
        one.entry.disclosed or _is_complete(one)
        for one in related.protected
        if bases.intersection(related.tables_of(one)) and not one.definition.is_ratio
    )


def _is_complete(sheet: Sheet) -> bool:
    return sheet.is_whole and (sheet.is_verified or sheet.entry.campaign.is_closed)


def _disclose(
    related: RelatedSheets, sheets: list[Sheet], by: User | None, reason: str = ""
) -> None:
    """Have everybody read these from now on: as they were drawn for a preview, if nothing has
    changed since."""
    drawn = [sheet for sheet in sheets if _is_drawn(sheet)]
    _have_read([sheet.entry.disclosure for sheet in drawn], by, reason)
    others = [sheet for sheet in sheets if sheet not in drawn]
    if others:
        _have_read(_drawn(related, others).values(), by, reason)
    if sheets:
        _forget_drawn(related)


def _have_read(rows: Iterable[Disclosure], by: User | None, reason: str) -> None:
    for row in rows:
        row.disclosed_at, row.disclosed_by = timezone.now(), by
        row.disclosed_by_name, row.reason = str(by or ""), reason
        row.save()


def _is_drawn(sheet: Sheet) -> bool:
    """Whether what was drawn for a preview is of the figures as they are."""
    row = getattr(sheet.entry, "disclosure", None)
    return row is not None and is_drawn(row, sheet.given)


def _forget_drawn(related: RelatedSheets) -> None:
    """What was drawn of others for a preview did not heed what is disclosed now."""
    entries = [sheet.entry for sheet in related.sheets]
    Disclosure.objects.filter(campaign_indicator__in=entries, disclosed_at=None).delete()


def _drawn(related: RelatedSheets, sheets: list[Sheet]) -> dict[int, Disclosure]:
    """Decide what is masked of some that are not disclosed yet, and keep it."""
    before = related.disclosed()
    known = [one for one in related.protected if one.entry.disclosed]
    tables = disclose(
        related.tables([*known, *sheets]),
        related.perimeter,
        before=before,
        rounding_base=related.rounding_base,
    )
    rows = {}
    for sheet in sheets:
        row = related.keep(sheet, tables)
        row.save()
        sheet.entry.disclosure = row
        rows[sheet.entry.pk] = row
    return rows


def _follow(related: RelatedSheets) -> bool:
    """Follow corrections, late figures, a stricter rule and another perimeter, of what is disclosed
    already; return whether others may read something else since."""
    tables = related.disclosed()
    if tables is None:
        return False
    before = tables
    if tables.perimeter != related.perimeter:
        tables = regroup(tables, related.perimeter, _merged(related, tables.perimeter))
    tables = tighten(tables, related.threshold)
    known = [sheet for sheet in related.protected if sheet.entry.disclosed]
    counts = related.counts(tables.tables)
    # A count that two indicators give is corrected once both give the same.
    unlike = set().union(*map(related.unlike, known))
    for place in _changed(known):
        if place in unlike:
            continue
        now = {name: of[place] for name, of in counts.items() if place in of}
        tables = correct(tables, place, now) if now else tables
        tables = _without_withdrawn(tables, place, counts)
    if tables == before and not _changed(known):
        return False
    for sheet in known:
        related.keep(sheet, tables).save()
    _forget_drawn(related)
    return tables != before


def _changed(sheets: Iterable[Sheet]) -> list[str]:
    """The communes of which another figure is given than when they were last looked at."""
    found = set()
    for sheet in sheets:
        disclosed, now = sheet.entry.disclosed, plain_terms(sheet.given)
        before = disclosed.given if disclosed else {}
        found |= {p for p in before.keys() | now.keys() if before.get(p) != now.get(p)}
    return sorted(place or WHOLE for place in found)


def _without_withdrawn(tables: DisclosedTables, place: str, counts) -> DisclosedTables:
    """A figure that was shown and is taken back is counted no more, unless it hangs together with
    others: then it stays as it was read."""
    if len(tables.tables) > 1:
        return tables
    [(name, table)] = tables.tables.items()
    if place in counts[name] or place not in table.shown:
        return tables
    shown = {one: count for one, count in table.shown.items() if one != place}
    return tables.with_tables({name: replace(table, shown=shown)})


def _merged(related: RelatedSheets, former: Perimeter) -> dict[str, str]:
    """The communes of then that have become part of one of today, by place."""
    gone = [place for place in former.communes if place not in related.perimeter.communes]
    if not gone:
        return {}
    convention = related.sheets[0].entry.campaign.convention
    codes = dict(convention.communes.values_list("pk", "insee_code"))
    today = {code: f"c{pk}" for pk, code in codes.items()}
    found = {place: today.get(code_of_today(codes[int(place[1:])])) for place in gone}
    return {place: other for place, other in found.items() if other and other != place}
