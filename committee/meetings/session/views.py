"""Pages of the session of a meeting: item by item, what a party says, and its confirmation."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from agreements.answers.events import NoneRecorded, Received, refuse_all
from agreements.answers.lights import required_of
from agreements.models import Version
from committee.meetings.decisions.models import Decision
from committee.meetings.models import AgendaItem, ItemOutcome, Meeting
from committee.meetings.pages import MeetingAct, OfMeeting, find_meeting
from committee.meetings.rights import may_hold, may_manage_meetings
from committee.meetings.session import events
from committee.meetings.session.forms import SessionItemForm, VoicesForm
from committee.meetings.session.reading import (
    SessionPoint,
    SessionReading,
    entries_to_confirm,
    format_numbers,
    points_to_record,
    speakers_of,
)
from committee.meetings.session.rights import (
    may_confirm_for,
    may_record_voices,
    may_write,
    refuse_session,
)
from committee.words import capitalized, format_answer_count
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import in_words
from ctg_portal.text.numbers import key_in

GONE = Refusal("Ce point n’est plus à l’ordre du jour.")
NOTHING_LEFT = Refusal("Il n’y a plus de point de l’ordre du jour sur lequel noter un accord.")


def session_url(meeting: Meeting, item: int | None) -> str:
    """Return the address of a session, at an item (None: at the first that is open)."""
    address = reverse("committee:session", args=[meeting.convention.slug, meeting.pk])
    return f"{address}?point={item}" if item else address


class Session(MeetingAct):
    """The session of a meeting, item by item: everybody reads it, the coordination writes.

    A form that htmx sends saves what is typed and answers with its state alone.
    """

    template_name = "committee/meetings/session/session.html"
    form_class = SessionItemForm

    def find(self):
        """Set ``meeting``, and ``reading``, with the item of the address or of the form."""
        super().find()
        asked = self.request.POST.get("point") or self.request.GET.get("point", "")
        self.reading = SessionReading(self.meeting, key_in(asked))

    @property
    def heading(self):
        item = self.reading.item
        return item.title if item else "L’ordre du jour est vide"

    def refusal(self):
        """Everybody who reads the convention reads its sessions."""
        is_read = self.request.method in ("GET", "HEAD", "OPTIONS")
        return None if is_read else may_manage_meetings(self.request.user, self.convention)

    def obstacle(self):
        return refuse_session(self.meeting)

    @cached_property
    def can_write(self) -> bool:
        return may_write(self.request.user, self.meeting) is None

    def get_initial(self):
        item = self.reading.item
        names = ("notes", "wording", "wording_owner", "wording_due_on", "revision")
        return {name: getattr(item, name) for name in names} if item else {}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"convention": self.convention}

    def written(self):
        item = self.reading.item
        return AgendaItem.objects.get(pk=item.pk) if item else None

    def act(self, form):
        """Write what was typed, and do what the pressed button says: take the decision, put the
        item off, take it up again, or go on to the next."""
        item, by, sent = self.reading.item, self.here.user, self.request.POST.get("acte")
        if item is None or str(item.pk) != self.request.POST.get("point"):
            raise Refused(GONE)
        if sent == "acter":
            decision = events.take_decision(self.meeting, item, **form.values, by=by)
            return f"C’est la décision {decision.mark}."
        done = {"reporter": ItemOutcome.DEFERRED, "traiter": ItemOutcome.DEALT,
                "reprendre": ItemOutcome.OPEN}  # fmt: skip
        with changing():
            events.write_item(self.meeting, item, **form.values, by=by)
            if sent in done:
                events.settle_item(self.meeting, item, outcome=done[sent], by=by)
        if sent == "reporter":
            return f"« {item.title} » est renvoyé à plus tard."
        return "C’est enregistré."

    @property
    def is_typing(self) -> bool:
        """Whether htmx sends the form while it is being typed."""
        return "HX-Request" in self.request.headers

    def form_valid(self, form):
        """Do the act; for htmx, answer with what became of the text."""
        if not self.is_typing:
            return super().form_valid(form)
        try:
            self.act(form)
        except Refused as refused:
            return self._state(refused.refusal)
        return self._state()

    def form_invalid(self, form):
        if not self.is_typing:
            return super().form_invalid(form)
        errors = [error for row in form.errors.values() for error in row]
        return self._state(Refusal(errors[0]))

    def _state(self, refusal: Refusal | None = None) -> HttpResponse:
        """Return what became of a text that was sent while it is being typed, and the revision that
        the form carries from now on."""
        return render(self.request, "committee/meetings/session/state.html", {
            "refusal": refusal, "is_conflict": isinstance(refusal, Rewritten),
            "item": None if refusal else self.written(), "moment": timezone.localtime(),
        })  # fmt: skip

    @property
    def back(self):
        """The session at the item that comes now."""
        item = self.reading.item
        if self.request.POST.get("acte") in ("reporter", "traiter"):
            item = self.reading.next_item or item
        return session_url(self.meeting, item.pk if item else None)

    def get_context_data(self, **kwargs):
        """Add what is read of the session, and what the person may do there."""
        user, meeting, item = self.here.user, self.meeting, self.reading.item
        decisions = Decision.objects.taken_in(meeting)
        shown = [row.pk for row in self.reading.replies.attendees if row.is_present]
        return super().get_context_data(
            reading=self.reading,
            item=item,
            decisions=[row for row in decisions if item and row.item_id == item.pk],
            can_write=self.can_write,
            can_record=self.can_write and may_record_voices(user, meeting) is None,
            can_hold=may_hold(user, meeting, self.now) is None,
            points=[(row, self._edit_url(row)) for row in self.reading.points],
            confirmable=self._confirmable(),
            shown=" ".join(map(str, shown)),
            followed=",".join(self._followed()),
            **kwargs,
        )

    def _followed(self) -> list[str]:
        """Return what an open page asks for again, by the identifiers of its elements."""
        names = ["presents", "ordre-du-jour"]
        if self.reading.parties and self.reading.points:
            names.append("parties")
        if not self.can_write:
            names.append("redaction")
        return [f"#{name}" for name in names] + [
            f"#feux-{row.version.pk}" for row in self.reading.points
        ]

    def _edit_url(self, row: SessionPoint) -> str:
        """Return where the next version of a point is written, for who may; from there one comes
        back to the session. Empty for others."""
        subject, commitment = row.version.subject, row.version.commitment
        if not self.can_write or subject is None or not row.version.is_proposed:
            return ""
        url = commitment.edit_url(subject)
        if not url or commitment.may_draft(self.here.user, self.convention, subject):
            return ""
        here = {"seance": self.meeting.pk, "point": self.reading.item and self.reading.item.pk}
        return f"{url}?{urlencode(here)}"

    def _confirmable(self) -> list:
        """Return the parties for which the person may confirm what was recorded."""
        return [
            party.organisation
            for party in self.reading.parties
            if party.pending
            and may_confirm_for(
                self.here.user, self.meeting, party.organisation, self.here.bench
            ) is None
        ]  # fmt: skip


class OfParty(OfMeeting):
    """Mixin of a page about a party in a session."""

    def find(self):
        """Set ``meeting`` and ``party``; 404 for a party whose agreement is not required."""
        self.meeting = find_meeting(self.convention, self.kwargs["pk"])
        required = {row.pk: row for row in required_of(self.convention)}
        if self.kwargs["organisation"] not in required:
            raise Http404
        self.party = required[self.kwargs["organisation"]]

    @property
    def back(self):
        """The session, at the item that one comes from."""
        return session_url(self.meeting, key_in(self.request.GET.get("point", "")))


class RecordVoices(OfParty, MeetingAct):
    """« D’accord de la Caf sur les points 1 à 12, sauf 7 »: one list, in one act."""

    template_name = "committee/meetings/session/record.html"
    form_class = VoicesForm
    button = "Noter l’accord"

    def find(self):
        super().find()
        self.reading = SessionReading(self.meeting, None)
        self.points = points_to_record(self.reading, self.party)
        self.speakers = speakers_of(self.meeting, self.party)

    @property
    def heading(self):
        return f"D’accord {self.party.genitive} : sur quels points ?"

    def obstacle(self):
        """Return why no agreement can be recorded: not the day, nobody to speak, nothing left."""
        if refusal := may_record_voices(self.request.user, self.meeting):
            return refusal
        if not self.points:
            return NOTHING_LEFT
        if not self.speakers:
            return Refusal(
                f"Personne qui engage {self.party.the} n’est noté présent : cochez d’abord sa "
                "présence."
            )
        return None

    def get_form_kwargs(self):
        about = {"speakers": self.speakers, "points": self.points, "organisation": self.party}
        return super().get_form_kwargs() | about

    def get_context_data(self, **kwargs):
        """Add the points; ``unticked``: those that the form, shown again, was sent without."""
        sent = self.request.POST
        ticked = {key_in(text) for text in sent.getlist("points")}
        unticked = [row.version.pk for row in self.points if row.version.pk not in ticked]
        return super().get_context_data(
            party=self.party, points=self.points, unticked=unticked if sent else [], **kwargs
        )

    def act(self, form):
        """Record the list; say on which points, and who is to confirm it."""
        ranks = form.cleaned_data["last_ranks"]
        ticked = {key_in(text) for text in self.request.POST.getlist("points")}
        versions = Version.objects.of(self.convention).filter(pk__in=ticked & ranks.keys())
        received = []
        for version in versions:
            version.convention = self.convention
            received.append(Received(version, last_rank=ranks[version.pk]))
        if len(received) != len(ticked):
            raise Refused(Refusal("La liste a changé depuis : relisez-la, puis envoyez-la."))
        attendee = form.cleaned_data["attendee"]
        events.record_voices(self.meeting, attendee, received, by=self.here.user)
        numbers = format_numbers([self.reading.numbers[row.version.pk] for row in received])
        points = "le point" if len(received) == 1 else "les points"
        return (
            f"Recueilli : {self.party.the} est d’accord sur {points} {numbers}. À confirmer par "
            "une personne présente qui l’engage, avec son compte."
        )

    def form_valid(self, form):
        """Record the list; where a point cannot be taken, name it: nothing is recorded."""
        try:
            done = self.act(form)
        except NoneRecorded as none:
            self.find()
            form.take_ranks_of(self.points, self.party)
            for version, refusal in none.refused:
                form.add_error(None, f"{version.title} : {refusal.reason}")
            return self.form_invalid(form)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, done)
        return redirect(self.back)


class ConfirmVoices(OfParty, TemplateView):
    """« Je confirme pour la Caf »: a member who is present confirms, with their own account, all
    that was recorded for their party; or says that it is not its answer."""

    template_name = "committee/meetings/session/confirm.html"

    def dispatch(self, request, *args, **kwargs):
        """Find what the address names, and what is to confirm."""
        self.find()
        self.entries = entries_to_confirm(self.meeting, self.party)
        return super().dispatch(request, *args, **kwargs)

    def obstacle(self) -> Refusal | None:
        """Return why the person may not confirm, or None."""
        return may_confirm_for(self.here.user, self.meeting, self.party, self.here.bench)

    def get_context_data(self, **kwargs):
        """Add the answers to confirm with their numbers on the agenda."""
        numbers = SessionReading(self.meeting, None).numbers
        rows = [(numbers.get(entry.version_id), entry) for entry in self.entries]
        return super().get_context_data(
            meeting=self.meeting,
            party=self.party,
            entries=sorted(rows, key=lambda row: (row[0] is None, row[0] or 0)),
            obstacle=self.obstacle(),
            back=self.back,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        """Confirm, or deny for « dementir », what was shown, together; show it again where it has
        changed since."""
        if self.obstacle():
            raise PermissionDenied
        shown = {key_in(text) for text in request.POST.getlist("reponse")}
        if not shown or shown != {entry.pk for entry in self.entries}:
            messages.warning(request, "La liste a changé depuis : relisez-la, puis confirmez.")
            return redirect(request.path)
        try:
            done = self.act()
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
            return redirect(request.path)
        messages.success(request, done)
        return redirect(self.back)

    def act(self) -> str:
        """Confirm or deny all entries; return what became of them."""
        count = format_answer_count(len(self.entries))
        if "dementir" in self.request.POST:
            refuse_all(self.entries, by=self.here.user)
            return f"{capitalized(count)} : ce n’est pas retenu."
        events.confirm_for(self.meeting, self.party, self.entries, by=self.here.user)
        keys = [entry.version_id for entry in self.entries]
        in_force = Version.objects.in_force().filter(pk__in=keys).count()
        done = f"C’est confirmé pour {self.party.the} : {count}."
        if in_force:
            entered = in_words(in_force, "point entre en vigueur,points entrent en vigueur")
            done += f" {capitalized(entered)}."
        return done
