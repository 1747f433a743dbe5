"""Answers of the parties: given, recorded, confirmed, refused, undone and taken back."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from agreements.answers import rights, settlement
from agreements.answers.lights import Point
from agreements.answers.models import Agreement, Answer, Attachment, Confirmation, ConfirmationWay
from agreements.seats.models import Seat
from agreements.seats.voices import Bench, Voice, bench_of, capacity_for
from agreements.versions.models import UNDO_DELAY, UNDONE_REASON, Version
from agreements.versions.rows import LOCK, lock_rows_in_force, lock_versions
from conventions.models import Convention, Organisation
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from documents.models import StoredFile

REASON_MISSING = Refusal("Dites pourquoi : la coordination et les autres parties le liront.")
BODY_MISSING = Refusal("Indiquez l’instance qui délibérera, et à quelle date.")
ATTACHED_ALREADY = Refusal("Ce document est déjà joint à cette réponse.")
ONLY_AGREEMENT = Refusal(
    "L’accord de votre organisme n’est pas requis ici : vous pouvez dire « d’accord », ou "
    "commenter."
)
NO_MEMBER = Refusal("Ce siège n’engage pas son organisme aujourd’hui.")


@dataclass(frozen=True)
class Reply:
    """An answer to one version. ``last_rank``: the rank of the party's last answer as it was shown,
    0 for none. ``body``, ``body_date``: which instance will deliberate, and when; ``act``: a
    document to attach."""

    version: Version
    answer: str = Answer.AGREED
    last_rank: int = 0
    reason: str = ""
    body: str = ""
    body_date: datetime.date | None = None
    act: StoredFile | None = None


@dataclass(frozen=True)
class Received:
    """An answer that a member has given to one version outside the portal. ``last_rank``: as of a
    ``Reply``."""

    version: Version
    answer: str = Answer.AGREED
    reason: str = ""
    last_rank: int = 0


class RefusedVersion(NamedTuple):
    """A version to which an answer cannot be taken, and why."""

    version: Version
    refusal: Refusal


class NoneRecorded(Refused):
    """Raised when some of several answers cannot be recorded, so that none is. ``refused``: which,
    and why."""

    def __init__(self, refused: list[RefusedVersion]):
        super().__init__(refused[0].refusal)
        self.refused = refused


@dataclass
class Outcome:
    """The outcome of several replies: their ``entries``, of which some are ``written`` now and the
    others were there already; the ``refused`` versions; the versions that came into force."""

    entries: list[Agreement] = field(default_factory=list)
    written: list[Agreement] = field(default_factory=list)
    refused: list[RefusedVersion] = field(default_factory=list)
    in_force: list[Version] = field(default_factory=list)


@event(Subject.COMMITTEE)
def answer(reply: Reply, *, by: User, organisation: Organisation | None = None) -> Agreement:
    """Answer one point for one's party (``organisation`` if one speaks for several); return the
    entry, which is the earlier one where the same form is sent twice.

    Raises Refused: with Stale when the version is no longer proposed, with Overtaken when somebody
    of the same party has answered meanwhile.
    """
    outcome = answer_all([reply], by=by, organisation=organisation)
    for refused in outcome.refused:
        raise Refused(refused.refusal)
    return outcome.entries[0]


@event()
def answer_all(
    replies: Iterable[Reply], *, by: User, organisation: Organisation | None = None
) -> Outcome:
    """Answer several points of one convention in one transaction, one entry each; of two replies to
    one version the last counts. Versions that all parties have agreed to now come into force.

    A reply that cannot be taken is named in the outcome with its refusal; the others are written.
    """
    replies = list({reply.version.pk: reply for reply in replies}.values())
    if not replies:
        return Outcome()
    convention = replies[0].version.convention
    changed(convention, Subject.COMMITTEE)
    bench = _lock_bench(convention)
    points = settlement.lock_points([reply.version for reply in replies], convention)
    outcome = Outcome()
    for reply, point in zip(replies, points, strict=True):
        voice = bench.voice(by, organisation, point.version.kind)
        result = _take_reply(reply, point, voice, by=by)
        if isinstance(result, Refusal):
            outcome.refused.append(RefusedVersion(reply.version, result))
        else:
            outcome.entries.append(result)
    _write(outcome, points, replies)
    return outcome


def _take_reply(
    reply: Reply, point: Point, voice: Voice | None, *, by: User
) -> Agreement | Refusal:
    """Return the entry that a reply makes (not saved yet, but among the answers of ``point``), the
    saved one that it repeats, or why it cannot be taken."""
    if voice is None:
        return rights.NOT_A_MEMBER
    last = point.last_answers.get(voice.organisation.pk)
    overtaken = last if last and last.rank != reply.last_rank else None
    if overtaken and _is_repeat(reply, overtaken, voice, by) and point.version.is_live:
        return overtaken
    refusal = refuse_reply(reply, point, voice)
    if refusal:
        return refusal
    entry = _new_entry(voice, point, reply.answer, by=by, reason=reply.reason)
    if reply.answer == Answer.DELIBERATION:
        entry.body, entry.body_date = reply.body.strip(), reply.body_date
    # The others are notified when this can no longer be undone.
    _announce_turns_again(last, point, wait=UNDO_DELAY)
    point.answers.append(entry)
    return entry


def refuse_reply(reply: Reply, point: Point, voice: Voice | None) -> Refusal | None:
    """Return why a reply cannot be taken now, or None: ``voice`` may not answer, the reply is
    incomplete, or its party has given another answer than the one that the reply knew of,
    ``last_rank`` (Overtaken)."""
    refusal = rights.may_answer(voice, point) or _refuse_incomplete(reply)
    if refusal or voice is None:
        return refusal
    if voice.organisation not in point.required and reply.answer != Answer.AGREED:
        return ONLY_AGREEMENT
    last = point.last_answers.get(voice.organisation.pk)
    return _overtaken_by(last) if last and last.rank != reply.last_rank else None


def _announce_turns_again(
    last: Agreement | None, point: Point, wait: datetime.timedelta = datetime.timedelta()
) -> None:
    """Announce (``after_turns``) that the point awaits the other parties again, if ``last``, the
    answer that a party replaces now, had sent it back to its author; else do nothing."""
    if last and last.answer in Answer.returning():
        let_follow(house().after_turns, point.version.convention, [timezone.localdate()], wait=wait)


def _refuse_incomplete(reply: Reply) -> Refusal | None:
    """Refuse an unknown answer, or one without the reason, instance or date that it needs."""
    if reply.answer not in Answer.replies():
        return Refusal("Cette réponse est inconnue.")
    if reply.answer in Answer.with_reason() and not reply.reason.strip():
        return REASON_MISSING
    if reply.answer == Answer.DELIBERATION and not (reply.body.strip() and reply.body_date):
        return BODY_MISSING
    return None


def _is_repeat(reply: Reply, last: Agreement, voice: Voice, by: User) -> bool:
    """Return whether ``reply`` is the form of the answer ``last``, sent twice by one person."""
    is_put_off = reply.answer == Answer.DELIBERATION
    body, body_date = (reply.body.strip(), reply.body_date) if is_put_off else ("", None)
    is_same_answer = (last.answer, last.reason, last.body, last.body_date) == (
        reply.answer, reply.reason.strip(), body, body_date,
    )  # fmt: skip
    is_same_person = (last.entered_by_id, last.user_id) == (by.pk, voice.user_id)
    return is_same_answer and is_same_person and not last.is_recorded


def _overtaken_by(last: Agreement) -> rights.Overtaken:
    """Return the refusal that names who has just answered for the party, and what."""
    return rights.Overtaken(
        f"{last.person_name} vient de répondre « {last.get_answer_display()} » "
        f"au nom {last.organisation.genitive} : c’est cette réponse qui est enregistrée."
    )


def _new_entry(
    voice: Voice, point: Point, answer: str, *, by: User, reason: str = "", **values: Any
) -> Agreement:
    """Return a new entry of the register, not saved, with the next rank of its party. ``values``:
    further fields."""
    return Agreement(
        version=point.version, organisation=voice.organisation,
        rank=point.next_rank(voice.organisation), answer=answer, reason=reason.strip(),
        seat=voice.seat, seat_kind=voice.seat_kind, delegation=voice.delegation,
        user_id=voice.user_id, person_name=voice.person_name, capacity=voice.capacity,
        entered_by=by, entered_by_name=str(by), **values,
    )  # fmt: skip


def _write(outcome: Outcome, points: list[Point], replies: list[Reply]) -> None:
    """Save the new entries of an outcome with their documents, settle their points, and set
    ``written`` and ``in_force``; other rooms follow."""
    outcome.written = [entry for entry in outcome.entries if entry._state.adding]
    for entry in outcome.written:
        entry.index()
    Agreement.objects.bulk_create(outcome.written)
    let_follow(house().after_entries, outcome.written)
    acts = {reply.version.pk: reply.act for reply in replies if reply.act}
    Attachment.objects.bulk_create(
        Attachment(agreement=entry, document=acts[entry.version_id])
        for entry in outcome.written
        if entry.version_id in acts
    )
    by_version = {entry.version_id: entry for entry in outcome.entries}
    outcome.in_force = [
        point.version
        for point in points
        if (given := by_version.get(point.version.pk))
        and settlement.settle(point, **_actor_of(given))
    ]
    if outcome.entries:
        answered = [reply.version for reply in replies]
        let_follow(house().after_answers, answered, **_actor_of(outcome.entries[0]))


@event(Subject.COMMITTEE)
def retract(
    version: Version, *, reason: str, by: User, organisation: Organisation | None = None
) -> Agreement:
    """Take the agreement of one's party back, and return the new entry; a version in force leaves
    force.

    ``organisation``: which party, for who speaks for several. Raises Refused, also without reason.
    """
    bench = _lock_bench(version.convention)
    [point] = settlement.lock_points([version], version.convention)
    voice = rights.retracting_voice(by, organisation, point, bench)
    if voice is None:
        raise Refused(rights.NOT_A_MEMBER)
    enforce(rights.may_retract(voice, point))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    entry = _new_entry(voice, point, Answer.RETRACTED, by=by, reason=reason)
    entry.save()
    if point.version.is_in_force:
        settlement.leave_force(point.version, reason=entry.reason, **_actor_of(entry))
    let_follow(house().after_entries, [entry])
    return entry


@event()
def undo(entries: Iterable[Agreement], *, by: User) -> list[Agreement]:
    """Undo one's own answers on points of one convention, all or none, without a reason; return the
    entries that undo them.

    The earlier answer of each party stands again, and a version that came into force by one of
    these leaves force. Raises Refused when one was given too long ago, or somebody has built on it.
    """
    entries = list(entries)
    if not entries:
        return []
    convention = entries[0].version.convention
    changed(convention, Subject.COMMITTEE)
    bench = _lock_bench(convention)
    points = settlement.lock_points([entry.version for entry in entries], convention)
    read = Agreement.objects.select_related("organisation", "seat", "delegation", "undoing")
    now = read.in_bulk([entry.pk for entry in entries])
    lock_rows_in_force([point.version for point in points])
    undoing = [
        _undo(now[entry.pk], point, bench, by=by)
        for entry, point in zip(entries, points, strict=True)
    ]
    let_follow(house().after_entries, undoing)
    let_follow(house().after_undoing, [entry.undoes for entry in undoing], by=by)
    versions = [point.version for point in points]
    let_follow(house().after_answers, versions, **_actor_of(undoing[0]))
    return undoing


def _undo(entry: Agreement, point: Point, bench: Bench, *, by: User) -> Agreement:
    """Save and return the entry that undoes ``entry``; unless that was an avis, the version leaves
    force or is settled without it. Raises Refused."""
    enforce(rights.may_undo(by, entry, point, bench))
    undoing = Agreement(
        version=point.version, organisation=entry.organisation, answer=Answer.UNDONE, undoes=entry,
        rank=point.next_rank(entry.organisation), seat=entry.seat, seat_kind=entry.seat_kind,
        delegation=entry.delegation, user=by, person_name=entry.person_name,
        capacity=entry.capacity, entered_by=by, entered_by_name=str(by),
    )  # fmt: skip
    undoing.save()
    if entry.is_opinion:
        return undoing
    point.answers.remove(entry)
    actor = _actor_of(undoing)
    if point.version.is_in_force and not point.is_agreed_by(entry.organisation):
        settlement.leave_force(point.version, reason=UNDONE_REASON, **actor)
    else:
        settlement.settle(point, **actor)
    if entry.answer in Answer.returning():
        let_follow(house().after_turns, bench.convention, [bench.day])
    return undoing


@event(Subject.COMMITTEE)
def record(version: Version, seat: Seat, *, received_on: datetime.date, evidence: StoredFile,
           last_rank: int = 0, channel: str = "", by: User) -> Agreement:  # fmt: skip
    """Record one agreement that the holder of ``seat`` gave outside the portal, as ``record_all``
    does for several. Raises Refused."""
    try:
        [entry] = record_all(
            [Received(version, last_rank=last_rank)], seat,
            received_on=received_on, evidence=evidence, channel=channel, by=by,
        )  # fmt: skip
    except NoneRecorded as refused:
        raise Refused(refused.refusal) from refused
    return entry


@event()
def record_all(received: Iterable[Received], seat: Seat, *, received_on: datetime.date,
               evidence: StoredFile | None, channel: str = "",
               by: User) -> list[Agreement]:  # fmt: skip
    """Record the answers that the holder of ``seat`` gave outside the portal to versions of one
    convention: all, with one ``evidence`` (None for what was heard in a meeting), or none.

    They count only once ``confirm``ed: until then the party's own answer goes on being awaited.
    Whoever may confirm them is notified. Raises Refused; NoneRecorded names the refused versions.
    """
    received = list({answer.version.pk: answer for answer in received}.values())
    if not received:
        return []
    convention = received[0].version.convention
    changed(convention, Subject.COMMITTEE)
    bench = _lock_bench(convention)
    points = settlement.lock_points([answer.version for answer in received], convention)
    holder = bench.by_pk.get(seat.pk)
    if holder is None or not bench.commits(holder):
        raise Refused(NO_MEMBER)
    if received_on > bench.day:
        raise Refused(Refusal("Une réponse ne peut pas être reçue à une date à venir."))
    voice = bench.voice_from(holder)
    refused = [
        RefusedVersion(answer.version, refusal)
        for answer, point in zip(received, points, strict=True)
        if (
            refusal := rights.may_record(by, voice, point, bench)
            or _refuse_received(answer, point, voice)
        )
    ]
    if refused:
        raise NoneRecorded(refused)
    entries = [
        _new_entry(
            voice, point, answer.answer, by=by, reason=answer.reason, is_recorded=True,
            received_on=received_on, channel=channel,
        )
        for answer, point in zip(received, points, strict=True)
    ]  # fmt: skip
    for entry in entries:
        entry.save()
    if evidence is not None:
        Attachment.objects.bulk_create(
            Attachment(agreement=entry, document=evidence) for entry in entries
        )
    let_follow(house().after_entries, entries)
    return entries


def _refuse_received(received: Received, point: Point, voice: Voice) -> Refusal | None:
    """Refuse to record an answer of another kind, without the reason that it needs, or given before
    the party's last answer or what was recorded for it since."""
    if received.answer not in Answer.recordable():
        return Refusal("Cette réponse est inconnue.")
    if received.answer in Answer.with_reason() and not received.reason.strip():
        return REASON_MISSING
    last = point.last_entered.get(voice.organisation.pk)
    if last is not None and last.rank != received.last_rank:
        return _overtaken_by(last)
    return None


