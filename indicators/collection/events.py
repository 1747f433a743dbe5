"""Prepare, open, close and reopen the collection of a year's figures.

Locks are taken in one order: the campaign, then its indicators by key (a value is written under the
lock of its indicator), so that what is saved while somebody closes is either in or refused.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from agreements.commitments import canonical
from agreements.models import Version
from agreements.versions.rows import lock_versions
from conventions.access.rights import coordinating
from conventions.models import Convention, Coverage, Organisation
from ctg_portal.forms.revisions import Rewritten, check_revision
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import long_date
from ctg_portal.transitions import move
from indicators.collection import rights
from indicators.collection.calling import Call, calls_of
from indicators.collection.calls import OwnDeadline, Reminder, ReminderRecipient
from indicators.collection.deadlines import deadline, years_later
from indicators.collection.links import LinkVerb
from indicators.collection.notices import (
    FiguresRecalled,
    notify_moved_deadline,
    notify_opening,
    schedule_reminders,
)
from indicators.collection.progress import with_state
from indicators.definitions.models import Indicator
from indicators.disclosure.events import disclose_year, refresh_disclosures
from indicators.figures.campaigns import Campaign, CampaignIndicator, CampaignVerb
from indicators.figures.disclosures import Disclosure
from indicators.figures.values import SHOWN, ValueState
from notifications.news import notify

LOCK: dict[str, Any] = {"of": ("self",), "no_key": True}
NONE_IN_FORCE = Refusal(
    "Aucun indicateur n’est en vigueur : le recueil s’ouvre une fois qu’un indicateur au moins a "
    "reçu l’accord des parties."
)
NOT_IN_FORCE = Refusal("Seul un indicateur en vigueur entre dans un recueil.")
REASON_MISSING = Refusal("Dites pourquoi le recueil est rouvert : ce motif reste dans l’histoire.")

ASKED_OF_NOTHING = Refusal("Ce recueil ne demande rien à cet organisme.")
NOT_MOVED = Refusal(
    "Cette date est déjà la sienne : le motif ne serait lu de personne. Changez la date, ou "
    "laissez le motif vide."
)
REMINDER_WITHOUT_TEXT = Refusal("Écrivez quelques mots : ils sont en tête du message.")
NOBODY_TO_REMIND = Refusal(
    "Personne n’est à relancer : tout ce qui est disponible est transmis, ou personne n’y a accès."
)
REMINDED_TODAY = Refusal(
    "Une relance est déjà partie aujourd’hui : cochez « relancer de nouveau » pour en envoyer une "
    "seconde."
)


CHANGED = Rewritten(
    "Le recueil a changé depuis que cette page est ouverte : comparez, puis choisissez."
)


def prepare_campaign(
    convention: Convention, year: int, *, due_on: datetime.date, message: str = "", by: User,
    is_fictional: bool = False, carries_own_days: bool = False,
) -> Campaign:  # fmt: skip
    """Create the campaign of a year; nothing is asked of anybody yet.

    ``carries_own_days``: deadlines that single organisations had the year before are given again,
    as many years later, unless they have passed. Beside fictional years the campaign is fictional
    too: its figures are compared with theirs. Raise Refused if the year has a campaign, is not one
    of the term's, or is not over before figures are due.
    """
    enforce(rights.may_manage_campaigns(by, convention))
    enforce(_refuse_dates(convention, year, due_on))
    is_fictional = is_fictional or Campaign.objects.of(convention).fictional().exists()
    try:
        with changing():
            changed(convention, Subject.FIGURES)
            campaign = Campaign(
                convention=convention, year=year, due_on=due_on, message=canonical.plain(message),
                is_fictional=is_fictional,
            )  # fmt: skip
            move(campaign, CampaignVerb.PREPARED, **coordinating(by))
            if carries_own_days:
                _carry_own_days(campaign, by)
    except IntegrityError:
        raise Refused(Refusal(f"Le recueil {year} existe déjà.")) from None
    return campaign


def _carry_own_days(campaign: Campaign, by: User) -> None:
    """Create the own deadlines of the year before again, as many years later, except those that
    have passed or that are the common one. Do nothing without a year before."""
    before = Campaign.objects.of(campaign.convention).before(campaign.year).first()
    own_deadlines = before.own_deadlines.latest_by_organisation().values() if before else []
    for row in own_deadlines:
        day = years_later(row.due_on, campaign.year - before.year)
        if day != campaign.due_on and rights.may_be_due(day, timezone.localdate()) is None:
            OwnDeadline.objects.create(
                campaign=campaign, organisation_id=row.organisation_id, due_on=day,
                reason=f"Reprise du recueil {before.year}.", **_signed(by),
            )  # fmt: skip


def _refuse_dates(convention: Convention, year: int, due_on: datetime.date) -> Refusal | None:
    """Return why figures of a year may not be expected on a day, or None: the year must be one of
    the term's, the day not before that year."""
    if refusal := rights.may_collect(convention, year, timezone.localdate()):
        return refusal
    if due_on.year < year:
        return Refusal(f"Les données de {year} ne peuvent être attendues avant {year}.")
    return None


