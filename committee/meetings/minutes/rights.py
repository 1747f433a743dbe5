"""Who writes the minutes of a meeting, reads their draft, and submits them. Who approves them is
who answers any point: ``agreements/answers/rights.py``."""

from accounts.models import User
from committee.meetings.minutes.models import Minutes, MinutesState
from committee.meetings.minutes.settled import refuse_settled
from committee.meetings.rights import may_manage_meetings
from ctg_portal.rules import Refusal

NOT_HELD = Refusal(
    "Le compte rendu s’écrit une fois la réunion tenue : dites d’abord qu’elle a eu lieu."
)
NOT_SUBMITTED = Refusal("Ce compte rendu est en rédaction : il n’est pas soumis.")
NOBODY_APPROVES = Refusal(
    "La convention ne dit pas quelles parties donnent leur accord : personne ne peut l’approuver."
)
NOT_APPROVED = Refusal("Seul un compte rendu approuvé se corrige.")
NOT_SEALED = Refusal(
    "Ce compte rendu vient d’être approuvé : il se corrige une demi-heure après, quand plus "
    "aucune approbation ne s’annule."
)
NOT_CORRECTED = Refusal("Ce compte rendu n’est pas en correction.")
STILL_DRAFTED = Refusal("Le compte rendu de cette réunion est en rédaction.")


def may_read_minutes(asker: User | None, minutes: Minutes) -> Refusal | None:
    """Return why ``asker``, who reads the convention, may not read minutes, or None: a draft is the
    coordination's."""
    if not minutes.meeting.is_held:
        return NOT_HELD
    if minutes.state == MinutesState.DRAFTED:
        return may_manage_meetings(asker, minutes.meeting.convention) and STILL_DRAFTED
    return None


def may_write_minutes(asker: User | None, minutes: Minutes) -> Refusal | None:
    """Return why ``asker`` may not write the introduction and the notes, or None: the coordination
    may, from the end of the meeting until they are submitted."""
    if refusal := may_manage_meetings(asker, minutes.meeting.convention):
        return refusal
    if not minutes.meeting.is_held:
        return NOT_HELD
    return refuse_settled(minutes.state)


def may_take_back_minutes(asker: User | None, minutes: Minutes) -> Refusal | None:
    """Return why ``asker`` may not take submitted minutes back to write on, or None."""
    if refusal := may_manage_meetings(asker, minutes.meeting.convention):
        return refusal
    if minutes.state == MinutesState.SUBMITTED:
        return None
    return refuse_settled(minutes.state) or NOT_SUBMITTED


def may_correct_minutes(asker: User | None, minutes: Minutes) -> Refusal | None:
    """Return why ``asker`` may not begin to correct minutes, or None: the coordination may, once
    their approval is final."""
    if refusal := may_manage_meetings(asker, minutes.meeting.convention):
        return refusal
    if minutes.version is None or minutes.state != MinutesState.APPROVED:
        return NOT_APPROVED
    return None if minutes.version.published_at else NOT_SEALED


def may_drop_correction(asker: User | None, minutes: Minutes) -> Refusal | None:
    """Return why ``asker`` may not give a correction up, or None; what was changed meanwhile is the
    event's to see."""
    if refusal := may_manage_meetings(asker, minutes.meeting.convention):
        return refusal
    return None if minutes.state == MinutesState.CORRECTED else NOT_CORRECTED
