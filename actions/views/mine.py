from django.views.generic import View


class MineView(View):
    pass
