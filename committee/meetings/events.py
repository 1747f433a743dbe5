"""The life of a meeting: prepared, convened, moved, cancelled, recorded as having taken place."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from agreements.models import Version
from committee.meetings.convening import people_to_convene, proxies_for
from committee.meetings.letters import post_letters
from committee.meetings.models import (
    AgendaItem,
    Attendee,
    Body,
    ItemOutcome,
    Letter,
    Meeting,
    MeetingVerb,
    Reply,
)
from committee.meetings.rights import (
    may_cancel,
    may_convene,
    may_edit_agenda,
    may_hold,
    may_invite,
    may_lend_voice,
    may_manage_meetings,
    may_remind,
    may_reply,
    may_tick,
    may_write_again,
    refuse_day,
    refuse_same_hour,
)
from committee.meetings.rows import lock_meeting
from conventions.access.rights import coordinating
from conventions.legal.convention import lock_convention
from conventions.models import Convention, Organisation
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search.rows import fold
from ctg_portal.transitions import move

INVITED_TWICE = Refusal("Cette personne est déjà invitée.")
CONVENED_MEMBER = Refusal(
    "Cette personne est membre de l’instance : sa convocation suit sa place, elle ne se retire pas."
)
NOT_OF_THE_PARTY = Refusal(
    "Un pouvoir va à une personne convoquée qui engage le même organisme, et qui vient."
)


@event(Subject.COMMITTEE)
def prepare_meeting(
    convention: Convention, body: Body, *, day: datetime.date | None,
    begins_at: datetime.time, ends_at: datetime.time, place: str = "", link: str = "", by: User,
) -> Meeting:  # fmt: skip
    """Prepare a meeting of a body. Raises Refused for who may not, and where the body already
    meets at that hour."""
    enforce(may_manage_meetings(by, convention))
    # Two forms sent at once wait for one another.
    lock_convention(convention.pk)
    meeting = Meeting(
        convention=convention, body=body, day=day, begins_at=begins_at, ends_at=ends_at,
        place=place, link=link,
    )  # fmt: skip
    enforce(refuse_same_hour(meeting))
    move(meeting, MeetingVerb.PREPARED, **coordinating(by))
    return meeting


@event(Subject.COMMITTEE)
def prepare_from(last: Meeting, *, by: User) -> Meeting:
    """Prepare the next meeting of a body from an earlier one: place, hours and agenda, without a
    day. Items whose points are all settled, and what was only about that day, stay there; what was
    put off is taken up. The same click twice prepares one."""
    convention = last.convention
    enforce(may_manage_meetings(by, convention))
    lock_convention(convention.pk)
    open_one = Meeting.objects.of(convention).filter(body=last.body_id, state="prepared", day=None)
    if waiting := open_one.first():
        return waiting
    meeting = prepare_meeting(
        convention, last.body, day=None, begins_at=last.begins_at, ends_at=last.ends_at,
        place=last.place, link=last.link, by=by,
    )  # fmt: skip
    for item in last.items.prefetch_related("versions").order_by("rank", "pk"):
        versions = list(item.versions.all())
        discussed = [version for version in versions if version.is_proposed]
        if not item.is_deferred and ((versions and not discussed) or item.standing):
            continue
        copy = AgendaItem(
            meeting=meeting, rank=item.rank, title=item.title, kind=item.kind,
            minutes=item.minutes, presenter=item.presenter,
            standing=item.deferred_key if item.is_deferred else "",
            note=item.note if item.is_deferred else "",
        )  # fmt: skip
        copy.save()
        copy.versions.set(discussed)
    return meeting


@event(Subject.COMMITTEE)
def edit_meeting(
    meeting: Meeting, *, day: datetime.date | None, begins_at: datetime.time,
    ends_at: datetime.time, place: str, link: str, by: User, revision: int | None = None,
) -> bool:  # fmt: skip
    """Change day, hours and place. Once it is convened, everybody is written to, and asked again
    whether they come if day or hours change; return whether messages are sent.

    Raises Refused, with Rewritten when it was changed since ``revision``.
    """
    meeting = lock_meeting(meeting)
    enforce(may_edit_agenda(by, meeting))
    check_revision(meeting, revision)
    before = (meeting.day, meeting.begins_at, meeting.ends_at)
    is_elsewhere = (meeting.place, meeting.link) != (place, link)
    is_moved = before != (day, begins_at, ends_at)
    if meeting.is_convened and is_moved:
        enforce(refuse_day(meeting, day, begins_at, timezone.now()))
    meeting.day, meeting.begins_at, meeting.ends_at = day, begins_at, ends_at
    meeting.place, meeting.link = place, link
    enforce(refuse_same_hour(meeting))
    if not meeting.is_convened or not (is_moved or is_elsewhere):
        meeting.save()
        return False
    meeting.sequence += 1
    meeting.save()
    move(meeting, MeetingVerb.MOVED, **coordinating(by))
    if is_moved:
        meeting.attendees.update(reply=Reply.NONE, replied_at=None, proxy=None)
    _write_to(meeting, Letter.MOVED)
    return True


@event(Subject.COMMITTEE)
def convene(meeting: Meeting, *, by: User) -> Meeting:
    """Convene who sits in the body, beside who was invited, and write to them. Raises Refused."""
    meeting = lock_meeting(meeting)
    now = timezone.now()
    enforce(may_convene(by, meeting, now))
    invited = list(meeting.attendees.all())
    accounts = {row.user_id for row in invited if row.user_id}
    names = {(fold(row.name), row.organisation_id) for row in invited}
    people = [
        row
        for row in people_to_convene(meeting, meeting.date)
        if row.user_id not in accounts and (fold(row.name), row.organisation_id) not in names
    ]
    Attendee.objects.bulk_create(people)
    move(meeting, MeetingVerb.CONVENED, **coordinating(by), convened_at=now)
    _write_to(meeting, Letter.CONVENED)
    return meeting


@event(Subject.COMMITTEE)
def send_agenda_again(meeting: Meeting, *, by: User) -> None:
    """Write to everybody that the agenda has changed. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_write_again(by, meeting, timezone.now()))
    meeting.sequence += 1
    meeting.save()
    move(meeting, MeetingVerb.UPDATED, **coordinating(by))
    _write_to(meeting, Letter.UPDATED)


