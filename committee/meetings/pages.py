"""The base of the pages of meetings."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, View

from committee.meetings.models import Meeting
from committee.meetings.rights import may_manage_meetings
from committee.pages import CommitteePage
from conventions.documents import CONTENT_TYPES
from ctg_portal.forms.revisions import Revised, RevisedForm, Rewritten
from ctg_portal.rules import Refusal, Refused
from ctg_portal.text.typography import polish
from documents.drawing.handing_out import hand_out
from documents.turns import TakesFiles


class MeetingForms(CommitteePage, TakesFiles, FormView):
    """A form of the coordination about meetings: ``act`` calls the event and returns the sentence
    that says so; what is refused is shown on the form, which keeps all that was typed.

    ``obstacle``: why there is nothing to fill in although the person has the right.
    """

    template_name = "committee/meetings/form.html"
    form_class: type[Form] = Form
    button = "Enregistrer"
    is_grave = False

    def dispatch(self, request, *args, **kwargs):
        """Find what the address names, then answer 403 for who may not manage meetings."""
        self.now = timezone.now()
        self.find()
        if self.refusal():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def heading(self) -> str:
        """The title of the page."""
        raise NotImplementedError

    @property
    def lead(self) -> str:
        """A sentence below the title; may be empty."""
        return ""

    def find(self) -> None:
        """Read the rows that the page is about; 404 outside the convention."""

    def refusal(self) -> Refusal | None:
        return may_manage_meetings(self.request.user, self.convention)

    def obstacle(self) -> Refusal | None:
        return None

    def refuse_upload(self):
        return self.obstacle()

    def act(self, form) -> str:
        raise NotImplementedError

    def form_valid(self, form):
        """Do the act and say so; a refusal comes back in the form."""
        try:
            done = self.act(form)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, done)
        return redirect(self.back)

    def written(self) -> Revised | None:
        """Return the row that the form edits, as it is now; None for none."""
        return None

    def refused(self, form, refusal: Refusal):
        """Show the form with the refusal; where somebody was quicker, with both texts."""
        if isinstance(refusal, Rewritten) and isinstance(form, RevisedForm):
            form.show_both(refusal, self.written())
            return self.form_invalid(form)
        return super().refused(form, refusal)

    @property
    def back(self) -> str:
        return reverse("committee:meetings", args=[self.convention.slug])

    def get_context_data(self, **kwargs):
        """Add this view as ``page``, the ``obstacle`` to its act (None for none), and the way
        ``back``."""
        return super().get_context_data(
            page=self, obstacle=self.obstacle(), back=self.back, **kwargs
        )


class OfMeeting(CommitteePage):
    """Mixin of a page about one meeting."""

    def find(self) -> None:
        """Set ``meeting``; 404 outside the convention."""
        self.meeting = find_meeting(self.convention, self.kwargs["pk"])

    @property
    def back(self) -> str:
        return reverse("committee:meeting", args=[self.convention.slug, self.meeting.pk])


class MeetingAct(OfMeeting, MeetingForms):
    """A form of the coordination about one meeting."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(meeting=self.meeting, **kwargs)


def find_meeting(convention, pk) -> Meeting:
    """Return a meeting of the convention with its body, or raise Http404."""
    meeting = get_object_or_404(Meeting.objects.of(convention).with_body(), pk=pk)
    meeting.convention = convention
    return meeting


class FileOfMeeting(OfMeeting, View):
    """A document of a meeting that the worker draws."""

    document = ""
    page = "committee:meeting"

    def get(self, request, *args, **kwargs):
        return self.answer(request)

    def post(self, request, *args, **kwargs):
        return self.answer(request)

    def answer(self, request):
        """Hand out the file, or have it drawn; go back and say why where there is none."""
        self.meeting = find_meeting(self.convention, self.kwargs["pk"])
        parameters = {"extension": self.kwargs.get("extension", "pdf"), "pk": self.meeting.pk}
        if parameters["extension"] not in CONTENT_TYPES:
            raise Http404
        try:
            return hand_out(request, self.document, self.convention.pk, parameters)
        except Refused as refused:
            messages.warning(request, polish(refused.refusal.reason))
            return redirect(reverse(self.page, args=[self.convention.slug, self.meeting.pk]))
