"""The form that merges a draft: each conflict is resolved by one of the two versions, or by a third
text."""

from typing import NamedTuple

from django import forms
from django.db.models import Model

from agreements.commitments import fields as kinds
from committee.drafts.reading import Conflict, DraftReading
from committee.forms import Tokens
from ctg_portal.forms.fields import prose
from ctg_portal.forms.revisions import RevisionField

THEIRS, MINE, OTHER = "theirs", "mine", "other"


def input_for(field: kinds.Field, model: type[Model]) -> forms.Field | None:
    """Return the form field for another wording of a field; None for what has no other wording:
    children, links, a yes or no."""
    if isinstance(field, kinds.Choice):
        return _choice_field(field)
    formfield = None if isinstance(field, kinds.Flag) else field.formfield(model)
    if formfield:
        formfield.label, formfield.help_text, formfield.required = "Autre rédaction", "", False
    return formfield


def _choice_field(field: kinds.Choice) -> forms.Field:
    """Return an optional select of the field's labels, whose value is the key in its own type."""
    keys = {str(key): key for key in field.labels}
    return forms.TypedChoiceField(
        label="Autre choix",
        required=False,
        choices=[("", "Choisir…"), *field.labels.items()],
        coerce=lambda value: keys[str(value)],
    )


class AfterTermForm(Tokens):
    """The reason why something is proposed after the term."""

    reason = prose(
        "Pourquoi le proposer maintenant",
        help_text="Les parties le liront, et le registre comme les documents le diront.",
    )


class ConflictRow(NamedTuple):
    """A conflict with the fields that resolve it. ``other`` is None if none can be written."""

    conflict: Conflict
    choice: forms.BoundField
    other: forms.BoundField | None


class MergeForm(Tokens):
    """A choice for each conflict of a draft: theirs, mine, or another wording. ``drafted`` is the
    revision of a colleague's draft that is merged."""

    drafted = RevisionField()

    def __init__(self, *args, reading: DraftReading, **kwargs):
        super().__init__(*args, **kwargs)
        self.reading = reading
        self.initial |= reading.merging_tokens()
        self.rows = [self._add(conflict) for conflict in reading.conflicts]

    def _add(self, conflict: Conflict) -> ConflictRow:
        """Add the fields of a conflict and return them as the page shows them."""
        name, labels = conflict.name, self.reading.side_labels
        choices = [(THEIRS, labels[0]), (MINE, labels[1])]
        other = input_for(conflict.field, self.reading.commitment.model)
        if other:
            choices.append((OTHER, "Écrire autrement"))
            other.initial = conflict.field.parse(self.reading.merge.content[name])
            self.fields[_other(name)] = other
        self.fields[_choice(name)] = forms.ChoiceField(
            label=f"Que garder pour «\u00a0{conflict.label}\u00a0»\u202f?",
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Choisissez ce qui est gardé."},
        )
        asked = self[_other(name)] if other else None
        return ConflictRow(conflict, self[_choice(name)], asked)

    def clean(self):
        """Refuse another text left empty, and one typed but not chosen."""
        cleaned = super().clean()
        for conflict in self.reading.conflicts:
            name, chosen = _other(conflict.name), cleaned.get(_choice(conflict.name))
            if chosen == OTHER and name in cleaned and cleaned[name] in (None, ""):
                self.add_error(name, "Écrivez ce que vous voulez garder.")
            elif chosen in (THEIRS, MINE) and self._is_rewritten(name):
                self.add_error(name, "Vous avez écrit un autre texte : choisissez « Écrire "
                               "autrement » pour le garder, ou effacez-le.")  # fmt: skip
        return cleaned

    def _is_rewritten(self, name: str) -> bool:
        """Return whether something was typed that another choice would lose."""
        typed = self.data.get(self.add_prefix(name))
        field = self.fields.get(name)
        return bool(field and typed and field.has_changed(field.initial, typed))

    @property
    def content(self) -> dict:
        """The merged content, with what was chosen for each conflict."""
        return self.reading.merge.content | {
            conflict.name: self._chosen(conflict) for conflict in self.reading.conflicts
        }

    def _chosen(self, conflict: Conflict):
        """Return the value chosen for a conflict: theirs, one's own, or another."""
        chosen = self.cleaned_data[_choice(conflict.name)]
        if chosen == OTHER:
            return self.cleaned_data[_other(conflict.name)]
        side = self.reading.current if chosen == THEIRS else self.reading.draft
        return side.content[conflict.name]


def _choice(name: str) -> str:
    return f"choice_{name}"


def _other(name: str) -> str:
    return f"other_{name}"