@event(Subject.COMMITTEE)
def remind(meeting: Meeting, *, by: User) -> int:
    """Write again to who has not answered; return how many can be written to. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_remind(by, meeting, timezone.now()))
    move(meeting, MeetingVerb.REMINDED, **coordinating(by))
    return _write_to(meeting, Letter.REMINDED)


@event(Subject.COMMITTEE)
def cancel_meeting(meeting: Meeting, *, reason: str, by: User) -> None:
    """Cancel a meeting, and write to everybody who was convened. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_cancel(by, meeting))
    was_convened = meeting.is_convened
    meeting.sequence += was_convened
    move(meeting, MeetingVerb.CANCELLED, **coordinating(by), reason=reason,
         sequence=meeting.sequence)  # fmt: skip
    if was_convened:
        _write_to(meeting, Letter.CANCELLED)


@event(Subject.COMMITTEE)
def invite(
    meeting: Meeting, *, name: str, capacity: str, email: str,
    organisation: Organisation | None, by: User,
) -> Attendee:  # fmt: skip
    """Invite somebody who is no member of the body; where it is convened, write to them at once.
    Who came to a meeting that is over is added as present. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_invite(by, meeting))
    for attendee in meeting.attendees.all():
        is_same = email and fold(attendee.address) == fold(email)
        if is_same or (fold(attendee.name), attendee.organisation) == (fold(name), organisation):
            raise Refused(INVITED_TWICE)
    letter = Letter.CONVENED if meeting.is_convened and email else Letter.NONE
    attendee = Attendee.objects.create(
        meeting=meeting, name=name, capacity=capacity, email=email, organisation=organisation,
        letter=letter, is_present=None if meeting.is_to_come else True,
    )  # fmt: skip
    post_letters()
    return attendee


@event(Subject.COMMITTEE)
def remove_invited(meeting: Meeting, attendee: Attendee, *, by: User) -> None:
    """Take back the invitation of somebody who is no member of the body, before it is sent. Raises
    Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_edit_agenda(by, meeting))
    if not meeting.is_prepared:
        raise Refused(CONVENED_MEMBER)
    meeting.attendees.filter(pk=attendee.pk).delete()


