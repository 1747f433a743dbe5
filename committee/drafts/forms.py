"""The form on which somebody chooses between two versions of a field, or writes a third."""

from typing import NamedTuple

from django import forms
from django.db.models import Model

from agreements.commitments import fields as kinds
from committee.drafts.reading import Conflict, DraftReading
from committee.forms import Tokens
from ctg_portal.form_fields import prose
from ctg_portal.revisions import RevisionField

THEIRS, MINE, OTHER = "theirs", "mine", "other"


def input_for(field: kinds.Field, model: type[Model]) -> forms.Field | None:
    """What the commitment of ``model`` asks the field with, for another wording of it.

    None for what is not rewritten in one: children, links, what is only yes or no.
    """
    if isinstance(field, kinds.Choice):
        return _choice_field(field)
    asked = None if isinstance(field, kinds.Flag) else field.formfield(model)
    if asked:
        asked.label, asked.help_text, asked.required = "Autre rédaction", "", False
    return asked


def _choice_field(field: kinds.Choice) -> forms.Field:
    keys = {str(key): key for key in field.labels}
    return forms.TypedChoiceField(
        label="Autre choix",
        required=False,
        choices=[("", "Choisir…"), *field.labels.items()],
        coerce=lambda value: keys[str(value)],
    )


class AfterTermForm(Tokens):
    """Why something is proposed after the term."""

    reason = prose(
        "Pourquoi le proposer maintenant",
        help_text="Les parties le liront, et le registre comme les documents le diront.",
    )


class ConflictRow(NamedTuple):
    """A conflict, and the fields of its answer; ``other`` where it may be worded otherwise."""

    conflict: Conflict
    choice: forms.BoundField
    other: forms.BoundField | None


class MergeForm(Tokens):
    """For each conflict of a draft: theirs, mine, or another wording. ``drafted``: which state of a
    colleague's draft is brought together with what stands."""

    drafted = RevisionField()

    def __init__(self, *args, reading: DraftReading, **kwargs):
        super().__init__(*args, **kwargs)
        self.reading = reading
        self.initial |= reading.merging_tokens()
        self.rows = [self._add(conflict) for conflict in reading.conflicts]

    def _add(self, conflict: Conflict) -> ConflictRow:
        """Add the fields of a conflict; returns it with them, as the page shows them."""
        name, labels = conflict.name, self.reading.sides
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
        """Whether something was typed that another choice would lose."""
        typed = self.data.get(self.add_prefix(name))
        field = self.fields.get(name)
        return bool(field and typed and field.has_changed(field.initial, typed))

    @property
    def content(self) -> dict:
        """What goes together, with what was chosen for the rest."""
        return self.reading.merge.content | {
            conflict.name: self._chosen(conflict) for conflict in self.reading.conflicts
        }

    def _chosen(self, conflict: Conflict):
        chosen = self.cleaned_data[_choice(conflict.name)]
        if chosen == OTHER:
            return self.cleaned_data[_other(conflict.name)]
        side = self.reading.current if chosen == THEIRS else self.reading.draft
        return side.content[conflict.name]


def _choice(name: str) -> str:
    return f"choice_{name}"


def _other(name: str) -> str:
    return f"other_{name}"
