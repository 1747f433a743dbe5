"""A year's collection is prepared, opened, closed, and sometimes opened again.

Locks are taken in one order: the campaign, then its indicators by key (a value is written under
the lock of its indicator), so that what is saved while somebody closes is either in or refused.
"""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.commitments import canonical
from agreements.models import Version
from conventions.access.rights import coordinating
from conventions.models import Convention
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import long_date
from ctg_portal.transitions import move
from indicators.collection import rights
from indicators.collection.deadlines import deadline
from indicators.models import Campaign, CampaignIndicator, CampaignVerb, Indicator, Value

LOCK = {"of": ("self",), "no_key": True}
NONE_IN_FORCE = Refusal(
    "Aucun indicateur n’est en vigueur : le recueil s’ouvre une fois qu’un indicateur au moins a "
    "reçu l’accord des parties."
)
NOT_IN_FORCE = Refusal("Seul un indicateur en vigueur entre dans un recueil.")
REASON_MISSING = Refusal("Dites pourquoi le recueil est rouvert : ce motif reste dans l’histoire.")


class Changed(Refusal):
    """The campaign is no longer as the form showed it: both are to be compared."""


CHANGED = Changed(
    "Le recueil a changé depuis que cette page est ouverte : comparez, puis choisissez."
)


def prepare_campaign(
    convention: Convention, year: int, *, due_on: datetime.date, message: str = "", by,
    is_fictional: bool = False,
) -> Campaign:  # fmt: skip
    """Prepare the collection of a year's figures; nothing is asked of anybody yet.

    Beside fictional years it is fictional too: its figures are compared with theirs.
    Raises Refused when the year has one already, is none of the term's, or is not over before
    figures are due.
    """
    enforce(rights.may_manage_campaigns(by, convention))
    enforce(_odd_dates(convention, year, due_on))
    is_fictional = is_fictional or Campaign.objects.of(convention).fictional().exists()
    try:
        with transaction.atomic():
            campaign = Campaign(
                convention=convention, year=year, due_on=due_on, message=canonical.plain(message),
                is_fictional=is_fictional,
            )  # fmt: skip
            move(campaign, CampaignVerb.PREPARED, **coordinating(by))
    except IntegrityError:
        raise Refused(Refusal(f"Le recueil {year} existe déjà.")) from None
    return campaign


def _odd_dates(convention: Convention, year: int, due_on: datetime.date) -> Refusal | None:
    if refusal := rights.may_collect(convention, year, timezone.localdate()):
        return refusal
    if due_on.year < year:
        return Refusal(f"Les données de {year} ne peuvent être attendues avant {year}.")
    return None


@transaction.atomic
def edit_campaign(
    campaign: Campaign, *, due_on: datetime.date, message: str, by, seen: str | None = None
) -> Campaign:
    """Change by when figures are expected, and the message; the days of indicators follow.

    ``seen``: the ``stamp`` of what the form showed; raises Refused with Changed when it is another.
    """
    campaign = _lock(campaign)
    enforce(rights.may_edit_campaign(by, campaign))
    message = canonical.plain(message)
    if (campaign.due_on, campaign.message) == (due_on, message):
        return campaign
    if seen is not None and seen != stamp(campaign):
        raise Refused(CHANGED)
    if campaign.due_on != due_on:
        enforce(_odd_dates(campaign.convention, campaign.year, due_on))
        enforce(rights.may_be_due(due_on, timezone.localdate()))
    is_moved, campaign.due_on, campaign.message = campaign.due_on != due_on, due_on, message
    campaign.save()
    if is_moved:
        told = f"Données attendues pour le {long_date(due_on)}."
        move(campaign, CampaignVerb.MOVED, **coordinating(by), reason=told)
    _move_days(campaign)
    return campaign


def _move_days(campaign: Campaign) -> None:
    """The days of its indicators follow those of the collection."""
    for entry in campaign.campaign_indicators.select_related("version").order_by("pk"):
        entry.due_on = _due(campaign, entry.version)
        entry.save(update_fields=["due_on"])


@transaction.atomic
def change_year(campaign: Campaign, year: int, *, due_on: datetime.date, by) -> Campaign:
    """Have a collection that was prepared for the wrong year, and holds no value, be another's.

    Raises Refused as ``prepare_campaign`` does, and once somebody has entered a value.
    """
    campaign = _lock_whole(campaign)
    enforce(rights.may_undo_campaign(by, campaign))
    enforce(_odd_dates(campaign.convention, year, due_on))
    enforce(rights.may_be_due(due_on, timezone.localdate()))
    before, campaign.year, campaign.due_on = campaign.year, year, due_on
    told = f"{before} devient {year} ; données attendues pour le {long_date(due_on)}."
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError:
        raise Refused(Refusal(f"Le recueil {year} existe déjà.")) from None
    move(campaign, CampaignVerb.YEAR_CHANGED, **coordinating(by), reason=told)
    _move_days(campaign)
    return campaign


