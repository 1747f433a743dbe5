"""What a year was for the posts of cooperation, told by who coordinates."""

from django.http import Http404
from django.urls import reverse

from evaluation.cooperation.page import PostsPage
from evaluation.pages import SheetsView, WritersPage
from evaluation.publication.following import notes_on_change


class PostsView(WritersPage, SheetsView):
    """The posts of the convention, one below the other: of each year, not of the term."""

    template_name = "evaluation/cooperation/posts.html"
    saved_forms = "suivi est enregistré,suivis sont enregistrés"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if self.period.is_term:
            raise Http404

    def page_of(self, data=None) -> PostsPage:
        return PostsPage(self.convention, self.campaign.year, self.request.user, data)

    @property
    def url(self) -> str:
        return reverse("evaluation:posts", args=[self.convention.slug, self.campaign.year])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            notes=notes_on_change(self.convention, self.period),
            year_url=f"{self.campaign.get_absolute_url()}#postes",
            **kwargs,
        )
