"""One point at one of its versions."""

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from committee.models import Version
from committee.point_page import PointPage
from committee.reading import axis_of, heading_of
from committee.views.base import CommitteePage


class PointView(CommitteePage, TemplateView):
    """What was proposed or agreed, by whom, when; what may be done. Drafts are their author's."""

    template_name = "committee/point.html"

    def get_context_data(self, **kwargs):
        here = self.here
        versions = Version.objects.of(self.convention).with_subjects()
        readable = versions.readable_by(here.user, drafts=here.manages)
        version = get_object_or_404(readable, pk=self.kwargs["pk"])
        return super().get_context_data(
            version=version,
            page=PointPage(version, here, self.request.GET),
            axis=axis_of(version),
            point_heading=heading_of(version),
            pour=here.organisation.pk if here.organisation else "",
            **kwargs,
        )