@transaction.atomic
def cancel_campaign(campaign: Campaign, *, by) -> Campaign:
    """Take back a collection that holds no value: nothing of it is asked any more, and its year
    may be prepared again. What was done stays in its log."""
    campaign = _lock_whole(campaign)
    enforce(rights.may_undo_campaign(by, campaign))
    campaign.campaign_indicators.all().delete()
    move(campaign, CampaignVerb.CANCELLED, **coordinating(by))
    return campaign


def stamp(campaign: Campaign) -> str:
    """Of what may be edited, for a form to tell what it was filled from."""
    return f"{campaign.due_on.isoformat()} {canonical.digest(campaign.message)[:16]}"


@transaction.atomic
def open_campaign(campaign: Campaign, *, by) -> Campaign:
    """Ask for the figures of every indicator in force, by its wording of today.

    Raises Refused when none is in force, or the day by which they are due has passed.
    """
    campaign = _lock(campaign)
    enforce(rights.may_open(by, campaign))
    enforce(rights.may_be_due(campaign.due_on, timezone.localdate()))
    rows = Indicator.objects.of(campaign.convention).agreed()
    versions = _in_force(rows)
    indicators = [row for row in rows if row.pk in versions]
    if not indicators:
        raise Refused(NONE_IN_FORCE)
    move(campaign, CampaignVerb.OPENED, **coordinating(by), opened_at=timezone.now())
    CampaignIndicator.objects.bulk_create(
        [_frozen(campaign, indicator, versions[indicator.pk]) for indicator in indicators]
    )
    return campaign


def _in_force(rows) -> dict[int, Version]:
    versions = Version.objects.of_subjects(rows).in_force()
    return {version.object_id: version for version in versions}


def _frozen(campaign: Campaign, indicator: Indicator, version: Version) -> CampaignIndicator:
    """By the version alone: the row may already be at the next one, agreed to this very moment."""
    provider, enterer = (
        link and link["id"] for link in (version.content["provider"], version.content["enterer"])
    )
    provider = provider or indicator.provider_id  # where the text came short
    return CampaignIndicator(
        campaign=campaign,
        indicator=indicator,
        version=version,
        provider_id=provider,
        enterer_id=enterer or provider,
        due_on=_due(campaign, version),
    )


def _due(campaign: Campaign, version: Version) -> datetime.date:
    return deadline(campaign.year, campaign.due_on, version.content["available_month"])


@transaction.atomic
def add_to_campaign(campaign: Campaign, indicator: Indicator, *, by) -> CampaignIndicator:
    """Ask also for an indicator that came into force since the collection was opened."""
    campaign = _lock(campaign)
    enforce(rights.may_add_to(by, campaign))
    if found := campaign.campaign_indicators.filter(indicator=indicator).first():
        return found
    version = _in_force(Indicator.objects.of(campaign.convention).filter(pk=indicator.pk)).get(
        indicator.pk
    )
    if version is None or not indicator.is_agreed:
        raise Refused(NOT_IN_FORCE)
    entry = _frozen(campaign, indicator, version)
    entry.save()
    return entry


@dataclass(frozen=True)
class Closing:
    """What closing leaves aside: values ``not_given`` (saved or returned, they are no figures) and
    indicators ``without`` any value."""

    campaign: Campaign
    not_given: int
    without: int


@transaction.atomic
def close_campaign(campaign: Campaign, *, by) -> Closing:
    """Freeze the year's figures, and what of them is secret: they change by corrections only."""
    campaign = _lock(campaign)
    enforce(rights.may_close(by, campaign))
    entries = campaign.campaign_indicators.order_by("pk").select_for_update(**LOCK)
    asked = list(entries.values_list("pk", flat=True))
    campaign.campaign_indicators.all().freeze_rules()
    move(campaign, CampaignVerb.CLOSED, **coordinating(by), closed_at=timezone.now())
    values = Value.objects.filter(campaign_indicator__in=asked).whole()
    return Closing(
        campaign, values.exclude(pk__in=values.shown()).count(), len(asked) - values.count()
    )


@transaction.atomic
def reopen_campaign(campaign: Campaign, *, due_on: datetime.date, reason: str, by) -> Campaign:
    """Take values again until a day to come, for a reason that is kept; the days of indicators
    follow."""
    campaign = _lock(campaign)
    enforce(rights.may_reopen(by, campaign))
    enforce(rights.may_be_due(due_on, timezone.localdate()))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    move(campaign, CampaignVerb.REOPENED, **coordinating(by), reason=reason, due_on=due_on)
    _move_days(campaign)
    return campaign


def _lock_whole(campaign: Campaign) -> Campaign:
    """With its indicators, so that a value saved at this moment is seen, or refused."""
    campaign = _lock(campaign)
    asked = campaign.campaign_indicators.order_by("pk").select_for_update(**LOCK)
    list(asked.values_list("pk", flat=True))
    return campaign


def _lock(campaign: Campaign) -> Campaign:
    rows = Campaign.with_cancelled.select_related("convention").select_for_update(**LOCK)
    return rows.get(pk=campaign.pk)