@event(Subject.COMMITTEE)
def reply(meeting: Meeting, attendee: Attendee, *, comes: bool) -> Attendee:
    """Write that somebody comes, or does not; whoever holds their link may answer. Who had given
    them a pouvoir is asked again if they stay away. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_reply(meeting, timezone.now()))
    row = meeting.attendees.select_for_update(of=("self",)).get(pk=attendee.pk)
    row.reply = Reply.PRESENT if comes else Reply.ABSENT
    row.replied_at, row.proxy = timezone.now(), None
    row.save()
    if not comes:
        _give_back_voices(row)
    return row


@event(Subject.COMMITTEE)
def lend_voice(meeting: Meeting, attendee: Attendee, proxy: Attendee, *, by: User) -> Attendee:
    """Write that somebody is represented at a meeting by ``proxy``, of the same party. Raises
    Refused."""
    meeting = lock_meeting(meeting)
    rows = {row.pk: row for row in meeting.attendees.select_for_update(of=("self",)).order_by("pk")}
    row = rows[attendee.pk]
    row.meeting = meeting
    enforce(may_lend_voice(by, row, timezone.now()))
    if proxy.pk not in {other.pk for other in proxies_for(row, rows.values())}:
        raise Refused(NOT_OF_THE_PARTY)
    row.reply, row.replied_at, row.proxy = Reply.REPRESENTED, timezone.now(), rows[proxy.pk]
    row.save()
    _give_back_voices(row)
    return row


@event(Subject.COMMITTEE)
def hold(meeting: Meeting, *, deferred: Iterable[AgendaItem] = (), by: User) -> Meeting:
    """Record that a meeting has taken place: nobody is asked any more whether they come, no letter
    about it leaves, and the ``deferred`` items, which were not reached, go to the next one. One
    that was never convened gets the rows of who sat in its body that day. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_hold(by, meeting, timezone.now()))
    keys = [item.pk for item in deferred]
    meeting.items.filter(pk__in=keys).update(outcome=ItemOutcome.DEFERRED)
    if meeting.is_prepared and not meeting.attendees.filter(seat__isnull=False).exists():
        Attendee.objects.bulk_create(people_to_convene(meeting, meeting.date))
    meeting.attendees.update(letter=Letter.NONE)
    move(meeting, MeetingVerb.HELD, **coordinating(by))
    return meeting


@event(Subject.COMMITTEE)
def tick_present(
    meeting: Meeting, *, shown: Iterable[int], present: Iterable[int], by: User
) -> int:
    """Write who is present: of the attendees ``present`` and not, by key, only those whose box was
    changed (``shown``: who was present when the page was read), so that two people may tick at
    once. Return how many are present. Raises Refused."""
    meeting = lock_meeting(meeting)
    enforce(may_tick(by, meeting))
    before, after = set(shown), set(present)
    meeting.attendees.filter(pk__in=after - before).update(is_present=True)
    meeting.attendees.filter(pk__in=before - after).update(is_present=False)
    return meeting.attendees.filter(is_present=True).count()


def proposed_versions(convention: Convention):
    """Return the points to validate that an agenda may be about."""
    return Version.objects.of(convention).proposed().order_by("proposed_at", "pk")


def _give_back_voices(attendee: Attendee) -> None:
    """Ask again those who had given a pouvoir to somebody who no longer comes."""
    given = attendee.represented.all()
    given.update(reply=Reply.NONE, replied_at=None, proxy=None, letter=Letter.REMINDED)
    post_letters()


def _write_to(meeting: Meeting, letter: Letter) -> int:
    """Put a letter about a meeting to be sent to whom it concerns, not to who no longer sits;
    return how many have an address."""
    rows = meeting.attendees.select_related("user")
    if letter == Letter.REMINDED:
        rows = rows.without_reply()
    sitting = people_to_convene(meeting, timezone.localdate())
    seats, users = {row.seat_id for row in sitting}, {row.user_id for row in sitting} - {None}
    keys = [
        row.pk
        for row in rows
        if row.address and (row.seat_id in {None, *seats} or row.user_id in users)
    ]
    Attendee.objects.filter(pk__in=keys).update(letter=letter)
    post_letters()
    return len(keys)