@event(Subject.COMMITTEE)
def confirm(entry: Agreement, *, by: User) -> Confirmation:
    """Confirm that a recorded answer is the party's: it counts from now on, and may bring the
    version into force. Raises Refused."""
    [confirmation] = confirm_all([entry], by=by)
    return confirmation


@event()
def confirm_all(entries: Iterable[Agreement], *, by: User) -> list[Confirmation]:
    """Confirm recorded answers (at least one) of one convention, as ``confirm`` does, all or none.
    Raises Refused."""
    bench, pairs = _lock_points_of(entries)
    return [_confirm(point, entry, bench, by=by) for point, entry in pairs]


@event()
def confirm_by_minutes(entries: Iterable[Agreement], *, by: User) -> list[Confirmation]:
    """Confirm, with minutes that ``by`` approves, those of several recorded answers of one
    convention that they may confirm now; leave out the others: refused or confirmed already,
    followed by a later answer, of a version that is no longer proposed."""
    entries = list(entries)
    if not entries:
        return []
    bench, pairs = _lock_points_of(entries)
    return [
        _confirm(point, entry, bench, way=ConfirmationWay.MINUTES, by=by)
        for point, entry in pairs
        if rights.may_confirm(by, entry, point, bench) is None
    ]


def _confirm(
    point: Point, entry: Agreement, bench: Bench, *, way: str = "", by: User
) -> Confirmation:
    """Confirm a recorded answer, which becomes its party's last one on ``point``, and settle the
    version; an empty ``way`` is that of a person. Raises Refused."""
    enforce(rights.may_confirm(by, entry, point, bench))
    last = point.last_answers.get(entry.organisation_id)
    is_own = entry.user_id == by.pk
    way = way or (ConfirmationWay.IN_PERSON if is_own else ConfirmationWay.COLLEAGUE)
    confirmation = _create_confirmation(entry, way, bench, by=by)
    if entry.is_request:
        # The others are notified of what it asks for from now on.
        let_follow(house().after_entries, [entry])
    point.recorded.pop(entry.organisation_id)
    point.answers.append(entry)
    _announce_turns_again(last, point)
    actor: dict[str, Any] = {"by": by, "capacity": confirmation.capacity}
    settlement.settle(point, **actor)
    let_follow(house().after_answers, [entry.version], **actor)
    return confirmation


