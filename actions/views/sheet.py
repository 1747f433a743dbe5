from django.views.generic import View


class ActionView(View):
    pass


class HistoryView(View):
    pass
