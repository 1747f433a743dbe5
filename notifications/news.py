"""A kind of news is a class in the room that it is about; rooms tell with ``tell(…)``.

``tell(AgreementRetracted(entry))`` writes one row in the transaction of the event. The clock finds
it when its moment has come, asks the class whom it concerns, and writes to them.
"""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils import timezone

from notifications.models import Notice


@dataclass(frozen=True)
class Scope:
    """Where something happened, as a text that only the room above understands, and in words."""

    key: str
    label: str


@dataclass(frozen=True, eq=False)
class Hearing:
    """A piece of news for one person. ``since``: when it became news for them; ``is_own``: they
    did it themselves, and need no message. ``not_before``: when they are written to, if it is not
    at once."""

    news: "News"
    since: datetime.datetime
    is_own: bool = False
    not_before: datetime.datetime | None = None


class News(ABC):
    """One thing that happened, or that awaits somebody.

    ``kind`` is stored for ever. ``may_wait``: until Monday, for who chose so. ``is_gathered``: it
    waits a few minutes for what else is told meanwhile, to be one message with it. ``stays``: it
    waits for the person until done, and Monday's message tells it again. ``is_shown``: also on the
    page (what awaits an answer is among the tasks there already). ``in_subject``: the subject of a
    message names it.
    """

    kind: ClassVar[str]
    may_wait: ClassVar[bool] = True
    is_gathered: ClassVar[bool] = True
    stays: ClassVar[bool] = False
    is_shown: ClassVar[bool] = True
    in_subject: ClassVar[bool] = True

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs):
        super().__init_subclass__(**kwargs)
        if not abstract and not cls.__dict__.get("kind"):
            raise TypeError(f"{cls.__name__} has no kind of its own.")

    # Where, when -------------------------------------------------------------------------------

    @property
    @abstractmethod
    def about(self) -> str:
        """What it is about: with ``kind``, what it is known by."""

    @property
    @abstractmethod
    def scope(self) -> Scope: ...

    @property
    def not_before(self) -> datetime.datetime:
        """When it is asked whom it concerns: now, or on the day of a reminder."""
        return timezone.now()

    @classmethod
    @abstractmethod
    def found(cls, keys: Iterable[str], reading) -> Mapping[str, "News"]:
        """What these keys (``about``) stand for, in a few queries whatever their number; without
        what is gone. ``reading``: what the room's letter has read of the scope."""

    # Whom, and whether still -------------------------------------------------------------------

    def parts(self, reading) -> list["News"]:
        """What is to be told in its place: itself, or all that a change makes to be told."""
        return [self]

    def is_obsolete(self, reading) -> bool:
        """Whether there is nothing to tell any more: answered, withdrawn, replaced meanwhile."""
        return False

    @abstractmethod
    def told_to(self, reading) -> dict[int, Hearing]:
        """Whom it concerns at that moment, by the person's primary key; only who has access."""

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """Of what nobody is told any more, so that who knew of it may be forgotten."""
        return set(keys)

    # In words ----------------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def subject(cls, hearings: list[Hearing], *, alone: bool) -> str:
        """« deux points sont à modifier »: a part of a message's subject, or all of it."""

    def title(self, hearing: Hearing) -> str:
        """What a page shows of it, in one line."""
        told = self.subject([hearing], alone=True)
        return told[:1].upper() + told[1:]

    def summary(self, hearing: Hearing) -> str:
        """One sentence below the title, true for who reads it."""
        return ""

    @abstractmethod
    def link(self) -> str:
        """The very page, as a path."""


def tell(*news: News) -> None:
    """Note what is to be told, in the transaction of what happened."""
    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(
                kind=one.kind,
                about=one.about,
                scope=one.scope.key,
                scope_label=one.scope.label,
                since=now,
                not_before=one.not_before,
            )
            for one in news
        ]
    )