@event()
def refuse_all(entries: Iterable[Agreement], *, reason: str = "", by: User) -> list[Confirmation]:
    """Refuse recorded answers (at least one) of one convention, all or none, as not those of the
    party: they never count, and its own answer is still awaited.

    Who entered them and the coordination are notified. Raises Refused.
    """
    bench, pairs = _lock_points_of(entries)
    refusals = []
    for point, entry in pairs:
        enforce(rights.may_refuse(by, entry, point, bench))
        refusals.append(
            _create_confirmation(entry, ConfirmationWay.REFUSED, bench, reason=reason, by=by)
        )
        let_follow(house().after_entries, [entry])
    return refusals


def _lock_points_of(entries: Iterable[Agreement]) -> tuple[Bench, list[tuple[Point, Agreement]]]:
    """Lock the versions of entries of one convention; return the bench, and each entry as it stands
    now with its point. Two entries of one version share a point."""
    entries = list(entries)
    changed(entries[0], Subject.COMMITTEE)
    bench = _lock_bench(entries[0].version.convention)
    locked = settlement.lock_points([entry.version for entry in entries], bench.convention)
    points = {point.version.pk: point for point in locked}
    now = Agreement.objects.select_related("organisation", "confirmation").in_bulk(
        [entry.pk for entry in entries]
    )
    pairs = []
    for entry in entries:
        entry.version = points[entry.version_id].version  # as it is now, for the caller's message
        now[entry.pk].version = entry.version
        pairs.append((points[entry.version_id], now[entry.pk]))
    return bench, pairs


