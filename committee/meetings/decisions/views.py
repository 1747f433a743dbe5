"""Pages of decisions: the list by meeting, one decision, what became of it."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from committee.meetings.decisions import events, rights
from committee.meetings.decisions.files import DECISIONS
from committee.meetings.decisions.forms import (
    DecisionForm,
    NewDecisionForm,
    ReasonForm,
    ReportForm,
)
from committee.meetings.decisions.models import Decision
from committee.meetings.decisions.reading import read_decided
from committee.meetings.pages import MeetingAct, MeetingForms
from committee.pages import CommitteePage
from conventions.lists import ListFile
from documents.tables import Table


class Decisions(CommitteePage, TemplateView):
    """What was decided in a year, by meeting; ``?annee=`` asks for another year."""

    template_name = "committee/meetings/decisions.html"

    def get_context_data(self, **kwargs):
        """Add what was ``decided``, and how many decisions of all years are late."""
        decided = read_decided(self.convention, self.request.GET.get("annee", ""), self.here.today)
        late = Decision.objects.of(self.convention).late(self.here.today)
        return super().get_context_data(
            decided=decided, late=list(late.select_related("owner").order_by("due_on")), **kwargs
        )


class DecisionsFile(CommitteePage, ListFile):
    """All decisions as a table to download."""

    name = "decisions"

    def tables(self):
        """Return one table, of all decisions of the convention."""
        rows = Decision.objects.of(self.convention).select_related("owner", "meeting__body", "item")
        return [Table.of("Décisions", DECISIONS, rows)]


class Decide(MeetingAct):
    """The form of a decision of a meeting."""

    form_class = NewDecisionForm
    heading = "Noter une décision"

    def obstacle(self):
        return rights.may_decide(self.request.user, self.meeting)

    def get_form_kwargs(self):
        """Add the ``convention``, and the ``items`` of the agenda that a decision may be about."""
        return super().get_form_kwargs() | {
            "convention": self.convention,
            "items": self.meeting.items.order_by("rank", "pk"),
        }

    def act(self, form):
        """Write the decision under the next number; return the message."""
        decision = events.decide(self.meeting, **form.values, by=self.here.user)
        return f"C’est la décision {decision.mark}."


class DecisionPage(CommitteePage, TemplateView):
    """One decision, with what became of it."""

    template_name = "committee/meetings/decision.html"

    def get_context_data(self, **kwargs):
        """Add the decision, its log, and what may be done."""
        decision, user = find_decision(self.convention, self.kwargs["pk"]), self.here.user
        return super().get_context_data(
            decision=decision,
            is_late=decision.is_late(self.here.today),
            acts=list(decision.transitions.order_by("pk")),
            can_correct=rights.may_correct(user, decision) is None,
            can_report=rights.may_report(user, decision) is None,
            can_reopen=rights.may_reopen(user, decision) is None,
            **kwargs,
        )


class OfDecision(MeetingForms):
    """A form about one decision."""

    def find(self):
        """Set ``decision``; 404 outside the convention."""
        self.decision = find_decision(self.convention, self.kwargs["pk"])

    @property
    def lead(self):
        return self.decision.text

    @property
    def back(self):
        return reverse("committee:decision", args=[self.convention.slug, self.decision.pk])


class Correct(OfDecision):
    """The form that corrects a decision."""

    form_class = DecisionForm
    lead = "Le texte d’avant reste dans ce qui a été fait."

    @property
    def heading(self):
        return f"Corriger la décision {self.decision.mark}"

    def obstacle(self):
        return rights.may_correct(self.request.user, self.decision)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"convention": self.convention}

    def get_initial(self):
        """Return text, owner, deadline and revision of the decision."""
        names = ("text", "owner", "due_on", "revision")
        return {name: getattr(self.decision, name) for name in names}

    def written(self):
        return Decision.objects.select_related("owner").get(pk=self.decision.pk)

    def act(self, form):
        """Correct the decision; return the message."""
        revision = form.cleaned_data["revision"]
        events.correct(self.decision, **form.values, revision=revision, by=self.here.user)
        return "La décision est corrigée."


class Report(OfDecision):
    """The form that says what became of a decision."""

    form_class = ReportForm

    @property
    def heading(self):
        return f"Quelle suite à la décision {self.decision.mark} ?"

    def refusal(self):
        """Return why the person may never say what became of a decision, or None; a closed one is
        no reason to hide the page, which says so (``obstacle``)."""
        refusal = rights.may_report(self.request.user, self.decision)
        return refusal if refusal != rights.CLOSED else None

    def obstacle(self):
        return rights.may_report(self.request.user, self.decision)

    def act(self, form):
        """Say what became of it; return the message."""
        events.report(self.decision, **form.cleaned_data, by=self.here.user)
        return "La suite est notée."


class Drop(OfDecision):
    """The form that gives a decision up."""

    form_class = ReasonForm
    button = "Abandonner"
    is_grave = True

    @property
    def heading(self):
        return f"Abandonner la décision {self.decision.mark} ?"

    def obstacle(self):
        return None if self.decision.is_to_follow else rights.CLOSED

    def act(self, form):
        """Give it up; return the message."""
        events.drop(self.decision, reason=form.cleaned_data["reason"], by=self.here.user)
        return "La décision est abandonnée."


class Reopen(OfDecision):
    """The form that has a decision followed up again."""

    form_class = ReasonForm
    button = "Suivre de nouveau"

    @property
    def heading(self):
        return f"Suivre de nouveau la décision {self.decision.mark} ?"

    def obstacle(self):
        return rights.may_reopen(self.request.user, self.decision)

    def act(self, form):
        """Reopen the decision; return the message."""
        events.reopen(self.decision, reason=form.cleaned_data["reason"], by=self.here.user)
        return "La décision est de nouveau à suivre."


def find_decision(convention, pk) -> Decision:
    """Return a decision of the convention, or raise Http404."""
    rows = Decision.objects.of(convention).select_related("owner", "meeting__body", "item")
    decision = get_object_or_404(rows, pk=pk)
    decision.convention = convention
    return decision
