"""The action plan: the list; in time, by state, objective and commune, and its money."""

from django.views.generic import TemplateView

from actions.ways.board import Board
from actions.ways.budget import Budget
from actions.ways.by_commune import CommunePlan
from actions.ways.by_objective import ObjectiveTree
from actions.ways.list import Plan
from actions.ways.timeline import Timeline
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


class TimelineView(PlanPage, TemplateView):
    """When actions run, with their milestones."""

    template_name = "actions/ways/timeline.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(timeline=Timeline(self.plan), **kwargs)


class BoardView(PlanPage, TemplateView):
    """The actions by state."""

    template_name = "actions/ways/board.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(board=Board(self.plan), **kwargs)


class ObjectivesView(PlanPage, TemplateView):
    """What serves each objective, and what nothing serves yet."""

    template_name = "actions/ways/by_objective.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(tree=ObjectiveTree(self.plan), **kwargs)


class CommunesView(PlanPage, TemplateView):
    """Which actions name each commune."""

    template_name = "actions/ways/by_commune.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(places=CommunePlan(self.plan), **kwargs)


class BudgetView(PlanPage, TemplateView):
    """Planned, granted and spent, by funder and year."""

    template_name = "actions/ways/budget.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(budget=Budget(self.plan), **kwargs)
