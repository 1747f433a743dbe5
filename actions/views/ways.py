from django.views.generic import View


class TimelineView(View):
    pass


class BoardView(View):
    pass


class ObjectivesView(View):
    pass


class CommunesView(View):
    pass


class BudgetView(View):
    pass
