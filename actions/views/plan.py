from django.views.generic import View


class PlanView(View):
    pass
