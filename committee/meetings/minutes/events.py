"""Write minutes, submit them to the parties, take them back, correct them; seal what they have
approved."""

from dataclasses import replace

from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import asked_among, required_of
from agreements.commitments import canonical
from agreements.models import Version
from agreements.versions.events import propose, save_draft, withdraw_version
from agreements.versions.models import UNDO_DELAY
from agreements.versions.rows import lock_versions
from committee.meetings.letters import post_letters
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.minutes.content import encode
from committee.meetings.minutes.models import Minutes, MinutesText, minutes_of
from committee.meetings.minutes.reading import describe_content, read_minutes, shown_minutes
from committee.meetings.minutes.rights import (
    NOBODY_APPROVES,
    may_correct_minutes,
    may_drop_correction,
    may_take_back_minutes,
    may_write_minutes,
)
from committee.meetings.models import AgendaItem, Attendee, Letter, Meeting
from committee.meetings.rows import lock_meeting
from committee.meetings.session.events import pending_entries
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce

REASON_MISSING = Refusal("Dites ce qui est à corriger : les parties le liront.")
CHANGED = Refusal(
    "Ce que dit le compte rendu a déjà été changé : soumettez la correction à l’approbation, ou "
    "remettez ce qui était approuvé avant d’y renoncer."
)
GONE = Refusal("Ce point n’est pas à l’ordre du jour de cette réunion.")


@event(Subject.COMMITTEE)
def write_introduction(
    meeting: Meeting, *, text: str, by: User, revision: int | None = None
) -> Minutes:
    """Write the introduction of the minutes of a meeting. Raises Refused, with Rewritten when it
    was changed since ``revision``."""
    minutes = minutes_of(lock_meeting(meeting))
    enforce(may_write_minutes(by, minutes))
    check_revision(minutes if minutes.pk else None, revision)
    minutes.introduction = text.strip()
    minutes.save()
    return minutes


@event(Subject.COMMITTEE)
def write_notes(
    meeting: Meeting, item: AgendaItem, *, text: str, by: User, revision: int | None = None
) -> AgendaItem:
    """Write what was discussed on an item. Raises Refused, with Rewritten when it was changed since
    ``revision``."""
    minutes = minutes_of(lock_meeting(meeting))
    enforce(may_write_minutes(by, minutes))
    row = minutes.meeting.items.filter(pk=item.pk).first()
    if row is None:
        raise Refused(GONE)
    check_revision(row, revision)
    row.notes = text.strip()
    row.save()
    return row


@event(Subject.COMMITTEE)
def submit_minutes(meeting: Meeting, *, by: User) -> Version:
    """Freeze what the minutes of a meeting say, and ask the parties to approve that very text;
    return the version. What they correct stays approved until the parties have approved them too.
    Raises Refused."""
    minutes = minutes_of(lock_meeting(meeting))
    enforce(may_write_minutes(by, minutes))
    if not asked_among(required_of(minutes.meeting.convention), MinutesCommitment.kind):
        raise Refused(NOBODY_APPROVES)
    if minutes.pk is None:
        minutes.save()
    content = read_minutes(minutes)
    text = encode(content)
    digest = canonical.digest(text)
    MinutesText.objects.get_or_create(minutes=minutes, digest=digest, defaults={"text": text})
    confirms = bool(pending_entries(minutes.meeting, None))
    summary = describe_content(content, confirms=confirms)
    draft = save_draft(
        minutes, {"changes": summary, "digest": digest}, note=content.correction, by=by
    )
    return propose(draft, by=by)


@event(Subject.COMMITTEE)
def take_back_minutes(meeting: Meeting, *, reason: str, by: User) -> None:
    """Take submitted minutes back to write on: who has approved them is asked again. Raises
    Refused, also without a reason."""
    minutes = minutes_of(lock_meeting(meeting))
    enforce(may_take_back_minutes(by, minutes))
    if minutes.version is not None:
        withdraw_version(minutes.version, reason=reason, by=by)


@event(Subject.COMMITTEE)
def begin_correction(meeting: Meeting, *, reason: str, by: User) -> Minutes:
    """Open approved minutes to correct them: what was approved stays so, and is read, until the
    parties approve the next version. Raises Refused, also without a reason."""
    minutes = minutes_of(lock_meeting(meeting))
    enforce(may_correct_minutes(by, minutes))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    minutes.corrected = minutes.version.number if minutes.version else None
    minutes.correction = reason.strip()
    minutes.save()
    return minutes


@event(Subject.COMMITTEE)
def drop_correction(meeting: Meeting, *, by: User) -> None:
    """Close minutes that were to be corrected, while nothing of them has been changed. Raises
    Refused."""
    minutes = minutes_of(lock_meeting(meeting))
    enforce(may_drop_correction(by, minutes))
    if replace(read_minutes(minutes), correction="") != replace(
        shown_minutes(minutes), correction=""
    ):
        raise Refused(CHANGED)
    minutes.corrected, minutes.correction = None, ""
    minutes.save()


def seal_approved() -> None:
    """Seal the minutes whose last approval can no longer be undone."""
    approved = Version.objects.in_force().filter(
        kind=MinutesCommitment.kind,
        published_at=None,
        in_force_at__lte=timezone.now() - UNDO_DELAY,
    )
    for version in approved.order_by("pk"):
        _seal(version)


@event(Subject.COMMITTEE)
def _seal(version: Version) -> None:
    """Make the approval of minutes final, and send them to who was convened; nothing happens where
    it was taken back meanwhile."""
    [version] = lock_versions([version])
    if not version.is_in_force or version.published_at:
        return
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    minutes = Minutes.objects.get(pk=version.object_id)
    rows = Attendee.objects.filter(meeting=minutes.meeting_id).select_related("user")
    keys = [row.pk for row in rows if row.address]
    Attendee.objects.filter(pk__in=keys).update(letter=Letter.MINUTES)
    post_letters()
