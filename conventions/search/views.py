"""Search within one convention, and over all that a person may read."""

from django.utils import timezone
from django.views.generic import TemplateView

from accounts.requests import SignedInRequest
from conventions.access.pages import ConventionPage
from conventions.legal.convention import Convention
from conventions.search.across import search_across
from conventions.search.hits import SearchRequest
from conventions.search.reading import parse_query
from conventions.search.results import ConventionResults, Results

LONGEST_QUERY = 200


def typed_query(request) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]


class SearchView(ConventionPage, TemplateView):
    """The page of a search within a convention, kind by kind; with ``dans``, all of one kind."""

    template_name = "conventions/search/search.html"

    def get_context_data(self, **kwargs):
        """Return the hits by kind; with ``dans`` in the address, all of that kind."""
        text = typed_query(self.request)
        search = SearchRequest(
            self.request.user, self.convention, self.reading_day, parse_query(text)
        )
        results = ConventionResults(search, self.request.GET.get("dans", ""))
        return super().get_context_data(
            query=text, results=results, groups=results.groups, **kwargs
        )


class AcrossView(TemplateView):
    """The page of a search by name over one's conventions."""

    template_name = "conventions/search/across.html"
    request: SignedInRequest

    def get_context_data(self, **kwargs):
        """Return what is called so in the person's conventions; nothing for an empty query."""
        text = typed_query(self.request)
        conventions = list(Convention.objects.visible_to(self.request.user))
        query = parse_query(text)
        every = search_across(conventions, query, timezone.localdate()) if query else []
        results = Results(query, every, self.request.GET.get("dans", ""))
        return super().get_context_data(
            query=text, results=results, conventions=conventions, **kwargs
        )
