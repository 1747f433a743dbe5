"""What is kept of a person, told once by the room that keeps it.

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
OF_HISTORY = {"history_date": "le", "history_type": "acte"}
WHAT_HAPPENED = {"+": "création", "~": "modification", "-": "suppression"}


class Person(Protocol):
    """Somebody's account, and the addresses that are theirs."""

    pk: Any

    @property
    def addresses(self) -> set[str]: ...


@dataclass(frozen=True, kw_only=True)
class Personal:
    """Rows of ``model`` that say something of the person in ``key``.

    ``title``: what they are, in French. ``told``: the fields that the person is given, by name, or
    by a path (« organisation__name »); no figure that a secrecy rule may protect, nor what stands
    beside it. ``forgets``: columns that lose the person's name when the account ends; the key
    stays, so that one still sees that one person did several things. ``words``: what a field is
    called whose model is not ours.
    """

    model: type[Model]
    key: str
    title: str
    told: Sequence[str]
    forgets: Sequence[str] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def column(self) -> str:
        return f"{self.model._meta.label}.{self.key}"

    @property
    def labels(self) -> list[str]:
        return [self.words.get(path) or _label(self._fields(path)) for path in self.told]

    def rows_of(self, user: Person) -> list[list]:
        """The rows, each with the values of ``told`` as one reads them; in one query."""
        rows = self.model._base_manager.filter(**{self.key: user.pk}).order_by("pk")
        fields = [self._fields(path)[-1] for path in self.told]
        return [
            [_readable(one, value) for one, value in zip(fields, row, strict=True)]
            for row in rows.values_list(*self.told)
        ]

    def _fields(self, path: str) -> list[Field]:
        """The fields along a path, the last one being what is told."""
        found: list[Any] = []
        model: Any = self.model
        for name in path.split("__"):
            found.append(model._meta.get_field(name))
            model = found[-1].related_model
        return found


def _label(fields: list[Field]) -> str:
    """What a column is called: the name of an organisation is told as « organisme »."""
    *before, last = fields
    if last.name in OF_HISTORY:
        return OF_HISTORY[last.name]
    told = before[-1] if before and last.name in ("name", "title") else last
    return str(told.verbose_name)


def _readable(field: Field, value) -> str | int:
    if field.name == "history_type":
        return WHAT_HAPPENED[value]
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
    """What simple-history keeps of who changed something."""
    return [
        Personal(
            model=model,
            key="history_user",
            title=f"Modifications que vous avez faites : {model.instance_type._meta.verbose_name}",
            told=["id", *OF_HISTORY],
            words={"id": "numéro"},
        )
        for model in apps.get_models()
        if hasattr(model, "instance_type") and hasattr(model, "history_user")
    ]


def acts(log: type, title: str, *of: str, is_sealed: bool = False) -> Personal:
    """What somebody did by a log of transitions; ``of``: paths to what it was done to. The name is
    forgotten with the account, unless it is sealed with what was agreed to."""
    return Personal(
        model=log, key="by", title=title,
        told=[*of, "verb", "by_name", "capacity", "reason", "created_at"],
        forgets=[] if is_sealed else ["by_name"],
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class KeptName:
    """Where a name stays after the account: ``columns`` (« agreements.Agreement.person_name »),
    what it is, for how long, and on which legal ground."""

    columns: Sequence[str]
    what: str
    duration: str
    ground: str


def forget_names(user: Person, kept: Sequence[Personal]) -> None:
    """Take the name of ``user`` from what need not keep it."""
    for personal in kept:
        for column in personal.forgets:
            rows = personal.model._base_manager.filter(**{personal.key: user})
            rows.exclude(**{column: ""}).update(**{column: FORGOTTEN})


def forget_in_texts(rows: QuerySet, columns: Sequence[str], user: Person) -> None:
    """Put another word where texts say the name of ``user``, or one of their addresses."""
    names = {str(user)} - user.addresses  # one without a name is called by the address
    for column in columns:
        for name in names | {*map(escape, names)}:
            found = rows.filter(**{f"{column}__contains": name})
            found.update(**{column: Replace(F(column), Value(name), Value(FORGOTTEN))})
        for address in {word for known in user.addresses for word in (known, escape(known))}:
            _forget_address(rows, column, address)


def _forget_address(rows: QuerySet, column: str, address: str) -> None:
    """One address may end or begin another: the database narrows, whole addresses decide."""
    whole = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    found = rows.filter(**{f"{column}__icontains": address})
    for key, text in found.values_list("pk", column):
        rows.filter(pk=key).update(**{column: whole.sub(FORGOTTEN, text)})
