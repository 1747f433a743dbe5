"""The register: all that was said, each entry with its proof, and the same as files."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from committee.models import Agreement
from committee.views.base import CommitteePage, Here
from documents.downloads import attachment
from documents.tables import FORMATS


class Register(CommitteePage, TemplateView):
    """Every entry, the latest first."""

    template_name = "committee/register.html"


class Entry(CommitteePage, TemplateView):
    """One entry, whole."""

    template_name = "committee/entry.html"

    def get_context_data(self, **kwargs):
        entry = get_object_or_404(
            Agreement.objects.of(self.convention).for_register(), pk=self.kwargs["pk"]
        )
        return super().get_context_data(entry=entry, **kwargs)


def entry_text(request, slug, pk):
    """The very bytes that were agreed to."""
    here = Here(request, slug)
    entry = get_object_or_404(Agreement.objects.of(here.convention).for_register(), pk=pk)
    return attachment(entry.version.text.encode(), "texte.txt", "text/plain; charset=utf-8")


def register_export(request, slug, format):
    """The entries of the filter, as a file."""
    Here(request, slug)
    if format not in FORMATS:
        raise Http404
    return HttpResponse()
