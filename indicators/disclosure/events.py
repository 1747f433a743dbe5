"""What is masked is decided anew when a figure, the perimeter or the rule changes: by the worker.

Nothing rests on its being told: an ``Audit`` says of which figures it is, and while there is none
of those that are given now, nothing is shown of them (``reading.py``).
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from indicators.collection.models import Campaign, CampaignIndicator
from indicators.disclosure.models import Audit, Mask
from indicators.disclosure.sheet import Sheet, place_of, stamped_sheets
from indicators.disclosure.stamps import stamps_of
from indicators.disclosure.tables import TERRITORY, Key, plain
from indicators.disclosure.together import Together, hanging_together

if TYPE_CHECKING:
    from indicators.disclosure.disclosing import Decisions

logger = logging.getLogger(__name__)

# Of the worker's time for one indicator, at most, and for all that hang together; most take a
# twentieth of a second.
SECONDS, AT_MOST = 20.0, 120.0
# After how long what was asked for is asked for again: the worker was killed.
LOST = timedelta(minutes=5)
LOCK: dict[str, Any] = {"of": ("self",), "no_key": True}


def recompute(campaign: Campaign) -> None:
    """Have the worker decide what is masked of the figures by commune of a year, and of those of
    the territory that add up, where that is not decided for those that are given now. Asking twice
    asks for nothing more."""
    entries = campaign.campaign_indicators.told_together().protected()
    entries = entries.exclude(audits__in=Audit.objects.waiting())
    asked = [Audit(campaign_indicator=entry) for entry in entries]
    if asked:
        Audit.objects.bulk_create(asked, ignore_conflicts=True)
        transaction.on_commit(lambda: recompute_campaign.enqueue(campaign.pk))


@task()
def recompute_campaign(campaign_pk: int) -> None:
    """The worker's part. What is being written meanwhile asks for another turn."""
    waiting = Audit.objects.unfinished().filter(campaign_indicator__campaign=campaign_pk)
    waiting = set(waiting.values_list("campaign_indicator", flat=True))
    entries = CampaignIndicator.objects.with_relations().filter(campaign=campaign_pk)
    for together in hanging_together(stamped_sheets(entries.order_by("pk"))):
        asked = [sheet for sheet in together.sheets if sheet.entry.pk in waiting]
        if asked:
            together.read_audits()
            mask_sheets(asked, together)


def mask_sheets(asked: Iterable[Sheet], together: Together) -> None:
    """Decide what is masked of these sheets, or how they are rounded, and keep it. What is masked
    comes first: what it tells otherwise is not told rounded."""
    stale = []
    for sheet in asked:
        is_told = not sheet.is_protected or not sheet.is_settled or _recognised(sheet)
        awaited = [] if is_told else together.awaited_by(sheet)
        if awaited:
            hold_back(sheet, awaited)
        if is_told or awaited:
            Audit.objects.unfinished().filter(campaign_indicator=sheet.entry).delete()
        else:
            stale.append(sheet)
    if masked := [sheet for sheet in stale if sheet.rule.masks]:
        previous = [figure for sheet in masked for figure in _masked_before(sheet)]
        _decide(masked, together, together.table, previous=previous)
    for base in sorted({sheet.rule.base for sheet in stale if sheet.rule.rounds}):
        rounded = [sheet for sheet in stale if sheet.rule.base == base]
        _decide(
            rounded,
            together,
            partial(together.rounded, base),
            kept=together.kept(base),
            withheld=together.withheld(base),
        )


def _recognised(sheet: Sheet) -> bool:
    """Whether it was decided already of the figures that there are now. If so, keeps the rows in
    which they stand with what was decided, by which it is found without reading them."""
    last = sheet.entry.audits.done().order_by("pk").last()
    if last is None or last.digest != sheet.digest:
        return False
    Audit.objects.filter(pk=last.pk).update(stamp=sheet.stamp)
    return True


def _decide(sheets: list[Sheet], together: Together, table, **options) -> None:
    """Decide of a table, and keep what is these sheets' of it: what others of it were told as stays
    so."""
    # The solver is the worker's alone: it takes half a second to load, and the pages need none.
    from indicators.disclosure.disclosing import decide  # noqa: PLC0415

    audits = []
    for sheet in sheets:
        audit = Audit.objects.unfinished().filter(campaign_indicator=sheet.entry).first()
        audits.append(audit or Audit(campaign_indicator=sheet.entry))
        audits[-1].started_at = timezone.now()
        audits[-1].save()
    cpu = time.process_time()
    try:
        options["deadline"] = min(SECONDS * len(sheets), AT_MOST)
        made = decide(table(), sheets[0].rule, **options)
        if made.audit.failing:
            # What cannot be protected from what is not given yet, or from who knows how far numbers
            # are from adding up, is protected from all the rest.
            together.is_expecting = False
            other = decide(replace(table(), is_lenient=True), sheets[0].rule, **options)
            together.is_expecting = True
            made = min(other, made, key=lambda one: one.audit.failing)
    except Exception:
        # All stays masked; the clock tries again.
        logger.exception("The secrecy of %s was not decided", [sheet.entry.pk for sheet in sheets])
        for audit in audits:
            audit.ended_at = timezone.now()
            audit.save()
        return
    seconds = (time.process_time() - cpu) / len(sheets)
    campaign = sheets[0].entry.campaign
    with transaction.atomic():
        Campaign.objects.select_for_update(**LOCK).get(pk=campaign.pk)
        if together.is_overtaken:
            # Another worker has told something of them meanwhile: it is to be heeded.
            transaction.on_commit(lambda: recompute_campaign.enqueue(campaign.pk))
            return
        for sheet, audit in zip(sheets, audits, strict=True):
            audit.cpu = round(seconds, 3)
            _keep(audit, sheet, made)
            together.audits[sheet.entry.pk].append(audit)
        _name_exposed(together, made)


