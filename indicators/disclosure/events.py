"""Disclose protected figures of a year once complete, then apply corrections to what is disclosed.
It happens within the transaction of the act that gives, verifies, corrects or closes.
"""

from collections.abc import Iterable, Iterator, Mapping
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
from indicators.disclosure.masking import Counts, Perimeter
from indicators.disclosure.models import DisclosureTurn
from indicators.disclosure.places import commune_place, sector_place
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.disclosure.stored import WHOLE, RelatedSheets, encode_given, is_preview_current
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.disclosures import Disclosure


@event(Subject.FIGURES)
def refresh_disclosures(
    campaign: Campaign,
    *,
    entries: Iterable[CampaignIndicator] | None = None,
    by: User | None = None,
) -> None:
    """Disclose what is complete, and apply what has changed to what is disclosed already.

    ``entries``: these indicators and their relatives only. Disclosures are written under the year's
    lock. If anything changed in a closed year, what follows figures (``house``) is called.
    """
    has_changed = False
    for related in _locked_groups(campaign, entries):
        has_changed |= _apply_changes(related)
        ready = [sheet for sheet in related.protected if _is_ready(sheet, related)]
        _disclose(related, ready, by)
        has_changed |= bool(ready)
    if has_changed and campaign.is_closed:
        let_follow(house().after_figures, campaign, by=by)


@event(Subject.FIGURES)
def refresh_convention_disclosures(convention: Convention, *_) -> None:
    """Refresh the disclosures of all opened years of a convention that was loaded again, with
    another rule or other sectors. Previews drawn before are deleted."""
    for campaign in Campaign.objects.of(convention).filter(opened_at__isnull=False).order_by("pk"):
        Disclosure.objects.of(campaign).filter(disclosed_at=None).delete()
        refresh_disclosures(campaign)


def refresh_for_sectors(campaign: Campaign) -> None:
    """Refresh the disclosures of a year if its communes or sectors differ from those stored with
    one of them; a job of the clock. Does nothing if no table by commune is disclosed."""
    by_commune = Disclosure.objects.done().of(campaign).exclude(perimeter=[])
    perimeters = list(by_commune.values_list("perimeter", flat=True))
    if not perimeters:
        return
    coverages = Coverage.objects.in_year(campaign.convention, campaign.year)
    today = {
        (commune_place(commune), sector and sector_place(sector))
        for commune, sector in coverages.values_list("commune", "sector")
    }
    if any(set(map(tuple, perimeter)) != today for perimeter in perimeters):
        refresh_disclosures(campaign)


@event(Subject.FIGURES)
def disclose_year(campaign: Campaign, *, by: User | None) -> None:
    """Disclose all that is given of a year that is being closed, complete or not, after applying
    what has changed to what is disclosed already."""
    for related in _locked_groups(campaign, None):
        _apply_changes(related)
        _disclose(related, _undisclosed(related), by)


@event(Subject.FIGURES)
def disclose_now(
    entry: CampaignIndicator, *, by: User | None, reason: str = ""
) -> Disclosure | None:
    """Disclose an indicator, complete or not, for its provider or the coordination, whose right
    the caller has checked, and return its row; None if it is not protected, nothing is given, or it
    is disclosed already. Corrections of its relatives are applied first, even then; once the year
    is closed, what follows figures is done again. ``reason``, why the coordination did not wait, is
    stored."""
    disclosed = None
    for related in _locked_groups(entry.campaign, [entry]):
        _apply_changes(related)
        asked = [s for s in _undisclosed(related) if s.entry.pk == entry.pk]
        _disclose(related, asked, by, reason)
        disclosed = asked[0].entry.disclosure if asked else disclosed
    if disclosed and entry.campaign.is_closed:
        let_follow(house().after_figures, entry.campaign, by=by)
    return disclosed


@event(Subject.FIGURES)
def draw_preview(entry: CampaignIndicator) -> Disclosure | None:
    """Return what would be disclosed of an indicator now, and store it: the disclosure will use the
    same draw, as long as no figure changes. None in the cases of ``disclose_now``."""
    for related in _locked_groups(entry.campaign, [entry]):
        for sheet in _undisclosed(related):
            if sheet.entry.pk == entry.pk:
                if _has_current_preview(sheet):
                    return sheet.entry.disclosure
                return _draw_disclosures(related, [sheet])[entry.pk]
    return None


