"""Who comes: the page that a convocation opens, one's answer, a pouvoir, those who are invited."""

from urllib.parse import urlencode

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from accounts.throttling import is_link_opening_allowed
from agreements.answers.lights import required_of
from committee.meetings import events, rights
from committee.meetings.convening import Replies, proxies_for
from committee.meetings.forms import PersonForm, ProxyForm
from committee.meetings.models import Attendee
from committee.meetings.pages import MeetingAct, OfMeeting, find_meeting
from committee.meetings.reading import planned_items
from committee.meetings.tokens import parse_token
from committee.meetings.words import describe_when
from committee.words import format_answer_count
from ctg_portal.rules import Refusal, Refused
from ctg_portal.text.numbers import key_in

# The token goes to no other site.
HEADERS = {"Referrer-Policy": "strict-origin"}
NOT_CONVENED = Refusal("Vous n’êtes pas convoqué à cette réunion.")


class Invite(MeetingAct):
    """The form that invites somebody who is no member of the body."""

    form_class = PersonForm
    heading = "Inviter quelqu’un"
    lead = "La personne reçoit la convocation et n’engage aucun organisme."
    button = "Inviter"

    def obstacle(self):
        return rights.may_invite(self.request.user, self.meeting)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"convention": self.convention}

    def act(self, form):
        """Invite the person; return the message."""
        attendee = events.invite(self.meeting, **form.cleaned_data, by=self.here.user)
        return f"{attendee.name} est sur la liste."


class RemoveInvited(MeetingAct):
    """The question before somebody invited is taken from the list."""

    button = "Retirer"

    def find(self):
        """Set ``meeting`` and ``attendee``; 404 outside the convention."""
        super().find()
        self.attendee = get_object_or_404(self.meeting.attendees, pk=self.kwargs["attendee"])

    @property
    def heading(self):
        return f"Retirer {self.attendee.name} de la liste ?"

    def obstacle(self):
        """Return why nobody is taken from the list any more: it was sent."""
        refusal = rights.may_edit_agenda(self.request.user, self.meeting)
        return refusal or (None if self.meeting.is_prepared else events.CONVENED_MEMBER)

    def act(self, form):
        """Take the person from the list; return the message."""
        events.remove_invited(self.meeting, self.attendee, by=self.here.user)
        return f"{self.attendee.name} n’est plus sur la liste."


class Presence(MeetingAct):
    """Who is present, ticked by name."""

    template_name = "committee/meetings/presence.html"
    button = "Enregistrer les présences"
    heading = "Qui est là ?"

    def obstacle(self):
        return rights.may_tick(self.request.user, self.meeting)

    def get_context_data(self, **kwargs):
        """Add the attendees by organisation, and the keys of who is present (``shown``)."""
        replies = Replies(self.meeting, required_of(self.convention))
        present = [row.pk for row in replies.attendees if row.is_present]
        return super().get_context_data(
            replies=replies, shown=" ".join(map(str, present)), **kwargs
        )

    def act(self, form):
        """Write the boxes that were changed; return the sentence « Trois personnes sont là. »."""
        sent = self.request.POST
        shown = {key for text in sent.get("avant", "").split() if (key := key_in(text))}
        present = {key for text in sent.getlist("present") if (key := key_in(text))}
        count = events.tick_present(self.meeting, shown=shown, present=present, by=self.here.user)
        there = format_answer_count(count, "personne est là,personnes sont là")
        return f"{there[:1].upper()}{there[1:]}." if count else "Personne n’est là."

    @property
    def back(self):
        """The page of the meeting, or its session, for who comes from there."""
        if "seance" not in self.request.POST:
            return super().back
        return reverse("committee:session", args=[self.convention.slug, self.meeting.pk])