def _create_confirmation(entry: Agreement, way: str, bench: Bench, *, reason: str = "",
                         by: User) -> Confirmation:  # fmt: skip
    """Save the decision of ``by`` on a recorded answer, with the capacity of their own seat or
    delegation there, else that of the entry."""
    capacity = (
        capacity_for(by, entry.organisation, bench) or f"{entry.capacity}, {entry.organisation}"
    )
    return Confirmation.objects.create(
        agreement=entry, way=way, by=by, by_name=str(by), capacity=capacity, reason=reason.strip()
    )


@event(Subject.COMMITTEE)
def attach(entry: Agreement, document: StoredFile, *, by: User) -> Attachment:
    """Attach a stored document to an answer: the délibération that it announced, or the evidence of
    a recorded one. Raises Refused, also where a document of the same content is attached."""
    bench = bench_of(entry.version.convention, timezone.localdate())
    enforce(rights.may_attach(by, entry, bench))
    lock_versions([entry.version])
    is_there = entry.attachments.filter(document__sha256=document.sha256).exists()
    enforce(ATTACHED_ALREADY if is_there else None)
    return Attachment.objects.create(agreement=entry, document=document)


@event(Subject.COMMITTEE)
def advise(
    version: Version, *, opinion: str, reason: str = "", by: User, organisation: int | None = None
) -> Agreement:
    """Give an avis, favourable, or reserved or unfavourable with a reason; return its entry, which
    is the person's last one if that says the same.

    ``organisation``: the key of the organisation in whose name the form was shown; Refused if the
    person now speaks for another. Raises Refused.
    """
    bench = _lock_bench(version.convention)
    [point] = settlement.lock_points([version], version.convention)
    voice = bench.advice(by)
    if voice is None:
        raise Refused(rights.NOT_AN_ADVISER)
    enforce(rights.may_advise(voice, point.version, organisation))
    if opinion not in Answer.opinions():
        raise Refused(Refusal("Cet avis est inconnu."))
    if opinion in Answer.with_reason() and not reason.strip():
        raise Refused(Refusal("Dites vos réserves : les membres du comité les liront."))
    last = Agreement.objects.opinions().filter(version=point.version, user=by).last()
    new = voice.organisation.pk, opinion, reason.strip()
    if last and (last.organisation_id, last.answer, last.reason) == new:
        return last
    entry = _new_entry(voice, point, opinion, by=by, reason=reason)
    entry.save()
    return entry


def _actor_of(entry: Agreement) -> dict[str, Any]:
    """Return who acts, and in which capacity, for the log of a version that an entry moves."""
    return {"by": entry.entered_by, "capacity": entry.capacity}


def _lock_bench(convention: Convention) -> Bench:
    """Lock the seats of a convention and return its bench today: a mandate that ends at this moment
    is seen."""
    seats = Seat.objects.of(convention).order_by("pk")
    list(seats.select_for_update(**LOCK).values_list("pk", flat=True))
    return bench_of(convention, timezone.localdate())
