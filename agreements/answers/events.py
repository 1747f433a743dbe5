"""What members say of the points: agreed, to be changed, later; and taking it back."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from agreements.answers import rights
from agreements.answers.lights import Point
from agreements.models import (
    UNDO,
    UNDONE,
    Agreement,
    Answer,
    Attachment,
    Confirmation,
    Confirmed,
    Seat,
    Version,
)
from agreements.seats.voices import Bench, Voice, bench_of, capacity_for
from agreements.versions import settlement
from conventions.models import Convention, Organisation
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from documents.models import StoredFile

REASON_MISSING = Refusal("Dites pourquoi : la coordination et les autres parties le liront.")
BODY_MISSING = Refusal("Indiquez l’instance qui délibérera, et à quelle date.")
ATTACHED_ALREADY = Refusal("Ce document est déjà joint à cette réponse.")
NO_MEMBER = Refusal("Ce siège n’engage pas son organisme aujourd’hui.")


@dataclass(frozen=True)
class Reply:
    """An answer to one version. ``last_rank``: that of the party's last word as it was shown."""

    version: Version
    answer: str = Answer.AGREED
    last_rank: int = 0
    reason: str = ""
    body: str = ""
    body_date: datetime.date | None = None
    act: StoredFile | None = None


@dataclass(frozen=True)
class Received:
    """What a member has said of one version outside the portal. ``last_rank`` as of a ``Reply``."""

    version: Version
    answer: str = Answer.AGREED
    reason: str = ""
    last_rank: int = 0


class RefusedVersion(NamedTuple):
    """A version to which an answer cannot be taken, and why."""

    version: Version
    refusal: Refusal


class NoneRecorded(Refused):
    """Of what was to be recorded together some cannot be, so nothing is: ``refused`` tells which,
    and why."""

    def __init__(self, refused: list[RefusedVersion]):
        super().__init__(refused[0].refusal)
        self.refused = refused


@dataclass
class Outcome:
    """What became of several replies: entries, those ``written`` now and those repeated; refusals
    by version; what came into force."""

    entries: list[Agreement] = field(default_factory=list)
    written: list[Agreement] = field(default_factory=list)
    refused: list[RefusedVersion] = field(default_factory=list)
    in_force: list[Version] = field(default_factory=list)


@event(Subject.COMMITTEE)
def answer(reply: Reply, *, by: User, organisation: Organisation | None = None) -> Agreement:
    """Answer one point for one's party (``organisation`` if one speaks for several).

    Raises Refused: with Stale when the version is no longer proposed, with Overtaken when somebody
    of the same party has answered meanwhile.
    """
    outcome = answer_all([reply], by=by, organisation=organisation)
    for one in outcome.refused:
        raise Refused(one.refusal)
    return outcome.entries[0]


@event()
def answer_all(
    replies: Iterable[Reply], *, by: User, organisation: Organisation | None = None
) -> Outcome:
    """Answer several points of one convention in one act, one entry each (the last reply, if two).

    A reply that cannot be taken is told in the outcome; the others are.
    """
    replies = list({reply.version.pk: reply for reply in replies}.values())
    if not replies:
        return Outcome()
    convention = replies[0].version.convention
    changed(convention, Subject.COMMITTEE)
    bench = _locked_bench(convention)
    points = settlement.lock_points([reply.version for reply in replies], convention)
    outcome = Outcome()
    for reply, point in zip(replies, points, strict=True):
        voice = bench.voice(by, organisation, point.version.kind)
        taken = _take(reply, point, voice, by=by)
        if isinstance(taken, Refusal):
            outcome.refused.append(RefusedVersion(reply.version, taken))
        else:
            outcome.entries.append(taken)
    _write(outcome, points, replies)
    return outcome


def _take(reply: Reply, point: Point, voice: Voice | None, *, by: User) -> Agreement | Refusal:
    """The entry that a reply makes, the one that it repeats, or why it cannot be taken."""
    if voice is None:
        return rights.NOT_A_MEMBER
    last = point.entries.get(voice.organisation.pk)
    overtaken = last if last and last.rank != reply.last_rank else None
    if overtaken and _says_the_same(overtaken, reply, voice, by) and point.version.is_live:
        return overtaken
    refusal = refusal_of(reply, point, voice)
    if refusal:
        return refusal
    entry = _entry(voice, point, reply.answer, by=by, reason=reply.reason)
    if reply.answer == Answer.DELIBERATION:
        entry.body, entry.body_date = reply.body.strip(), reply.body_date
    # The others are told when this can no longer be undone.
    _give_turns_back(last, point, wait=UNDO)
    point.said.append(entry)
    return entry


