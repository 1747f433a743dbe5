"""The forms of the follow-up, one for each part; the hidden field ``shown`` has the fingerprint of
what a form was filled from."""

import json
import re

from django import forms
from django.forms import BoundField
from django.utils import timezone

from actions.follow_up.parts import (
    FollowUpPart,
    LinksPart,
    MilestonesPart,
    NotePart,
    SpendingPart,
    StatePart,
)
from actions.plan.faults import TITLE
from actions.plan.line_fields import EurosField, LineRow, label_organisations, text_field
from actions.plan.merging import changed_fields
from actions.plan.models import HEAVIEST, Action, ActionState, Funding
from conventions.form_choices import Several
from conventions.models import Standing
from ctg_portal.forms.fields import DayField, WholeNumberField, WholeTextField, prose
from ctg_portal.forms.revisions import RevisedForm
from ctg_portal.forms.rows import RowForm, WithRows
from ctg_portal.forms.sections import set_words
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.typography import polish
from documents.forms import DocumentField

TEXT = 20_000
MORE = "encore"
MARKDOWN = (
    "Une ligne vide sépare deux paragraphes. Une ligne qui commence par un tiret est un point "
    "d’une liste."
)


class PartForm(RevisedForm, WithRows):
    """A form of one part of an action's follow-up."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, action: Action, part: FollowUpPart, **kwargs):
        super().__init__(*args, **kwargs)
        self.action, self.part = action, part
        self.prepare()
        for field in self.fields.values():
            set_words(field)

    def prepare(self) -> None:
        """Set choices and add rows; called once by the constructor."""

    @classmethod
    def initial_of(cls, action: Action, part: FollowUpPart) -> dict:
        """Return the initial values of the form: those stored."""
        return part.read(action)

    @property
    def is_staying(self) -> bool:
        """Whether the button says to come back to this part, for more rows."""
        return self.data.get("action") == MORE

    @property
    def content(self) -> dict:
        """The canonical content of the part as typed."""
        return self.part.plain(self.cleaned_data)

    def changed_fields(self, cleaned: dict) -> set[str]:
        """Return the names of the fields that differ from what the page showed."""
        return changed_fields(self.data.get(self.add_prefix("shown"), ""), self.part.plain(cleaned))

    def resend_days(self) -> None:
        """Set in the data the days that ``clean`` has filled in, before the form is shown again:
        shown as they were sent, they would stand beside the state of somebody else."""


class StateForm(PartForm):
    state = forms.ChoiceField(
        label="État", widget=forms.RadioSelect,
        choices=[(state.value, state.label.capitalize()) for state in ActionState],
    )  # fmt: skip
    state_on = DayField(label="Depuis le", help_text="Si vous changez l’état sans changer ce jour, "
                        "le nouvel état vaut à partir d’aujourd’hui.")  # fmt: skip
    state_reason = prose("Motif", required=False, rows=3, help_text="Demandé si l’action est en "
                         "pause, bloquée ou abandonnée.")  # fmt: skip
    stated_progress = WholeNumberField(
        unit="%", label="Avancement estimé, en %", required=False, min_value=0, max_value=100,
        error_messages={
            # Django fills these in: a percent sign is written twice.
            "min_value": "Un avancement va de 0 à 100 %%.",
            "max_value": "Un avancement va de 0 à 100 %%.",
        },
        help_text="Laissez vide pour qu’il se lise dans les jalons.",
    )  # fmt: skip
    stated_on = DayField(
        label="Estimé le", required=False, help_text="Si vous changez l’avancement sans changer ce "
        "jour, il est estimé aujourd’hui.",
    )  # fmt: skip

    @classmethod
    def initial_of(cls, action, part):
        return part.values(action) | {"state_on": action.state_on or timezone.localdate()}

    def clean(self):
        """Fill in the days that follow from what was changed in the form."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        return self.part.with_implied_days(
            cleaned, self.changed_fields(cleaned), timezone.localdate()
        )

    def resend_days(self):
        """Set « Depuis le » and « Estimé le » in the data as ``clean`` has filled them in; empty
        for None."""
        self.data = self.data.copy()
        for name in ("state_on", "stated_on"):
            day = self.cleaned_data[name]
            self.data[self.add_prefix(name)] = day.isoformat() if day else ""


