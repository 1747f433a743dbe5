"""Pages of meetings: the list, one meeting, and what becomes of it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from agreements.answers.lights import required_of
from committee.meetings import events, rights
from committee.meetings.bodies import body_of
from committee.meetings.calendar import draw_calendar
from committee.meetings.convening import Replies, people_to_convene
from committee.meetings.decisions.models import Decision
from committee.meetings.documents import ConvocationDocument
from committee.meetings.files import MEETINGS
from committee.meetings.forms import CancelForm, HoldForm, MeetingForm, WhenForm
from committee.meetings.minutes.models import minutes_of
from committee.meetings.minutes.rights import may_read_minutes
from committee.meetings.models import Body, Meeting
from committee.meetings.pack.documents import PackDocument
from committee.meetings.pages import (
    FileOfMeeting,
    MeetingAct,
    MeetingForms,
    OfMeeting,
    find_meeting,
)
from committee.meetings.reading import (
    excess_minutes,
    meetings_of,
    planned_items,
)
from committee.meetings.session.rights import refuse_session
from committee.meetings.words import describe_when, format_minutes
from committee.pages import CommitteePage
from committee.words import format_answer_count
from conventions.lists import ListFile
from ctg_portal.marks.events import changing
from documents.downloads import attachment
from documents.tables import Table
from documents.uploads import clean_name


class Meetings(CommitteePage, TemplateView):
    """The meetings of a convention: those to come, then the past ones."""

    template_name = "committee/meetings/meetings.html"

    def get_context_data(self, **kwargs):
        """Add the meetings ``to_come``, the next first, and the ``past`` ones; ``last``, from which
        the next may be prepared."""
        meetings = meetings_of(self.convention)
        for meeting in meetings:
            meeting.convention = self.convention
        to_come = [meeting for meeting in meetings if meeting.is_to_come]
        to_come.reverse()
        past = [meeting for meeting in meetings if not meeting.is_to_come]
        return super().get_context_data(
            to_come=[(meeting, describe_when(meeting)) for meeting in to_come],
            past=[(meeting, describe_when(meeting)) for meeting in past],
            last=next((meeting for meeting in meetings if meeting.day), None),
            **kwargs,
        )


class MeetingsFile(CommitteePage, ListFile):
    """The meetings as a table to download."""

    name = "reunions"

    def tables(self):
        return [Table.of("Réunions", MEETINGS, meetings_of(self.convention))]


class AddMeeting(MeetingForms):
    """The form of a new meeting."""

    form_class = MeetingForm
    heading = "Préparer une réunion"
    button = "Préparer la réunion"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"bodies": Body.objects.of(self.convention)}

    def act(self, form):
        """Prepare the meeting, and go to its page; return the message."""
        chosen = form.cleaned_data["body"]
        with changing():
            body = form.bodies.get(chosen) or body_of(self.convention, chosen)
            self.meeting = events.prepare_meeting(
                self.convention, body, **form.values, by=self.here.user
            )
        return "La réunion est en préparation : composez son ordre du jour."

    @property
    def back(self):
        """The address of the meeting, once it is prepared; before, that of the list."""
        if hasattr(self, "meeting"):
            return reverse("committee:meeting", args=[self.convention.slug, self.meeting.pk])
        return super().back


class NextMeeting(MeetingAct):
    """The question before the next meeting is prepared from an earlier one."""

    button = "Préparer la suivante"
    heading = "Préparer la réunion suivante"

    @property
    def lead(self):
        """The sentence that says what is taken over from the last meeting."""
        return (
            f"Lieu, horaires et ordre du jour sont repris de la réunion « {self.meeting} », sans "
            "les points déjà décidés. Vous fixerez le jour ensuite."
        )

    def act(self, form):
        """Prepare the next meeting, and go to its page; return the message."""
        self.meeting = events.prepare_from(self.meeting, by=self.here.user)
        return "La réunion est en préparation : fixez son jour, puis relisez l’ordre du jour."


class MeetingPage(OfMeeting, TemplateView):
    """One meeting: its agenda, who comes, what is to be done next."""

    template_name = "committee/meetings/meeting.html"

    def setup(self, request, *args, **kwargs):
        """Set ``meeting``; 404 for none of the convention."""
        super().setup(request, *args, **kwargs)
        self.meeting = find_meeting(self.convention, kwargs["pk"])

    def get_context_data(self, **kwargs):
        """Add the agenda with its times, what each party has answered, one's own row, and what may
        be done: ``obstacle`` says why the meeting cannot be convened yet."""
        meeting, user, now = self.meeting, self.here.user, timezone.now()
        planned = planned_items(meeting)
        replies = Replies(meeting, required_of(self.convention))
        can_edit = rights.may_edit_agenda(user, meeting) is None
        own = next((row for row in replies.attendees if row.user_id == user.pk), None)
        if own:
            own.meeting = meeting
        excess = excess_minutes(meeting, planned)
        others = Meeting.objects.at_the_hour_of(meeting).with_body() if can_edit else []
        return super().get_context_data(
            meeting=meeting,
            when=describe_when(meeting),
            planned=planned,
            excess=format_minutes(excess) if excess else "",
            replies=replies,
            own=own,
            can_reply=own is not None and rights.may_reply(meeting, now) is None,
            can_lend=own is not None and rights.may_lend_voice(user, own, now) is None,
            can_edit=can_edit,
            can_hold=rights.may_hold(user, meeting, now) is None,
            obstacle=rights.may_convene(user, meeting, now)
            if can_edit and meeting.is_prepared
            else None,
            reminding=rights.may_remind(user, meeting, now)
            if can_edit and meeting.is_convened
            else None,
            others=list(others),
            has_session=refuse_session(meeting) is None and self._is_in_session(),
            can_manage=rights.may_manage_meetings(user, self.convention) is None,
            minutes_word=self._minutes_word(),
            can_tick=rights.may_tick(user, meeting) is None,
            decisions=list(Decision.objects.taken_in(meeting)),
            acts=list(meeting.transitions.order_by("pk")),
            **kwargs,
        )

    def _is_in_session(self) -> bool:
        """Return whether the session is still followed: on the day, and until it is recorded that
        the meeting has taken place."""
        return self.meeting.is_to_come or self.meeting.day == self.here.today

    def _minutes_word(self) -> str:
        """Return where the minutes are, for who may read them; empty for others."""
        minutes = minutes_of(self.meeting) if self.meeting.is_held else None
        if minutes is None or may_read_minutes(self.here.user, minutes):
            return ""
        return str(minutes.state.label)


class EditMeeting(MeetingAct):
    """The form of day, hours and place."""

    form_class = WhenForm

    @property
    def heading(self):
        return "Déplacer la réunion" if self.meeting.is_convened else "Jour, heure et lieu"

    @property
    def lead(self):
        """The consequences for who was convened; empty before."""
        if not self.meeting.is_convened:
            return ""
        return (
            "Toutes les personnes convoquées sont prévenues. Si le jour ou l’heure change, leur "
            "réponse leur est redemandée."
        )

    def obstacle(self):
        return rights.may_edit_agenda(self.request.user, self.meeting)

    def get_initial(self):
        """Return day, hours, place, link and revision of the meeting."""
        names = ("day", "begins_at", "ends_at", "place", "link", "revision")
        return {name: getattr(self.meeting, name) for name in names}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"needs_day": self.meeting.is_convened}

    def written(self):
        return Meeting.objects.get(pk=self.meeting.pk)

    def act(self, form):
        """Write day, hours and place; return the message, which says if mails are sent."""
        is_sent = events.edit_meeting(
            self.meeting, **form.values, revision=form.cleaned_data["revision"], by=self.here.user
        )
        if is_sent:
            return "La réunion est déplacée, et toutes les personnes convoquées sont prévenues."
        return "C’est enregistré."


class Convene(MeetingAct):
    """What is sent to whom, before a meeting is convened."""

    template_name = "committee/meetings/convene.html"
    button = "Convoquer"

    @property
    def heading(self):
        return f"Convoquer : {self.meeting}"

    def obstacle(self):
        return rights.may_convene(self.request.user, self.meeting, self.now)

    def get_context_data(self, **kwargs):
        """Add who is convened: members and those invited; and who of them has no address."""
        day = self.meeting.day or self.here.today
        people = [*people_to_convene(self.meeting, day)]
        people += self.meeting.attendees.select_related("user", "organisation")
        return super().get_context_data(
            people=people,
            without_address=[person for person in people if not person.address],
            planned=planned_items(self.meeting),
            when=describe_when(self.meeting),
            **kwargs,
        )

    def act(self, form):
        """Convene everybody; return the message."""
        events.convene(self.meeting, by=self.here.user)
        return "La réunion est convoquée : chacun reçoit son message dans quelques minutes."


class SendAgain(MeetingAct):
    """The question before the changed agenda is sent."""

    heading = "Prévenir que l’ordre du jour a changé ?"
    lead = "Toutes les personnes convoquées reçoivent le nouvel ordre du jour ; leur réponse reste."
    button = "Envoyer l’ordre du jour"

    def obstacle(self):
        return rights.may_write_again(self.request.user, self.meeting, self.now)

    def act(self, form):
        """Send the agenda; return the message."""
        events.send_agenda_again(self.meeting, by=self.here.user)
        return "L’ordre du jour est envoyé de nouveau."


class Remind(MeetingAct):
    """The question before those who have not answered are reminded."""

    template_name = "committee/meetings/remind.html"
    heading = "Relancer qui n’a pas répondu ?"
    button = "Relancer"

    def obstacle(self):
        return rights.may_remind(self.request.user, self.meeting, self.now)

    def get_context_data(self, **kwargs):
        """Add ``silent``, the attendees who have not answered."""
        silent = self.meeting.attendees.without_reply().select_related("user", "organisation")
        return super().get_context_data(silent=list(silent), **kwargs)

    def act(self, form):
        """Remind those who have not answered; return the message."""
        count = events.remind(self.meeting, by=self.here.user)
        sent = format_answer_count(count, "personne est relancée,personnes sont relancées")
        return f"{sent[:1].upper()}{sent[1:]}."


class Cancel(MeetingAct):
    """The form that cancels a meeting."""

    form_class = CancelForm
    button = "Annuler la réunion"
    is_grave = True

    @property
    def heading(self):
        return f"Annuler la réunion « {self.meeting} » ?"

    @property
    def lead(self):
        """The sentence that says whether anybody is written to."""
        return (
            "Toutes les personnes convoquées sont prévenues, et leur agenda avec elles."
            if self.meeting.is_convened
            else "Personne n’a été convoqué : personne n’est prévenu."
        )

    def obstacle(self):
        return rights.may_cancel(self.request.user, self.meeting)

    def act(self, form):
        """Cancel the meeting; return the message."""
        events.cancel_meeting(self.meeting, reason=form.cleaned_data["reason"], by=self.here.user)
        return "La réunion est annulée."


class Hold(MeetingAct):
    """The question before it is recorded that a meeting has taken place."""

    form_class = HoldForm
    heading = "La réunion a eu lieu ?"
    lead = "On n’y répond plus, et son ordre du jour reste tel qu’il est."
    button = "Elle a eu lieu"

    def obstacle(self):
        return rights.may_hold(self.request.user, self.meeting, self.now)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"items": self.meeting.items.order_by("rank", "pk")}

    def act(self, form):
        """Record that the meeting has taken place, and the items not reached; return a message."""
        events.hold(self.meeting, deferred=form.chosen, by=self.here.user)
        return "La réunion est tenue."


class CalendarFile(OfMeeting, View):
    """The date of a meeting for a calendar (.ics)."""

    def get(self, request, *args, **kwargs):
        """Return the file; without a day, go back to the meeting and say why."""
        self.meeting = find_meeting(self.convention, kwargs["pk"])
        if self.meeting.day is None:
            messages.warning(request, rights.NO_DAY.reason)
            return redirect(self.back)
        name = clean_name(f"{self.meeting}.ics")
        return attachment(draw_calendar(self.meeting), name, "text/calendar; charset=utf-8")


class ConvocationFile(FileOfMeeting):
    """The convocation as PDF."""

    document = ConvocationDocument.name


class PackFile(FileOfMeeting):
    """The pack as PDF."""

    document = PackDocument.name