def _keep(audit: Audit, sheet: Sheet, made: "Decisions") -> None:
    audit.digest, audit.stamp, audit.base = sheet.digest, sheet.stamp, sheet.rule.base
    audit.is_optimal, audit.loss = made.audit.is_optimal, made.audit.loss
    audit.least_loss = made.audit.least
    audit.exposed = sorted(key.place for key in made.audit.exposed if sheet.has(key))
    audit.bounds = {
        key.place: bounds for key, bounds in made.audit.bounds.items() if sheet.has(key)
    }
    told = sheet.given | sheet.totals
    audit.given = {key.place: plain(terms) for key, terms in told.items()}
    audit.sectors = sheet.sectors
    audit.rounded = {
        key.place: plain(terms) for key, terms in made.rounded.items() if sheet.has(key)
    }
    audit.ended_at = timezone.now()
    audit.save()
    reasons = {key: why for key, why in made.reasons.items() if sheet.has(key)}
    Mask.objects.bulk_create(_mask(audit, key, why) for key, why in reasons.items())
    if sheet.entry.adds_up:
        key = sheet.key(TERRITORY)
        tell_of(sheet, reasons.get(key, ""), audit.rounded.get(TERRITORY, []))


def tell_of(sheet: Sheet, reason: str, rounded: list[str]) -> None:
    """Keep with the indicator itself what was decided of its one figure, where every page has it:
    ``reason`` why it is masked, or as what it is told ``rounded``."""
    sheet.entry.told = {"digest": sheet.digest, "reason": reason, "rounded": rounded}
    sheet.entry.save(update_fields=["told"])


def hold_back(sheet: Sheet, awaited: Iterable[Sheet]) -> None:
    """Keep before which others its figures are not told, where every page has it, beside what was
    decided of others."""
    titles = sorted(one.definition.content["title"] for one in awaited)
    sheet.entry.told |= {"held_back": sheet.digest, "awaited": titles}
    sheet.entry.save(update_fields=["told"])


def _name_exposed(together: Together, made: "Decisions") -> None:
    """What these tell of others, that are shown as they were, is named with these."""
    for sheet in together.sheets:
        audits = together.audits[sheet.entry.pk]
        found = {key.place for key in made.audit.exposed if sheet.has(key)}
        if audits and audits[-1].digest == sheet.digest and not found.issubset(audits[-1].exposed):
            audits[-1].exposed = sorted(found.union(audits[-1].exposed))
            audits[-1].save(update_fields=["exposed"])


def _mask(audit: Audit, key: Key, reason) -> Mask:
    kind, pk = key.place[:1], key.place[1:]
    return Mask(
        audit=audit,
        commune_id=int(pk) if kind == "c" else None,
        sector_id=int(pk) if kind == "s" else None,
        reason=reason,
    )


def _masked_before(sheet: Sheet) -> list[tuple[str, str]]:
    """The (series, place) masked in the last year before."""
    entry = sheet.entry
    before = (
        Audit.objects.done()
        .filter(
            campaign_indicator__indicator=entry.indicator_id,
            campaign_indicator__campaign__year__lt=entry.campaign.year,
        )
        .order_by("-campaign_indicator__campaign__year", "-pk")
        .prefetch_related("masks")
        .first()
    )
    masks = before.masks.all() if before else []
    return [(str(entry.indicator_id), place_of(mask)) for mask in masks]


def take_up_lost() -> None:
    """A job of the clock: ask again for what a worker has left, or never begun."""
    lost = Audit.objects.unfinished().asked_before(timezone.now() - LOST)
    campaigns = list(Campaign.objects.filter(campaign_indicators__audits__in=lost).distinct())
    lost.delete()
    for campaign in campaigns:
        recompute(campaign)


def recompute_stale() -> None:
    """A job of the clock: ask for what no act asked for (a rule or a perimeter that has changed),
    and again for what failed. Where the rows are those of which it was decided, none is read."""
    entries = CampaignIndicator.objects.told_together().protected()
    campaigns = Campaign.objects.filter(campaign_indicators__in=entries).distinct()
    for campaign in campaigns.order_by("pk").iterator():
        sheets = _not_of_the_stamped(entries.filter(campaign=campaign).with_relations())
        if any(s.is_protected and s.is_settled and not _recognised(s) for s in sheets):
            recompute(campaign)


def _not_of_the_stamped(entries: Iterable[CampaignIndicator]) -> list[Sheet]:
    """The sheets of those of which nothing is decided of their rows as they are now."""
    entries = list(entries)
    stamps = stamps_of(entries)
    decided = Audit.objects.done().filter(campaign_indicator__in=entries).order_by("pk")
    last = dict(decided.values_list("campaign_indicator", "stamp"))
    return stamped_sheets(entry for entry in entries if last.get(entry.pk) != stamps[entry.pk].told)