class OwnReply(OfMeeting, View):
    """The buttons by which who is logged in says whether they come."""

    def post(self, request, pk, **kwargs):
        """Write the answer of the person's own row; 404 for who was not convened."""
        self.meeting = find_meeting(self.convention, pk)
        attendee = get_object_or_404(self.meeting.attendees, user=self.here.user)
        _reply(request, self.meeting, attendee)
        return redirect(self.back)

    def get(self, request, pk, **kwargs):
        """Go back to the meeting: an answer is sent by POST."""
        self.meeting = find_meeting(self.convention, pk)
        return redirect(self.back)


class LendVoice(MeetingAct):
    """The form by which a member is represented by another of the same party."""

    form_class = ProxyForm
    heading = "Qui vous représente à cette réunion ?"
    button = "Donner pouvoir"

    def find(self):
        """Set ``meeting``, and ``attendee``, the row of the person, or None."""
        super().find()
        rows = list(self.meeting.attendees.select_related("organisation"))
        own = [row for row in rows if row.user_id == self.request.user.pk]
        self.attendee = own[0] if own else None
        self.proxies = proxies_for(own[0], rows) if own else []
        for row in own:
            row.meeting = self.meeting

    def refusal(self):
        return None

    @property
    def lead(self):
        """The sentence that names the party for which the pouvoir counts; empty for who was not
        convened."""
        party = self.attendee.organisation if self.attendee else None
        return f"Le pouvoir vaut pour cette réunion, au nom {party.genitive}." if party else ""

    def obstacle(self):
        """Return why no pouvoir may be given: not convened, too late, nobody to give it to."""
        if self.attendee is None:
            return NOT_CONVENED
        refusal = rights.may_lend_voice(self.request.user, self.attendee, self.now)
        if refusal or self.proxies:
            return refusal
        return Refusal("Personne d’autre n’engage votre organisme à cette réunion.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"proxies": self.proxies}

    def act(self, form):
        """Give the pouvoir; return the message. Raises Refused for who was not convened."""
        proxy = form.cleaned_data["proxy"]
        if self.attendee is None:
            raise Refused(NOT_CONVENED)
        events.lend_voice(self.meeting, self.attendee, proxy, by=self.here.user)
        return f"{proxy.name} vous représente."


@method_decorator(login_not_required, name="dispatch")
class Convocation(TemplateView):
    """The page of the personal link of a convocation: whoever holds it reads the meeting and says
    whether the person comes. A GET changes nothing: mail programs follow links by themselves."""

    template_name = "committee/meetings/convocation.html"

    def dispatch(self, request, *args, **kwargs):
        """Open the link: 429 if asked too often, 404 for no link of ours."""
        if not is_link_opening_allowed(request):
            return respond_429(request)
        attendee = parse_token(kwargs["token"])
        if attendee is None:
            raise Http404
        self.attendee: Attendee = attendee
        response = super().dispatch(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    def post(self, request, *args, **kwargs):
        """Write the answer, and show the page again."""
        _reply(request, self.attendee.meeting, self.attendee)
        return redirect(request.path)

    def get_context_data(self, **kwargs):
        """Add the meeting with its agenda; why it takes no answer any more (``closed``), and where
        a pouvoir is given, for who may."""
        attendee, meeting = self.attendee, self.attendee.meeting
        args = [meeting.convention.slug, meeting.pk]
        pouvoir = urlencode({"next": reverse("committee:lend_voice", args=args)})
        return super().get_context_data(
            attendee=attendee,
            meeting=meeting,
            convention=meeting.convention,
            when=describe_when(meeting),
            planned=planned_items(meeting),
            closed=rights.may_reply(meeting, timezone.now()),
            lend_url=f"{reverse('account_login')}?{pouvoir}"
            if attendee.user_id and attendee.commits
            else "",
            **kwargs,
        )


def _reply(request, meeting, attendee: Attendee) -> None:
    """Write what the pressed button says; what is refused becomes a message."""
    answer = request.POST.get("reponse")
    if answer not in ("present", "absent"):
        return
    try:
        events.reply(meeting, attendee, comes=answer == "present")
    except Refused as refused:
        messages.error(request, refused.refusal.reason)
    else:
        come = "Votre venue est notée." if answer == "present" else "Votre absence est notée."
        messages.success(request, come)
