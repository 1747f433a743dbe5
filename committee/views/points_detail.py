"""One point at one of its versions."""

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from committee.models import Version
from committee.views.base import CommitteePage


class PointView(CommitteePage, TemplateView):
    template_name = "committee/point.html"

    def get_context_data(self, **kwargs):
        versions = Version.objects.of(self.convention).readable_by(
            self.request.user, drafts=self.here.manages
        )
        version = get_object_or_404(versions.with_subjects(), pk=self.kwargs["pk"])
        return super().get_context_data(version=version, **kwargs)
