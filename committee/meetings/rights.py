"""Who prepares, convenes, moves, cancels and records a meeting, and who answers that they come."""

import datetime

from django.utils import timezone

from accounts.models import User
from agreements.seats.rights import may_manage_committee
from committee.meetings.minutes.settled import refuse_settled_meeting
from committee.meetings.models import AgendaItem, Attendee, Body, Meeting, MeetingVerb
from committee.meetings.rules import rules_for
from conventions.models import Convention
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import in_words, long_date

NO_DAY = Refusal("Fixez d’abord le jour de la réunion.")
NO_PLACE = Refusal("Dites où la réunion se tient : un lieu, ou le lien de la visioconférence.")
NO_ITEM = Refusal("L’ordre du jour est vide : ajoutez au moins un point avant de convoquer.")
IN_THE_PAST = Refusal("Cette date est passée : choisissez un jour et une heure à venir.")
OVER = Refusal("Cette réunion est passée : il n’y a plus à y répondre.")


def may_manage_meetings(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why ``asker`` may not prepare the meetings of a convention, or None: only the
    coordination does."""
    return may_manage_committee(asker, convention)


def may_edit_agenda(asker: User | None, meeting: Meeting) -> Refusal | None:
    """Return why ``asker`` may not change a meeting and its agenda, or None: the coordination may,
    until it has taken place."""
    if refusal := may_manage_meetings(asker, meeting.convention):
        return refusal
    return None if meeting.is_to_come else Refusal(f"Cette réunion est {_stands(meeting)}.")


def refuse_day(
    meeting: Meeting, day: datetime.date | None, begins_at: datetime.time, now: datetime.datetime
) -> Refusal | None:
    """Return why a meeting may not be convened for a day and hour, or None: none is set, it is
    past, or within the notice that the convention asks for its comité de pilotage."""
    if day is None:
        return NO_DAY
    if timezone.make_aware(datetime.datetime.combine(day, begins_at)) <= now:
        return IN_THE_PAST
    notice_days = rules_for(meeting).notice_days
    earliest = timezone.localdate(now) + datetime.timedelta(days=notice_days)
    if not notice_days or day >= earliest:
        return None
    notice = in_words(notice_days, "jour,jours")
    return Refusal(
        f"La convention demande {notice} de délai : convoquée aujourd’hui, la réunion se tient à "
        f"partir du {long_date(earliest)}."
    )


def refuse_same_hour(meeting: Meeting) -> Refusal | None:
    """Return that the same body already meets at that hour, or None."""
    other = Meeting.objects.at_the_hour_of(meeting).filter(body=meeting.body_id).first()
    if other is None:
        return None
    return Refusal(
        f"Une autre réunion de cette instance est prévue à la même heure, le "
        f"{long_date(other.day)} : déplacez l’une des deux."
    )


def may_convene(asker: User | None, meeting: Meeting, now: datetime.datetime) -> Refusal | None:
    """Return why ``asker`` may not convene a meeting, or None: who may edit the agenda may, once,
    when it has a day (``refuse_day``), a place or link, and an item."""
    if refusal := may_edit_agenda(asker, meeting):
        return refusal
    if not meeting.is_prepared:
        return Refusal("Cette réunion est déjà convoquée.")
    if refusal := refuse_day(meeting, meeting.day, meeting.begins_at, now):
        return refusal
    if not (meeting.place or meeting.link):
        return NO_PLACE
    if not meeting.items.exists():
        return NO_ITEM
    return refuse_same_hour(meeting)


def may_write_again(asker: User | None, meeting: Meeting, now: datetime.datetime) -> Refusal | None:
    """Return why ``asker`` may not send the changed agenda to who was convened, or None: who may
    edit the agenda may, once it is convened and until it ends."""
    if refusal := may_edit_agenda(asker, meeting):
        return refusal
    if not meeting.is_convened:
        return Refusal("Cette réunion n’est pas encore convoquée.")
    return OVER if meeting.moment(meeting.ends_at) <= now else None


def may_remind(asker: User | None, meeting: Meeting, now: datetime.datetime) -> Refusal | None:
    """Return why ``asker`` may not remind who has not answered, or None: once a day, from the day
    after the meeting was convened."""
    if refusal := may_write_again(asker, meeting, now):
        return refusal
    today = timezone.localdate(now)
    if meeting.convened_at and timezone.localdate(meeting.convened_at) >= today:
        return Refusal("La convocation est partie aujourd’hui : relancez à partir de demain.")
    last = meeting.transitions.filter(verb=MeetingVerb.REMINDED).order_by("-pk").first()
    if last and timezone.localdate(last.created_at) >= today:
        return Refusal("La relance d’aujourd’hui est déjà partie.")
    if not meeting.attendees.without_reply().exists():
        return Refusal("Tout le monde a répondu.")
    return None


def may_cancel(asker: User | None, meeting: Meeting) -> Refusal | None:
    """Return why ``asker`` may not cancel a meeting, or None."""
    return may_edit_agenda(asker, meeting)


def may_hold(asker: User | None, meeting: Meeting, now: datetime.datetime) -> Refusal | None:
    """Return why ``asker`` may not record that a meeting has taken place, or None: from the hour at
    which it begins."""
    if refusal := may_edit_agenda(asker, meeting):
        return refusal
    if meeting.day is None:
        return NO_DAY
    if meeting.moment(meeting.begins_at) > now:
        return Refusal("Cette réunion n’a pas encore commencé.")
    return None


def may_tick(asker: User | None, meeting: Meeting) -> Refusal | None:
    """Return why ``asker`` may not tick who is present, or None: the coordination may, from the day
    of the meeting on."""
    if refusal := may_manage_meetings(asker, meeting.convention):
        return refusal
    if meeting.is_cancelled:
        return Refusal("Cette réunion est annulée.")
    if meeting.day is None or meeting.day > timezone.localdate():
        return Refusal("Les présences se notent le jour de la réunion.")
    return refuse_settled_meeting(meeting)


def may_invite(asker: User | None, meeting: Meeting) -> Refusal | None:
    """Return why ``asker`` may not add somebody to a meeting, or None: the coordination may, until
    it is over, and afterwards who came without being convened."""
    if meeting.is_to_come:
        return may_edit_agenda(asker, meeting)
    return may_tick(asker, meeting)


def may_reply(meeting: Meeting, now: datetime.datetime) -> Refusal | None:
    """Return why nobody may answer that they come, or None: they may once it is convened, until it
    ends."""
    if meeting.is_cancelled:
        return Refusal("Cette réunion est annulée : il n’y a plus à y répondre.")
    if not meeting.is_convened:
        return OVER
    return OVER if meeting.moment(meeting.ends_at) <= now else None


def may_lend_voice(
    asker: User | None, attendee: Attendee, now: datetime.datetime
) -> Refusal | None:
    """Return why ``asker`` may not give a pouvoir for a meeting in the place of ``attendee``, or
    None: a full member alone gives their own."""
    if refusal := may_reply(attendee.meeting, now):
        return refusal
    if asker is None or attendee.user_id != asker.pk:
        return Refusal("Un pouvoir est donné par la personne elle-même, avec son compte.")
    if not attendee.commits:
        return Refusal("Seule une personne qui engage son organisme donne pouvoir.")
    return None


def may_remove_item(asker: User | None, item: AgendaItem) -> Refusal | None:
    """Return why ``asker`` may not remove an item of an agenda, or None."""
    return may_edit_agenda(asker, item.meeting)


def may_remove_body(asker: User | None, body: Body) -> Refusal | None:
    """Return why ``asker`` may not remove a body, or None: the coordination may, while it has never
    met."""
    if refusal := may_manage_meetings(asker, body.convention):
        return refusal
    if body.is_steering:
        return Refusal("Le comité de pilotage est celui de la convention : il ne se retire pas.")
    if body.meetings.exists():
        return Refusal("Cette instance a déjà des réunions : elle reste.")
    return None


def _stands(meeting: Meeting) -> str:
    return meeting.get_state_display()
