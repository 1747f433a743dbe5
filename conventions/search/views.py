"""Search within one convention."""

from django.views.generic import TemplateView

from conventions.pages import ConventionPage
from conventions.search.hits import Asked
from conventions.search.reading import sought_of
from conventions.search.results import Results

LONGEST_QUERY = 200


class SearchView(ConventionPage, TemplateView):
    """What answers the words asked for, kind by kind; with ``dans``, all of one kind."""

    template_name = "conventions/search/search.html"

    def get_context_data(self, **kwargs):
        query = self.request.GET.get("q", "").strip()[:LONGEST_QUERY]
        asked = Asked(self.request.user, self.convention, self.reading_day, sought_of(query))
        results = Results(asked, self.request.GET.get("dans", ""))
        return super().get_context_data(
            query=query, results=results, groups=results.groups, **kwargs
        )
