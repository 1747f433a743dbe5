"""The form of an answer to one point, and the forms of what else is done around it."""

from django import forms

from accounts.models import User
from agreements.answers.events import Reply
from agreements.models import Answer, Seat, Version
from committee.answers.events import note_answer
from committee.answers.models import NotedAnswer
from committee.forms import label_seat
from ctg_portal.forms.fields import DayField, NumbersByKeyField, prose
from ctg_portal.marks.events import event
from documents.forms import DocumentField
from documents.models import store

# The name of each answer in an address, and the fields that it asks for.
WORDS = {
    "accord": Answer.AGREED,
    "modification": Answer.CHANGE_REQUESTED,
    "deliberation": Answer.DELIBERATION,
    "ordre-du-jour": Answer.AGENDA,
}


FIELDS = {
    "accord": ["act"],
    "modification": ["reason"],
    "deliberation": ["body", "body_date", "reason", "act"],
    "ordre-du-jour": ["reason"],
}


LATER = "La délibération ou un autre document, si vous l’avez déjà ; vous pourrez le joindre après."


class AnswerForm(forms.Form):
    """The fields of the answer that ``word`` names. ``last_rank`` is the rank of the party's last
    entry, as it was shown."""

    last_rank = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    body = forms.CharField(
        label="Instance qui délibère", max_length=200, help_text="Par exemple : bureau, conseil."
    )
    body_date = DayField(label="Date de la séance")
    reason = prose("Remarque (facultative)", required=False)
    act = DocumentField(label="Document (facultatif)", required=False)

    def __init__(self, *args, word: str, today, **kwargs):
        """Keep the fields of the answer ``word``; a request for change requires its reason."""
        super().__init__(*args, **kwargs)
        self.word, self.today = word, today
        for name in set(self.fields) - {"last_rank", *FIELDS[word]}:
            del self.fields[name]
        if "act" in self.fields:
            self.fields["act"].help_text = f"{LATER} {self.fields['act'].help_text}"
        if word == "modification":
            reason = self.fields["reason"]
            reason.required, reason.label = True, "Ce qui est à modifier, et pourquoi"
            reason.help_text = "La coordination et les autres parties le liront."

    @property
    def has_typed(self) -> bool:
        """Whether something would be lost with the form."""
        return any(self.cleaned_data.get(name) for name in FIELDS[self.word])

    def clean_last_rank(self) -> int:
        return self.cleaned_data["last_rank"] or 0

    def clean_body_date(self):
        """Refuse a session before today: its result is the answer."""
        day = self.cleaned_data["body_date"]
        if day < self.today:
            raise forms.ValidationError(
                "Cette séance est passée : si elle a donné son accord, répondez « D’accord »."
            )
        return day

    @event()
    def send(self, version: Version, *, by: User, organisation, dossier) -> NotedAnswer:
        """Note the answer and store its document. Raises Refused."""
        values = dict(self.cleaned_data)
        act = values.pop("act", None)
        act = store(act, by=by, within=version.convention) if act else None
        reply = Reply(version, WORDS[self.word], act=act, **values)
        return note_answer(reply, by=by, organisation=organisation, dossier=dossier)

    def set_last_rank(self, last_rank: int) -> None:
        """Set the rank that a form shown again sends back: that of the newest entry."""
        self.data = self.data.copy()
        self.data[self.add_prefix("last_rank")] = last_rank


def initial_of_note(noted: NotedAnswer | None, answer: str | None) -> dict:
    """Return the values that a form begins with: those of a note with the same answer, or none."""
    if noted is None or noted.answer != answer:
        return {}
    return {"reason": noted.reason, "body": noted.body, "body_date": noted.body_date}


class ReasonForm(forms.Form):
    """The reason why something is withdrawn."""

    reason = prose("Motif", help_text="La coordination et toutes les parties le liront.")


class WhyForm(forms.Form):
    """The optional reason why what was recorded is not the party's answer."""

    reason = prose("Pourquoi (facultatif)", required=False)


class OpinionForm(forms.Form):
    """An avis, with observations where it is not favourable. The form sends back the key of the
    organisation for which it was shown, lest the avis be taken as that of another."""

    organisation = forms.IntegerField(widget=forms.HiddenInput, required=False)

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
        """Require a reason from an avis that is not plainly favourable."""
        cleaned = super().clean()
        if cleaned.get("opinion") in Answer.with_reason() and not cleaned.get("reason"):
            self.add_error("reason", "Dites vos réserves : les membres du comité les liront.")
        return cleaned


class AttachForm(forms.Form):
    """A document that proves an answer."""

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
    last_ranks = NumbersByKeyField()

    def __init__(self, *args, seats, today, last_ranks, **kwargs):
        """Offer ``seats``, the only one chosen already; no day later than ``today``."""
        super().__init__(*args, **kwargs)
        self.initial["last_ranks"], self.today = last_ranks, today
        self.seats = {str(seat.pk): seat for seat in seats}
        self.fields["seat"].choices = [(pk, label_seat(s)) for pk, s in self.seats.items()]
        self.fields["received_on"].widget.attrs["max"] = today.isoformat()
        if len(seats) == 1:
            self.initial["seat"] = seats[0].pk

    def clean_seat(self) -> Seat:
        return self.seats[self.cleaned_data["seat"]]

    def clean_received_on(self):
        """Refuse a day after today."""
        day = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError("Une réponse ne peut pas être reçue à une date à venir.")
        return day
