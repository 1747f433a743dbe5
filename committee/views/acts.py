"""What is done around a point beside answering it, each on a small page of its own."""

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from committee.models import Agreement, Attachment, Version
from committee.views.base import CommitteePage, Here
from documents.downloads import serve_stored_file


class Act(CommitteePage, TemplateView):
    """A page that says what will happen to which point."""

    template_name = "committee/act.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.find(kwargs["pk"])

    def find(self, pk) -> None:
        versions = Version.objects.of(self.convention).numbered().with_subjects()
        self.version = get_object_or_404(versions, pk=pk)


class EntryAct(Act):
    """The same, about what somebody has said."""

    def find(self, pk) -> None:
        self.entry = get_object_or_404(Agreement.objects.of(self.convention), pk=pk)
        super().find(self.entry.version_id)


class Advise(Act):
    """An adviser, or who sits at advisory title, gives an avis."""


class Retract(Act):
    """A member takes the party's agreement back."""


class Record(Act):
    """An agreement received on paper or by e-mail is entered for a member."""


class Withdraw(Act):
    """The coordinator takes a proposed version back."""


class Contest(EntryAct):
    """A member denies an agreement recorded in their name."""


class Attach(EntryAct):
    """A document is added to an answer."""


def document(request, slug, pk):
    """A document behind an answer, to be saved."""
    here = Here(request, slug)
    attachments = Attachment.objects.of(here.convention)
    return serve_stored_file(get_object_or_404(attachments, pk=pk).document)