def _undisclosed(related: RelatedSheets) -> list[Sheet]:
    """Return the protected sheets that have figures and are not disclosed yet."""
    return [sheet for sheet in related.protected if sheet.given and not sheet.entry.disclosed]


def _locked_groups(
    campaign: Campaign, asked: Iterable[CampaignIndicator] | None
) -> Iterator[RelatedSheets]:  # fmt: skip
    """Yield the groups of linked figures that have a protected one, read under the year's lock:
    whoever waited for it reads what the one before has written. ``asked``: only the groups of these
    indicators. Without any group, nothing is locked."""
    groups = _protected_groups(campaign, asked)
    if groups:
        DisclosureTurn.objects.get_or_create(campaign=campaign)
        DisclosureTurn.objects.select_for_update().get(campaign=campaign)
        yield from _read_groups(campaign, groups)


def _protected_groups(
    campaign: Campaign, wanted: Iterable[CampaignIndicator] | None
) -> list[Relatives]:  # fmt: skip
    """Return the groups of linked indicators of which one at least is protected, those that share a
    count with ``wanted`` only; None stands for all."""
    entries = list(campaign.campaign_indicators.with_rules().order_by("pk"))
    if not any(map(_is_protected, entries)):
        return []
    declared = read_declared(campaign, entries)
    tables = {name for entry in wanted or () for name in declared.tables_of(entry)}
    return [
        relatives
        for relatives in declared.relatives()
        if (wanted is None or not tables.isdisjoint(relatives.tables))
        and any(map(_is_protected, relatives.entries))
    ]


def _is_protected(entry: CampaignIndicator) -> bool:
    """Return whether figures are masked or rounded today, or were disclosed under a rule."""
    return bool(entry.disclosed) or is_masked_or_rounded(Definition.of(entry.version), entry.rule)


def _read_groups(campaign: Campaign, groups: list[Relatives]) -> list[RelatedSheets]:
    """Return the groups with their figures of today, tables by commune first; a group whose figures
    are all public is left out. Each also has the sheets of the other grain that count the same."""
    declared = groups[0].declared
    names = set().union(*(group.tables for group in groups))
    keys = [item.pk for item in declared.entries if not names.isdisjoint(declared.tables_of(item))]
    entries = campaign.campaign_indicators.with_rules().filter(pk__in=keys)
    sheets = read_sheets(entries.order_by("pk"))
    related_sheets = []
    for group in sorted(groups, key=lambda item: not item.is_by_commune):
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
            related_sheets.append(related)
    return related_sheets


def _is_ready(sheet: Sheet, related: RelatedSheets) -> bool:
    """Return whether a sheet not disclosed yet may be: it is complete, and its bases are complete
    or disclosed (a share disclosed before its base masks more). A figure of the whole territory
    waits for the disclosure of the tables of communes that count the same."""
    if sheet.entry.disclosed or not (sheet.given and _is_complete(sheet)):
        return False
    if not related.is_by_commune and not all(
        other.entry.disclosed for other in related.other_grain if other.is_protected
    ):
        return False
    bases = {
        total.base
        for table in related.tables_of(sheet)
        if (total := related.relatives.links.total_of(table)) is not None
    } - set(related.tables_of(sheet))
    return all(
        other.entry.disclosed or _is_complete(other)
        for other in related.protected
        if bases.intersection(related.tables_of(other)) and not other.definition.is_ratio
    )


def _is_complete(sheet: Sheet) -> bool:
    return sheet.is_whole and (sheet.is_verified or sheet.entry.campaign.is_closed)


def _disclose(
    related: RelatedSheets, sheets: list[Sheet], by: User | None, reason: str = ""
) -> None:
    """Disclose sheets, as drawn for a preview if no figure has changed since, else as decided now,
    then delete the other previews of the group. Does nothing without sheets."""
    previewed = [sheet for sheet in sheets if _has_current_preview(sheet)]
    _publish([sheet.entry.disclosure for sheet in previewed], by, reason)
    others = [sheet for sheet in sheets if sheet not in previewed]
    if others:
        _publish(_draw_disclosures(related, others).values(), by, reason)
    if sheets:
        _delete_previews(related)


