"""Search within one convention."""

from django.views.generic import TemplateView

from conventions.pages import ConventionPage
from conventions.search.reading import search

LONGEST_QUERY = 200


class SearchView(ConventionPage, TemplateView):
    """What contains the words asked for, in the text, the objectives, the communes."""

    template_name = "conventions/search/search.html"

    def get_context_data(self, **kwargs):
        query = self.request.GET.get("q", "").strip()[:LONGEST_QUERY]
        groups = search(self.convention, self.reading_day, query) if query else []
        return super().get_context_data(
            query=query,
            groups=groups,
            hit_count=sum(len(group.hits) for group in groups),
            **kwargs,
        )
