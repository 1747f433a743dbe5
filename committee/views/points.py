"""Points à valider: what awaits one's party, and what is discussed."""

from django.views.generic import TemplateView

from committee.inbox import Inbox, listing_of
from committee.views.base import CommitteePage


class PointsView(CommitteePage, TemplateView):
    """The points of the reader's party by axis, what it has to answer first."""

    template_name = "committee/points.html"

    def get_context_data(self, **kwargs):
        inbox, asked = Inbox(self.here), self.request.GET
        pages = asked.copy()
        pages.pop("page", None)
        return super().get_context_data(
            inbox=inbox,
            listing=listing_of(inbox, asked),
            pour=self.here.organisation.pk if self.here.organisation else "",
            back=asked.urlencode(),
            query=f"{pages.urlencode()}&" if pages else "",
            **kwargs,
        )