def refusal_of(reply: Reply, point: Point, voice: Voice | None) -> Refusal | None:
    """Why a reply cannot be taken as things stand: asked when it is noted, and when it is given."""
    refusal = rights.may_answer(voice, point) or _incomplete(reply)
    if refusal or voice is None:
        return refusal
    last = point.entries.get(voice.organisation.pk)
    return _overtaken(last) if last and last.rank != reply.last_rank else None


def _give_turns_back(
    last: Agreement | None, point: Point, wait: datetime.timedelta = datetime.timedelta()
) -> None:
    """Once a party no longer asks for something else, the point awaits the others again."""
    if last and last.answer in Answer.returning():
        let_follow(house().after_turns, point.version.convention, [timezone.localdate()], wait=wait)


def _incomplete(reply: Reply) -> Refusal | None:
    if reply.answer not in Answer.replies():
        return Refusal("Cette réponse est inconnue.")
    if reply.answer in Answer.with_reason() and not reply.reason.strip():
        return REASON_MISSING
    if reply.answer == Answer.DELIBERATION and not (reply.body.strip() and reply.body_date):
        return BODY_MISSING
    return None


def _says_the_same(last: Agreement, reply: Reply, voice: Voice, by: User) -> bool:
    """A form sent twice by the same person is one answer."""
    said = (last.answer, last.reason, last.body, last.body_date)
    is_put_off = reply.answer == Answer.DELIBERATION
    body, body_date = (reply.body.strip(), reply.body_date) if is_put_off else ("", None)
    again = (reply.answer, reply.reason.strip(), body, body_date)
    same_person = (last.entered_by_id, last.user_id) == (by.pk, voice.user_id)
    return said == again and same_person and not last.is_recorded


def _overtaken(last: Agreement) -> Refusal:
    return rights.Overtaken(
        f"{last.person_name} vient de répondre « {last.get_answer_display()} » "
        f"au nom {last.organisation.genitive} : c’est cette réponse qui est enregistrée."
    )


def _entry(
    voice: Voice, point: Point, said: str, *, by: User, reason: str = "", **values
) -> Agreement:
    return Agreement(
        version=point.version,
        organisation=voice.organisation,
        rank=point.next_rank(voice.organisation),
        answer=said,
        reason=reason.strip(),
        seat=voice.seat,
        seat_kind=voice.seat_kind,
        delegation=voice.delegation,
        user_id=voice.user_id,
        person_name=voice.person_name,
        capacity=voice.capacity,
        entered_by=by,
        entered_by_name=str(by),
        **values,
    )


def _write(outcome: Outcome, points: list[Point], replies: list[Reply]) -> None:
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
    said = {entry.version_id: entry for entry in outcome.entries}
    outcome.in_force = [
        point.version
        for point in points
        if (given := said.get(point.version.pk)) and settlement.settle(point, **_whose_act(given))
    ]
    if outcome.entries:
        answered = [reply.version for reply in replies]
        let_follow(house().after_answers, answered, **_whose_act(outcome.entries[0]))


@event(Subject.COMMITTEE)
def retract(
    version: Version, *, reason: str, by: User, organisation: Organisation | None = None
) -> Agreement:
    """Take one's party's agreement back: what it had brought into force leaves force."""
    bench = _locked_bench(version.convention)
    [point] = settlement.lock_points([version], version.convention)
    voice = rights.retracting(by, organisation, point, bench)
    if voice is None:
        raise Refused(rights.NOT_A_MEMBER)
    enforce(rights.may_retract(voice, point))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    entry = _unsettle(point, _entry(voice, point, Answer.RETRACTED, by=by, reason=reason))
    let_follow(house().after_entries, [entry])
    return entry


@event()
def undo(entries: Iterable[Agreement], *, by: User) -> list[Agreement]:
    """Take one's own answers on points of one convention back, all or none, without a reason.

    What each party said before stands again, and what the answers had brought into force leaves
    it. Raises Refused when one was given too long ago, or somebody has built on it.
    """
    entries = list(entries)
    if not entries:
        return []
    convention = entries[0].version.convention
    changed(convention, Subject.COMMITTEE)
    bench = _locked_bench(convention)
    points = settlement.lock_points([entry.version for entry in entries], convention)
    read = Agreement.objects.select_related("organisation", "seat", "delegation", "undoing")
    now = read.in_bulk([entry.pk for entry in entries])
    settlement.hold_rows([point.version for point in points])
    undoing = [
        _undo(now[entry.pk], point, bench, by=by)
        for entry, point in zip(entries, points, strict=True)
    ]
    let_follow(house().after_entries, undoing)
    let_follow(house().after_undoing, [one.undoes for one in undoing], by=by)
    versions = [point.version for point in points]
    let_follow(house().after_answers, versions, **_whose_act(undoing[0]))
    return undoing


