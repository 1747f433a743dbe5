"""Two people who change one thing at once do not write over each other, whatever the form.

The row of what is edited counts its writings (``Revised``); its form carries the number that it was
filled from (``RevisedForm``); the event compares both under the lock of the row
(``check_revision``). Who comes second is shown both texts above the form (``Both``), and what is
sent again holds. No list of fields is kept for it: a new field of the row is covered as it is.
"""

import datetime
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.db.models import F

from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import Change, Changes, words_changed

# The revision of a form that carries none.
NO_REVISION = -1
DIGITS = 18


class Revised(models.Model):
    """A row that counts its writings: ``save`` adds one, and the row is locked by then.

    ``revision`` is 0 for a row that does not exist yet. ``is_begun_anew``: rows are deleted and
    others created in their place; a new one starts from a random number, so that the form of the
    former is not taken for its own. Without ``counts_saves`` only ``count_writing`` counts, for a
    form that edits other rows than this one.
    """

    is_begun_anew, counts_saves = False, True

    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        """Save the row and add one to its ``revision``; nothing is added where ``update_fields`` is
        empty, or the row does not count (``counts_saves``)."""
        fields = kwargs.get("update_fields")
        if not self.counts_saves or (fields is not None and not fields):
            super().save(**kwargs)
            return
        if fields is not None:
            kwargs["update_fields"] = {*fields, "revision"}
        self.revision = self.next_revision()
        super().save(**kwargs)

    def count_writing(self) -> None:
        """Count a writing of what belongs to the row, and is not in it."""
        type(self)._base_manager.filter(pk=self.pk).update(revision=F("revision") + 1)
        self.revision += 1

    def next_revision(self) -> int:
        """Return the revision that the next writing gives the row."""
        if self._state.adding and self.is_begun_anew:
            return first_revision()
        return self.revision + 1


def first_revision() -> int:
    """Return a random first revision for a row that takes the place of another."""
    return secrets.randbelow(2**30) + 1


class Rewritten(Refusal):
    """The row is no longer as the form showed it: both texts are to be shown."""


def revision_of(row: Revised | None) -> int:
    """Return the revision that a form filled from ``row`` carries; 0 without a row."""
    return row.revision if row is not None else 0


def check_revision(
    row: Revised | None, revision: int | None, refusal: Refusal | None = None
) -> None:
    """Raise Refused, with Rewritten or ``refusal``, if ``row`` was written since ``revision``.

    The caller has locked the row. None, of an act without a form, is not checked.
    """
    if revision is not None and revision != revision_of(row):
        raise Refused(refusal or rewritten(row))


def rewritten(row: Revised | None) -> Rewritten:
    """Return the refusal that names who wrote ``row`` meanwhile, or says that it is gone."""
    if row is None:
        return Rewritten("Ce qui était là n’y est plus depuis que cette page est ouverte.")
    return Rewritten(
        f"{_last_writer(row) or 'Quelqu’un'} a enregistré autre chose depuis que cette page est "
        "ouverte : comparez les deux."
    )


def _last_writer(row: Any) -> str:
    """Return who last wrote a row, by its history or by itself; empty if neither says."""
    if hasattr(row, "history"):
        last = row.history.order_by("-history_id").select_related("history_user").first()
        return str(last.history_user or "") if last else ""
    return getattr(row, "updated_by_name", "")


@dataclass(frozen=True)
class Meanwhile:
    """The message for somebody who saves second: what happened to the text, more about it, and
    the address where it is read."""

    heading: str
    details: str = ""
    url: str = ""


@dataclass(frozen=True)
class Both:
    """The message about what stands now, and the differences of what was typed from it."""

    meanwhile: Meanwhile
    changes: Changes


class RevisionField(forms.IntegerField):
    """The revision that a form was filled from; ``NO_REVISION`` if it carries none."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def clean(self, value) -> int:
        return parse_revision(value)


def parse_revision(value) -> int:
    """Return the revision that was sent; ``NO_REVISION`` for anything else."""
    text = str(value if value is not None else "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else NO_REVISION


def decode_revision(text: str) -> int:
    """Return the revision that was stored as text; 0 for an empty one."""
    return parse_revision(text) if text else 0


def revision_in(data: Mapping) -> int:
    """Return the revision that a button without a form carries in ``data``."""
    return parse_revision(data.get("revision"))


class RevisedForm(forms.Form):
    """A form that edits a stored row. ``both`` is shown above it, by
    ``components/form_errors.html``, to somebody who saves second."""

    revision = RevisionField()
    both: Both | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if isinstance(row := getattr(self, "instance", None), Revised):
            self.initial.setdefault("revision", row.revision)

    def send_again_with(self, **values) -> None:
        """Let the form, when it is shown again, carry these values instead of what was sent."""
        data: Any = self.data
        self.data = data = data.copy()
        for name, value in values.items():
            data[self.add_prefix(name)] = value

    def show_both(
        self, refusal: Refusal, row: Revised | int | None, changes: Changes | None = None, *,
        url: str = "",
    ) -> None:  # fmt: skip
        """Show what ``row`` contains now beside what was typed; the form, sent again, is taken.

        ``changes`` are given where the fields of the form are not those of the row, which may then
        be its revision alone. ``url`` is the page where the row is read.
        """
        self.add_error(None, refusal.reason)
        self.send_again_with(revision=row if isinstance(row, int) else revision_of(row))
        if changes is None:
            changes = differences(self, {name: getattr(row, name, None) for name in self.fields})
        self.both = Both(Meanwhile(refusal.reason, url=url), changes)


def differences(form: forms.BaseForm, now: Mapping) -> Changes:
    """Return the change of each field from what stands ``now`` to what was typed, unchanged ones
    too; without hidden fields and those that ``now`` lacks."""
    return Changes(
        Change(str(form[name].label), words_changed(_text(field, now[name]), _text(field, typed)))
        for name, field in form.fields.items()
        if name in now and not field.widget.is_hidden
        for typed in [form.cleaned_data.get(name, form[name].value())]
    )


def _text(field: forms.Field, value) -> str:
    """Return the value of a field as text: « oui », a long date, the label of a choice; empty for
    None."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.date):
        return long_date(value)
    if isinstance(value, list | tuple | models.QuerySet):
        return ", ".join(_text(field, item) for item in value)
    if isinstance(value, models.Model):
        return str(value)
    choices = getattr(field, "choices", None)
    return str(_words(choices).get(value, value)) if isinstance(choices, list) else str(value)


def _words(choices: list) -> dict:
    """Return the label of each choice, also within groups, by its value."""
    words: dict = {}
    for value, label in choices:
        words |= dict(label) if isinstance(label, list | tuple) else {value: label}
    return words
