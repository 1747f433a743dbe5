"""Write in a session, item by item; record what a party says there, and confirm it."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from agreements.answers import events as answers
from agreements.answers.events import Received
from agreements.answers.lights import point_of
from agreements.models import Agreement, Channel, Confirmation, Version
from agreements.seats.voices import bench_of
from committee.meetings.decisions.events import decide
from committee.meetings.decisions.models import Decision
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.minutes.models import Minutes
from committee.meetings.models import AgendaItem, Attendee, ItemOutcome, Meeting, MeetingState
from committee.meetings.rows import lock_item, lock_meeting
from committee.meetings.session.models import RecordedAnswer, RecordedList
from committee.meetings.session.rights import (
    NOTHING_CHOSEN,
    may_confirm_for,
    may_record_voices,
    may_write,
    refuse_speaker,
)
from conventions.models import Organisation
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refused, enforce


@event(Subject.COMMITTEE)
def write_item(
    meeting: Meeting, item: AgendaItem, *, notes: str, wording: str,
    owner: Organisation | None = None, due_on: datetime.date | None = None, by: User,
    revision: int | None = None,
) -> AgendaItem:  # fmt: skip
    """Write the notes of an item and the decision that is being drafted. Raises Refused, with
    Rewritten when the item was changed since ``revision``."""
    meeting = lock_meeting(meeting)
    enforce(may_write(by, meeting))
    item = lock_item(meeting, item)
    typed = {"notes": notes, "wording": wording, "wording_owner": owner, "wording_due_on": due_on}
    # What is typed is saved while one goes on: the button that follows may carry that very text.
    if any(getattr(item, name) != value for name, value in typed.items()):
        check_revision(item, revision)
    for name, value in typed.items():
        setattr(item, name, value)
    item.save()
    return item


@event(Subject.COMMITTEE)
def take_decision(
    meeting: Meeting, item: AgendaItem, *, notes: str, wording: str,
    owner: Organisation | None = None, due_on: datetime.date | None = None, by: User,
    revision: int | None = None,
) -> Decision:  # fmt: skip
    """Write the notes of an item and take the decision that was drafted: it gets its number, the
    draft is emptied, the item is dealt with. Raises Refused, with Rewritten when the item was
    changed since ``revision``."""
    item = write_item(
        meeting, item, notes=notes, wording=wording, owner=owner, due_on=due_on, by=by,
        revision=revision,
    )  # fmt: skip
    decision = decide(
        item.meeting, item=item, text=wording, owner=owner, due_on=due_on, by=by
    )  # fmt: skip
    item.wording, item.wording_owner, item.wording_due_on = "", None, None
    item.outcome = ItemOutcome.DEALT
    item.save()
    return decision


@event(Subject.COMMITTEE)
def settle_item(meeting: Meeting, item: AgendaItem, *, outcome: str, by: User) -> None:
    """Write that an item was dealt with, put off, or is open again. Its revision stays, for no text
    is written over. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_write(by, meeting))
    item = lock_item(meeting, item)
    AgendaItem.objects.filter(pk=item.pk).update(outcome=outcome)


@event(Subject.COMMITTEE)
def record_voices(
    meeting: Meeting, attendee: Attendee, received: Iterable[Received], *, by: User
) -> RecordedList:
    """Record in one list what a member who is present says for their party on several points: all
    of it, or nothing.

    Nothing counts before the list is confirmed. Raises Refused; NoneRecorded names the versions of
    which it cannot be recorded, such as one that was replaced since it was shown.
    """
    meeting = lock_meeting(meeting)
    enforce(may_record_voices(by, meeting))
    attendee = meeting.attendees.select_related("organisation").get(pk=attendee.pk)
    enforce(refuse_speaker(attendee, bench_of(meeting.convention, timezone.localdate())))
    if attendee.seat is None:
        raise Refused(answers.NO_MEMBER)
    entries = answers.record_all(
        received, attendee.seat, received_on=meeting.date, evidence=None,
        channel=Channel.SESSION, by=by,
    )  # fmt: skip
    if not entries:
        raise Refused(NOTHING_CHOSEN)
    recorded = RecordedList.objects.create(
        meeting=meeting, attendee=attendee, organisation=entries[0].organisation
    )
    RecordedAnswer.objects.bulk_create(
        RecordedAnswer(recorded_list=recorded, agreement=entry) for entry in entries
    )
    return recorded


@event(Subject.COMMITTEE)
def confirm_for(
    meeting: Meeting, organisation: Organisation, entries: Iterable[Agreement], *, by: User
) -> list[Confirmation]:
    """Confirm, for a party, answers recorded for it in a meeting: they count from now on. Whoever
    confirms is present and commits the party. All or none; raises Refused."""
    meeting = lock_meeting(meeting)
    bench = bench_of(meeting.convention, timezone.localdate())
    enforce(may_confirm_for(by, meeting, organisation, bench))
    chosen = {entry.pk for entry in entries}
    pending = [entry for entry in pending_entries(meeting, organisation) if entry.pk in chosen]
    if not pending or len(pending) != len(chosen):
        raise Refused(NOTHING_CHOSEN)
    return answers.confirm_all(pending, by=by)


@event(Subject.COMMITTEE)
def confirm_by_minutes(
    meeting: Meeting, organisation: Organisation, *, by: User
) -> list[Confirmation]:
    """Confirm all that was recorded in a meeting for a party, since ``by`` approves its minutes for
    that party; return the confirmations.

    Nothing is confirmed of what ``by`` may not answer for the party today, nor of an answer that
    was refused, followed by another one, or given to a version that is no longer proposed.
    """
    return answers.confirm_by_minutes(pending_entries(meeting, organisation), by=by)


def pending_entries(meeting: Meeting, organisation: Organisation | None) -> list[Agreement]:
    """Return what was recorded in a meeting for a party (None: for each) and is neither confirmed
    nor refused, in the order in which it was recorded."""
    rows = Agreement.objects.pending().filter(recorded_in__recorded_list__meeting=meeting)
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    return list(rows.select_related("version__convention", "organisation").order_by("pk"))


def follow_approved_minutes(
    versions: Iterable[Version], *, by: User | None, capacity: str = ""
) -> None:
    """Confirm what was recorded in a meeting of the party for which ``by`` has just approved its
    minutes. It stays so whatever becomes of that approval: an agreement is taken back on its point,
    with a reason."""
    for version in versions:
        if version.kind != MinutesCommitment.kind or by is None:
            continue
        point = point_of(version)
        approving = [row for row in point.required + point.others if point.is_agreed_by(row)]
        minutes = Minutes.objects.with_meeting().get(pk=version.object_id)
        for party in approving:
            confirm_by_minutes(minutes.meeting, party, by=by)


def follow_amended_point(version: Version) -> None:
    """Put a version that was just proposed in the place of an earlier one of the same point, on the
    agendas of meetings that have not taken place."""
    earlier = Version.objects.with_same_subject([version]).exclude(pk=version.pk)
    items = AgendaItem.objects.filter(
        versions__in=earlier.values("pk"), meeting__state__in=MeetingState.to_come()
    )
    for item in items.distinct():
        item.versions.remove(*item.versions.filter(pk__in=earlier.values("pk")))
        item.versions.add(version)
