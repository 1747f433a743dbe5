"""Search within one convention."""

from django.views.generic import TemplateView

from conventions.search import search
from conventions.views.base import ConventionPage

LONGEST_QUERY = 200


class SearchView(ConventionPage, TemplateView):
    """What contains the words asked for, in the text, the objectives, the communes."""

    template_name = "conventions/search.html"

    def get_context_data(self, **kwargs):
        query = self.request.GET.get("q", "").strip()[:LONGEST_QUERY]
        groups = search(self.convention, self.reading_day, query) if query else []
        return super().get_context_data(
            query=query,
            groups=groups,
            hit_count=sum(len(group.hits) for group in groups),
            **kwargs,
        )
