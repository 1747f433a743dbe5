"""Pages of the points to agree: their list, and one point."""

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from agreements.models import Version
from committee.pages import CommitteePage
from committee.points.files import points_table
from committee.points.inbox import ListedInbox, listing_of
from committee.points.page import PointPage
from committee.points.reading import axis_of
from committee.points.series import AdviceSeries, Series
from conventions.lists import ListFile
from ctg_portal.forms.fields import NumbersByKeyField


class PointsView(CommitteePage, TemplateView):
    """The discussed points in groups, by axis; first what the reader's party has to answer."""

    template_name = "committee/points/points.html"

    def get_context_data(self, **kwargs):
        """Add the inbox, its points as the query string asks, the empty forms that answer several
        points at once (``series``, ``advice``) and in whose name (``pour``)."""
        inbox, asked = ListedInbox(self.here), self.request.GET
        series = Series(inbox, QueryDict())
        pages = asked.copy()
        pages.pop("page", None)
        return super().get_context_data(
            inbox=inbox,
            series=series,
            listing=listing_of(inbox, asked),
            advice=AdviceSeries(inbox, QueryDict()),
            last_ranks=NumbersByKeyField().prepare_value(inbox.last_ranks_of(inbox.awaiting)),
            recent=inbox.recent,
            pour=self.here.organisation.pk if self.here.organisation else "",
            query=f"{pages.urlencode()}&" if pages else "",
            **kwargs,
        )


class PointsFile(CommitteePage, ListFile):
    """The points that the same address of the page shows, as a table."""

    name = "points-a-valider"

    def tables(self):
        return [points_table(ListedInbox(self.here), self.request.GET)]


class PointView(CommitteePage, TemplateView):
    """A point: what is proposed or agreed, by whom, when, and what may be done. A draft is shown to
    its author and who coordinates."""

    template_name = "committee/points/point.html"

    def get_context_data(self, **kwargs):
        """Add the ``page`` of the version; 404 for a draft of somebody else, but for who
        coordinates."""
        here = self.here
        versions = Version.objects.of(self.convention).with_subjects().with_restored()
        readable = versions.readable_by(here.user, drafts=here.manages)
        version = get_object_or_404(readable, pk=self.kwargs["pk"])
        page = PointPage(version, here, self.request.GET)
        return super().get_context_data(
            version=version,
            page=page,
            axis=axis_of(version),
            undoables=page.undoables,
            pour=here.organisation.pk if here.organisation else "",
            **kwargs,
        )
