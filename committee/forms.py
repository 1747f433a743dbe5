"""What forms of several subjects share: those in which a version is written, or a comment put
right, and how a seat is offered."""

from django import forms

from agreements.models import Seat
from ctg_portal.form_fields import prose
from ctg_portal.revisions import RevisedForm
from ctg_portal.typography import polish

PROPOSE = "proposer"


class Tokens(RevisedForm):
    """What a form was filled from: the version that stood, and the revision of one's draft."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_proposing(self) -> bool:
        """Whether the button says to propose it too."""
        return self.data.get("action") == PROPOSE


class EndingForm(Tokens):
    """Why what is in force is given up."""

    note = prose("Motif", help_text="Toutes les parties le liront avant de répondre.")


def in_whose_name(seat: Seat) -> str:
    """How a form offers a seat, in whose holder's name one records something."""
    return polish(f"{seat.name}, {seat.capacity}, pour {seat.organisation.the}")
