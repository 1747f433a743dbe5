"""The other ways to look at the plan: in time, by state, objective and commune, and its money."""

from django.views.generic import TemplateView

from actions.ways.board import Board
from actions.ways.budget import Budget
from actions.ways.by_commune import CommunePlan
from actions.ways.by_objective import ObjectiveTree
from actions.ways.timeline import Timeline
from actions.ways.views_list import PlanPage


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
