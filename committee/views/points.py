"""Points à valider: what awaits one's party, and what is discussed."""

from django.views.generic import TemplateView

from committee.views.base import CommitteePage


class PointsView(CommitteePage, TemplateView):
    template_name = "committee/points.html"