@event(Subject.FIGURES)
def edit_campaign(
    campaign: Campaign,
    *,
    due_on: datetime.date,
    message: str,
    by: User,
    revision: int | None = None,
) -> Campaign:
    """Change deadline and message of a campaign; do nothing if both stay.

    Deadlines of its indicators follow, and their enterers are notified, except for organisations
    with their own deadline; one that ends by the later common one is given up. ``revision``: the
    one that the form showed; raise Refused with Rewritten if it is another.
    """
    campaign = lock_campaign(campaign)
    enforce(rights.may_edit_campaign(by, campaign))
    message = canonical.plain(message)
    if (campaign.due_on, campaign.message) == (due_on, message):
        return campaign
    check_revision(campaign, revision, CHANGED)
    if campaign.due_on != due_on:
        enforce(_refuse_dates(campaign.convention, campaign.year, due_on))
        enforce(rights.may_be_due(due_on, timezone.localdate()))
    former_day, campaign.due_on, campaign.message = campaign.due_on, due_on, message
    campaign.save()
    if former_day != due_on:
        reason = f"Données attendues pour le {long_date(due_on)}."
        step = move(campaign, CampaignVerb.MOVED, **coordinating(by), reason=reason)
        # More time for all is no less than what one was given.
        own = campaign.own_deadlines.latest_by_organisation().values()
        overtaken = [row for row in own if row.due_on and former_day < row.due_on <= due_on]
        _end_own_deadlines(campaign, overtaken, by)
        _update_due_dates(campaign)
        with_own = campaign.own_deadlines.latest_by_organisation()
        common = rights.enterers_of(campaign).exclude(pk__in=with_own).order_by("pk")
        notify_moved_deadline(campaign, step, common)
    return campaign


def _update_due_dates(campaign: Campaign) -> None:
    """Lock the indicators of a campaign and set their deadlines anew: from that of who enters them,
    else the campaign's, and never before the figure may exist."""
    own = campaign.own_deadlines.latest_by_organisation()
    asked = campaign.campaign_indicators.select_related("version").order_by("pk")
    entries = list(asked.select_for_update(**LOCK))
    for entry in entries:
        entry.due_on = _due(campaign, entry.version, own.get(entry.enterer_id))
    CampaignIndicator.objects.bulk_update(entries, ["due_on"])


def _end_own_deadlines(campaign: Campaign, rows: Iterable[OwnDeadline], by: User) -> None:
    """Give the organisations of these rows the common deadline back, by a row that says so."""
    OwnDeadline.objects.bulk_create(
        OwnDeadline(campaign=campaign, organisation_id=row.organisation_id, **_signed(by))
        for row in rows
    )


def _signed(by: User | None) -> dict[str, User | str | None]:
    return {"by": by, "by_name": str(by or "")}


@event(Subject.FIGURES)
def move_deadline(
    campaign: Campaign, organisation: Organisation, *, due_on: datetime.date | None,
    reason: str = "", by: User, revision: int | None = None,
) -> OwnDeadline | None:  # fmt: skip
    """Give one organisation its own deadline, or (None) the common one again; it is notified.

    What exists later is still expected later. ``revision``: the ``revision_of_day`` that the form
    showed. Return None if nothing changed; raise Refused if a reason is given all the same, as
    nobody would read it.
    """
    campaign = lock_campaign(campaign)
    enforce(rights.may_move_deadline(by, campaign))
    current = campaign.own_deadlines.latest_by_organisation().get(organisation.pk)
    if due_on == campaign.due_on:
        due_on = None
    reason = canonical.plain(reason).strip()
    if due_on == (current and current.due_on):
        # Sent twice, it is written already.
        if reason and reason != (current and current.reason):
            raise Refused(NOT_MOVED)
        return None
    if revision not in (None, revision_of_day(campaign, organisation)):
        raise Refused(CHANGED)
    asked = campaign.campaign_indicators.entered_by([organisation])
    if not campaign.is_prepared and not asked.exists():
        raise Refused(ASKED_OF_NOTHING)
    enforce(_refuse_dates(campaign.convention, campaign.year, due_on or campaign.due_on))
    enforce(rights.may_be_due(due_on, timezone.localdate()) if due_on else None)
    row = OwnDeadline.objects.create(
        campaign=campaign, organisation=organisation, due_on=due_on, reason=reason, **_signed(by),
    )  # fmt: skip
    _update_due_dates(campaign)
    notify_moved_deadline(campaign, row, [organisation])
    return row


