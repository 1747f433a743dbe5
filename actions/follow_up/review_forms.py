"""The forms of a row of « Suivi de l’année »: the state of an action, and its note of the year."""

from django import forms

from actions.follow_up.forms import NoteForm, PartForm, StateForm
from actions.plan.models import ActionState
from ctg_portal.forms.fields import DayField, prose

KEEP, TAKE = "garder", "prendre"


class RowForm(PartForm):
    """A form of a part among those of many other actions: a row that nobody touched is not saved,
    and who comes second chooses between both texts before anything is written.

    ``now``: the fingerprint of what somebody else has saved meanwhile; empty while nobody has.
    """

    now = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""  # the row is short: its page says it once
            if not field.widget.is_hidden:
                is_select = isinstance(field.widget, forms.Select)
                field.widget.attrs["class"] = "form-select" if is_select else "form-control"
        if self.decision.startswith(f"{KEEP}:"):
            super().send_again_with(shown=self.decision.partition(":")[2])

    @property
    def decision_name(self) -> str:
        return self.add_prefix("decision")

    @property
    def decision(self) -> str:
        """The choice between two texts that the person made; empty where none was asked for."""
        return self.data.get(self.decision_name, "")

    @property
    def takes_other(self) -> bool:
        return self.decision == TAKE

    @property
    def is_touched(self) -> bool:
        """Whether a valid form differs from what the page showed, or decides."""
        return bool(self.decision or self.changed_fields(self.cleaned_data))

    def send_again_with(self, **values) -> None:
        """Keep the fingerprint of the other text without sending it back: to overwrite is chosen,
        never done by sending the row once more."""
        self.now = values["shown"]


class StateRow(RowForm, StateForm):
    """The state in a row; the day of an estimate is not asked for."""

    state = forms.ChoiceField(
        label="État", choices=[(state.value, state.label.capitalize()) for state in ActionState]
    )
    state_on = DayField(label="Depuis le", required=False)
    state_reason = prose("Motif", required=False, rows=2)
    stated_on = forms.DateField(required=False, widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, action, part):
        return part.values(action)


class NoteRow(RowForm, NoteForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = self.part.title
        for name, rows in (("text", 3), ("brakes", 2), ("levers", 2), ("prospects", 2)):
            self.fields[name].widget.attrs["rows"] = rows
