"""The committee's own objectives: written, rewritten, given up."""

from django.views.generic import TemplateView

from committee.views.base import CommitteePage


class AddObjective(CommitteePage, TemplateView):
    template_name = "committee/objective_first.html"


class EditObjective(CommitteePage, TemplateView):
    template_name = "committee/objective_first.html"


class EndObjective(CommitteePage, TemplateView):
    template_name = "committee/objective_first.html"
