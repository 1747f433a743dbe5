"""Kinds of news: each is a class of the room that it is about, and noted with ``notify(…)``.

``notify(AgreementRetracted(entry))`` writes one row in the transaction of the event. When it is
due, the clock asks the class whom it concerns, and writes to them.
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
    """Where something happened: a ``key`` that only the room above understands, and its label."""

    key: str
    label: str


@dataclass(frozen=True, eq=False)
class Notification:
    """A piece of news as it concerns one person. ``since``: when it became news for them.
    ``is_own``: they did it themselves, and need no message. ``not_before``: from when on they may
    be written to, None for at once."""

    news: "News"
    since: datetime.datetime
    is_own: bool = False
    not_before: datetime.datetime | None = None


class News(ABC):
    """One thing that happened, or that awaits somebody.

    ``kind`` is stored for ever. ``may_wait``: until Monday, for people who chose weekly messages.
    ``is_gathered``: it waits a few minutes for other news, to be one message with them. ``stays``:
    it awaits the person until it is done, and the weekly message repeats it. ``is_shown``: also on
    the dashboard (what awaits an answer is among the tasks there already). ``in_subject``: the
    subject of a message names it.
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
        """The key of its object in the room; with ``kind`` it identifies the news."""

    @property
    @abstractmethod
    def scope(self) -> Scope:
        """The place where it happened, as the room knows it."""

    @property
    def not_before(self) -> datetime.datetime:
        """The moment when it is asked whom it concerns: now, or the day of a reminder."""
        return timezone.now()

    @classmethod
    @abstractmethod
    def load(cls, keys: Iterable[str], reading) -> Mapping[str, "News"]:
        """Load the news of this kind by their keys (``about``), in a few queries whatever their
        number; those whose object no longer exists are left out. ``reading``: what the letter of
        the room has read of the scope."""

    # Whom, and whether still -------------------------------------------------------------------

    def parts(self, reading) -> list["News"]:
        """Return the news to send in its place: itself, or all that follow from a change."""
        return [self]

    def is_obsolete(self, reading) -> bool:
        """Return whether it need not be sent any more: answered, withdrawn, replaced meanwhile."""
        return False

    @abstractmethod
    def recipients(self, reading) -> dict[int, Notification]:
        """Return whom it concerns at the moment of ``reading``, by the person's primary key; only
        people who have access."""

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """Return those of ``keys`` of which nobody will be notified again: their notices may be
        deleted once they are old."""
        return set(keys)

    # In words ----------------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def subject(cls, notifications: list[Notification], *, alone: bool) -> str:
        """Return a part of a message's subject, or all of it (``alone``): « deux points sont à
        modifier »."""

    def title(self, notification: Notification) -> str:
        """Return its title on a page and in a message, in one line."""
        subject = self.subject([notification], alone=True)
        return subject[:1].upper() + subject[1:]

    def summary(self, notification: Notification) -> str:
        """Return one sentence below the title, for the person of ``notification``; may be empty."""
        return ""

    @abstractmethod
    def link(self) -> str:
        """Return the path of the page that it is about."""


def notify(*news: News) -> None:
    """Create a notice for each piece of news, in the transaction of what happened. It is addressed
    to persons when it is due (``not_before``)."""
    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(
                kind=piece.kind,
                about=piece.about,
                scope=piece.scope.key,
                scope_label=piece.scope.label,
                since=now,
                not_before=piece.not_before,
            )
            for piece in news
        ]
    )
