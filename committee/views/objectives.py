"""The committee's own objectives: written, rewritten, given up."""

from django.shortcuts import get_object_or_404
from django.views.generic import FormView

from committee.commitments import commitment_of
from committee.drafting import Desk, orientations_of, readable_objectives
from committee.events.drafts import Rewritten
from committee.events.endings import draft_ending, may_end
from committee.events.objectives import add_objective
from committee.forms.objectives import EndingForm, ObjectiveForm
from committee.models import Version
from committee.rights import may_propose_amendment
from committee.views.base import CommitteePage
from committee.views.drafts import kept
from conventions.models import Objective
from ctg_portal.rules import Refusal, Refused, enforce


class Writing(CommitteePage, FormView):
    """A page on which a version is written; what is refused is told there, nothing typed lost."""

    form_class = ObjectiveForm

    def may(self) -> Refusal | None:
        raise NotImplementedError

    def write(self, form) -> Version:
        """Save the draft that the form says; raises Refused."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            enforce(self.may())
            draft = self.write(form)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        return kept(self.here, draft, propose=form.is_proposing)

    def refused(self, form, refusal: Refusal):
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(refusal=self.may(), **kwargs)


class AddObjective(Writing):
    """Write a new objective under a signed orientation, which is chosen first."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.orientations = orientations_of(self.convention, self.here.today)
        asked = request.GET.get("orientation", "")
        self.orientation = None
        if asked.isdecimal() and len(asked) < 19:
            self.orientation = get_object_or_404(self.orientations, pk=asked)

    def get_template_names(self):
        return [f"committee/objective_{'add' if self.orientation else 'choose'}.html"]

    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs) if self.orientation else self.get(request)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"convention": self.convention}

    def may(self):
        return commitment_of(Objective()).may_draft(self.here.user, self.convention)

    def write(self, form):
        return add_objective(
            self.orientation, form.content, note=form.cleaned_data["note"], once=True,
            by=self.here.user,
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        if self.orientation is None:
            kwargs["orientations"] = self.orientations
        return super().get_context_data(orientation=self.orientation, **kwargs)


class OfObjective(Writing):
    """The same, about an objective that is there."""

    differences = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.objective = get_object_or_404(readable_objectives(self.here), pk=kwargs["pk"])
        self.desk = Desk(self.objective, self.here)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            objective=self.objective,
            heading=commitment_of(self.objective).heading(self.objective),
            desk=self.desk,
            **kwargs,
        )


class EditObjective(OfObjective):
    """Write one's draft of the next version, from one's draft so far or from what stands.

    What was signed is not edited: the page says why, and leads to a proposal for an amendment.
    """

    template_name = "committee/objective_edit.html"

    def may(self):
        return commitment_of(self.objective).may_draft(
            self.here.user, self.convention, self.objective
        )

    def get_form_kwargs(self):
        source = self.desk.source(self.request.GET.get("depuis", ""))
        return super().get_form_kwargs() | {
            "convention": self.convention, "initial": self.desk.initial(source)
        }  # fmt: skip

    def write(self, form):
        names = ["note", "base", "seen"]
        return self.desk.save(form.content, **{name: form.cleaned_data[name] for name in names})

    def refused(self, form, refusal):
        if isinstance(refusal, Rewritten):
            # What there is by now is shown beside what was typed: the form, sent again, holds.
            desk = self.desk = Desk(self.objective, self.here)
            self.differences = desk.differences(form.content, form.cleaned_data["note"])
            form.send_again_with(**desk.tokens(desk.own or desk.reference))
        return super().refused(form, refusal)

    def get_context_data(self, **kwargs):
        here = self.here
        return super().get_context_data(
            differences=self.differences,
            may_amend=self.objective.is_signed
            and may_propose_amendment(here.user, here.bench) is None,
            **kwargs,
        )


class EndObjective(OfObjective):
    """Write the draft of an objective's withdrawal, which all parties have to agree to."""

    template_name = "committee/objective_end.html"
    form_class = EndingForm

    def may(self):
        return may_end(self.here.user, self.objective)

    def get_initial(self):
        own = self.desk.own
        return {"note": own.note if own and own.ends else "", "seen": self.desk.revision}

    def write(self, form):
        values = form.cleaned_data
        return draft_ending(
            self.objective, note=values["note"], seen=values["seen"], by=self.here.user
        )

    def refused(self, form, refusal):
        if isinstance(refusal, Rewritten):
            self.desk = Desk(self.objective, self.here)
            form.send_again_with(seen=self.desk.revision)
        return super().refused(form, refusal)