def _undo(entry: Agreement, point: Point, bench: Bench, *, by: User) -> Agreement:
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
    point.said.remove(entry)
    whose = _whose_act(undoing)
    if point.version.is_in_force and not point.is_agreed_by(entry.organisation):
        settlement.leave_force(point.version, reason=UNDONE, **whose)
    else:
        settlement.settle(point, **whose)
    if entry.answer in Answer.returning():
        let_follow(house().after_turns, bench.convention, [bench.day])
    return undoing


@event(Subject.COMMITTEE)
def record(version: Version, seat: Seat, *, received_on: datetime.date, evidence: StoredFile,
           last_rank: int = 0, channel: str = "", by: User) -> Agreement:  # fmt: skip
    """Enter for the holder of ``seat`` an agreement received outside the portal: ``record_all`` of
    one. Raises Refused."""
    try:
        [entry] = record_all(
            [Received(version, last_rank=last_rank)], seat,
            received_on=received_on, evidence=evidence, channel=channel, by=by,
        )  # fmt: skip
    except NoneRecorded as none:
        raise Refused(none.refusal) from none
    return entry


@event()
def record_all(received: Iterable[Received], seat: Seat, *, received_on: datetime.date,
               evidence: StoredFile, channel: str = "", by: User) -> list[Agreement]:  # fmt: skip
    """Enter for the holder of ``seat`` what they said outside the portal of versions of one
    convention: all, with one evidence, or nothing.

    It stands beside the party's word, which goes on being awaited, and counts once ``confirm``ed;
    whoever may do so is notified. Raises NoneRecorded, which tells of which versions it is refused
    and why.
    """
    received = list({one.version.pk: one for one in received}.values())
    if not received:
        return []
    convention = received[0].version.convention
    changed(convention, Subject.COMMITTEE)
    bench = _locked_bench(convention)
    points = settlement.lock_points([one.version for one in received], convention)
    holder = bench.by_pk.get(seat.pk)
    if holder is None or not bench.commits(holder):
        raise Refused(NO_MEMBER)
    if received_on > bench.day:
        raise Refused(Refusal("Une réponse ne peut pas être reçue à une date à venir."))
    voice = bench.voice_from(holder)
    refused = [
        RefusedVersion(one.version, refusal)
        for one, point in zip(received, points, strict=True)
        if (
            refusal := rights.may_record(by, voice, point, bench)
            or _not_recorded(one, point, voice)
        )
    ]
    if refused:
        raise NoneRecorded(refused)
    entries = [
        _entry(
            voice, point, one.answer, by=by, reason=one.reason, is_recorded=True,
            received_on=received_on, channel=channel,
        )
        for one, point in zip(received, points, strict=True)
    ]  # fmt: skip
    for entry in entries:
        entry.save()
    Attachment.objects.bulk_create(
        Attachment(agreement=entry, document=evidence) for entry in entries
    )
    let_follow(house().after_entries, entries)
    return entries


def _not_recorded(one: Received, point: Point, voice: Voice) -> Refusal | None:
    """Why what was received is not recorded as it was entered."""
    if one.answer not in Answer.recordable():
        return Refusal("Cette réponse est inconnue.")
    if one.answer in Answer.with_reason() and not one.reason.strip():
        return REASON_MISSING
    last = point.heard.get(voice.organisation.pk)
    return _overtaken(last) if last is not None and last.rank != one.last_rank else None


@event(Subject.COMMITTEE)
def confirm(entry: Agreement, *, by: User) -> Confirmation:
    """Say that what was recorded is the party's answer: from now on it counts. Raises Refused."""
    [confirmation] = confirm_all([entry], by=by)
    return confirmation


@event()
def confirm_all(entries: Iterable[Agreement], *, by: User) -> list[Confirmation]:
    """Confirm several entries of one convention: all, or none. Raises Refused."""
    bench, points = _locked_with(entries)
    return [_confirm(point, party, bench, by=by) for point, party in points]


def _confirm(point: Point, entry: Agreement, bench: Bench, *, by: User) -> Confirmation:
    enforce(rights.may_confirm(by, entry, point, bench))
    last = point.entries.get(entry.organisation_id)
    way = Confirmed.IN_PERSON if entry.user_id == by.pk else Confirmed.COLLEAGUE
    confirmation = _settle_recorded(entry, way, bench, by=by)
    if entry.is_request:
        # What it asks for is told to the others from now on.
        let_follow(house().after_entries, [entry])
    point.recorded.pop(entry.organisation_id)
    point.said.append(entry)
    _give_turns_back(last, point)
    whose: dict[str, Any] = {"by": by, "capacity": confirmation.capacity}
    settlement.settle(point, **whose)
    let_follow(house().after_answers, [entry.version], **whose)
    return confirmation


