"""Forms of the dossiers: the coordinator sends one, a member answers it."""

from django import forms

from agreements.answers.events import BODY_MISSING, REASON_MISSING, Reply
from agreements.models import Answer, Version
from ctg_portal.form_fields import DayField, SeenField, prose

LATER = "later"
CHOICES = [
    (Answer.AGREED, "D’accord"),
    (Answer.CHANGE_REQUESTED, "Demander une modification"),
    (Answer.DELIBERATION, "Une délibération est attendue"),
    (Answer.AGENDA, "À inscrire à l’ordre du jour"),
    (LATER, "Ne pas répondre maintenant"),
]


class DossierForm(forms.Form):
    """A title, a message, until when, and which of the proposed points."""

    title = forms.CharField(
        label="Titre", max_length=200, help_text="Par exemple : Comité de pilotage du 14 mars."
    )
    message = prose(
        "Message",
        required=False,
        rows=3,
        help_text="Facultatif : ce que les membres liront d’abord.",
    )
    answer_by = DayField(label="Réponse attendue le", required=False, help_text="Facultatif.")
    points = forms.MultipleChoiceField(
        label="Points",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins un point : un dossier vide n’a rien à faire répondre.",
            "invalid_choice": "Un des points choisis n’est plus proposé : la liste ci-dessous est "
            "à jour, vérifiez-la, puis envoyez le dossier.",
        },
    )

    def __init__(self, *args, versions, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        self.fields["points"].choices = [(pk, v.title) for pk, v in self.versions.items()]
        self.today = today
        self.fields["answer_by"].widget.attrs["min"] = today.isoformat()

    @classmethod
    def reticked(cls, data, *, all_of_them: bool, versions, today):
        """The same as typed so far, with every box ticked or none."""
        typed = {name: data.get(name, "") for name in ("title", "message", "answer_by")}
        points = [version.pk for version in versions] if all_of_them else []
        return cls(initial={**typed, "points": points}, versions=versions, today=today)

    @property
    def ticked(self) -> set[str]:
        """The points whose box is ticked, as the page shows it."""
        return {str(pk) for pk in self["points"].value() or []}

    def clean_answer_by(self):
        day = self.cleaned_data["answer_by"]
        if day and day < self.today:
            raise forms.ValidationError("Cette date est passée.")
        return day

    def clean_points(self) -> list[Version]:
        """In the order of the list, which is the one they are frozen in."""
        chosen = set(self.cleaned_data["points"])
        return [version for pk, version in self.versions.items() if pk in chosen]


class SeenForm(forms.Form):
    """What the page of a dossier showed: the rank of the party's last word on each version."""

    seen = SeenField()


class PointReplyForm(forms.Form):
    """What a member answers to one point of a dossier: agreed, unless told otherwise."""

    answer = forms.ChoiceField(
        label="Votre réponse", choices=CHOICES, initial=Answer.AGREED, widget=forms.RadioSelect
    )
    reason = prose("Votre motif", required=False, rows=3)
    body = forms.CharField(label="Instance qui délibérera", max_length=200, required=False)
    body_date = DayField(label="Date de cette instance", required=False)

    def __init__(self, *args, version: Version, **kwargs):
        super().__init__(*args, prefix=f"p{version.pk}", **kwargs)
        self.version = version

    def clean(self):
        cleaned = super().clean()
        answer = cleaned.get("answer")
        if answer == Answer.CHANGE_REQUESTED and not cleaned.get("reason"):
            self.add_error("reason", REASON_MISSING.reason)
        if answer == Answer.DELIBERATION and "body_date" not in self.errors:
            missing = [name for name in ("body", "body_date") if not cleaned.get(name)]
            if missing:
                self.add_error(missing[0], BODY_MISSING.reason)
        return cleaned

    @property
    def is_otherwise(self) -> bool:
        """Whether it says something else than agreed, or nothing yet, or is to be corrected."""
        return self["answer"].value() != Answer.AGREED or (self.is_bound and bool(self.errors))

    def reply(self, seen: int) -> Reply | None:
        """The answer to be recorded; None for a point left for later."""
        said = self.cleaned_data
        if said["answer"] == LATER:
            return None
        with_reason = said["answer"] in (Answer.CHANGE_REQUESTED, Answer.AGENDA)
        with_body = said["answer"] == Answer.DELIBERATION
        return Reply(
            self.version,
            said["answer"],
            seen=seen,
            reason=said["reason"] if with_reason else "",
            body=said["body"] if with_body else "",
            body_date=said["body_date"] if with_body else None,
        )
