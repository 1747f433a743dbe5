"""What a year, or the term, was for the posts of cooperation, as the coordinator records it."""

from django.urls import reverse

from evaluation.cooperation.page import PostsPage, TermPostsPage
from evaluation.editions.following import notes_on_change
from evaluation.pages import SheetsView, WritersPage


class PostsView(WritersPage, SheetsView):
    """Record each post of the convention for the year, or for the term."""

    saved_forms = "suivi est enregistré,suivis sont enregistrés"

    def get_template_names(self) -> list[str]:
        """Return the template of the term, which has texts alone, or that of a year."""
        name = "term" if self.period.is_term else "posts"
        return [f"evaluation/cooperation/{name}.html"]

    def page_of(self, data=None) -> PostsPage:
        """Return the sheets of the posts over the term, or in a year, filled from ``data`` where it
        was sent."""
        page = TermPostsPage if self.period.is_term else PostsPage
        return page(self.convention, self.period.year, self.request.user, data)

    @property
    def url(self) -> str:
        return reverse("evaluation:posts", args=[self.convention.slug, self.period])

    def get_context_data(self, **kwargs):
        """Add ``notes``, the warnings that a change returns a submitted evaluation to its writers,
        and ``year_url``, the page that lists what is to be written."""
        return super().get_context_data(
            notes=notes_on_change(self.convention, self.period),
            year_url=self.period.writing_url(self.convention),
            **kwargs,
        )
