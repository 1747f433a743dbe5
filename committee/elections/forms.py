"""The form of the list of a party's élus: two days, the délibération, a line a seat."""

import datetime
from collections.abc import Iterable

from django import forms
from django.utils import timezone

from agreements.models import Seat
from committee.elections.events import Choice, Prepared
from committee.elections.models import Outcome, Renewal, RenewalLine
from ctg_portal.forms.fields import DayField
from ctg_portal.forms.revisions import RevisedForm
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import Change, Changes, words_changed
from documents.forms import DocumentField

YEAR = datetime.timedelta(days=366)


class LineForm(forms.Form):
    """What becomes of a seat, and who comes where its holder leaves."""

    outcome = forms.ChoiceField(
        label="Ce siège", choices=Outcome.choices, required=False, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label="Qui vient", max_length=300, required=False,
        widget=forms.TextInput({"placeholder": "siège vacant", "autocomplete": "off"}),
    )  # fmt: skip
    capacity = forms.CharField(
        label="Sa qualité", max_length=200, required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    email = forms.EmailField(
        label="Son adresse, pour l’inviter", max_length=254, required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args, seat: Seat, **kwargs):
        super().__init__(*args, **kwargs)
        self.seat = seat

    def clean(self):
        """Ask for the name where an address is given; of a seat that nobody leaves, keep what can
        be of who would have come."""
        data = super().clean() or {}
        if data.get("outcome") != Outcome.LEAVES:
            self.errors.pop("email", None)
        elif data.get("email") and not data.get("name", "").strip() and "name" not in self.errors:
            self.add_error("name", "Écrivez le nom de la personne à inviter.")
        return data

    @property
    def choice(self) -> Choice:
        """Return what the valid fields of the line say; a field with an error counts as empty."""
        data = self.cleaned_data
        return Choice(**{name: data.get(name) or "" for name in self.fields})


class RenewalForm(RevisedForm):
    """The list of the élus: ``lines`` has a form for each seat, which it validates too."""

    installed_on = DayField(
        label="Installation du conseil", required=False,
        help_text="Les élus d’aujourd’hui siègent jusqu’à la veille. À partir de ce jour, leurs "
        "sièges sont attendus.",
    )  # fmt: skip
    deliberated_on = DayField(
        label="Délibération qui désigne", required=False,
        help_text="Qui reste et qui vient siègent à partir de ce jour.",
    )  # fmt: skip
    act = DocumentField(label="La délibération (facultatif)", required=False)

    field_order = ["revision", "installed_on", "deliberated_on", "act"]

    def __init__(self, data=None, files=None, *, renewal: Renewal | None, seats: Iterable[Seat],
                 stored: dict[int, RenewalLine], **kwargs):  # fmt: skip
        """Fill in the ``stored`` lines, by the key of their seat, of the list ``renewal``, None for
        a new one; who comes is of the capacity of who leaves, unless another is written."""
        if renewal:
            kwargs["initial"] = {
                "installed_on": renewal.installed_on, "deliberated_on": renewal.deliberated_on,
                "revision": renewal.revision,
            }  # fmt: skip
        super().__init__(data, files, **{"initial": {"revision": 0}, **kwargs})
        self.lines = []
        for seat in seats:
            line = stored.get(seat.pk) or RenewalLine(seat=seat)
            initial = {
                "outcome": line.outcome, "name": line.name, "email": line.email,
                "capacity": line.capacity or seat.capacity,
            }  # fmt: skip
            self.lines.append(LineForm(data, prefix=f"s{seat.pk}", initial=initial, seat=seat))

    def clean_installed_on(self):
        """Refuse a day a year away or more: elections are nearer than that."""
        day = self.cleaned_data["installed_on"]
        if day and abs(day - timezone.localdate()) >= YEAR:
            raise forms.ValidationError("Ce jour est à plus d’un an : vérifiez l’année.")
        return day

    def clean(self):
        """Add an error to a délibération before the installation, and to an address that two lines
        have; the browser does not keep the document of a form with errors."""
        data = super().clean() or {}
        installed_on, deliberated_on = data.get("installed_on"), data.get("deliberated_on")
        if installed_on and deliberated_on and deliberated_on < installed_on:
            self.add_error("deliberated_on", "La délibération précède l’installation du conseil.")
        by_email: dict[str, str] = {}
        for line in self.lines:
            if not line.is_valid() or line.choice.outcome != Outcome.LEAVES:
                continue
            email = line.choice.email.lower()
            if email and email in by_email:
                line.add_error("email", f"Cette adresse est déjà celle de {by_email[email]}.")
            by_email[email] = line.choice.name
        if data.get("act") and (self.errors or any(line.errors for line in self.lines)):
            self.add_error("act", "Choisissez de nouveau ce document.")
        return data

    def is_valid(self):
        return super().is_valid() and not any(line.errors for line in self.lines)

    @property
    def errors_by_row(self):
        """The errors of the lines: whose seat, the field, the message."""
        if not self.is_bound:
            return []
        return [
            (line.seat.name, field, error)
            for line in self.lines for field in line for error in field.errors
        ]  # fmt: skip

    @property
    def prepared(self) -> Prepared:
        """The list as it was typed, without the document."""
        data = self.cleaned_data
        return Prepared(
            data["installed_on"], data["deliberated_on"],
            choices={line.seat.pk: line.choice for line in self.lines},
        )  # fmt: skip

    def show_list(
        self, refusal: Refusal, renewal: Renewal | None, stored: dict[int, RenewalLine]
    ) -> None:
        """Show the list as somebody else has saved it beside what was typed; ``renewal``: None if
        it was abandoned or confirmed meanwhile."""
        data = self.cleaned_data
        days = [
            (str(self.fields[name].label), getattr(renewal, name, None), data.get(name))
            for name in ("installed_on", "deliberated_on")
        ]
        changes = [
            Change(label, words_changed(long_date(now), long_date(typed)))
            for label, now, typed in days
        ]
        for line in self.lines:
            now = stored.get(line.seat.pk)
            before = Choice(now.outcome, now.name, now.capacity, now.email) if now else Choice()
            changes.append(
                Change(line.seat.name, words_changed(_label(before), _label(line.choice)))
            )
        self.show_both(refusal, renewal, Changes(changes))


def _label(choice: Choice) -> str:
    """Return what a line says, in words: « part ; vient Élise Moreau, maire, e@example.fr »."""
    becomes = Outcome(choice.outcome).label if choice.outcome else "à dire"
    if choice.name or choice.email:
        comes = ", ".join(filter(None, [choice.name, choice.capacity, choice.email]))
        return f"{becomes} ; vient {comes}"
    return f"{becomes} ; siège vacant" if choice.outcome == Outcome.LEAVES else str(becomes)
