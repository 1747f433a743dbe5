"""Submit saved values, then verify or return them.

``by`` and ``revision`` as in ``events.py``. Figures of communes are submitted, verified and
returned together: a table is one thing, and one act of a person.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from ctg_portal.forms.revisions import revision_of
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from indicators.collection.rights import Contributor
from indicators.definitions.definition import Definition
from indicators.disclosure.events import disclose_now
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.disclosures import Disclosure
from indicators.figures.values import Value, ValueVerb
from indicators.values import rights as values_rights
from indicators.values.figure import BELOW_ZERO
from indicators.values.links.visitor import Enterer, Visitor
from indicators.values.notices import DisclosedWithoutWaiting, ValueReturned, notify_given
from indicators.values.plausibility import EarlierFigure, unexplained
from indicators.values.tables import definition_for_commune, revision_of_table
from indicators.values.totals import Earlier, Total, all_before, total_of
from indicators.values.writing import (
    asker_in,
    check_writing,
    lock_entries,
    lock_entry,
    lock_value,
    move_table,
    move_value,
    refresh_table,
    rewritten_table,
    unverify,
    values_of,
)
from notifications.news import notify

REASON_MISSING = Refusal("Donnez un motif : qui a saisi la valeur le lira.")
WHY_NOT_WAIT = Refusal("Dites pourquoi ne pas attendre : chacun le lira.")
NOTHING_GIVEN = Refusal("Rien n’est encore transmis de ces chiffres : rien n’est à diffuser.")
NOTHING_SAVED = Refusal("Rien n’est encore saisi.")
NOT_SUBMITTED = Refusal("Rien de ce tableau n’est transmis.")
NOT_REWRITTEN = Refusal("Elle vous a été retournée : corrigez-la, ou expliquez-la en commentaire.")


@dataclass(frozen=True)
class Blocked:
    """An indicator whose value was not submitted, and why."""

    entry: CampaignIndicator
    refusal: Refusal


@dataclass
class Submission:
    """The result of a submission: values ``sent``, one for all of a table, and what is
    ``blocked``."""

    sent: list[Value] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)


@event()
def submit_values(
    entries: Iterable[CampaignIndicator], *, by: Enterer, revisions: dict[int, int] | None = None
) -> Submission:
    """Submit the values of indicators of one campaign that are ready, and notify who verifies them;
    those given already are left as they are.

    All of a table is given, or nothing while something in it is blocked; but it does not wait for
    what a commune's own people have begun. ``revisions``: by the key of each entry that was shown,
    its revision; what was written since, or not shown, is blocked. Raise Refused, and submit
    nothing, if one of the entries is not the person's to submit.
    """
    pks = sorted({entry.pk for entry in entries})
    lock_entries(pks)
    locked = list(CampaignIndicator.objects.with_relations().filter(pk__in=pks).in_reading_order())
    asker = asker_in(by, locked[0]) if locked else None
    for entry in locked:
        enforce(values_rights.may_enter(asker, entry))
    given = defaultdict(list)
    stored = values_of(pks).asked_of(locked[0].campaign) if locked else ()
    for value in stored and stored.select_related("commune").prefetch_related("transitions"):
        given[value.campaign_indicator_id].append(value)
    is_linked = isinstance(by, Visitor)
    before = all_before(locked, as_disclosed=is_linked, reader=asker)
    result, acts = Submission(), []
    for entry in locked:
        values = given[entry.pk]
        left = [value for value in values if not value.is_shown]
        if values and not left:
            continue
        left, theirs = _own_part(asker, entry, left)
        if theirs:
            result.blocked.append(Blocked(entry, theirs))
            if not left:
                continue
        refusal = _refuse_incomplete(asker, entry, values, left, before[entry.pk])
        if refusal is None and revisions is not None:
            now = revision_of_table(values) if entry.is_by_commune else revision_of(values[0])
            is_shown = revisions.get(entry.pk) == now
            refusal = None if is_shown else rewritten_table(left)
        if refusal:
            result.blocked.append(Blocked(entry, refusal))
            continue
        for value in left:
            value.campaign_indicator = entry
        acts += move_table(left, ValueVerb.SUBMITTED, asker, submitted_at=timezone.now())
        result.sent.append(left[0])
    notify_given(acts)
    return result


def _own_part(
    asker: Contributor | None, entry: CampaignIndicator, values: list[Value]
) -> tuple[list[Value], Refusal | None]:
    """Return which of the values are the asker's to give, and the refusal for those of communes in
    a table that are not, None without any. Raise Refused if another is not theirs, or the
    indicator without values."""
    refusals = {
        value: values_rights.may_write(asker, entry, value, value.commune if value else None)
        for value in values or [None]
    }
    others = [
        value for value in values if entry.is_by_commune and value.commune and refusals[value]
    ]
    for value in refusals.keys() - others:
        enforce(refusals[value])
    mine = [value for value in values if value not in others]
    return mine, refusals[others[0]] if others else None


def _refuse_incomplete(
    asker: Contributor | None, entry: CampaignIndicator, values: list[Value], left: list[Value],
    before: Earlier,
) -> Refusal | None:  # fmt: skip
    """Return why ``left``, those of the values that are not given, cannot be given yet, or None."""
    if not entry.is_by_commune:
        value = left[0] if left else None
        return refuse_unready(value, Definition.of(entry.version), before.get(None))
    # The total of a table is hidden from whoever may not see the values that others gave.
    reads_table = asker is None or asker.recognises(entry)
    read = [value for value in values if reads_table and (value.is_shown or value in left)]
    return refuse_unready_table(left, total_of(entry, read, before), entry)


def refuse_unready(
    value: Value | None, definition: Definition, before: EarlierFigure | None
) -> Refusal | None:
    """Return why a value cannot be submitted yet, or None: nothing is saved, it was returned,
    it is below zero and may not be, or a doubt asks for a comment."""
    if value is None:
        return NOTHING_SAVED
    if value.is_returned:
        return NOT_REWRITTEN
    if (value.number or 0) < 0 and not definition.allows_negative:
        return BELOW_ZERO  # typed when the definition was another
    asked = unexplained(value, definition, before)
    return Refusal(" ".join(asked)) if asked else None


def refuse_unready_table(
    values: list[Value], total: Total, entry: CampaignIndicator
) -> Refusal | None:
    """Return why these values of a table, not given yet, cannot be submitted, or None: there are
    none, one is not ready (it is named by its commune), or the total asks for a comment."""
    if not values and entry.communes_given:
        verb = "est transmise" if entry.communes_given < 2 else "sont transmises"
        return Refusal(f"{entry.communes_label} {verb}, et rien d’autre n’est saisi.")
    if not values:
        return NOTHING_SAVED
    definition = definition_for_commune(total.definition)
    for value in values:
        whose = value.commune or "Le territoire"
        if value.commune_id:
            refusal = refuse_unready(value, definition, total.earlier.get(value.commune_id))
        else:
            refusal = refuse_unready(value, total.definition, total.before)
        if refusal:
            return Refusal(f"{whose} : {refusal.reason[:1].lower()}{refusal.reason[1:]}")
    asked = total.open_questions()
    return Refusal(" ".join(asked)) if asked else None


@event(Subject.FIGURES)
def verify_table(
    entry: CampaignIndicator, *, by: User | None, revision: int | None = None
) -> list[Value]:
    """Verify the submitted values of a table that ``by`` may verify, and return them; others stay
    submitted. Raise Refused if there is none, or the table is not at ``revision`` any more."""
    entry = lock_entry(entry)
    asker, values = asker_in(by, entry), entry.values.asked_of(entry.campaign)
    values = list(values.select_related("entered_through"))
    if revision is not None and revision != revision_of_table(values):
        raise Refused(rewritten_table(values))
    refusals = {value.pk: values_rights.may_verify(asker, value) for value in values}
    verified = [value for value in values if refusals[value.pk] is None]
    if not verified:
        submitted = [value for value in values if value.is_submitted]
        raise Refused(refusals[submitted[0].pk] if submitted else NOT_SUBMITTED)
    move_table(
        verified, ValueVerb.VERIFIED, asker, verified_by=by, verified_by_name=str(by or ""),
        verified_at=timezone.now(),
    )  # fmt: skip
    return verified


@event(Subject.FIGURES)
def return_table(
    entry: CampaignIndicator, *, reason: str, by: User, revision: int | None = None
) -> list[Value]:
    """Return all values of a table that are submitted or verified to who entered them, who are
    notified, with a reason: none is shown any more. Raise Refused without one, without a reason, or
    if the table is not at ``revision`` any more."""
    entry = lock_entry(entry)
    asker, values = asker_in(by, entry), list(entry.values.asked_of(entry.campaign))
    if revision is not None and revision != revision_of_table(values):
        raise Refused(rewritten_table(values))
    shown = [value for value in values if value.is_shown]
    if not shown:
        raise Refused(NOT_SUBMITTED)
    enforce(values_rights.may_return(asker, shown[0]))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    acts = move_table(
        shown, ValueVerb.RETURNED, asker, reason=reason, verified_by=None, verified_by_name="",
        verified_at=None,
    )  # fmt: skip
    notify(ValueReturned(acts[0]))
    return shown


@event(Subject.FIGURES)
def verify_value(value: Value, *, by: User | None, revision: int | None = None) -> Value:
    """Verify a submitted value, as a second person of the organisation that provides it. Raise
    Refused if it is not submitted or at ``revision`` any more, or not the person's to verify."""
    entry, value = lock_value(value)
    asker = asker_in(by, entry)
    enforce(values_rights.may_verify(asker, value))
    check_writing(value, revision)
    value.verified_by, value.verified_by_name = by, str(by or "")
    value.verified_at = timezone.now()
    move_value(value, ValueVerb.VERIFIED, asker)
    refresh_table(entry)
    return value