def revision_of_day(campaign: Campaign, organisation: Organisation) -> int:
    """Return the revision that a form of an organisation's deadline carries: the campaign's, plus
    how often the organisation was given its own."""
    own = campaign.own_deadlines.filter(organisation=organisation)
    return campaign.revision + own.count()


@event(Subject.FIGURES)
def remind(
    campaign: Campaign, organisations: Iterable[Organisation], text: str, *, by: User,
    again: bool = False,
) -> list[Reminder]:  # fmt: skip
    """Remind organisations of what they owe, in the coordinator's words, and return the reminders.

    Left out: who owes nothing that may exist today, who has nobody else to read it, and who was
    reminded today unless ``again``. Raise Refused without a text, or if nobody is left.
    """
    campaign = lock_campaign(campaign)
    enforce(rights.may_remind(by, campaign))
    text = canonical.plain(text).strip()
    if not text:
        raise Refused(REMINDER_WITHOUT_TEXT)
    asked = {organisation.pk for organisation in organisations}
    calls = calls_of(campaign, timezone.now(), asker=by)
    owing = [call for call in calls if call.organisation.pk in asked and call.can_be_reminded]
    if not owing:
        raise Refused(NOBODY_TO_REMIND)
    left = [call for call in owing if again or not call.was_reminded_today]
    if not left:
        raise Refused(REMINDED_TODAY)
    reminders = [_create_reminder(campaign, call, text, by) for call in left]
    notify(*(FiguresRecalled(campaign, row.organisation, row.pk) for row in reminders))
    return reminders


def _create_reminder(campaign: Campaign, call: Call, text: str, by: User) -> Reminder:
    """Create the reminder of one organisation, and a row for each person who gets it; nobody is
    notified yet."""
    reminder = Reminder.objects.create(
        campaign=campaign, organisation=call.organisation, text=text, owed=len(call.owed),
        **_signed(by),
    )  # fmt: skip
    ReminderRecipient.objects.bulk_create(
        ReminderRecipient(reminder=reminder, user=user) for user in call.addressed
    )
    return reminder


@event(Subject.FIGURES)
def change_year(campaign: Campaign, year: int, *, due_on: datetime.date, by: User) -> Campaign:
    """Move a campaign of the wrong year, prepared or open, to another year, with a new deadline.

    Its open entry links are cut, own deadlines and texts taken over go; if it is open, who owes
    something is notified again. Raise Refused as ``prepare_campaign`` does, and once it holds a
    value.
    """
    campaign = _lock_with_indicators(campaign)
    enforce(rights.may_undo_campaign(by, campaign))
    enforce(_refuse_dates(campaign.convention, year, due_on))
    enforce(rights.may_be_due(due_on, timezone.localdate()))
    before, campaign.year, campaign.due_on = campaign.year, year, due_on
    reason = f"{before} devient {year} ; données attendues pour le {long_date(due_on)}."
    if campaign.is_open:
        # The year counts as opened now, not since the collection was opened under another year.
        campaign.opened_at = timezone.now()
    try:
        with changing():
            campaign.save()
    except IntegrityError:
        raise Refused(Refusal(f"Le recueil {year} existe déjà.")) from None
    step = move(campaign, CampaignVerb.YEAR_CHANGED, **coordinating(by), reason=reason)
    for link in campaign.entry_links.open().order_by("pk").select_for_update():
        move(link, LinkVerb.CUT, **coordinating(by), reason=reason)
    _end_own_deadlines(campaign, campaign.own_deadlines.latest_by_organisation().values(), by)
    # What was taken over names the year that was before the wrong one.
    campaign.campaign_indicators.update(taken_over="")
    _update_due_dates(campaign)
    ask_communes(campaign)
    if campaign.is_open:
        notify_opening(campaign, step)
    return campaign


@event(Subject.FIGURES)
def cancel_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """Cancel a prepared or open campaign that holds no value: its indicators are deleted, its log
    stays, and the year may be prepared again. Raise Refused otherwise."""
    campaign = _lock_with_indicators(campaign)
    enforce(rights.may_undo_campaign(by, campaign))
    campaign.campaign_indicators.all().delete()
    move(campaign, CampaignVerb.CANCELLED, **coordinating(by))
    return campaign


