"""Forms of what is done around a point."""

from django import forms

from committee.forms.fields import DayField, SeenField, prose
from committee.models import Answer, Seat
from ctg_portal.typography import polish
from documents.forms import DocumentField


class ReasonForm(forms.Form):
    """Why something is taken back, or denied."""

    reason = prose("Motif", help_text="La coordination et toutes les parties le liront.")


class OpinionForm(forms.Form):
    """An avis: favourable, or with its reservations."""

    opinion = forms.ChoiceField(
        label="Votre avis",
        choices=[(value, Answer(value).label) for value in Answer.opinions()],
        widget=forms.RadioSelect,
    )
    reason = prose(
        "Vos observations",
        required=False,
        help_text="À remplir si l’avis est réservé ou défavorable.",
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("opinion") in Answer.with_reason() and not cleaned.get("reason"):
            self.add_error("reason", "Dites vos réserves : les membres du comité les liront.")
        return cleaned


class CommentForm(forms.Form):
    """What somebody has to say of a point."""

    text = prose("Votre commentaire", help_text="Toutes les personnes du portail le liront.")


class AttachForm(forms.Form):
    """A document behind an answer."""

    document = DocumentField(label="Document")


class RecordForm(forms.Form):
    """An agreement received on paper or by e-mail: of whom, when, with its proof."""

    seat = forms.ChoiceField(
        label="Qui a donné son accord",
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": "Ce siège n’engage plus son organisme : choisissez-en un autre."
        },
    )
    received_on = DayField(label="Reçu le")
    evidence = DocumentField(label="L’accord reçu")
    seen = SeenField()

    def __init__(self, *args, seats, today, seen, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"], self.today = seen, today
        self.seats = {str(seat.pk): seat for seat in seats}
        self.fields["seat"].choices = [(pk, in_whose_name(s)) for pk, s in self.seats.items()]
        self.fields["received_on"].widget.attrs["max"] = today.isoformat()
        if len(seats) == 1:
            self.initial["seat"] = seats[0].pk

    def clean_seat(self) -> Seat:
        return self.seats[self.cleaned_data["seat"]]

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError("Un accord ne peut pas être reçu à une date à venir.")
        return day


def in_whose_name(seat: Seat) -> str:
    return polish(f"{seat.name}, {seat.capacity}, pour {seat.organisation.the}")
