"""Pages of the action plan: the list; in time, by state, objective and commune, and its money."""

from django.views.generic import TemplateView

from actions.ways.drawn import draw_list, draw_way
from actions.ways.list import Plan
from conventions.access.pages import ConventionPage


class PlanPage(ConventionPage):
    """Mixin of a page that shows the plan as the address asks for it (``self.plan``)."""

    def setup(self, request, *args, **kwargs):
        """Set ``plan``: the actions that the person may see, as the query of the address filters
        them."""
        super().setup(request, *args, **kwargs)
        self.plan = Plan(self.convention, request.user, request.GET, self.today)

    def get_context_data(self, **kwargs):
        return super().get_context_data(plan=self.plan, **kwargs)


class PlanView(PlanPage, TemplateView):
    """Show the list of actions, by axis and theme."""

    template_name = "actions/ways/plan.html"

    def get_context_data(self, **kwargs):
        """Add ``plan``, and as HTML drawn already ``parts`` (the list) and ``facets``."""
        parts, facets = draw_list(self.plan)
        return super().get_context_data(parts=parts, facets=facets, **kwargs)


class WayView(PlanPage, TemplateView):
    """Show another way to look at the plan (``drawn.WAYS``)."""

    way = ""

    def get_template_names(self) -> list[str]:
        return [f"actions/ways/{self.way}.html"]

    def get_context_data(self, **kwargs):
        return super().get_context_data(drawn=draw_way(self.plan, self.way), **kwargs)
