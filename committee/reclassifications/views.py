"""Pages on which the correction of what signed passages are is written."""

from django.shortcuts import get_object_or_404

from agreements.commitments.commitment import commitment_of
from committee.drafts.writing import Editing, Writing
from committee.reclassifications.events import add_reclassification
from committee.reclassifications.forms import ReclassificationForm
from committee.reclassifications.models import Nature, Reclassification
from committee.reclassifications.reading import (
    alike_beneath,
    foretell,
    readable_reclassifications,
    signed_passages,
    standing_together,
)


class AddReclassification(Writing):
    """The form that says of a passage, and of what is beneath it, that it is a text, or that it is
    an objective after all."""

    form_class = ReclassificationForm
    template_name = "committee/reclassifications/add.html"

    def setup(self, request, *args, **kwargs):
        """Set the ``passage`` of the address, ``becomes``, the contrary of what it is, and the
        ``passages`` that may change with it; 404 for another row."""
        super().setup(request, *args, **kwargs)
        signed = signed_passages(self.convention, self.here.today)
        self.passage = get_object_or_404(signed, pk=kwargs["pk"])
        self.becomes = Nature.TEXT if self.passage.is_objective else Nature.OBJECTIVE
        self.passages = alike_beneath(self.passage, signed)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"passages": self.passages, "becomes": self.becomes}

    def get_initial(self):
        return super().get_initial() | {"objectives": [row.pk for row in self.passages]}

    def may(self):
        return commitment_of(Reclassification()).may_draft(self.here.user, self.convention)

    def write(self, form):
        """Save the draft of the correction; the same content sent twice is one."""
        note = form.cleaned_data["note"]
        return add_reclassification(
            self.convention, form.content, note=note, once=True, by=self.here.user
        )

    def get_context_data(self, **kwargs):
        """Add ``back``, the ``passage``, ``becomes_text``, whether it is to be a text, and
        ``foretold``, what would follow."""
        becomes_text = self.becomes == Nature.TEXT
        keys = [passage.pk for passage in self.passages]
        return super().get_context_data(
            back=self.passage.get_absolute_url(),
            passage=self.passage,
            becomes_text=becomes_text,
            foretold=foretell(self.convention, keys, becomes_text=becomes_text),
            **kwargs,
        )


class EditReclassification(Editing):
    """The form of one's draft of the next version of a correction."""

    form_class = ReclassificationForm
    template_name = "committee/reclassifications/edit.html"
    row_name = "reclassification"

    def rows(self):
        """Return the corrections that the person may read; drafts only for who may write one."""
        return readable_reclassifications(self.convention, with_drafts=self.may_write)

    @property
    def may_write(self) -> bool:
        """Return whether the person may draft a correction."""
        commitment = commitment_of(Reclassification())
        return commitment.may_draft(self.here.user, self.convention) is None

    def get_form_kwargs(self):
        """Add what the row says, and the passages that stand together with its own."""
        self.passages = standing_together(self.row)
        return super().get_form_kwargs() | {
            "passages": self.passages,
            "becomes": self.row.becomes,
        }

    def get_context_data(self, **kwargs):
        """Add ``back``, and ``foretold``, what would follow."""
        context = super().get_context_data(**kwargs)
        keys = [passage.pk for passage in self.passages]
        becomes_text = self.row.becomes == Nature.TEXT
        return context | {
            "back": self.row.get_absolute_url(),
            "foretold": foretell(self.convention, keys, becomes_text=becomes_text),
        }
