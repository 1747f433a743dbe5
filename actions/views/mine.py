"""« Mes actions »."""

from django.views.generic import TemplateView

from actions.pages.mine import Mine
from conventions.views.base import ConventionPage


class MineView(ConventionPage, TemplateView):
    """What awaits who leads actions."""

    template_name = "actions/mine.html"

    def get_context_data(self, **kwargs):
        mine = Mine(self.convention, self.request.user, self.today)
        return super().get_context_data(mine=mine, **kwargs)
