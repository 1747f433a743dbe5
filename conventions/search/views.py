"""Search within one convention, and over all that a person may read."""

from django.utils import timezone
from django.views.generic import TemplateView

from accounts.requests import SignedInRequest
from conventions.models import Convention
from conventions.pages import ConventionPage
from conventions.search.across import across
from conventions.search.hits import Asked
from conventions.search.reading import sought_of
from conventions.search.results import ConventionResults, Results

LONGEST_QUERY = 200


def query_of(request) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]


class SearchView(ConventionPage, TemplateView):
    """What answers the words asked for, kind by kind; with ``dans``, all of one kind."""

    template_name = "conventions/search/search.html"

    def get_context_data(self, **kwargs):
        query = query_of(self.request)
        asked = Asked(self.request.user, self.convention, self.reading_day, sought_of(query))
        results = ConventionResults(asked, self.request.GET.get("dans", ""))
        return super().get_context_data(
            query=query, results=results, groups=results.groups, **kwargs
        )


class AcrossView(TemplateView):
    """What is called so in any of one's conventions; the rest is looked for within each."""

    template_name = "conventions/search/across.html"
    request: SignedInRequest

    def get_context_data(self, **kwargs):
        query = query_of(self.request)
        conventions = list(Convention.objects.visible_to(self.request.user))
        sought = sought_of(query)
        every = across(conventions, sought, timezone.localdate()) if sought else []
        results = Results(sought, every, self.request.GET.get("dans", ""))
        return super().get_context_data(
            query=query, results=results, conventions=conventions, **kwargs
        )
