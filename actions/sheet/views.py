"""The page of an action, and its history."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from actions.follow_up.journal import journal_of, read_entry
from actions.plan.reading import action_of
from actions.sheet.page import ActionPage
from committee.pages import CommitteePage
from committee.points.page import PointPage
from conventions.access.pages import ConventionPage

ENTRIES = 30


class ActionView(ConventionPage, TemplateView):
    """Show the sheet: what is agreed, by whom, and how it goes on."""

    template_name = "actions/sheet/action.html"

    def get_context_data(self, **kwargs):
        """Add ``action`` and ``page``; 404 for an action that the person may not see."""
        action = action_of(self.convention, self.request.user, self.kwargs["pk"])
        page = ActionPage(action, self.request.user, self.today)
        return super().get_context_data(page=page, action=action, **kwargs)


class HistoryView(CommitteePage, TemplateView):
    """Show the versions, any two of them compared, and the journal of the follow-up."""

    template_name = "actions/sheet/history.html"

    def get_context_data(self, **kwargs):
        """Add ``action``, ``page``, and a page of the journal (``entries``, ``readings``), the
        latest first; ``point_page`` compares versions, None without one that counts; ``query``
        keeps what is compared in links to other pages."""
        action = action_of(self.convention, self.here.user, self.kwargs["pk"])
        page = ActionPage(action, self.here.user, self.here.today)
        asked = self.request.GET
        entries = Paginator(journal_of(action), ENTRIES).get_page(asked.get("page"))
        compared = urlencode({name: asked[name] for name in ("depuis", "vers") if name in asked})
        point = None
        if page.current:
            point = PointPage(page.current, self.here, asked)
        return super().get_context_data(
            action=action,
            page=page,
            point_page=point,
            entries=entries,
            query=f"{compared}&" if compared else "",
            readings=[read_entry(entry) for entry in entries],
            **kwargs,
        )