def _publish(rows: Iterable[Disclosure], by: User | None, reason: str) -> None:
    """Save rows as disclosed now by this person: from here on everybody reads them."""
    for row in rows:
        row.disclosed_at, row.disclosed_by = timezone.now(), by
        row.disclosed_by_name, row.reason = str(by or ""), reason
        row.save()


def _has_current_preview(sheet: Sheet) -> bool:
    """Return whether a preview was drawn of the sheet's figures as they are."""
    row = getattr(sheet.entry, "disclosure", None)
    return row is not None and is_preview_current(row, sheet.given)


def _delete_previews(related: RelatedSheets) -> None:
    """Delete the previews of a group: they did not take into account what is disclosed now."""
    entries = [sheet.entry for sheet in related.sheets]
    Disclosure.objects.filter(campaign_indicator__in=entries, disclosed_at=None).delete()


def _draw_disclosures(related: RelatedSheets, sheets: list[Sheet]) -> dict[int, Disclosure]:
    """Decide what is masked of sheets not disclosed yet, store it as previews, and return the rows
    by the entry's primary key."""
    before = related.disclosed()
    known = [sheet for sheet in related.protected if sheet.entry.disclosed]
    tables = disclose(
        related.tables([*known, *sheets]),
        related.perimeter,
        before=before,
        rounding_base=related.rounding_base,
    )
    rows = {}
    for sheet in sheets:
        row = related.build_disclosure(sheet, tables)
        row.save()
        sheet.entry.disclosure = row
        rows[sheet.entry.pk] = row
    return rows


def _apply_changes(related: RelatedSheets) -> bool:
    """Apply corrections, late figures, a stricter rule and another perimeter to what is disclosed,
    and delete the previews of the group. Return whether what others read, or totals count, has
    changed; False, and nothing is done, if nothing is disclosed."""
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
    conflicting = set().union(*map(related.conflicting_places, known))
    for place in _changed_places(known):
        if place in conflicting:
            continue
        now = {name: by_place[place] for name, by_place in counts.items() if place in by_place}
        tables = correct(tables, place, now) if now else tables
        tables = _without_withdrawn(tables, place, counts)
    if tables == before and not _changed_places(known):
        return False
    for sheet in known:
        related.build_disclosure(sheet, tables).save()
    _delete_previews(related)
    return tables != before


def _changed_places(sheets: Iterable[Sheet]) -> list[str]:
    """Return, sorted, the places where another figure is given than when the disclosures were last
    saved."""
    changed = set()
    for sheet in sheets:
        disclosed, now = sheet.entry.disclosed, encode_given(sheet.given)
        before = disclosed.given if disclosed else {}
        changed |= {p for p in before.keys() | now.keys() if before.get(p) != now.get(p)}
    return sorted(place or WHOLE for place in changed)


def _without_withdrawn(
    tables: DisclosedTables, place: str, counts: Mapping[str, Counts]
) -> DisclosedTables:
    """Return the tables without the figure shown at a place where none is given any more.

    Nothing changes where one is given, or it was masked; in linked tables it stays as it was read.
    """
    if len(tables.tables) > 1:
        return tables
    [(name, table)] = tables.tables.items()
    if place in counts[name] or place not in table.shown:
        return tables
    shown = {commune: count for commune, count in table.shown.items() if commune != place}
    return tables.with_tables({name: replace(table, shown=shown)})


def _merged(related: RelatedSheets, former: Perimeter) -> dict[str, str]:
    """Return, by place of a former commune, that of the commune of today that it is now part of;
    communes that left without a successor in the convention are not in it."""
    gone = [place for place in former.communes if place not in related.perimeter.communes]
    if not gone:
        return {}
    convention = related.sheets[0].entry.campaign.convention
    codes = dict(convention.communes.values_list("pk", "insee_code"))
    today = {code: f"c{pk}" for pk, code in codes.items()}
    successors = {place: today.get(code_of_today(codes[int(place[1:])])) for place in gone}
    return {place: other for place, other in successors.items() if other and other != place}
