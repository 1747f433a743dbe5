"""The form of a dossier that the coordinator sends."""

from django import forms

from agreements.models import Version
from ctg_portal.forms.fields import DayField, prose


class DossierForm(forms.Form):
    """Title, message, deadline, and which of the proposed points are sent."""

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
    def reticked(cls, data, *, ticked: list[int], versions, today):
        """Return an unbound form with the texts typed so far and these boxes ticked."""
        return cls(initial=cls.typed(data, ticked), versions=versions, today=today)

    @staticmethod
    def typed(data, ticked: list[int]) -> dict:
        """Return the initial values with the texts typed so far and these boxes ticked."""
        names = ("title", "message", "answer_by", "after_term")
        return {name: data.get(name, "") for name in names} | {"points": ticked}

    @property
    def ticked(self) -> set[str]:
        """The points whose box is ticked, as the page shows it."""
        return {str(pk) for pk in self["points"].value() or []}

    def clean_answer_by(self):
        """Refuse a day before today; an empty one is no deadline."""
        day = self.cleaned_data["answer_by"]
        if day and day < self.today:
            raise forms.ValidationError("Cette date est passée.")
        return day

    def clean_points(self) -> list[Version]:
        """Return the chosen versions in the order of the list, in which they are frozen."""
        chosen = set(self.cleaned_data["points"])
        return [version for pk, version in self.versions.items() if pk in chosen]
