"""Pages on which the committee's own objectives are written, rewritten and withdrawn."""

from django.shortcuts import get_object_or_404

from agreements.commitments.commitment import commitment_of
from committee.amendments.rights import may_propose_amendment
from committee.drafts.reading import orientations_of, readable_objectives
from committee.drafts.writing import Editing, Ending, Writing
from committee.objectives.events import add_objective
from committee.objectives.forms import ObjectiveForm
from conventions.models import Objective
from ctg_portal.text.numbers import key_in


class AddObjective(Writing):
    """The form of a new objective under a signed orientation, which is chosen first."""

    form_class = ObjectiveForm

    def setup(self, request, *args, **kwargs):
        """Set ``orientations``, the signed ones, and the ``orientation`` of the address: None to
        choose it, 404 for another row."""
        super().setup(request, *args, **kwargs)
        self.orientations = orientations_of(self.convention, self.here.today)
        asked = key_in(request.GET.get("orientation", ""))
        self.orientation = get_object_or_404(self.orientations, pk=asked) if asked else None

    def get_template_names(self):
        return [f"committee/objectives/{'add' if self.orientation else 'choose'}.html"]

    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs) if self.orientation else self.get(request)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"convention": self.convention}

    def may(self):
        return commitment_of(Objective()).may_draft(self.here.user, self.convention)

    def write(self, form):
        """Save the draft of an objective under ``orientation``; the same content sent twice is
        one."""
        return add_objective(
            self.orientation, form.content, note=form.cleaned_data["note"], once=True,
            by=self.here.user,
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        """Add the ``orientation``; where it is None, ``orientations`` to choose from."""
        if self.orientation is None:
            kwargs["orientations"] = self.orientations
        return super().get_context_data(orientation=self.orientation, **kwargs)


class EditObjective(Editing):
    """The form of one's draft of the next version of an objective.

    What was signed is not edited: the page says why, with a link to propose an amendment.
    """

    template_name = "committee/objectives/edit.html"
    form_class = ObjectiveForm
    row_name = "objective"

    def rows(self):
        return readable_objectives(self.here)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"convention": self.convention}

    def get_context_data(self, **kwargs):
        """Add ``can_amend``: the objective was signed, and the reader may propose an amendment."""
        here = self.here
        return super().get_context_data(
            can_amend=self.row.is_signed and may_propose_amendment(here.user, here.bench) is None,
            **kwargs,
        )


class EndObjective(Ending):
    """The form of an objective's withdrawal, which all parties have to agree to."""

    template_name = "committee/objectives/end.html"
    row_name = "objective"

    def rows(self):
        return readable_objectives(self.here)