@event(Subject.FIGURES)
def open_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """Open a campaign: ask for the figures of every indicator in force, by its wording of today.
    Who owes some is notified, and reminded around the deadline.

    Raise Refused if no indicator is in force, or the deadline has passed.
    """
    rows = Indicator.objects.of(campaign.convention).agreed()
    lock_versions_in_force(rows)
    campaign = lock_campaign(campaign)
    enforce(rights.may_open(by, campaign))
    enforce(rights.may_be_due(campaign.due_on, timezone.localdate()))
    versions = versions_in_force(rows)
    indicators = [row for row in rows if row.pk in versions]
    if not indicators:
        raise Refused(NONE_IN_FORCE)
    step = move(campaign, CampaignVerb.OPENED, **coordinating(by), opened_at=timezone.now())
    own = campaign.own_deadlines.latest_by_organisation()
    CampaignIndicator.objects.bulk_create(
        [
            freeze_indicator(campaign, indicator, versions[indicator.pk], own)
            for indicator in indicators
        ]
    )
    ask_communes(campaign)
    notify_opening(campaign, step)
    let_follow(house().after_opening, campaign)
    return campaign


def ask_communes(campaign: Campaign) -> None:
    """Store how many communes each table of a campaign is asked of."""
    tables = campaign.campaign_indicators.by_commune()
    if tables.exists():
        count = Coverage.objects.in_year(campaign.convention, campaign.year).count()
        tables.update(communes_asked=count)


def lock_versions_in_force(rows: QuerySet[Indicator]) -> None:
    """Lock the versions in force of indicators, before their campaign: none leaves force meanwhile.

    Whoever answers takes the locks in the same order.
    """
    lock_versions(list(versions_in_force(rows).values()))


def versions_in_force(rows: QuerySet[Indicator]) -> dict[int, Version]:
    """Return the versions in force, by the key of the indicator; others are left out."""
    versions = Version.objects.about_rows(rows).in_force()
    return {version.object_id: version for version in versions}


def freeze_indicator(
    campaign: Campaign, indicator: Indicator, version: Version, own: dict[int, OwnDeadline]
) -> CampaignIndicator:
    """Return an indicator as a campaign asks for it, by the wording of ``version``, not saved yet.
    ``own``: the organisations' own deadlines, by their keys."""
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
        grain=version.content["grain"],
        due_on=_due(campaign, version, own.get(enterer or provider)),
    )


def _due(campaign: Campaign, version: Version, own: OwnDeadline | None) -> datetime.date:
    """Return the deadline of an indicator: that of ``own`` if any, else the campaign's; later if
    the figure exists later."""
    day = (own.due_on if own else None) or campaign.due_on
    return deadline(campaign.year, day, version.content["available_month"])


@event(Subject.FIGURES)
def add_to_campaign(campaign: Campaign, indicator: Indicator, *, by: User) -> CampaignIndicator:
    """Add an indicator that came into force since the campaign was opened, and return its row; the
    row that is there already if it was added before. Raise Refused if it is not in force."""
    lock_versions_in_force(Indicator.objects.filter(pk=indicator.pk))
    campaign = lock_campaign(campaign)
    enforce(rights.may_add_to(by, campaign))
    if existing := campaign.campaign_indicators.filter(indicator=indicator).first():
        return existing
    version = _version_in_force(campaign, indicator)
    own = campaign.own_deadlines.latest_by_organisation()
    entry = freeze_indicator(campaign, indicator, version, own)
    entry.save()
    ask_communes(campaign)
    schedule_reminders(campaign)
    return entry


def _version_in_force(campaign: Campaign, indicator: Indicator) -> Version:
    """Return the version in force of an indicator. Raise Refused if there is none."""
    rows = Indicator.objects.of(campaign.convention).filter(pk=indicator.pk)
    version = versions_in_force(rows).get(indicator.pk)
    if version is None or not indicator.is_agreed:
        raise Refused(NOT_IN_FORCE)
    return version


@dataclass(frozen=True)
class Closing:
    """A campaign that was closed, and how many of its indicators have a value that is ``not_given``
    (saved or returned: it counts for nothing), are ``without`` any, or are tables given ``in_part``
    (their total is that of some communes)."""

    campaign: Campaign
    not_given: int
    without: int
    in_part: int


