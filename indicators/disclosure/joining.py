"""Which indicators of the whole territory tell each other's counts in a year, for some of them add
up: their figures are told together from then on."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from agreements.models import Version
from indicators.collection.models import Campaign, CampaignIndicator, CampaignState
from indicators.definitions.commitments import IndicatorCommitment
from indicators.disclosure.events import LOCK, tell_of
from indicators.disclosure.figure import to_nearest
from indicators.disclosure.former_rules import NO_RULE, plainly_told, told_by_itself
from indicators.disclosure.models import Audit, Mask
from indicators.disclosure.reasons import Reason
from indicators.disclosure.sheet import Sheet, know_agreed, read_sheets
from indicators.disclosure.tables import TERRITORY, Rule, Terms, digest_of_single, plain
from indicators.disclosure.together import is_secret, sums_among

# The years of which figures are, or were, asked for.
ASKED = [CampaignState.OPEN, CampaignState.REOPENED, CampaignState.CLOSED]
# What of a definition says which counts its figures tell of others.
TELLING = ("title", "calculation", "numerator", "denominator", "parts")


def join_sums(campaign: Campaign) -> None:
    """Keep which ones do, once a year's indicators are there, or one more is."""
    entries = _entries_of(campaign)
    _join([*adding_up(entries), *_of_told_tables(entries)])


def _entries_of(campaign: Campaign) -> QuerySet[CampaignIndicator]:
    return campaign.campaign_indicators.with_relations().order_by("pk")


def _join(found: Iterable[CampaignIndicator]) -> None:
    """What was told of them by itself until then was told, and is kept as an audit keeps it."""
    fresh = {entry.pk: entry for entry in found if not entry.adds_up}.values()
    CampaignIndicator.objects.filter(pk__in=[entry.pk for entry in fresh]).update(adds_up=True)
    for sheet in read_sheets(fresh):
        sheet.entry.adds_up = True
        _keep_what_was_told(sheet)
        now = sheet.given.get(sheet.key(TERRITORY))
        if now and sheet.is_protected:
            reason = Reason.PRIMARY if is_secret(now, sheet.rule) else ""
            tell_of(sheet, reason, plain(_rounded(now, sheet.rule)))


def join_declared(versions: list[Version], **_) -> None:
    """What has been agreed to be a total of others, or is called otherwise, is told together with
    them, in the years as well that asked for them before."""
    said = {v.object_id: v.content for v in versions if v.kind == IndicatorCommitment.kind}
    if not said:
        return
    asked = CampaignIndicator.objects.filter(indicator__in=said, campaign__state__in=ASKED)
    campaigns = {
        entry.campaign_id
        for entry in asked.select_related("version")
        if any(said[entry.indicator_id][name] != entry.version.content[name] for name in TELLING)
    }
    if campaigns:
        _join_all(Campaign.objects.filter(pk__in=campaigns))


def join_unjoined() -> None:
    """A job of the clock: the same for what no act has joined, in years that were opened before
    their figures were known to tell each other. What no rule protects may tell what one does."""
    alone = CampaignIndicator.objects.of_territory().filter(adds_up=False)
    protected = CampaignIndicator.objects.protected()
    campaigns = Campaign.objects.filter(state__in=ASKED, pk__in=alone.values("campaign"))
    campaigns = campaigns.filter(pk__in=protected.values("campaign"))
    for campaign in campaigns.order_by("pk").iterator():
        if not all(entry.adds_up for entry in adding_up(_entries_of(campaign))):
            _join_all([campaign])


@transaction.atomic
def _join_all(campaigns: Iterable[Campaign]) -> None:
    found = Campaign.objects.filter(pk__in=[campaign.pk for campaign in campaigns])
    for campaign in found.order_by("pk").select_for_update(**LOCK):
        _join(adding_up(_entries_of(campaign)))


def keep_what_was_told(entry: CampaignIndicator) -> None:
    """What was told of an indicator, before a figure of it goes with its log: others that join it
    later, and its own figures once a rule holds for them, must reckon with that. What was told by a
    decision has its audit already; what is no secret by its definition leaves nothing."""
    [sheet] = read_sheets([entry])
    if not (entry.is_by_commune or entry.adds_up):
        _keep_what_was_told(sheet)
    if sheet.definition.is_confidential:
        _keep_what_no_rule_held_for(sheet)


