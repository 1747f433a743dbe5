"""The forms of the texts of an evaluation."""

import datetime

from django import forms

from conventions.models import Convention, Membership
from ctg_portal.forms.fields import DayField, WholeTextField
from ctg_portal.forms.revisions import RevisedForm

LONGEST = 20_000
# A draft keeps the revision that it was begun from; no text is written more often.
MOST_REVISIONS = 1_000_000
MARKS = (
    "Une ligne vide sépare deux paragraphes. Une ligne qui commence par un tiret est un point "
    "d’une liste. Des mots entre **deux étoiles** sont en gras."
)


class NarrativeForm(RevisedForm):
    """The text of an evaluation. ``revision`` is 0 where there was none."""

    text = WholeTextField(
        label="",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 14}),
        help_text=MARKS,
    )

    def __init__(self, *args, label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class CriterionForm(NarrativeForm):
    """The text and the mark of a criterion; the mark is one of the ``scale``."""

    mark = forms.ChoiceField(label="Appréciation", required=False, widget=forms.RadioSelect)
    field_order = ["mark", "text", "revision"]

    def __init__(self, *args, scale: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mark"].choices = [
            *((mark, mark) for mark in scale),
            ("", "Pas encore appréciée"),
        ]


class DraftForm(forms.Form):
    """A draft that is stored while it is typed; one too long is refused on saving."""

    text = forms.CharField(required=False, max_length=10 * LONGEST, strip=False)
    revision = forms.IntegerField(min_value=0, max_value=MOST_REVISIONS)


class PersonField(forms.ModelChoiceField):
    """A choice of accesses, each labelled with the person and the organisation."""

    def label_from_instance(self, access: Membership) -> str:
        return f"{access.user} ({access.organisation.name})"


class GiveForm(forms.Form):
    """The person to whom a theme is given, one with access who does not coordinate, until when."""

    access = PersonField(
        label="Personne",
        queryset=Membership.objects.none(),
        empty_label="Choisir une personne",
        help_text="Celles qui ont accès à la convention, hors coordination, qui écrit déjà tout.",
        error_messages={"required": "Choisissez à qui vous confiez ce texte."},
    )

    def __init__(self, *args, convention: Convention, today: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        accesses = Membership.objects.effective().of(convention)
        coordinating = accesses.coordinators().values("user")
        people = accesses.exclude(user__in=coordinating).by_organisation()
        self.fields["access"].queryset = people
        self.fields["until"] = DayField(
            label="Jusqu’au",
            required=False,
            earliest=today,
            help_text="Facultatif : après ce jour, cette personne ne peut plus modifier ce texte.",
        )
