"""Pages of the minutes of a meeting: read, written, submitted, taken back, corrected, saved as
files."""

from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from agreements.answers.lights import Point, asked_among, point_of, required_of
from agreements.answers.rights import may_answer
from committee.meetings.minutes import events, rights
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.minutes.content import decode
from committee.meetings.minutes.documents import MinutesDocument, SheetToSignDocument
from committee.meetings.minutes.forms import (
    CorrectionForm,
    IntroductionForm,
    NotesForm,
    TakeBackForm,
)
from committee.meetings.minutes.models import Minutes, minutes_of
from committee.meetings.minutes.reading import (
    frozen_text,
    read_minutes,
    shown_minutes,
    text_of_version,
    versions_of,
)
from committee.meetings.pages import FileOfMeeting, MeetingAct, OfMeeting, find_meeting
from ctg_portal.templatetags.french import enumerate_words


class MinutesPage(OfMeeting, TemplateView):
    """The minutes of a meeting: those submitted or approved, as they are frozen; for the
    coordination, the draft as the portal writes it."""

    template_name = "committee/meetings/minutes/page.html"

    def setup(self, request, *args, **kwargs):
        """Find the meeting; 404 outside the convention."""
        super().setup(request, *args, **kwargs)
        self.meeting = find_meeting(self.convention, kwargs["pk"])

    def get_context_data(self, **kwargs):
        """Add what the minutes say (``content``; None with ``obstacle``, why they are not read
        yet), where each party stands, and what the person may do."""
        user, minutes = self.here.user, minutes_of(self.meeting)
        obstacle = rights.may_read_minutes(user, minutes)
        can_write = rights.may_write_minutes(user, minutes) is None
        read = read_minutes if can_write else shown_minutes
        content = None if obstacle else read(minutes)
        version = minutes.version
        point = point_of(version) if version else None
        frozen = frozen_text(minutes)
        return super().get_context_data(
            meeting=self.meeting,
            minutes=minutes,
            version=version,
            obstacle=obstacle,
            content=content,
            digest=frozen.digest if frozen and not can_write else "",
            state=minutes.state,
            versions=versions_of(minutes),
            can_write=can_write,
            can_correct=rights.may_correct_minutes(user, minutes) is None,
            can_drop=rights.may_drop_correction(user, minutes) is None,
            can_take_back=rights.may_take_back_minutes(user, minutes) is None,
            lights=point.lights if point else [],
            can_approve=point is not None and self._may_approve(point),
            **kwargs,
        )

    def _may_approve(self, point: Point) -> bool:
        """Return whether the person approves for a party that has not done so yet."""
        voice = self.here.bench.voice(
            self.here.user, self.here.organisation, MinutesCommitment.kind
        )
        return (
            voice is not None
            and may_answer(voice, point) is None
            and not point.is_agreed_by(voice.organisation)
        )


class MinutesVersionPage(OfMeeting, TemplateView):
    """One version of minutes as it was submitted and frozen, whatever has replaced it."""

    template_name = "committee/meetings/minutes/version.html"

    def get_context_data(self, **kwargs):
        """Add the version and what it says; 404 for none that was approved or is submitted."""
        meeting = find_meeting(self.convention, self.kwargs["pk"])
        minutes = minutes_of(meeting)
        versions = {row.number: row for row in versions_of(minutes)}
        if self.kwargs["number"] not in versions:
            raise Http404
        version = versions[self.kwargs["number"]]
        frozen = text_of_version(minutes, version)
        return super().get_context_data(
            meeting=meeting,
            minutes=minutes,
            version=version,
            is_latest=version == minutes.version,
            content=decode(frozen.text),
            digest=frozen.digest,
            **kwargs,
        )


class MinutesAct(MeetingAct):
    """A form of the coordination about the minutes of a meeting."""

    def find(self):
        """Set ``meeting`` and its ``minutes``, without a key while nothing of them is written."""
        super().find()
        self.minutes = minutes_of(self.meeting)

    def obstacle(self):
        return rights.may_write_minutes(self.request.user, self.minutes)

    @property
    def back(self):
        return reverse("committee:minutes", args=[self.convention.slug, self.meeting.pk])


