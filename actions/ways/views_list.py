"""The action plan: what all its pages share, and the list."""

from django.views.generic import TemplateView

from actions.ways.list import Plan
from conventions.pages import ConventionPage


class PlanPage(ConventionPage):
    """Mixin of a page that shows the plan as the address asks for it (``self.plan``)."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.plan = Plan(self.convention, request.user, request.GET, self.today)

    def get_context_data(self, **kwargs):
        if self.plan.everything:
            self.plan.filter.offer_all()
        return super().get_context_data(plan=self.plan, **kwargs)


class PlanView(PlanPage, TemplateView):
    """The list, by axis and theme."""

    template_name = "actions/ways/plan.html"
