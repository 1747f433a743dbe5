"""Who sits in the committee, and who sat."""

from django.views.generic import TemplateView

from committee.views.base import CommitteePage


class Composition(CommitteePage, TemplateView):
    """Who speaks for whom today."""

    template_name = "committee/composition.html"


class History(CommitteePage, TemplateView):
    """Who sat when, and what was changed."""

    template_name = "committee/composition_history.html"