def _keep_what_no_rule_held_for(sheet: Sheet) -> None:
    """All of its figures that were told while none did, at once, unless audits tell them."""
    told = plainly_told(sheet)
    kept = [sheet.earlier(audit) for audit in sheet.entry.audits.done().prefetch_related("masks")]
    known = {
        (key, terms)
        for one in kept
        if not one.base
        for key, terms in {**one.given, **one.totals}.items()
        if key not in one.masked
    }
    if known.issuperset(told.items()):
        return
    now = timezone.now()
    Audit.objects.create(
        campaign_indicator=sheet.entry, started_at=now, ended_at=now, digest=sheet.digest,
        given={key.place: plain(terms) for key, terms in told.items()}, sectors=sheet.sectors,
    )  # fmt: skip


def adding_up(entries: Iterable[CampaignIndicator]) -> list[CampaignIndicator]:
    """Those of the whole territory in a year that are a total of others of it or a part of one,
    those that are a share whose two terms others count as well, or count one of them, those that
    count the same under unlike rules, be it as a term of a share, and those that count what any of
    these do."""
    sheets = [Sheet(entry, []) for entry in entries]
    know_agreed(sheets)
    told = {sheet.series: sheet for sheet in sheets if not sheet.entry.is_by_commune}
    counting: dict[str, set[str]] = {}
    for sheet in sheets:
        for name in set().union(*sheet.counted):
            counting.setdefault(name, set()).add(sheet.series)
    found = {sheet.series for of in sums_among(told.values()) for sheet in of.sheets}
    for share in filter(_tells_a_share, sheets):
        others = [
            set().union(*(counting[name] for name in names)) - {share.series}
            for names in share.counted
        ]
        if all(others):
            found = found.union({share.series}, *others)
    by_series = {sheet.series: sheet for sheet in sheets}
    for counted in counting.values():
        of_whole = counted & told.keys()
        has_share = any(told[series].definition.is_ratio for series in of_whole)
        beside = counted if has_share else of_whole
        if len({_under(by_series[series]) for series in beside}) > 1:
            found |= beside
    same = [series & told.keys() for series in counting.values()]
    while more := [series for series in same if series & found and not series <= found]:
        found = found.union(*more)
    return [sheet.entry for series, sheet in told.items() if series in found]


def _of_told_tables(entries: Iterable[CampaignIndicator]) -> list[CampaignIndicator]:
    """Those of the whole territory that are called as a count of a table which was told, and knew
    nothing of them if they are asked for since."""
    told = Audit.objects.done().filter(campaign_indicator__in=entries)
    told = set(told.values_list("campaign_indicator", flat=True))
    if not told:
        return []
    sheets = [Sheet(entry, []) for entry in entries]
    know_agreed(sheets)
    tables = [sheet for sheet in sheets if sheet.entry.is_by_commune and sheet.entry.pk in told]
    names = set().union(*(called for table in tables for called in table.counted))
    whole = [sheet for sheet in sheets if not sheet.entry.is_by_commune]
    return [sheet.entry for sheet in whole if any(names & called for called in sheet.counted)]


def _under(sheet: Sheet) -> tuple[int, bool]:
    """Whose rule its figures are under, if any is: one shows what another would mask."""
    return sheet.entry.provider_id, sheet.definition.is_confidential


def _tells_a_share(sheet: Sheet) -> bool:
    """Whether it tells one of the whole territory, given or made of what its communes have."""
    return sheet.definition.is_ratio and (
        not sheet.entry.is_by_commune or sheet.definition.is_aggregated
    )


def _keep_what_was_told(sheet: Sheet) -> None:
    """Each figure that was told of it by itself, as the rule that held then told it; last the one
    that counts now. Of one for which none ever held, the log says enough."""
    told = told_by_itself(sheet)
    if any(rule != NO_RULE for _, rule in told):
        for terms, rule in told:
            _keep(sheet, terms, rule)


def _keep(sheet: Sheet, terms: Terms, rule: Rule) -> None:
    now, rounded = timezone.now(), plain(_rounded(terms, rule))
    audit = Audit.objects.create(
        campaign_indicator=sheet.entry, started_at=now, ended_at=now,
        digest=digest_of_single(rule, terms), base=rule.base, given={TERRITORY: plain(terms)},
        rounded={TERRITORY: rounded} if rounded else {},
    )  # fmt: skip
    if is_secret(terms, rule):
        Mask.objects.create(audit=audit, reason=Reason.PRIMARY)


def _rounded(terms: Terms, rule: Rule) -> Terms:
    return tuple(to_nearest(term, rule.base) for term in terms) if rule.rounds else ()
