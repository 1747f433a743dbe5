"""The forms of a session: what is written on an item, and to which points a party agrees."""

from typing import Any

from django import forms

from committee.meetings.models import Attendee
from committee.meetings.session.reading import SessionPoint
from conventions.models import Organisation
from ctg_portal.forms.fields import DayField, NumbersByKeyField, WholeTextField, prose
from ctg_portal.forms.revisions import RevisedForm
from ctg_portal.text.typography import polish


class SessionItemForm(RevisedForm):
    """What is written on an item in a session: the decision that is being drafted, and notes."""

    wording = prose("Décision en cours de rédaction", required=False, rows=3)
    wording_owner = forms.ModelChoiceField(
        label="Organisme chargé de la suite (facultatif)",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Aucun",
    )
    wording_due_on = DayField(label="Pour le (facultatif)", required=False)
    notes = WholeTextField(
        label="Ce qui se dit (facultatif)",
        required=False,
        max_length=10000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, convention, **kwargs):
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["wording_owner"]
        owner.queryset = Organisation.objects.filter(convention=convention).order_by("name")

    @property
    def values(self) -> dict:
        names = {"notes": "notes", "wording": "wording", "owner": "wording_owner",
                 "due_on": "wording_due_on", "revision": "revision"}  # fmt: skip
        return {name: self.cleaned_data[column] for name, column in names.items()}


class VoicesForm(forms.Form):
    """Who speaks for a party in a session, and on which points they agree. ``last_ranks``: the rank
    of the party's last entry on each point as it was shown."""

    attendee = forms.ChoiceField(
        label="Qui parle",
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": "Cette personne n’est pas notée présente, ou n’engage pas la partie.",
            "required": "Dites qui parle.",
        },
    )
    last_ranks = NumbersByKeyField()

    def __init__(
        self, *args, speakers: list[Attendee], points: list[SessionPoint],
        organisation: Organisation, **kwargs,
    ):  # fmt: skip
        """Offer the ``speakers``; one alone is chosen."""
        kwargs.setdefault("initial", {})
        kwargs["initial"] |= {"last_ranks": _ranks(points, organisation)}
        if len(speakers) == 1:
            kwargs["initial"] |= {"attendee": str(speakers[0].pk)}
        super().__init__(*args, **kwargs)
        self.speakers = {str(row.pk): row for row in speakers}
        field: Any = self.fields["attendee"]
        field.choices = [
            (key, polish(f"{row.name}, {row.capacity}" if row.capacity else row.name))
            for key, row in self.speakers.items()
        ]

    def take_ranks_of(self, points: list[SessionPoint], organisation: Organisation) -> None:
        """Let the form, shown again, carry the ranks of the points as they are now."""
        data: Any = self.data
        self.data = data = data.copy()
        ranks = _ranks(points, organisation)
        data["last_ranks"] = self.fields["last_ranks"].prepare_value(ranks)

    def clean_attendee(self) -> Attendee:
        return self.speakers[self.cleaned_data["attendee"]]


def _ranks(points: list[SessionPoint], organisation: Organisation) -> dict[int, int]:
    """Return the rank of a party's last entry on each point, recorded ones included, by the key of
    its version; 0 for none."""
    last = {row.version.pk: row.point.last_entered.get(organisation.pk) for row in points}
    return {pk: entry.rank if entry else 0 for pk, entry in last.items()}
