"""Forms in which several rows are typed, without a script: blank ones wait below those that are.

A row that is emptied, or ticked, is none. Rows come back as typed while something is wrong.
"""

from collections.abc import Iterable

from django import forms
from django.utils.functional import cached_property

from ctg_portal.text.typography import polish

MOST = 200
BLANK = 2


class RowForm(forms.Form):
    """One row. Its fields are not required, since a blank row is no row; ``clean`` adds an error
    beside the field that a filled row lacks.

    ``mute`` names the fields that say nothing by themselves: a row where only they differ from a
    new one is blank too.
    """

    use_required_attribute = False
    mute: frozenset[str] = frozenset()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = polish(field.label or "")
            widget = field.widget
            kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
            widget.attrs.setdefault("class", kind)

    def has_changed(self):
        return not self.mute.issuperset(self.changed_data)

    def lacks(self, name: str, reason: str) -> None:
        """Add ``reason`` as the error of an empty field, unless it has an error already."""
        if name not in self.errors and self.cleaned_data.get(name) in (None, ""):
            self.add_error(name, reason)


class _Rows(forms.BaseFormSet):
    """A formset whose rows may all be emptied; ``BLANK`` ones follow those shown first."""

    default_error_messages = {
        "missing_management_form": "Cette page est arrivée incomplète, et rien n’est enregistré : "
        "ouvrez-la de nouveau.",
        "too_many_forms": f"{MOST} lignes au plus : retirez-en, ou réunissez-en.",
    }
    deletion_widget = forms.CheckboxInput(attrs={"class": "form-check-input"})

    def initial_form_count(self):
        # Every row may be emptied, those that were there too.
        return 0

    def total_form_count(self):
        return super().total_form_count() if self.is_bound else len(self.initial or ()) + BLANK

    def add_fields(self, form, index):
        """Add Django's box to remove the row, labelled in French."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer"

    def clean(self):
        if len(self.values) > MOST:
            raise forms.ValidationError(self.error_messages["too_many_forms"])

    @cached_property
    def errors_of_all(self) -> list[str]:
        """Errors about the rows as a whole, to which ``WithRows`` adds."""
        return []

    @property
    def values(self) -> list[dict]:
        """The cleaned data of the rows in their order, without blank and removed ones."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


class WithRows(forms.Form):
    """A form with sets of rows beside its fields: ``rows`` by name, made by ``make_rows``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows: dict[str, _Rows] = {}

    def make_rows(self, name: str, form: type[RowForm], label: str, **form_kwargs) -> None:
        """Add a set of rows, filled from ``initial[name]``, a list of dicts."""
        kind = forms.formset_factory(
            form, formset=_Rows, extra=0, can_delete=True, max_num=MOST, absolute_max=MOST + 50
        )
        rows = kind(
            self.data if self.is_bound else None,
            initial=None if self.is_bound else self.initial.get(name) or [],
            prefix=name,
            form_kwargs=form_kwargs,
        )
        rows.label = polish(label)
        self.rows[name] = rows

    def clean(self):
        """Add the values of each valid set of rows, and an error for each other one."""
        cleaned = super().clean()
        for name, rows in self.rows.items():
            if rows.is_valid():
                cleaned[name] = rows.values
            else:
                errors = [polish(str(error)) for error in rows.non_form_errors()]
                self.add_error(None, errors or [f"{rows.label} : corrigez les lignes signalées."])
                rows.errors_of_all.extend(errors)
        return cleaned

    @property
    def errors_by_row(self) -> list[tuple[str, forms.BoundField, str]]:
        """Errors of the rows that stay, of all sets: the place in French, the field, the error."""
        return [
            (f"{rows.label}, ligne {number} : {field.label}", field, error)
            for rows in self.rows.values()
            for number, form in enumerate(rows.forms, start=1)
            if form.is_bound and not form.cleaned_data.get("DELETE")
            for field in form
            for error in field.errors
        ]

    def add_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """Add each (field or set of rows, reason) as an error there, unless it has one already; as
        one of the whole form where it has no such field."""
        for name, reason in dict.fromkeys(faults):
            if name in self.rows:
                if self.rows[name].is_valid():
                    self.rows[name].errors_of_all.append(polish(reason))
                    self.add_error(None, f"{self.rows[name].label} : {reason}")
            elif name not in self.errors:
                self.add_error(name if name in self.fields else None, reason)
