"""What people would have a later amendment (avenant, art. 9) change in the signed text."""

from django.views.generic import TemplateView

from committee.views.base import CommitteePage


class Amendments(CommitteePage, TemplateView):
    template_name = "committee/objective_first.html"


class ChooseText(Amendments):
    pass


class ProposeAmendment(Amendments):
    pass


class WithdrawAmendment(Amendments):
    pass
