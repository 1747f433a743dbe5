"""Which indicators of the whole territory tell each other's counts in a year, for some of them add
up: their figures are told together from then on."""

from collections.abc import Iterable
from itertools import combinations

from django.utils import timezone

from indicators.collection.models import Campaign, CampaignIndicator
from indicators.disclosure.events import tell_of
from indicators.disclosure.figure import to_nearest
from indicators.disclosure.models import Audit, Mask
from indicators.disclosure.reasons import Reason
from indicators.disclosure.sheet import Sheet, read_sheets
from indicators.disclosure.tables import TERRITORY, Terms, digest_of_single, plain
from indicators.disclosure.together import is_secret
from indicators.values.models import SHOWN, ValueTransition


def join_sums(campaign: Campaign) -> None:
    """Keep which ones do, once a year's indicators are there, or one more is. What was told of them
    by itself until then was told, and is kept as an audit keeps it."""
    entries = campaign.campaign_indicators.of_territory().with_relations().order_by("pk")
    fresh = [entry for entry in adding_up(entries) if not entry.adds_up]
    CampaignIndicator.objects.filter(pk__in=[entry.pk for entry in fresh]).update(adds_up=True)
    for sheet in read_sheets(fresh):
        sheet.entry.adds_up = True
        if sheet.is_protected:
            _keep_what_was_told(sheet)


def keep_what_was_told(entry: CampaignIndicator) -> None:
    """What was told by itself of an indicator of the whole territory, before a figure of it goes:
    others that join it later must reckon with that."""
    [sheet] = read_sheets([entry])
    if sheet.is_protected:
        _keep_what_was_told(sheet)


def adding_up(entries: Iterable[CampaignIndicator]) -> list[CampaignIndicator]:
    """Those of a year that are a total of others of it or a part of one, and those that count what
    these do, as a share of theirs."""
    sheets = {str(entry.indicator_id): Sheet(entry, []) for entry in entries}
    groups = {series: {series} for series in sheets}

    def join(one: str, other: str) -> None:
        groups[one] |= groups[other]
        groups.update(dict.fromkeys(groups[one], groups[one]))

    totals = {
        total: parts
        for total, sheet in sheets.items()
        if (parts := [part for part in sheet.parts if part in sheets])
    }
    if not totals:
        return []
    for total, parts in totals.items():
        for part in parts:
            join(total, part)
    names = {series: set(sheet.counted) - {""} for series, sheet in sheets.items()}
    for one, other in combinations(sheets, 2):
        if names[one] & names[other]:
            join(one, other)
    found = set().union(*(groups[total] for total in totals))
    return [sheet.entry for series, sheet in sheets.items() if series in found]


def _keep_what_was_told(sheet: Sheet) -> None:
    """Each figure that was given of it, as it is told by itself; last the one that counts now."""
    given = ValueTransition.objects.filter(value__campaign_indicator=sheet.entry)
    given = given.filter(to_state__in=SHOWN).order_by("created_at", "pk")
    now = sheet.given.get(sheet.key(TERRITORY))
    before = {terms for terms in map(sheet.counts, given) if terms} - {now}
    for terms in sorted(before):
        _keep(sheet, terms)
    if now:
        audit = _keep(sheet, now)
        reason = Reason.PRIMARY if is_secret(now, sheet.rule) else ""
        tell_of(sheet, reason, audit.rounded.get(TERRITORY, []))


def _keep(sheet: Sheet, terms: Terms) -> Audit:
    rule, now = sheet.rule, timezone.now()
    rounded = [to_nearest(term, rule.base) for term in terms] if rule.rounds else []
    audit = Audit.objects.create(
        campaign_indicator=sheet.entry, started_at=now, ended_at=now,
        digest=digest_of_single(rule, terms), base=rule.base, given={TERRITORY: plain(terms)},
        rounded={TERRITORY: plain(rounded)} if rounded else {},
    )  # fmt: skip
    if is_secret(terms, rule):
        Mask.objects.create(audit=audit, reason=Reason.PRIMARY)
    return audit