@event()
def refuse_all(entries: Iterable[Agreement], *, reason: str = "", by: User) -> list[Confirmation]:
    """Say that what was recorded is not the party's answer: it never counts, and the party goes on
    being awaited. Who entered it and the coordination are notified. Raises Refused."""
    bench, points = _locked_with(entries)
    refused = []
    for point, entry in points:
        enforce(rights.may_refuse(by, entry, point, bench))
        refused.append(_settle_recorded(entry, Confirmed.REFUSED, bench, reason=reason, by=by))
        let_follow(house().after_entries, [entry])
    return refused


def _locked_with(entries: Iterable[Agreement]) -> tuple[Bench, list[tuple[Point, Agreement]]]:
    """Lock the versions of entries of one convention; return who sits in it, and with each entry,
    as it stands now, its point. Of two entries of one version the point is the same."""
    entries = list(entries)
    changed(entries[0], Subject.COMMITTEE)
    bench = _locked_bench(entries[0].version.convention)
    locked = settlement.lock_points([entry.version for entry in entries], bench.convention)
    points = {point.version.pk: point for point in locked}
    now = Agreement.objects.select_related("organisation", "confirmation").in_bulk(
        [entry.pk for entry in entries]
    )
    found = []
    for entry in entries:
        entry.version = points[entry.version_id].version  # as it is now, for who tells it
        now[entry.pk].version = entry.version
        found.append((points[entry.version_id], now[entry.pk]))
    return bench, found


def _settle_recorded(entry: Agreement, way: str, bench: Bench, *, reason: str = "",
                     by: User) -> Confirmation:  # fmt: skip
    capacity = (
        capacity_for(by, entry.organisation, bench) or f"{entry.capacity}, {entry.organisation}"
    )
    return Confirmation.objects.create(
        agreement=entry, way=way, by=by, by_name=str(by), capacity=capacity, reason=reason.strip()
    )


@event(Subject.COMMITTEE)
def attach(entry: Agreement, document: StoredFile, *, by: User) -> Attachment:
    """Add the act (délibération) to an answer that announced it, or evidence to one recorded.
    Raises Refused for one that is there already."""
    bench = bench_of(entry.version.convention, timezone.localdate())
    enforce(rights.may_attach(by, entry, bench))
    settlement.lock([entry.version])
    is_there = entry.attachments.filter(document__sha256=document.sha256).exists()
    enforce(ATTACHED_ALREADY if is_there else None)
    return Attachment.objects.create(agreement=entry, document=document)


@event(Subject.COMMITTEE)
def advise(
    version: Version,
    *,
    opinion: str,
    reason: str = "",
    by: User,
    organisation: int | None = None,
) -> Agreement:
    """Give an avis: favourable, reserved or unfavourable (both with their reason); where the
    key of an ``organisation`` is told, in no other's name. The same form sent twice is one avis."""
    bench = _locked_bench(version.convention)
    [point] = settlement.lock_points([version], version.convention)
    voice = bench.advice(by)
    if voice is None:
        raise Refused(rights.NOT_AN_ADVISER)
    enforce(rights.may_advise(voice, point.version, organisation))
    if opinion not in Answer.opinions():
        raise Refused(Refusal("Cet avis est inconnu."))
    if opinion in Answer.with_reason() and not reason.strip():
        raise Refused(Refusal("Dites vos réserves : les membres du comité les liront."))
    given = Agreement.objects.opinions().filter(version=point.version, user=by).last()
    said = voice.organisation.pk, opinion, reason.strip()
    if given and (given.organisation_id, given.answer, given.reason) == said:
        return given
    entry = _entry(voice, point, opinion, by=by, reason=reason)
    entry.save()
    return entry


def _unsettle(point: Point, entry: Agreement) -> Agreement:
    entry.save()
    if point.version.is_in_force:
        settlement.leave_force(point.version, reason=entry.reason, **_whose_act(entry))
    return entry


def _whose_act(entry: Agreement) -> dict:
    """Whose act it is, as the log keeps it, when an entry moves a version."""
    return {"by": entry.entered_by, "capacity": entry.capacity}


def _locked_bench(convention: Convention) -> Bench:
    """The committee today, its seats locked: a mandate that ends at this moment is seen."""
    seats = Seat.objects.of(convention).order_by("pk")
    list(seats.select_for_update(**settlement.LOCK).values_list("pk", flat=True))
    return bench_of(convention, timezone.localdate())
