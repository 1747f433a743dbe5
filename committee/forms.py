"""Forms that several subjects share: of a version that is written, of a withdrawal; and the label
of a seat."""

from django import forms

from agreements.models import Seat
from ctg_portal.forms.fields import prose
from ctg_portal.forms.revisions import RevisedForm
from ctg_portal.text.typography import polish

PROPOSE = "proposer"


class Tokens(RevisedForm):
    """The hidden values of what a form was filled from: the version that stood, the draft's
    revision."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_proposing(self) -> bool:
        """Whether the button pressed also proposes the draft."""
        return self.data.get("action") == PROPOSE


class EndingForm(Tokens):
    """The reason why what is in force is withdrawn."""

    note = prose("Motif", help_text="Toutes les parties le liront avant de répondre.")


def label_seat(seat: Seat) -> str:
    """Return the label of a seat in a form that records something in its holder's name."""
    return polish(f"{seat.name}, {seat.capacity}, pour {seat.organisation.the}")
