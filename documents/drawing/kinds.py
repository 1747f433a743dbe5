"""The kinds of document that the worker draws, declared by rooms (``documents=[…]``)."""

import dataclasses
import datetime
import hashlib
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import AbstractUser
from django.core.files import File

from ctg_portal.house import house
from ctg_portal.rules import Refusal, Refused

Reader = TypeVar("Reader", bound=AbstractUser)
GONE = Refusal("Ce document n’existe plus pour vous : vos accès ont changé depuis la demande.")


@dataclass(frozen=True)
class Drawn:
    """A drawn document: its bytes, or an open file where it is too large for the memory; and the
    number of its pages, where it has pages."""

    content: bytes | File
    pages: int | None = None


@dataclass(frozen=True)
class AttachedFile:
    """A file attached to a PDF: the data that its pages show."""

    name: str
    description: str
    content: bytes


class DocumentKind(ABC):
    """A kind of document: how it is read, written and drawn from its row. ``name`` is stored.

    ``seconds`` of processor time and bytes of ``memory``: what the worker may use for it; beyond
    them TimeoutError or MemoryError is raised. None: no limit, for content that is our own.
    """

    name: str
    seconds: int | None = None
    memory: int | None = None

    @abstractmethod
    def read(self, row) -> tuple[Any, str]:
        """Read the content of the document; return it with its digest. Raises Refused where whoever
        requested it may not have it."""

    @abstractmethod
    def write(self, content, row) -> Any:
        """Return the content laid out for ``draw``: the HTML of a PDF, the tables of a workbook."""

    @abstractmethod
    def draw(self, written, content, row) -> Drawn:
        """Draw the file."""

    def on_stored(self, row) -> None:  # noqa: B027  (of most, nothing)
        """Do what follows, in the transaction that stores the file. Raises Refused where it is too
        late."""


@dataclass(frozen=True)
class Asked:
    """A document as one person may have it now.

    ``content``: all that it shows but for the hour, as plain data: dataclasses, lists,
    dictionaries, texts, numbers, dates; None where reading it takes too long, and then a ready one
    is not reused. ``audience``: the key of those who may be handed the same file. ``name``: that of
    the file. ``origin``: the address of the page that it belongs to.
    """

    title: str
    name: str
    audience: str
    origin: str
    content: Any


class AskedKind(DocumentKind, Generic[Reader]):
    """A kind of document that whoever may read it can request (``Drawing``). Generic in the type of
    the account.

    ``format``: a number to raise when templates or style change the look of the same content.
    """

    format = 1

    @abstractmethod
    def ask(self, scope: str, parameters: dict, user: Reader) -> Asked | None:
        """Return the document as ``user`` may have it now; None where it does not exist for them.

        Raises Refused where it may not be drawn.
        """

    @abstractmethod
    def audience(self, scope: str, parameters: dict, user: Reader) -> str | None:
        """Return the audience of ``user`` now; None where the document does not exist for them. It
        is asked at each download, so it must be quick."""

    @abstractmethod
    def content_type(self, parameters: dict) -> str:
        """Return the content type of the file."""

    def digest(self, asked: Asked) -> str:
        """Return the digest of the content; empty where that is not read."""
        if asked.content is None:
            return ""
        plain = [self.name, self.format, asked.title, asked.content]
        return hashlib.sha256(
            json.dumps(plain, default=_plain, ensure_ascii=True, sort_keys=True).encode()
        ).hexdigest()

    def read(self, row) -> tuple[Asked, str]:
        """Ask for the document as whoever requested it may have it now; return it with its digest.
        Raises Refused where that person is gone, or is of another audience by now."""
        user = row.requested_by
        asked = self.ask(row.scope, row.parameters, user) if user and user.is_active else None
        if asked is None or asked.audience != row.audience:
            raise Refused(GONE)
        return asked, self.digest(asked)


def _plain(value: object) -> dict[str, Any] | str | list[Any]:
    """Convert a value to what JSON writes, for a digest. Raises TypeError for one that is no plain
    data."""
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no plain data: its digest would not last.")


def kind_of(name: str) -> DocumentKind:
    """Return the kind of document with this stored name. Raises Refused for one that is no longer
    declared."""
    for kind in house().documents:
        if kind.name == name:
            return kind
    raise Refused(GONE)
