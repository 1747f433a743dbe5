from django.views.generic import View


class FollowView(View):
    pass
