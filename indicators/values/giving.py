"""What is saved is submitted, then verified or returned by a second person.

``by`` and ``revision`` as in ``events.py``. The figures of communes are submitted, verified and
returned together: a table is one thing, and one act of a person.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import revision_of
from ctg_portal.rules import Refusal, Refused, enforce
from indicators.definitions.definition import Definition
from indicators.disclosure.events import disclose_now
from indicators.disclosure.models import Disclosure
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value, ValueVerb
from indicators.values import rights as values_rights
from indicators.values.links.visitor import Enterer, Visitor
from indicators.values.notices import DisclosedUnwaited, ValueReturned, tell_given
from indicators.values.plausibility import unexplained
from indicators.values.tables import of_commune, revision_of_table
from indicators.values.totals import Earlier, Total, all_before, total_of
from indicators.values.writing import (
    asker_in,
    check_writing,
    keep_table,
    lock_entries,
    lock_entry,
    lock_value,
    move_table,
    move_value,
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
class Held:
    """An indicator whose value was not submitted, and why."""

    entry: CampaignIndicator
    refusal: Refusal


@dataclass
class Submission:
    """What was submitted, and what was not; of a table, one of its values stands for it."""

    sent: list[Value] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


@event()
def submit_values(
    entries: Iterable[CampaignIndicator], *, by: Enterer, revisions: dict[int, int] | None = None
) -> Submission:
    """Give the values of one campaign that are ready; those given already are left as they are. Of
    a table, all that is typed is given, or nothing while something of it is held; but for what a
    commune's own people have begun, which the others do not wait for.

    ``revisions``: those of the values that were shown, by entry; another writing is held.
    Raises Refused when one of them is not the person's to submit, and then submits none.
    """
    pks = sorted({entry.pk for entry in entries})
    lock_entries(pks)
    locked = list(CampaignIndicator.objects.with_relations().filter(pk__in=pks).in_reading_order())
    asker = asker_in(by, locked[0]) if locked else None
    for entry in locked:
        enforce(values_rights.may_enter(asker, entry))
    given = defaultdict(list)
    kept = values_of(pks).asked_of(locked[0].campaign) if locked else ()
    for value in kept and kept.select_related("commune").prefetch_related("transitions"):
        given[value.campaign_indicator_id].append(value)
    is_linked = isinstance(by, Visitor)
    before = all_before(locked, as_disclosed=is_linked, reader=asker)
    result, acts = Submission(), []
    for entry in locked:
        values = given[entry.pk]
        left = [value for value in values if not value.is_shown]
        if values and not left:
            continue
        left, theirs = _apart(asker, entry, left)
        if theirs:
            result.held.append(Held(entry, theirs))
            if not left:
                continue
        refusal = _not_given(asker, entry, values, left, before[entry.pk])
        if refusal is None and revisions is not None:
            is_shown = revisions.get(entry.pk) == _revision(entry, values)
            refusal = None if is_shown else rewritten_table(left)
        if refusal:
            result.held.append(Held(entry, refusal))
            continue
        for value in left:
            value.campaign_indicator = entry
        acts += move_table(left, ValueVerb.SUBMITTED, asker, submitted_at=timezone.now())
        result.sent.append(left[0])
    tell_given(acts)
    return result


def _apart(asker, entry: CampaignIndicator, values: list[Value]) -> tuple[list, Refusal | None]:
    """What of an indicator the asker gives, and why not the rest: what a commune has begun of a
    table stays with it. Raises Refused for anything else that is not theirs to give."""
    refusals = {
        value: values_rights.may_write(asker, entry, value, value and value.commune)
        for value in values or [None]
    }
    theirs = [one for one in values if entry.is_by_commune and one.commune and refusals[one]]
    for value in refusals.keys() - theirs:
        enforce(refusals[value])
    mine = [value for value in values if value not in theirs]
    return mine, refusals[theirs[0]] if theirs else None


def _not_given(
    asker, entry: CampaignIndicator, values: list[Value], left: list[Value], before: Earlier
) -> Refusal | None:
    """Why what is left of an indicator cannot be given yet, before who gives it."""
    if not entry.is_by_commune:
        value = left[0] if left else None
        return not_ready(value, Definition.of(entry.version), before.get(None))
    # What a table comes to is not told to who is not shown what others gave of it.
    is_told = asker is None or asker.recognises(entry)
    read = [one for one in values if is_told and (one.is_shown or one in left)]
    return table_not_ready(left, total_of(entry, read, before), entry)


def _revision(entry: CampaignIndicator, values: list[Value]) -> int:
    return revision_of_table(values) if entry.is_by_commune else revision_of(values[0])


def not_ready(value: Value | None, definition: Definition, before) -> Refusal | None:
    """Why a value cannot be submitted yet: nothing saved, returned, or a comment is missing."""
    if value is None:
        return NOTHING_SAVED
    if value.is_returned:
        return NOT_REWRITTEN
    asked = unexplained(value, definition, before)
    return Refusal(" ".join(asked)) if asked else None


def table_not_ready(values: list[Value], total: Total, entry: CampaignIndicator) -> Refusal | None:
    """The same of what of a table is not given: nothing typed, something that is held, or what the
    communes come to."""
    if not values and entry.communes_given:
        verb = "est transmise" if entry.communes_given < 2 else "sont transmises"
        return Refusal(f"{entry.told_communes} {verb}, et rien d’autre n’est saisi.")
    if not values:
        return NOTHING_SAVED
    definition = of_commune(total.definition)
    for value in values:
        whose = value.commune or "Le territoire"
        if value.commune_id:
            refusal = not_ready(value, definition, total.earlier.get(value.commune_id))
        else:
            refusal = not_ready(value, total.definition, total.before)
        if refusal:
            return Refusal(f"{whose} : {refusal.reason[:1].lower()}{refusal.reason[1:]}")
    asked = total.asks()
    return Refusal(" ".join(asked)) if asked else None


@event(Subject.FIGURES)
def verify_table(
    entry: CampaignIndicator, *, by: User | None, revision: int | None = None
) -> list[Value]:
    """Confirm what of a table is submitted and was typed by others; raises Refused where nothing
    is, or it is no longer the table of ``revision``."""
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
    """Send a table back to whoever entered it, with a reason, whole: none of it is shown."""
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
    """Confirm a submitted value, as a second person of the organisation that provides it."""
    entry, value = lock_value(value)
    asker = asker_in(by, entry)
    enforce(values_rights.may_verify(asker, value))
    check_writing(value, revision)
    value.verified_by, value.verified_by_name = by, str(by or "")
    value.verified_at = timezone.now()
    move_value(value, ValueVerb.VERIFIED, asker)
    keep_table(entry)
    return value


def verify_values(
    values: Iterable[tuple[Value, int]], *, by: User
) -> tuple[list[Value], list[Refusal]]:
    """Confirm several values, each with the revision it was shown in; those that may not be, or
    are no longer the same, are left, and why is told. One of a table stands for all of it."""
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
    """Send a value back to whoever entered it, with a reason; it is no longer shown."""
    entry, value = lock_value(value)
    asker = asker_in(by, entry)
    enforce(values_rights.may_return(asker, value))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    check_writing(value, revision)
    unverify(value)
    notify(ValueReturned(move_value(value, ValueVerb.RETURNED, asker, reason=reason)))
    keep_table(entry)
    return value


@event(Subject.FIGURES)
def disclose_without_waiting(
    entry: CampaignIndicator, *, reason: str, by: User | None
) -> Disclosure:  # fmt: skip
    """Have everybody read what is given of protected figures, as who coordinates asks for, with a
    reason that everybody reads; their provider's people are told. Raises Refused where nothing is
    given."""
    entry = lock_entry(entry)
    enforce(values_rights.may_disclose_without_waiting(asker_in(by, entry), entry))
    if not reason.strip():
        raise Refused(WHY_NOT_WAIT)
    disclosure = disclose_now(entry, by=by, reason=reason.strip())
    if disclosure is None:
        raise Refused(NOTHING_GIVEN)
    notify(DisclosedUnwaited(disclosure))
    return disclosure
