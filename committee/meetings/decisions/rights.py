"""Who writes and corrects a decision, and says what became of it."""

from django.utils import timezone

from accounts.models import User
from committee.meetings.decisions.models import Decision
from committee.meetings.minutes.settled import refuse_settled_meeting
from committee.meetings.models import Meeting
from committee.meetings.rights import may_manage_meetings
from conventions.access.rights import organisations_acted_for
from ctg_portal.rules import Refusal

NOT_YET = Refusal("Cette réunion n’a pas encore eu lieu : rien n’y est décidé.")
CANCELLED = Refusal("Cette réunion est annulée : rien n’y est décidé.")
CLOSED = Refusal("Cette décision n’attend plus de suite.")


def may_decide(asker: User | None, meeting: Meeting) -> Refusal | None:
    """Return why ``asker`` may not write a decision of a meeting, or None: the coordination may,
    from the day of the meeting on."""
    if refusal := may_manage_meetings(asker, meeting.convention):
        return refusal
    if meeting.is_cancelled:
        return CANCELLED
    if meeting.day is None or meeting.day > timezone.localdate():
        return NOT_YET
    return refuse_settled_meeting(meeting)


def may_correct(asker: User | None, decision: Decision) -> Refusal | None:
    """Return why ``asker`` may not correct a decision, or None: the coordination may, until it is
    done or given up."""
    if refusal := may_manage_meetings(asker, decision.convention):
        return refusal
    return CLOSED if decision.is_closed else None


def may_report(asker: User | None, decision: Decision) -> Refusal | None:
    """Return why ``asker`` may not say what became of a decision, or None: the coordination may,
    and who acts for the organisation in charge."""
    if not decision.is_to_follow:
        return CLOSED
    if asker is not None and decision.owner_id in organisations_acted_for(
        asker, decision.convention
    ):
        return None
    return may_manage_meetings(asker, decision.convention)


def may_reopen(asker: User | None, decision: Decision) -> Refusal | None:
    """Return why ``asker`` may not have a decision followed up again, or None."""
    if refusal := may_manage_meetings(asker, decision.convention):
        return refusal
    return None if decision.is_closed else Refusal("Cette décision est déjà à suivre.")