class WriteIntroduction(MinutesAct):
    """The form of the introduction."""

    form_class = IntroductionForm
    heading = "Introduction du compte rendu"

    def get_initial(self):
        return {"introduction": self.minutes.introduction, "revision": self.minutes.revision}

    def written(self):
        return Minutes.objects.get(meeting=self.meeting)

    def act(self, form):
        """Write the introduction; return the message."""
        events.write_introduction(
            self.meeting, text=form.cleaned_data["introduction"], by=self.here.user,
            revision=form.cleaned_data["revision"],
        )  # fmt: skip
        return "C’est enregistré."


class WriteNotes(MinutesAct):
    """The form of what was discussed on an item."""

    form_class = NotesForm

    def find(self):
        """Set ``item``, by its place on the agenda; 404 for none."""
        super().find()
        items = list(self.meeting.items.order_by("rank", "pk"))
        if not 1 <= self.kwargs["number"] <= len(items):
            raise Http404
        self.item = items[self.kwargs["number"] - 1]

    @property
    def heading(self):
        return f"Ce qui s’est dit : {self.item.title}"

    def get_initial(self):
        return {"notes": self.item.notes, "revision": self.item.revision}

    def written(self):
        return self.meeting.items.get(pk=self.item.pk)

    def act(self, form):
        """Write the notes; return the message."""
        events.write_notes(
            self.meeting, self.item, text=form.cleaned_data["notes"], by=self.here.user,
            revision=form.cleaned_data["revision"],
        )  # fmt: skip
        return "C’est enregistré."


class Submit(MinutesAct):
    """The question before minutes are frozen and the parties are asked to approve them."""

    heading = "Soumettre le compte rendu ?"
    button = "Soumettre à l’approbation"

    @property
    def lead(self):
        """Say who approves, and what does not change from then on."""
        required = asked_among(required_of(self.convention), MinutesCommitment.kind)
        parties = enumerate_words(party.the for party in required)
        return (
            f"L’approbation est demandée à {parties}. Tant qu’il est soumis, le texte est figé : "
            "présences, décisions et notes ne changent plus."
        )

    def act(self, form):
        """Submit the minutes; return the message."""
        events.submit_minutes(self.meeting, by=self.here.user)
        return "Le compte rendu est soumis : les parties en sont prévenues."


class TakeBack(MinutesAct):
    """The form that takes submitted minutes back."""

    form_class = TakeBackForm
    heading = "Reprendre le compte rendu ?"
    lead = "Il revient en rédaction, et les approbations déjà données sont à redemander."
    button = "Reprendre"

    def obstacle(self):
        return rights.may_take_back_minutes(self.request.user, self.minutes)

    def act(self, form):
        """Take the minutes back; return the message."""
        events.take_back_minutes(
            self.meeting, reason=form.cleaned_data["reason"], by=self.here.user
        )
        return "Le compte rendu est de nouveau en rédaction."


class Correct(MinutesAct):
    """The form that opens approved minutes to correct them."""

    form_class = CorrectionForm
    heading = "Corriger le compte rendu ?"
    lead = (
        "Ce qui est approuvé reste lisible et fait foi, jusqu’à ce que les mêmes parties "
        "approuvent la version corrigée. Les points, et ce que chaque partie en a dit, y "
        "restent."
    )
    button = "Corriger"

    def obstacle(self):
        return rights.may_correct_minutes(self.request.user, self.minutes)

    def act(self, form):
        """Open the minutes; return the message."""
        events.begin_correction(self.meeting, reason=form.cleaned_data["reason"], by=self.here.user)
        return "Corrigez le texte, les présences ou les décisions, puis soumettez la correction."


class DropCorrection(MinutesAct):
    """The question before a correction is given up."""

    heading = "Renoncer à corriger le compte rendu ?"
    button = "Renoncer à la correction"

    def obstacle(self):
        return rights.may_drop_correction(self.request.user, self.minutes)

    def act(self, form):
        """Close the minutes; return the message."""
        events.drop_correction(self.meeting, by=self.here.user)
        return "Le compte rendu reste tel qu’il est approuvé."


class MinutesFile(FileOfMeeting):
    """The minutes as PDF or Word."""

    document, page = MinutesDocument.name, "committee:minutes"


class SheetToSignFile(FileOfMeeting):
    """The sheet to sign as PDF, for who prepares the meeting."""

    document = SheetToSignDocument.name
