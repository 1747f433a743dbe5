"""Forms of the yearly collections."""

import datetime

from django import forms

from ctg_portal.forms.fields import DayField, prose
from ctg_portal.forms.revisions import RevisedForm
from ctg_portal.templatetags.french import long_date
from indicators.collection.rights import may_be_due

NO_DAY = {"required": "Donnez une date."}


class CampaignForm(RevisedForm):
    """Ask by when figures are expected, and for the message to contributors."""

    due_on = DayField(
        label="Données attendues pour le",
        help_text="Un indicateur dont le chiffre paraît plus tard a une date plus tardive.",
        error_messages=NO_DAY,
    )
    message = prose(
        "Message aux contributeurs",
        required=False,
        rows=4,
        help_text="Facultatif\u00a0: il est montré en tête de leur page de saisie.",
    )

    def __init__(self, *args, today: datetime.date, **kwargs):
        """Set the day before which no new deadline is taken."""
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_due_on(self):
        """Return the day typed. Raise ValidationError if it has passed, unless it stands
        already."""
        day = self.cleaned_data["due_on"]
        refusal = may_be_due(day, self.today)
        if refusal and day != self.initial.get("due_on"):
            raise forms.ValidationError(refusal.reason)
        return day


class YearChoiceForm(forms.Form):
    """The choice of a year: one of those of the term that have no campaign."""

    year = forms.TypedChoiceField(
        label="Année observée",
        coerce=int,
        help_text="L’année que les chiffres décrivent, pas celle où ils sont saisis.",
        error_messages={
            "required": "Choisissez une année.",
            "invalid_choice": "Cette année a déjà son recueil, ou n’est pas une de celles que "
            "couvre la convention : une prolongation par avenant en ajoute.",
        },
    )

    def __init__(self, *args, years: dict[int, str], **kwargs):
        """Set the choices, none chosen unless the form proposes one. ``years``: by year, the words
        for the part that the term covers; empty for all of it."""
        super().__init__(*args, **kwargs)
        to_choose = [] if self.initial.get("year") else [("", "Choisissez une année")]
        self.fields["year"].choices = to_choose + [
            (year, f"{year} (couverte {part})" if part else year) for year, part in years.items()
        ]


class PrepareForm(YearChoiceForm, CampaignForm):
    """The form of a new campaign."""

    field_order = ["year", "due_on", "carries_own_days", "message"]
    carries_own_days = forms.BooleanField(required=False)

    def __init__(self, *args, own_days: str, **kwargs):
        """Set the label of what is carried over. ``own_days``: the deadlines that may be, in words;
        the field goes without any."""
        super().__init__(*args, **kwargs)
        self.fields["carries_own_days"].label = own_days
        if not own_days:
            del self.fields["carries_own_days"]


class ChangeYearForm(YearChoiceForm, CampaignForm):
    """The form that moves a campaign to another year, with its new deadline."""

    field_order = ["year", "due_on"]
    message = None


class ReopenForm(forms.Form):
    """Until when figures are taken again, and why."""

    due_on = DayField(label="Données attendues pour le", error_messages=NO_DAY)
    reason = prose(
        "Motif", rows=3, help_text="Il reste dans l’histoire du recueil, que chacun peut lire.",
        error_messages={"required": "Dites pourquoi le recueil est rouvert."},
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button says it all."""


class ReminderForm(forms.Form):
    """What the coordination says when she reminds; what is owed is added below it."""

    text = prose(
        "Votre message",
        rows=8,
        help_text="La liste de ce qui est dû, et le lien pour le saisir, sont ajoutés dessous.",
        error_messages={"required": "Écrivez quelques mots : ils sont en tête du message."},
    )
    again = forms.BooleanField(
        label="Relancer de nouveau ceux qui l’ont déjà été aujourd’hui", required=False
    )

    def __init__(self, *args, asks_again: bool, **kwargs):
        """Leave out ``again`` unless ``asks_again``: somebody was reminded today."""
        super().__init__(*args, **kwargs)
        if not asks_again:
            del self.fields["again"]


class OwnDeadlineForm(RevisedForm):
    """By when one organisation is to give its figures."""

    due_on = DayField(label="Ses données sont attendues pour le", error_messages=NO_DAY)
    reason = prose(
        "Motif",
        required=False,
        rows=3,
        help_text="Facultatif\u00a0: l’organisme le lit, et il reste dans l’histoire du recueil.",
    )

    def __init__(self, *args, common: datetime.date, **kwargs):
        """Say below the day that ``common``, the deadline of all, gives that one back."""
        super().__init__(*args, **kwargs)
        words = f"L’échéance de tous est le {long_date(common)}"
        self.fields["due_on"].help_text = f"{words}\u00a0: donnez cette date pour y revenir."