class MilestoneRow(RowForm):
    """A milestone: when it is due, when it was reached, how much it weighs."""

    mute = frozenset({"id", "weight"})
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = text_field("Jalon", TITLE)
    due_on = DayField(label="Échéance", required=False)
    done_on = DayField(label="Atteint le", required=False)
    weight = WholeNumberField(
        label="Poids", required=False, min_value=1, max_value=HEAVIEST, initial=1
    )

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        """Ask for a title and a day; a weight left empty is 1."""
        cleaned = super().clean()
        self.lacks("title", "Dites ce qui est à atteindre.")
        self.lacks("due_on", "Donnez une échéance.")
        cleaned["weight"] = cleaned.get("weight") or 1
        return cleaned


class MilestonesForm(PartForm):
    @classmethod
    def initial_of(cls, action, part):
        """Return the stored milestones as rows of values, each with its key."""
        names = ("id", "title", "due_on", "done_on", "weight")
        return {"milestones": list(action.milestones.values(*names))}

    def prepare(self):
        self.make_rows("milestones", MilestoneRow, "Jalons")

    @property
    def period(self) -> str:
        """The agreed period: « du 1er janvier 2021 au 31 décembre 2023 »; empty without a start."""
        action = self.action
        if not action.starts_on:
            return ""
        if not action.ends_on:
            return f"à partir du {long_date(action.starts_on)}"
        return f"du {long_date(action.starts_on)} au {long_date(action.ends_on)}"


class SpentRow(LineRow):
    """A funding line that nobody had planned, with what was granted and spent of it."""

    granted = EurosField(label="Accordé (€)")
    spent = EurosField(label="Dépensé (€)")

    def clean(self):
        """Ask for at least one amount: granted or spent."""
        cleaned = super().clean()
        if cleaned.get("spent") is None and "spent" not in self.errors:
            self.lacks("granted", "Donnez ce qui est accordé ou dépensé.")
        return cleaned


AMOUNTS = [("granted", "accordé"), ("spent", "dépensé")]
# The fields of a row that identify a line of funding within its action.
KEY = ("funder", "funder_name", "year", "nature", "scheme")
TYPED = re.compile(r"line_(\d{1,18})")
ROWS = "fundings"


class SpendingForm(PartForm):
    """Each planned line has two fields of its own; lines that nobody planned are rows.

    A planned line also sends what identifies it (``line_<pk>``): when the plan drops it while the
    page is open, what was typed of it comes back as a row below, and nothing is lost.
    """

    @classmethod
    def initial_of(cls, action, part):
        return {}  # each line fills its own fields

    def prepare(self):
        """Add two fields for each planned line, and a row for each other one."""
        lines = list(self.action.fundings.select_related("funder"))
        self.planned = [line for line in lines if line.planned is not None]
        for line in self.planned:
            for name, label in AMOUNTS:
                field = EurosField(label=f"{line.who}, {line.year} : {label}")
                field.initial = getattr(line, name)
                field.widget.attrs["class"] = "form-control"
                self.fields[f"{name}_{line.pk}"] = field
        others = [line for line in lines if line.planned is None]
        self.initial = dict(self.initial) | {ROWS: [_row(line) for line in others]}
        if self.is_bound:
            self._add_rows_for_dropped_lines(lines)
        organisations = label_organisations(self.action.convention)
        self.make_rows(ROWS, SpentRow, "Lignes non prévues", organisations=organisations)

    def _add_rows_for_dropped_lines(self, lines: list[Funding]) -> None:
        """Add to the data a row for each line with typed amounts that was planned when the page was
        opened and is not any more, unless such a row exists."""
        planned_keys = {str(line.pk) for line in self.planned}
        unplanned_keys = [encode_line(line) for line in lines if line.planned is None]
        total_name = f"{ROWS}-TOTAL_FORMS"
        for name in list(self.data):
            match = TYPED.fullmatch(name)
            if not match or match[1] in planned_keys:
                continue
            sent_key, pk = self.data[name], match[1]
            amounts = {field: self.data.get(f"{field}_{pk}", "") for field, _ in AMOUNTS}
            number = self.data.get(total_name, "")
            if sent_key in unplanned_keys or not any(amounts.values()):
                continue
            if number.isdecimal() and len(number) <= 4:
                self.data = self.data.copy()
                self.data[total_name] = str(int(number) + 1)
                for field, value in (decode_line(sent_key) | amounts).items():
                    self.data[f"{ROWS}-{number}-{field}"] = value

    @property
    def planned_rows(self) -> list[tuple[Funding, str, BoundField, BoundField]]:
        """The planned lines, each with the text that identifies it and its two fields."""
        return [
            (line, encode_line(line), self[f"granted_{line.pk}"], self[f"spent_{line.pk}"])
            for line in self.planned
        ]

    @property
    def content(self):
        """The canonical content as typed: the planned lines, then the rows of other lines."""
        rows = [
            _row(line) | {name: self.cleaned_data.get(f"{name}_{line.pk}") for name, _ in AMOUNTS}
            for line in self.planned
        ]
        return self.part.plain({ROWS: [*rows, *self.cleaned_data.get(ROWS, [])]})


