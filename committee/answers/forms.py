"""The answer of a party to one point, and the forms of what else is done around it."""

from django import forms

from accounts.models import User
from agreements.answers.events import Reply
from agreements.models import Answer, Seat, Version
from committee.answers.events import note
from committee.forms import in_whose_name
from committee.models import NotedAnswer
from ctg_portal.form_fields import DayField, NumbersByKeyField, prose
from ctg_portal.marks.events import event
from documents.forms import DocumentField
from documents.models import store

# How the answers are called in an address, and what each asks for.
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
    """What ``word`` asks for. ``last_rank``: that of the party's last word, as it was shown."""

    last_rank = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    body = forms.CharField(
        label="Instance qui délibère", max_length=200, help_text="Par exemple : bureau, conseil."
    )
    body_date = DayField(label="Date de la séance")
    reason = prose("Remarque (facultative)", required=False)
    act = DocumentField(label="Document (facultatif)", required=False)

    def __init__(self, *args, word: str, today, **kwargs):
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
        day = self.cleaned_data["body_date"]
        if day < self.today:
            raise forms.ValidationError(
                "Cette séance est passée : si elle a donné son accord, répondez « D’accord »."
            )
        return day

    @event()
    def send(self, version: Version, *, by: User, organisation, dossier) -> NotedAnswer:
        """Note it; raises Refused as the event does."""
        values = dict(self.cleaned_data)
        act = values.pop("act", None)
        act = store(act, by=by, within=version.convention) if act else None
        reply = Reply(version, WORDS[self.word], act=act, **values)
        return note(reply, by=by, organisation=organisation, dossier=dossier)

    def send_again_as(self, last_rank: int) -> None:
        """Have the form, shown again, answer what is known by now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("last_rank")] = last_rank


def noted_before(noted: NotedAnswer | None, answer: str | None) -> dict:
    """What a form begins with, where the same answer was noted already."""
    if noted is None or noted.answer != answer:
        return {}
    return {"reason": noted.reason, "body": noted.body, "body_date": noted.body_date}


class ReasonForm(forms.Form):
    """Why something is taken back, or denied."""

    reason = prose("Motif", help_text="La coordination et toutes les parties le liront.")


class WhyForm(forms.Form):
    """Why what was recorded is not the party's answer, for who wants to say it."""

    reason = prose("Pourquoi (facultatif)", required=False)


class OpinionForm(forms.Form):
    """An avis: favourable, or with its reservations; the form sends back for which organisation it
    was shown (its key), lest it be taken as another's."""

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
        cleaned = super().clean()
        if cleaned.get("opinion") in Answer.with_reason() and not cleaned.get("reason"):
            self.add_error("reason", "Dites vos réserves : les membres du comité les liront.")
        return cleaned


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
    last_ranks = NumbersByKeyField()

    def __init__(self, *args, seats, today, last_ranks, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["last_ranks"], self.today = last_ranks, today
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
            raise forms.ValidationError("Une réponse ne peut pas être reçue à une date à venir.")
        return day
