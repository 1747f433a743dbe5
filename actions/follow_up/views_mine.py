"""« Mes actions »."""

from django.views.generic import TemplateView

from actions.follow_up.mine import Mine
from conventions.pages import ConventionPage


class MineView(ConventionPage, TemplateView):
    """What awaits who leads actions."""

    template_name = "actions/follow_up/mine.html"

    def get_context_data(self, **kwargs):
        mine = Mine(self.convention, self.request.user, self.today)
        return super().get_context_data(mine=mine, **kwargs)