def encode_line(line: Funding) -> str:
    """Return the text that identifies a line, for the page to send back (``decode_line``)."""
    values = [line.funder_id, line.funder_name, line.year, line.nature, line.scheme]
    return json.dumps(values, ensure_ascii=False)


def decode_line(text: str) -> dict[str, str]:
    """Return the values of a row for a text of ``encode_line``; none for any other text."""
    try:
        values = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(values, list) or len(values) != len(KEY):
        return {}
    return {
        name: "" if value is None else str(value) for name, value in zip(KEY, values, strict=True)
    }


def _row(line: Funding) -> dict:
    return {name: getattr(line, name) for name in (*KEY, "granted", "spent")}


class Actions(Several):
    """A choice of several actions, by number and title."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, action) -> str:
        return polish(str(action))


class LinksForm(PartForm):
    @classmethod
    def initial_of(cls, action, part):
        return {"related": [link["id"] for link in part.read(action)["related"]]}

    related = Actions(label="Actions liées", queryset=Action.objects.none(), required=False)

    def prepare(self):
        """Offer the other actions proposed or in force, and those linked already."""
        rows = Action.objects.of(self.action.convention).exclude(pk=self.action.pk)
        shown = rows.exclude(standing__in=[Standing.DRAFT, Standing.WITHDRAWN])
        linked = rows.filter(pk__in=self.action.related.values("pk"))
        self.fields["related"].queryset = choices = (shown | linked).in_reading_order()
        if not choices:
            self.fields["related"].help_text = "Le plan n’a pas encore d’autre action."


class NoteForm(PartForm):
    text = WholeTextField(
        label="Ce qui a été fait", required=False, max_length=TEXT,
        widget=forms.Textarea({"rows": 8}), help_text=MARKDOWN,
    )  # fmt: skip
    brakes = prose("Freins (facultatif)", required=False, rows=3)
    levers = prose("Leviers (facultatif)", required=False, rows=3)
    prospects = prose("Perspectives (facultatif)", required=False, rows=3)


FORMS: dict[type[FollowUpPart], type[PartForm]] = {
    StatePart: StateForm,
    MilestonesPart: MilestonesForm,
    SpendingPart: SpendingForm,
    LinksPart: LinksForm,
    NotePart: NoteForm,
}


class DocumentForm(forms.Form):
    """A document for the sheet."""

    title = WholeTextField(
        label="Ce que c’est", max_length=TITLE,
        help_text="Par exemple : convention de partenariat signée.",
    )  # fmt: skip
    document = DocumentField(label="Document")
