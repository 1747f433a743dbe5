"""Who writes in a session, whose voice is recorded there, and who confirms it."""

from django.utils import timezone

from accounts.models import User
from agreements.seats.voices import Bench
from committee.meetings.minutes.settled import refuse_settled_meeting
from committee.meetings.models import Attendee, Meeting
from committee.meetings.rights import may_manage_meetings
from conventions.models import Organisation
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date

CANCELLED = Refusal("Cette réunion est annulée : rien n’y est noté.")
TOO_EARLY = Refusal("La séance s’ouvre le jour de la réunion.")
OTHER_BODY = Refusal(
    "Seul le comité de pilotage donne l’accord des parties : cette instance rend un avis."
)
NOTHING_CHOSEN = Refusal("Choisissez au moins un point.")


def refuse_session(meeting: Meeting) -> Refusal | None:
    """Return why a meeting has no session yet, or none any more, or None."""
    if meeting.is_cancelled:
        return CANCELLED
    if meeting.day is None or meeting.day > timezone.localdate():
        return TOO_EARLY
    return None


def may_write(asker: User | None, meeting: Meeting) -> Refusal | None:
    """Return why ``asker`` may not write in the session of a meeting, or None: the coordination
    may, from the day of the meeting until its minutes are submitted."""
    if refusal := may_manage_meetings(asker, meeting.convention):
        return refusal
    return refuse_session(meeting) or refuse_settled_meeting(meeting)


def may_record_voices(asker: User | None, meeting: Meeting) -> Refusal | None:
    """Return why ``asker`` may not record what a party says in a meeting, or None: the coordination
    may, on the day of a meeting of the comité de pilotage."""
    if refusal := may_write(asker, meeting):
        return refusal
    if not meeting.body.is_steering:
        return OTHER_BODY
    if meeting.date < timezone.localdate():
        return Refusal(
            f"La séance du {long_date(meeting.day)} est passée : un accord donné depuis se saisit "
            "sur la page du point, avec le document reçu."
        )
    return None


def refuse_speaker(attendee: Attendee, bench: Bench) -> Refusal | None:
    """Return why what somebody says in a meeting cannot be recorded as the word of their party, or
    None: a member who is present may speak, or a substitute in the place of a member."""
    if not attendee.is_present:
        return Refusal(
            f"{attendee.name} n’est pas noté parmi les présents : cochez d’abord sa présence."
        )
    seat = bench.by_pk.get(attendee.seat_id)
    if seat is not None and bench.commits(seat):
        return None
    party = attendee.organisation
    whose = party.the if party else "une partie"
    if seat is not None and seat.speaks and bench.sits(seat):
        return Refusal(
            f"{attendee.name} supplée un membre dont l’absence n’est pas déclarée : déclarez-la "
            f"pour que sa voix engage {whose}."
        )
    return Refusal(
        f"{attendee.name} n’engage pas {whose} : sa voix est un avis, qui se donne sur la page du "
        "point."
    )


def may_confirm_for(
    asker: User | None, meeting: Meeting, organisation: Organisation, bench: Bench
) -> Refusal | None:
    """Return why ``asker`` may not confirm, in a meeting, what was recorded there for a party, or
    None: whoever is present and commits it may."""
    is_present = (
        asker is not None and meeting.attendees.filter(user=asker, is_present=True).exists()
    )
    commits = any(
        voice.commits and voice.organisation == organisation for voice in bench.voices_of(asker)
    )
    if not commits:
        return Refusal(f"Seule une personne qui engage {organisation.the} confirme pour elle.")
    if not is_present:
        return Refusal(
            "Vous n’êtes pas noté parmi les présents : demandez à la coordination de cocher votre "
            "présence, ou confirmez sur la page de chaque point."
        )
    return None
