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

from ctg_portal.differences import Change, Changes, words_changed
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import long_date

# What a form carries that does not say from which writing it was filled: it is none.
UNTOLD = -1
DIGITS = 18


class Revised(models.Model):
    """A row that counts its writings: ``save`` adds one, and the row is locked by then.

    ``revision`` is 0 of a row that is not there yet. ``is_begun_anew``: rows are thrown away, and
    others begun in their place; a new one starts from a number by chance, so that the form of the
    former does not pass for its own. Without ``counts_saves`` only ``count_writing`` counts: what a
    form edits is beside the row, which changes for other reasons.
    """

    is_begun_anew, counts_saves = False, True

    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
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
        """The number of the writing that comes next."""
        if self._state.adding and self.is_begun_anew:
            return by_chance()
        return self.revision + 1


def by_chance() -> int:
    """Where the revisions of a row begin that takes the place of another."""
    return secrets.randbelow(2**30) + 1


class Rewritten(Refusal):
    """The row is no longer as the form showed it: both texts are to be shown."""


def revision_of(row: Revised | None) -> int:
    """The number that a form carries which is filled from ``row``; 0 without one."""
    return row.revision if row is not None else 0


def check_revision(
    row: Revised | None, revision: int | None, refusal: Refusal | None = None
) -> None:
    """Raise Refused, with Rewritten or with ``refusal``, where ``row``, which the caller has
    locked, was written since ``revision``; None is no matter, for who acts without a form."""
    if revision is not None and revision != revision_of(row):
        raise Refused(refusal or rewritten(row))


def rewritten(row: Revised | None) -> Rewritten:
    """Who wrote it meanwhile, for whom comes second."""
    if row is None:
        return Rewritten("Ce qui était là n’y est plus depuis que cette page est ouverte.")
    return Rewritten(
        f"{_last_writer(row) or 'Quelqu’un'} a enregistré autre chose depuis que cette page est "
        "ouverte : comparez les deux."
    )


def _last_writer(row: Any) -> str:
    """By the row itself or by its history; empty where neither tells."""
    if hasattr(row, "history"):
        last = row.history.order_by("-history_id").select_related("history_user").first()
        return str(last.history_user or "") if last else ""
    return getattr(row, "updated_by_name", "")


@dataclass(frozen=True)
class Meanwhile:
    """Where somebody comes second: what has become of the text, more of it, where it is read."""

    heading: str
    told: str = ""
    url: str = ""


@dataclass(frozen=True)
class Both:
    """What there is by now, and how what has just been typed differs from it."""

    meanwhile: Meanwhile
    changes: Changes


class RevisionField(forms.IntegerField):
    """The revision that a form was filled from; ``UNTOLD`` where it says none."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def clean(self, value) -> int:
        return revision_told(value)


def revision_told(value) -> int:
    """The revision that was sent; ``UNTOLD`` for what is none."""
    text = str(value if value is not None else "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else UNTOLD


def revision_kept(text: str) -> int:
    """The revision that was kept as a text; empty is that of nothing."""
    return revision_told(text) if text else 0


def revision_in(data: Mapping) -> int:
    """The revision that a button alone carries."""
    return revision_told(data.get("revision"))


class RevisedForm(forms.Form):
    """A form that edits what stands. ``both``: what ``components/form_errors.html`` shows above it
    to who comes second."""

    revision = RevisionField()
    both: Both | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if isinstance(row := getattr(self, "instance", None), Revised):
            self.initial.setdefault("revision", row.revision)

    def send_again_with(self, **values) -> None:
        """Have the form, shown again, carry what is known by now."""
        data: Any = self.data
        self.data = data = data.copy()
        for name, value in values.items():
            data[self.add_prefix(name)] = value

    def show_both(
        self, refusal: Refusal, row: Revised | int | None, changes: Changes | None = None, *,
        url: str = "",
    ) -> None:  # fmt: skip
        """Show what ``row`` says by now beside what was typed: sent again, the form holds.
        ``changes``: where the fields of the form are not those of the row, of which it may be the
        revision alone. ``url``: where it is
        read."""
        self.add_error(None, refusal.reason)
        self.send_again_with(revision=row if isinstance(row, int) else revision_of(row))
        if changes is None:
            changes = differences(self, {name: getattr(row, name, None) for name in self.fields})
        self.both = Both(Meanwhile(refusal.reason, url=url), changes)


def differences(form: forms.BaseForm, now: Mapping) -> Changes:
    """From what there is ``now``, by the names of fields, to what a form says: what is seen."""
    return Changes(
        Change(str(form[name].label), words_changed(_text(field, now[name]), _text(field, typed)))
        for name, field in form.fields.items()
        if name in now and not field.widget.is_hidden
        for typed in [form.cleaned_data.get(name, form[name].value())]
    )


def _text(field: forms.Field, value) -> str:
    """What a field says, in words."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.date):
        return long_date(value)
    if isinstance(value, list | tuple | models.QuerySet):
        return ", ".join(_text(field, one) for one in value)
    if isinstance(value, models.Model):
        return str(value)
    choices = getattr(field, "choices", None)
    return str(_words(choices).get(value, value)) if isinstance(choices, list) else str(value)


def _words(choices: list) -> dict:
    """The label of each choice, those within groups too."""
    words: dict = {}
    for value, label in choices:
        words |= dict(label) if isinstance(label, list | tuple) else {value: label}
    return words
