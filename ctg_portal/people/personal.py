"""Personal data, declared once by the room that stores it.

``Personal`` serves three ends: « Mes données » gives it to the person (accounts/my_data.py), the
end of an account takes the name from it (``forget_names``), and a test sees that no foreign key to
an account is left out. ``KeptName`` says, on the page of personal data, where a name stays.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.db.models import F, Field, Model, QuerySet, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape

FORGOTTEN = "Compte supprimé"
HISTORY_LABELS = {"history_date": "le", "history_type": "acte"}
HISTORY_TYPES = {"+": "création", "~": "modification", "-": "suppression"}


class Person(Protocol):
    """Somebody's account, and the addresses that are theirs."""

    pk: Any

    @property
    def addresses(self) -> set[str]: ...


@dataclass(frozen=True, kw_only=True)
class Personal:
    """Rows of ``model`` about the person that the foreign key ``key`` refers to.

    ``title``: what they are, in French. ``given``: the fields that the person is given, by name or
    path (« organisation__name »); no figure that a secrecy rule may protect, nor what stands
    beside it. ``forgets``: columns that lose the person's name when the account ends; the key
    stays, so that one still sees that one person did several things. ``words``: French names of
    fields whose model is not ours.
    """

    model: type[Model]
    key: str
    title: str
    given: Sequence[str]
    forgets: Sequence[str] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def column(self) -> str:
        return f"{self.model._meta.label}.{self.key}"

    @property
    def labels(self) -> list[str]:
        return [self.words.get(path) or _label(self._fields(path)) for path in self.given]

    def rows_of(self, user: Person) -> list[list]:
        """Return the rows of a person as lists of formatted values of ``given``; in one query."""
        rows = self.model._base_manager.filter(**{self.key: user.pk}).order_by("pk")
        fields = [self._fields(path)[-1] for path in self.given]
        return [
            [_format(field, value) for field, value in zip(fields, row, strict=True)]
            for row in rows.values_list(*self.given)
        ]

    def _fields(self, path: str) -> list[Field]:
        """Return the fields along a path."""
        fields: list[Any] = []
        model: Any = self.model
        for name in path.split("__"):
            fields.append(model._meta.get_field(name))
            model = fields[-1].related_model
        return fields


def _label(fields: list[Field]) -> str:
    """Return the French name of a column; that of an organisation's name is « organisme »."""
    *before, last = fields
    if last.name in HISTORY_LABELS:
        return HISTORY_LABELS[last.name]
    named = before[-1] if before and last.name in ("name", "title") else last
    return str(named.verbose_name)


def _format(field: Field, value) -> str | int:
    """Return a value as a person reads it; a whole number as it is, empty for None."""
    if field.name == "history_type":
        return HISTORY_TYPES[value]
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), r"j F Y à G\hi")
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    if value is None:
        return ""
    return value if isinstance(value, int) else str(dict(field.flatchoices).get(value, value))


def histories() -> list[Personal]:
    """Return the personal data in the tables of simple-history: who changed what."""
    return [
        Personal(
            model=model,
            key="history_user",
            title=f"Modifications que vous avez faites : {model.instance_type._meta.verbose_name}",
            given=["id", *HISTORY_LABELS],
            words={"id": "numéro"},
        )
        for model in apps.get_models()
        if hasattr(model, "instance_type") and hasattr(model, "history_user")
    ]


def acts(log: type, title: str, *subjects: str, is_sealed: bool = False) -> Personal:
    """Return the personal data in a log of transitions; ``subjects``: paths to what was changed.

    The name is forgotten with the account, unless it is sealed with what was agreed to.
    """
    return Personal(
        model=log, key="by", title=title,
        given=[*subjects, "verb", "by_name", "capacity", "reason", "created_at"],
        forgets=[] if is_sealed else ["by_name"],
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class KeptName:
    """Columns where a name stays after the account (« agreements.Agreement.person_name »), with
    what they are, for how long and on which legal ground, in French."""

    columns: Sequence[str]
    what: str
    duration: str
    ground: str


def forget_names(user: Person, declared: Sequence[Personal]) -> None:
    """Replace the name of ``user`` in all columns that personal data ``forgets``."""
    for personal in declared:
        for column in personal.forgets:
            rows = personal.model._base_manager.filter(**{personal.key: user})
            rows.exclude(**{column: ""}).update(**{column: FORGOTTEN})


def forget_in_texts(rows: QuerySet, columns: Sequence[str], user: Person) -> None:
    """Replace the name of ``user`` and their addresses where texts of ``columns`` contain them."""
    names = {str(user)} - user.addresses  # one without a name is called by the address
    for column in columns:
        for name in names | {*map(escape, names)}:
            matching = rows.filter(**{f"{column}__contains": name})
            matching.update(**{column: Replace(F(column), Value(name), Value(FORGOTTEN))})
        for address in {word for known in user.addresses for word in (known, escape(known))}:
            # A whole address: one that only begins or ends another stays.
            whole = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
            candidates = rows.filter(**{f"{column}__icontains": address})
            for key, text in candidates.values_list("pk", column):
                rows.filter(pk=key).update(**{column: whole.sub(FORGOTTEN, text)})
