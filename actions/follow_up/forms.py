"""The forms of the follow-up, one for each part; ``seen`` tells which state of it was shown."""

from django import forms
from django.utils import timezone

from actions.follow_up.parts import Part
from actions.models import Action, ActionState
from actions.plan.faults import TITLE
from actions.plan.form_choices import Actions
from actions.plan.form_rows import MilestoneRow
from conventions.models import Standing
from ctg_portal.form_fields import DayField, WholeTextField, prose
from ctg_portal.form_rows import WithRows
from ctg_portal.form_sections import set_words
from ctg_portal.templatetags.french import long_date
from documents.forms import DocumentField

TEXT = 20_000
MORE = "encore"
MARKDOWN = (
    "Une ligne vide sépare deux paragraphes. Une ligne qui commence par un tiret est un point "
    "d’une liste."
)


class PartForm(WithRows):
    """A form of one part of an action's follow-up."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, action: Action, part: Part, **kwargs):
        super().__init__(*args, **kwargs)
        self.action, self.part = action, part
        self.prepare()
        for field in self.fields.values():
            set_words(field)

    def prepare(self) -> None:
        """Choose what may be chosen, add rows."""

    @classmethod
    def initial_of(cls, action: Action, part: Part) -> dict:
        """What the form is filled with: what there is."""
        return part.read(action)

    @property
    def is_staying(self) -> bool:
        """Whether the button says to come back to this part, for more rows."""
        return self.data.get("action") == MORE

    @property
    def content(self) -> dict:
        """What the part would say, canonical."""
        return self.part.plain(self.cleaned_data)

    def send_again_with(self, seen: str) -> None:
        """Have the form, shown again, tell what is known by now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = seen


class StateForm(PartForm):
    state = forms.ChoiceField(
        label="État", widget=forms.RadioSelect,
        choices=[(state.value, state.label.capitalize()) for state in ActionState],
    )  # fmt: skip
    state_on = DayField(label="Depuis le")
    state_reason = prose("Motif", required=False, rows=3, help_text="Demandé si l’action est en "
                         "pause, bloquée ou abandonnée.")  # fmt: skip
    stated_progress = forms.IntegerField(
        label="Avancement estimé, en %", required=False, min_value=0, max_value=100,
        error_messages={
            # Django fills these in: a percent sign is written twice.
            "min_value": "Un avancement va de 0 à 100 %%.",
            "max_value": "Un avancement va de 0 à 100 %%.",
        },
        help_text="Laissez vide pour qu’il se lise dans les jalons.",
    )  # fmt: skip
    stated_on = DayField(label="Estimé le", required=False)

    @classmethod
    def initial_of(cls, action, part):
        told = {one.name: getattr(action, one.name) for one in part.fields}
        return told | {"state_on": action.state_on or timezone.localdate()}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("stated_progress") is None and "stated_progress" not in self.errors:
            cleaned["stated_on"] = None
        elif not cleaned.get("stated_on") and "stated_on" not in self.errors:
            cleaned["stated_on"] = cleaned.get("state_on")
        return cleaned


class MilestonesForm(PartForm):
    @classmethod
    def initial_of(cls, action, part):
        names = ("id", "title", "due_on", "done_on", "weight")
        return {"milestones": list(action.milestones.values(*names))}

    def prepare(self):
        self.make_rows("milestones", MilestoneRow, "Jalons")

    @property
    def period(self) -> str:
        """« du 1er janvier 2021 au 31 décembre 2023 »; empty where none is agreed."""
        action = self.action
        if not action.starts_on:
            return ""
        if not action.ends_on:
            return f"à partir du {long_date(action.starts_on)}"
        return f"du {long_date(action.starts_on)} au {long_date(action.ends_on)}"


class LinksForm(PartForm):
    @classmethod
    def initial_of(cls, action, part):
        return {"related": [link["id"] for link in part.read(action)["related"]]}

    related = Actions(label="Actions liées", queryset=Action.objects.none(), required=False)

    def prepare(self):
        rows = Action.objects.of(self.action.convention).exclude(pk=self.action.pk)
        kept = rows.exclude(standing__in=[Standing.DRAFT, Standing.WITHDRAWN])
        linked = rows.filter(pk__in=self.action.related.values("pk"))
        self.fields["related"].queryset = found = (kept | linked).in_reading_order()
        if not found:
            self.fields["related"].help_text = "Le plan n’a pas encore d’autre action."


class NoteForm(PartForm):
    text = WholeTextField(
        label="Ce qui a été fait", required=False, max_length=TEXT,
        widget=forms.Textarea({"rows": 8}), help_text=MARKDOWN,
    )  # fmt: skip
    brakes = prose("Freins (facultatif)", required=False, rows=3)
    levers = prose("Leviers (facultatif)", required=False, rows=3)
    prospects = prose("Perspectives (facultatif)", required=False, rows=3)


class DocumentForm(forms.Form):
    """A document for the sheet."""

    title = WholeTextField(
        label="Ce que c’est", max_length=TITLE,
        help_text="Par exemple : convention de partenariat signée.",
    )  # fmt: skip
    document = DocumentField(label="Document")
