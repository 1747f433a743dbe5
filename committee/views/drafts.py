"""Drafts: read, proposed, thrown away, brought together with what was proposed meanwhile."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from committee.models import Version
from committee.views.base import CommitteePage, Here


class DraftPage(CommitteePage, TemplateView):
    template_name = "committee/objective_first.html"

    def get_context_data(self, **kwargs):
        versions = Version.objects.of(self.convention)
        readable = versions.readable_by(self.here.user, drafts=self.here.manages)
        get_object_or_404(readable, pk=self.kwargs["pk"])
        return super().get_context_data(**kwargs)


class DiscardDraft(DraftPage):
    pass


class MergeDraft(DraftPage):
    pass


@require_POST
def propose_draft(request, slug, pk):
    here = Here(request, slug)
    readable = Version.objects.of(here.convention).readable_by(here.user, drafts=here.manages)
    get_object_or_404(readable, pk=pk)
    return redirect("committee:points", slug)
