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
    """A document: its bytes, or an open file of them for what the memory is not to hold; and how
    many pages it has, where it has pages."""

    content: bytes | File
    pages: int | None = None


@dataclass(frozen=True)
class AttachedFile:
    """A file within a PDF: the data that its pages tell."""

    name: str
    description: str
    content: bytes


class DocumentKind(ABC):
    """How a kind of document is made, from the row that was asked for; ``name`` is stored.

    ``seconds`` of the processor and bytes of ``memory`` are what it may take where the worker makes
    it: beyond them TimeoutError or MemoryError is raised; None where it is ours, and may all.
    """

    name: str
    seconds: int | None = None
    memory: int | None = None

    @abstractmethod
    def read(self, row) -> tuple[Any, str]:
        """What it is made from, and the digest of it. Raises Refused where it may not be had."""

    @abstractmethod
    def write(self, content, row) -> Any:
        """The content laid out: the HTML of a PDF, the tables of a workbook."""

    @abstractmethod
    def draw(self, written, content, row) -> Drawn:
        """The file."""

    def kept(self, row) -> None:  # noqa: B027  (of most, nothing)
        """What follows in the transaction that keeps it. Raises Refused where it is too late."""


@dataclass(frozen=True)
class Asked:
    """A document as one person may have it now.

    ``content`` is all that it says but for the hour, as plain data: dataclasses, lists,
    dictionaries, texts, numbers, dates; None where reading it takes too long, and then it is not
    found again. ``audience``: who else may be handed the same file. ``name`` is that of the
    file, ``origin`` the address of the page that it belongs to.
    """

    title: str
    name: str
    audience: str
    origin: str
    content: Any


class AskedKind(DocumentKind, Generic[Reader]):
    """A document that anybody asks for who may read it (``Drawing``), by the type of their
    account.

    ``format`` is raised when templates or style change what the same content looks like.
    """

    format = 1

    @abstractmethod
    def ask(self, scope: str, parameters: dict, user: Reader) -> Asked | None:
        """The document as ``user`` may have it now, None where it does not exist for them.

        Raises Refused where it may not be drawn.
        """

    @abstractmethod
    def audience(self, scope: str, parameters: dict, user: Reader) -> str | None:
        """Of which audience ``user`` is now; None for whom it does not exist. Read quickly."""

    @abstractmethod
    def content_type(self, parameters: dict) -> str:
        """That of the file."""

    def digest(self, asked: Asked) -> str:
        """That of its content; empty without one."""
        if asked.content is None:
            return ""
        plain = [self.name, self.format, asked.title, asked.content]
        return hashlib.sha256(
            json.dumps(plain, default=_plain, ensure_ascii=True, sort_keys=True).encode()
        ).hexdigest()

    def read(self, row) -> tuple[Asked, str]:
        user = row.requested_by
        asked = self.ask(row.scope, row.parameters, user) if user and user.is_active else None
        if asked is None or asked.audience != row.audience:
            raise Refused(GONE)
        return asked, self.digest(asked)


def _plain(value):
    if dataclasses.is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no plain data: its digest would not last.")


def kind_of(name: str) -> DocumentKind:
    """The kind that is stored so. Raises Refused for one that no longer exists."""
    for kind in house().documents:
        if kind.name == name:
            return kind
    raise Refused(GONE)
