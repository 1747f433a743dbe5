"""What is masked is decided anew when a figure, the perimeter or the rule changes: by the worker.

Nothing rests on its being told: an ``Audit`` says of which figures it is, and while there is none
of those that are given now, nothing is shown of them (``reading.py``).
"""

import logging
import time
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from indicators.collection.models import Campaign, CampaignIndicator
from indicators.disclosure.models import Audit, Mask
from indicators.disclosure.sheet import Beside, Sheet, place_of, plain, read_sheets, terms_in
from indicators.disclosure.tables import Key

logger = logging.getLogger(__name__)

# Of the worker's time for one indicator, at most; most take a twentieth of a second.
SECONDS = 20.0
# After how long what was asked for is asked for again: the worker was killed.
LOST = timedelta(minutes=5)


def recompute(campaign: Campaign) -> None:
    """Have the worker decide what is masked of the figures by commune of a year, where that is not
    decided for those that are given now. Asking twice asks for nothing more."""
    entries = campaign.campaign_indicators.by_commune().protected()
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
    entries = CampaignIndicator.objects.with_relations().by_commune()
    sheets = read_sheets(entries.filter(campaign=campaign_pk).order_by("pk"))
    for sheet in sheets:
        if sheet.entry.pk in waiting:
            mask_sheet(sheet, sheets)


def mask_sheet(sheet: Sheet, of_year: Iterable[Sheet] = ()) -> Audit | None:
    """Decide what is masked of a sheet, and keep it; None where that was done, or is not needed.

    ``of_year``: the sheets of the same year. What of them tells the same counts, as a share does
    its numerator, is decided with it, and kept of it alone: theirs follow what is told of it.
    """
    # The solver is the worker's alone: it takes half a second to load, and the pages need none.
    from indicators.disclosure.disclosing import decide  # noqa: PLC0415

    audit = Audit.objects.unfinished().filter(campaign_indicator=sheet.entry).first()
    if not (sheet.is_protected and sheet.is_settled):
        Audit.objects.unfinished().filter(campaign_indicator=sheet.entry).delete()
        return None
    done = list(sheet.entry.audits.done().prefetch_related("masks").order_by("pk"))
    if done and done[-1].digest == sheet.digest:
        Audit.objects.unfinished().filter(campaign_indicator=sheet.entry).delete()
        return None
    audit = audit or Audit(campaign_indicator=sheet.entry)
    audit.started_at = timezone.now()
    audit.save()
    cpu = time.process_time()
    try:
        made = decide(
            sheet.table(done, _beside(sheet, of_year)),
            sheet.rule,
            previous=_masked_before(sheet),
            deadline=SECONDS,
            kept=_told_before(sheet, done),
        )
    except Exception:
        # All stays masked; the clock tries again.
        logger.exception("The secrecy of indicator %s was not decided", sheet.entry.pk)
        audit.ended_at = timezone.now()
        audit.save()
        return audit
    audit.digest, audit.cpu = sheet.digest, round(time.process_time() - cpu, 3)
    audit.is_optimal, audit.loss = made.audit.is_optimal, made.audit.loss
    audit.least_loss = made.audit.least
    audit.exposed = sorted(key.place for key in made.audit.exposed if sheet.has(key))
    audit.bounds = {
        key.place: bounds for key, bounds in made.audit.bounds.items() if sheet.has(key)
    }
    told = sheet.given | sheet.totals
    audit.given = {key.place: plain(terms) for key, terms in told.items()}
    audit.sectors = sheet.sectors
    audit.rounded = {key.place: plain(terms) for key, terms in made.rounded.items()}
    audit.ended_at = timezone.now()
    with transaction.atomic():
        audit.save()
        Mask.objects.bulk_create(
            _mask(audit, key, why) for key, why in made.reasons.items() if sheet.has(key)
        )
    return audit


def _beside(sheet: Sheet, of_year: Iterable[Sheet]) -> list[Beside]:
    """The sheets that tell counts of this one, with all audits by which they were told. What is
    rounded tells none."""
    found = []
    for other in of_year:
        is_told = other.entry.pk != sheet.entry.pk and not (sheet.rule.rounds or other.rule.rounds)
        if is_told and sheet.links(other):
            audits = other.entry.audits.done().prefetch_related("masks").order_by("pk")
            found.append((other, list(audits)))
    return found


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


def _told_before(sheet: Sheet, done: list[Audit]) -> dict:
    """How figures that are the same now were rounded."""
    kept = {}
    for audit in done:
        for place, terms in audit.rounded.items():
            key = sheet.key(place)
            if place in audit.given and sheet.given.get(key) == terms_in(audit.given[place]):
                kept[key] = terms_in(terms)
    return kept


def take_up_lost() -> None:
    """A job of the clock: ask again for what a worker has left, or never begun."""
    lost = Audit.objects.unfinished().asked_before(timezone.now() - LOST)
    campaigns = list(Campaign.objects.filter(campaign_indicators__audits__in=lost).distinct())
    lost.delete()
    for campaign in campaigns:
        recompute(campaign)


def recompute_stale() -> None:
    """A job of the clock: ask for what no act asked for (a rule or a perimeter that has changed),
    and again for what failed."""
    entries = CampaignIndicator.objects.by_commune().protected().with_relations()
    stale = [sheet.entry.campaign for sheet in read_sheets(entries) if not _is_decided(sheet)]
    for campaign in {campaign.pk: campaign for campaign in stale}.values():
        recompute(campaign)


def _is_decided(sheet: Sheet) -> bool:
    if not (sheet.is_protected and sheet.is_settled):
        return True
    last = sheet.entry.audits.done().order_by("pk").last()
    return last is not None and last.digest == sheet.digest