@event(Subject.FIGURES)
def close_campaign(campaign: Campaign, *, by: User) -> Closing:
    """Close an open campaign: figures and secrecy rules are frozen, protected figures disclosed;
    only corrections follow. Return it with the counts of what counts for nothing or in part."""
    campaign = _lock_with_indicators(campaign)
    enforce(rights.may_close(by, campaign))
    campaign.campaign_indicators.all().freeze_rules()
    move(campaign, CampaignVerb.CLOSED, **coordinating(by), closed_at=timezone.now())
    disclose_year(campaign, by=by)
    let_follow(house().after_closing, campaign, by=by)
    entries = with_state(campaign.campaign_indicators.all())
    states = list(entries.values_list("value_state", "communes_given"))
    return Closing(
        campaign,
        sum(state in (ValueState.DRAFT, ValueState.RETURNED) for state, _ in states),
        sum(state is None for state, _ in states),
        sum(bool(given) and state not in SHOWN for state, given in states),
    )


@event(Subject.FIGURES)
def reopen_campaign(
    campaign: Campaign, *, due_on: datetime.date, reason: str, by: User
) -> Campaign:
    """Reopen a closed campaign until a day that has not passed, for a reason that is logged.

    Deadlines of indicators follow, own deadlines end, who owes something is notified. Raise Refused
    without a reason.
    """
    campaign = lock_campaign(campaign)
    enforce(rights.may_reopen(by, campaign))
    enforce(rights.may_be_due(due_on, timezone.localdate()))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    step = move(campaign, CampaignVerb.REOPENED, **coordinating(by), reason=reason, due_on=due_on)
    _end_own_deadlines(campaign, campaign.own_deadlines.latest_by_organisation().values(), by)
    _update_due_dates(campaign)
    notify_opening(campaign, step)
    refresh_disclosures(campaign, by=by)  # a rule that has become stricter since holds from now on
    return campaign


@event(Subject.FIGURES)
def add_past_year(convention: Convention, year: int, *, by: User | None) -> Campaign:
    """Create the campaign of a past year whose figures come from a file: it is closed from the
    start, and nobody is asked.

    Raise Refused if the year has a campaign, is not one of the term's, or is not over.
    """
    today = timezone.localdate()
    enforce(rights.may_add_past_year(by, convention, year, today))
    campaign = Campaign(
        convention=convention, year=year, due_on=today, is_from_file=True,
        is_fictional=Campaign.objects.of(convention).fictional().exists(),
    )  # fmt: skip
    now = timezone.now()
    try:
        with changing():
            move(campaign, CampaignVerb.BROUGHT, **coordinating(by), opened_at=now, closed_at=now)
    except IntegrityError:
        raise Refused(Refusal(f"Le recueil {year} existe déjà.")) from None
    return campaign


@event(Subject.FIGURES)
def add_past_indicator(campaign: Campaign, indicator: Indicator) -> CampaignIndicator:
    """Add an indicator to a year whose figures come from a file, by its wording of today and under
    the provider's secrecy rule of today, and return its row. An existing row is returned with the
    rule it has, that of today if it holds no value. Raise Refused if the indicator is not in
    force."""
    lock_versions_in_force(Indicator.objects.filter(pk=indicator.pk))
    campaign = lock_campaign(campaign)
    if existing := campaign.campaign_indicators.filter(indicator=indicator).first():
        if not existing.values.exists():  # it was taken back, and stays for what its log says of it
            campaign.campaign_indicators.filter(pk=existing.pk).freeze_rules()
        return existing
    entry = freeze_indicator(campaign, indicator, _version_in_force(campaign, indicator), {})
    entry.save()
    ask_communes(campaign)
    campaign.campaign_indicators.filter(pk=entry.pk).freeze_rules()
    return entry


@event(Subject.FIGURES)
def cancel_past_year(campaign: Campaign, *, by: User | None) -> None:
    """Cancel a year that came from a file and delete its indicators; do nothing while it holds a
    value, once a figure of it was disclosed, or if it was opened since."""
    campaign = _lock_with_indicators(campaign)
    is_disclosed = Disclosure.objects.done().of(campaign).exists()
    if campaign.takes_figures_of_files and campaign.is_empty and not is_disclosed:
        campaign.campaign_indicators.all().delete()
        move(campaign, CampaignVerb.LET_GO, **coordinating(by))


def _lock_with_indicators(campaign: Campaign) -> Campaign:
    """Return the campaign, locked with its indicators: a value saved meanwhile is seen, or
    refused."""
    campaign = lock_campaign(campaign)
    asked = campaign.campaign_indicators.order_by("pk").select_for_update(**LOCK)
    list(asked.values_list("pk", flat=True))
    return campaign


def lock_campaign(campaign: Campaign) -> Campaign:
    """Return the campaign as it is now, a cancelled one too, locked. Lock it before its
    indicators."""
    rows = Campaign.with_cancelled.select_related("convention").select_for_update(**LOCK)
    return rows.get(pk=campaign.pk)
