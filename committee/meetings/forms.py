"""The forms of a meeting, of its agenda, of bodies and of what a convention asks of meetings."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from agreements.models import Version
from committee.meetings.models import AgendaItem, Attendee, Body, BodyKind, ItemKind
from committee.words import heading_of
from conventions.models import Organisation
from ctg_portal.forms.fields import DayField, WholeNumberField, WholeTextField, prose
from ctg_portal.forms.revisions import RevisedForm
from ctg_portal.house import OfferedItem
from ctg_portal.text.typography import polish
from documents.forms import DocumentField

HOUR_WRONG = "Cette heure n’existe pas : écrivez par exemple 14:30."


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Set the choices of a field."""
    field: Any = form.fields[name]
    field.choices = choices


class HourField(forms.TimeField):
    """An hour of the day, as the browser's own field gives it, or typed « 14 h 30 »."""

    default_error_messages = {"invalid": HOUR_WRONG}

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TimeInput({"type": "time"}, format="%H:%M"))
        super().__init__(**kwargs)

    def to_python(self, value):
        """Return the time; spaces and « h » are read as a colon."""
        if isinstance(value, str):
            value = "".join(value.lower().split()).replace("h", ":")
            if value.endswith(":"):
                value += "00"
        return super().to_python(value)


class WhenFields(forms.Form):
    """Day, hours and place of a meeting."""

    day = DayField(label="Jour")
    begins_at = HourField(label="De")
    ends_at = HourField(label="À")
    place = WholeTextField(label="Lieu", max_length=300, required=False)
    link = forms.URLField(
        label="Lien de la visioconférence (facultatif)",
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Cette adresse n’est pas celle d’une page : copiez-la entière."},
    )

    def __init__(self, *args, needs_day: bool = False, **kwargs):
        """Ask for a day if the meeting is convened already (``needs_day``)."""
        super().__init__(*args, **kwargs)
        day = self.fields["day"]
        day.required = needs_day
        if not needs_day:
            day.label = "Jour (facultatif)"
            day.help_text = "Il peut être fixé plus tard, avant de convoquer."

    def clean(self):
        """Refuse an end that does not follow the beginning."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", "La réunion finit après qu’elle a commencé.")
        return cleaned

    @property
    def values(self) -> dict:
        """The day (None for none), hours, place and link that were typed."""
        names = ("day", "begins_at", "ends_at", "place", "link")
        return {name: self.cleaned_data[name] for name in names}


class WhenForm(RevisedForm, WhenFields):
    """The form that edits day, hours and place."""


class MeetingForm(WhenFields):
    """A new meeting: of which body, when, where."""

    body = forms.ChoiceField(label="Qui se réunit")

    field_order = ["body"]

    def __init__(self, *args, bodies: Iterable[Body], **kwargs):
        """Offer ``bodies``, and those that every convention has."""
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "begins_at": datetime.time(14),
            "ends_at": datetime.time(16),
        } | kwargs["initial"]
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.pk): body for body in bodies}
        kinds = {body.kind for body in self.bodies.values()}
        standard = [
            (kind.value, kind.label.capitalize())
            for kind in BodyKind.standard()
            if kind not in kinds
        ]
        own = [(key, polish(body.name)) for key, body in self.bodies.items()]
        _choose(self, "body", [*standard, *own])


class CancelForm(forms.Form):
    """Why a meeting is cancelled."""

    reason = prose("Motif", rows=3, help_text="Il est écrit à toutes les personnes convoquées.")


class ItemForm(forms.Form):
    """An item of an agenda."""

    title = WholeTextField(label="Intitulé", max_length=300)
    kind = forms.ChoiceField(
        label="Objet",
        choices=ItemKind.choices,
        widget=forms.RadioSelect,
        initial=ItemKind.INFORMATION,
    )
    minutes = WholeNumberField(
        label="Durée, en minutes", unit="min", min_value=1, max_value=600, initial=15
    )
    presenter = WholeTextField(label="Présenté par (facultatif)", max_length=300, required=False)
    note = prose("Note (facultatif)", required=False, rows=4)
    versions = forms.MultipleChoiceField(
        label="Points à valider (facultatif)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Ce point n’est plus proposé : actualisez la page."},
    )

    def __init__(self, *args, points: Iterable[Version], **kwargs):
        """Offer ``points``; without any, do not ask."""
        super().__init__(*args, **kwargs)
        self.points = {str(version.pk): version for version in points}
        _choose(
            self,
            "versions",
            [
                (key, polish(f"{heading_of(version)} : {version.title}"))
                for key, version in self.points.items()
            ],
        )
        if not self.points:
            del self.fields["versions"]

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    @property
    def values(self) -> dict:
        """The values of an item, ``versions`` being those that were chosen."""
        names = ("title", "kind", "minutes", "presenter", "note")
        values = {name: self.cleaned_data[name] for name in names}
        chosen = self.cleaned_data.get("versions", [])
        return values | {"versions": [self.points[key] for key in chosen]}


class EditItemForm(RevisedForm, ItemForm):
    """The form that edits an item."""


class StandingForm(forms.Form):
    """The standing items to put on an agenda."""

    items = forms.MultipleChoiceField(
        label="À mettre à l’ordre du jour",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un sujet.",
            "invalid_choice": "Ce sujet n’est plus proposé : actualisez la page.",
        },
    )

    def __init__(self, *args, offered: Iterable[OfferedItem], **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = {item.key: item for item in offered}
        _choose(
            self,
            "items",
            [(key, polish(f"{item.title} : {item.note}")) for key, item in self.offered.items()],
        )

    @property
    def chosen(self) -> list[OfferedItem]:
        return [item for key, item in self.offered.items() if key in self.cleaned_data["items"]]


class HoldForm(forms.Form):
    """Which items were not reached; offered where the session was followed item by item."""

    deferred = forms.MultipleChoiceField(
        label="Pas traités, à reporter à la réunion suivante",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, items: Iterable[AgendaItem], **kwargs):
        """Offer the open ``items``; tick them where others were dealt with."""
        rows = list(items)
        self.open_items = {str(item.pk): item for item in rows if item.is_open}
        was_followed = len(self.open_items) < len(rows)
        kwargs["initial"] = {"deferred": list(self.open_items) if was_followed else []}
        super().__init__(*args, **kwargs)
        choices = [(key, polish(item.title)) for key, item in self.open_items.items()]
        _choose(self, "deferred", choices)
        if not choices:
            del self.fields["deferred"]

    @property
    def chosen(self) -> list[AgendaItem]:
        return [self.open_items[key] for key in self.cleaned_data.get("deferred", [])]


class AgendaDocumentForm(forms.Form):
    """A document to read with an item."""

    upload = DocumentField(label="Document")


class PersonForm(forms.Form):
    """Somebody named, or invited: with or without an account on the portal."""

    name = WholeTextField(label="Nom", max_length=300)
    capacity = WholeTextField(label="Qualité (facultatif)", max_length=200, required=False)
    organisation = forms.ModelChoiceField(
        label="Organisme (facultatif)",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Aucun de la liste",
    )
    email = forms.EmailField(
        label="Courriel (facultatif)",
        required=False,
        help_text="Sans adresse, la personne ne reçoit rien du portail.",
    )

    def __init__(self, *args, convention, **kwargs):
        super().__init__(*args, **kwargs)
        organisations = Organisation.objects.filter(convention=convention)
        field: Any = self.fields["organisation"]
        field.queryset = organisations.order_by("name")

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    @property
    def account(self) -> User | None:
        """The account of who reads the organisation's convention under the typed address."""
        email, organisation = self.cleaned_data.get("email"), self.cleaned_data.get("organisation")
        if not email or organisation is None:
            return None
        people = User.objects.filter(memberships__organisation=organisation, is_active=True)
        return people.filter(email=email.lower()).first()