def verify_values(
    values: Iterable[tuple[Value, int]], *, by: User
) -> tuple[list[Value], list[Refusal]]:
    """Verify several values, each with the revision it was shown in; a value of a table stands for
    all of it. Return one value for each indicator that was verified, and the distinct refusals of
    the others."""
    verified, refused = [], []
    for value, revision in values:
        entry = value.campaign_indicator
        try:
            if entry.is_by_commune:
                verified += verify_table(entry, by=by, revision=revision)[:1]
            else:
                verified.append(verify_value(value, by=by, revision=revision))
        except Refused as refusal:
            refused.append(refusal.refusal)
    return verified, list(dict.fromkeys(refused))


@event(Subject.FIGURES)
def return_value(value: Value, *, reason: str, by: User, revision: int | None = None) -> Value:
    """Return a submitted or verified value to who entered it, who is notified, with a reason; it is
    not shown any more. Raise Refused without a reason, or if it is not at ``revision`` any more."""
    entry, value = lock_value(value)
    asker = asker_in(by, entry)
    enforce(values_rights.may_return(asker, value))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    check_writing(value, revision)
    unverify(value)
    notify(ValueReturned(move_value(value, ValueVerb.RETURNED, asker, reason=reason)))
    refresh_table(entry)
    return value


@event(Subject.FIGURES)
def disclose_without_waiting(
    entry: CampaignIndicator, *, reason: str, by: User | None
) -> Disclosure:  # fmt: skip
    """Disclose the protected figures of an indicator before they are complete, as the coordinator
    decides, with a reason that everybody reads; their provider's people are notified. Raise Refused
    without a reason, or if nothing is given."""
    entry = lock_entry(entry)
    enforce(values_rights.may_disclose_without_waiting(asker_in(by, entry), entry))
    if not reason.strip():
        raise Refused(WHY_NOT_WAIT)
    disclosure = disclose_now(entry, by=by, reason=reason.strip())
    if disclosure is None:
        raise Refused(NOTHING_GIVEN)
    notify(DisclosedWithoutWaiting(disclosure))
    return disclosure
