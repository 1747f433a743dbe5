"""The other ways to look at the plan: in time, by state, objective and commune, and its money."""

from django.views.generic import TemplateView

from actions.pages.board import Board
from actions.pages.budget import Budget
from actions.pages.by_commune import CommunePlan
from actions.pages.by_objective import ObjectiveTree
from actions.pages.timeline import Timeline
from actions.views.plan import PlanPage


class TimelineView(PlanPage, TemplateView):
    """When actions run, with their milestones."""

    template_name = "actions/timeline.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(timeline=Timeline(self.plan), **kwargs)


class BoardView(PlanPage, TemplateView):
    """The actions by state."""

    template_name = "actions/board.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(board=Board(self.plan), **kwargs)


class ObjectivesView(PlanPage, TemplateView):
    """What serves each objective, and what nothing serves yet."""

    template_name = "actions/by_objective.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(tree=ObjectiveTree(self.plan), **kwargs)


class CommunesView(PlanPage, TemplateView):
    """Which actions name each commune."""

    template_name = "actions/by_commune.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(places=CommunePlan(self.plan), **kwargs)


class BudgetView(PlanPage, TemplateView):
    """Planned, granted and spent, by funder and year."""

    template_name = "actions/budget.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(budget=Budget(self.plan), **kwargs)