class BodyForm(forms.Form):
    """A new thematic committee."""

    name = WholeTextField(label="Nom", max_length=200, help_text="Par exemple : Comité jeunesse.")

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class RulesForm(RevisedForm):
    """What the convention asks of the meetings of its comité de pilotage; blank: nothing."""

    notice_days = WholeNumberField(
        label="Délai de convocation, en jours", unit="jours", required=False, min_value=0,
        max_value=90,
    )  # fmt: skip
    quorum = WholeNumberField(
        label="Quorum, en membres présents ou représentés", unit="membres", required=False,
        min_value=0, max_value=200,
    )  # fmt: skip

    def __init__(self, *args, parties: Iterable[Organisation], **kwargs):
        """Ask a number for each of ``parties``."""
        super().__init__(*args, **kwargs)
        self.parties = {f"least_{party.pk}": party for party in parties}
        for name, party in self.parties.items():
            self.fields[name] = WholeNumberField(
                label=polish(f"Présence minimale {party.genitive}"), unit="membres",
                required=False, min_value=0, max_value=50,
            )  # fmt: skip

    @property
    def least(self) -> dict[Organisation, int | None]:
        return {party: self.cleaned_data[name] for name, party in self.parties.items()}


class ProxyForm(forms.Form):
    """To whom somebody gives a pouvoir."""

    proxy = forms.ChoiceField(
        label="Qui vous représente",
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": "Cette personne ne peut plus vous représenter : choisissez-en une "
            "autre."
        },
    )

    def __init__(self, *args, proxies: Iterable[Attendee], **kwargs):
        super().__init__(*args, **kwargs)
        self.proxies = {str(attendee.pk): attendee for attendee in proxies}
        _choose(
            self,
            "proxy",
            [
                (key, polish(f"{row.name}, {row.capacity}" if row.capacity else row.name))
                for key, row in self.proxies.items()
            ],
        )

    def clean_proxy(self) -> Attendee:
        return self.proxies[self.cleaned_data["proxy"]]
