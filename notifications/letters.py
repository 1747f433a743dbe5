"""Letters: how the news of one scope are written to one person, in one message."""

import datetime
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import MailRhythm, User
from ctg_portal.house import house
from ctg_portal.templatetags.french import enumerate_words
from ctg_portal.text.typography import polish
from notifications.models import Notice, NoticeQuerySet
from notifications.news import News, Notification


class Letter(ABC):
    """The news of one scope at a moment, as a message. A room subclasses it for its ``kinds`` of
    news, and may override how they are written.

    ``kinds``: in the order in which the subject of a message names them. ``is_joint``: the news of
    several scopes to one person are one message.
    """

    kinds: tuple[type[News], ...] = ()
    is_joint = False
    template = "notifications/mail/letter"

    def __init__(self, scope: str, label: str, now: datetime.datetime):
        self.scope, self.label, self.now = scope, label, now
        self._news: dict[tuple[str, str], News | None] = {}
        self._notifications: dict[tuple[str, str], dict[int, Notification]] = {}

    # What is current ---------------------------------------------------------------------------

    @cached_property
    def reading(self):
        """The reading that the room has made of the scope, once for all news of it; None where the
        scope no longer exists."""
        return self.now

    @classmethod
    @abstractmethod
    def readable(cls, user: User, scopes: Iterable[str]) -> set[str]:
        """Return those of ``scopes`` whose notices ``user`` may still be shown."""

    def reason(self, user_pk: int) -> str:
        """Return why a person is notified: « votre siège de membre pour la Caf »; empty if
        unknown."""
        return ""

    @property
    def contact(self) -> str:
        """Whom questions about the scope are asked: « Claire Morin, 05 49 00 00 00 »; empty if
        unknown."""
        return ""

    def notices(self) -> NoticeQuerySet:
        """Return the notices of this letter's kinds in its scope."""
        return Notice.objects.of(self.scope).filter(kind__in=self.names())

    @classmethod
    def names(cls) -> list[str]:
        """Return the stored names of its kinds."""
        return [kind.kind for kind in cls.kinds]

    def news_of(self, notices: Iterable[Notice]) -> list[News]:
        """Return the news of these notices, each once, without those that are gone or obsolete."""
        self._load(notices)
        keys = dict.fromkeys((notice.kind, notice.about) for notice in notices)
        return [news for key in keys if (news := self._news[key])]

    def current_notifications(
        self, user_pk: int, notices: Iterable[Notice]
    ) -> dict[Notice, Notification]:
        """Map the ``notices`` that still concern a person to their notifications, in the order of
        the message."""
        self._load(notices)
        pairs = []
        for notice in notices:
            news = self._news[notice.kind, notice.about]
            notification = self.notifications(news).get(user_pk) if news else None
            if notification:
                # It has been news for them since the notice was addressed to them.
                pairs.append((notice, replace(notification, since=notice.since)))
        return dict(sorted(pairs, key=lambda pair: self.place(pair[1])))

    def notifications(self, news: News) -> dict[int, Notification]:
        """Return whom ``news`` concerns, read once, by the person's primary key."""
        key = news.kind, news.about
        if key not in self._notifications:
            self._notifications[key] = news.recipients(self.reading)
        return self._notifications[key]

    def _load(self, notices: Iterable[Notice]) -> None:
        """Load the news of these notices that were not loaded yet; None stands for those that are
        gone or obsolete."""
        missing = defaultdict(set)
        for notice in notices:
            if (notice.kind, notice.about) not in self._news:
                missing[notice.kind].add(notice.about)
        for kind in self.kinds:
            keys = missing[kind.kind]
            loaded = kind.load(keys, self.reading) if keys else {}
            for key in keys:
                news = loaded.get(key)
                is_current = news is not None and not news.is_obsolete(self.reading)
                self._news[kind.kind, key] = news if is_current else None

    # What is written ---------------------------------------------------------------------------

    def place(self, notification: Notification) -> tuple[Any, ...]:
        """Return the sort key of a piece of news in the message, by default the oldest first."""
        return (notification.since,)

    def recalled(
        self, user: User, new: list[Notification], known: list[Notification]
    ) -> list[Notification]:
        """Return which of the ``known`` news, which still await the person, are repeated in a
        message of ``new`` ones: all in the weekly message, none in another."""
        is_weekly = any(notification.news.may_wait for notification in new)
        return known if user.mail_rhythm == MailRhythm.WEEKLY and is_weekly else []

    def send(self, user: User, parts: "list[LetterPart]") -> None:
        """Queue one message of all ``parts``, with text and HTML, to be sent by the worker; the
        first part is this letter's own."""
        notifications = [
            notification for part in parts for notification in (*part.new, *part.recalled)
        ]
        subject = self.subject(notifications, enumerate_labels([part.letter for part in parts]))
        contexts = [part.letter.context(user, part.new, part.recalled) for part in parts]
        reasons = dict.fromkeys(reason for part in parts for reason in part.reasons if reason)
        contacts = [part.letter.contact for part in parts]
        context = contexts[0] | {
            "parts": contexts,
            "contact": " ; ".join(dict.fromkeys(filter(None, contacts))),
            "reasons": enumerate_words(reasons),
            "is_weekly": user.mail_rhythm == MailRhythm.WEEKLY,
            "profile_url": settings.SITE_URL + reverse("profile"),
            "site_url": settings.SITE_URL,
            "subject": subject,
        }
        message = EmailMultiAlternatives(
            polish(" ".join(subject.split())),
            render_to_string(f"{self.template}.txt", context),
            to=[user.email],
        )
        html = render_to_string(f"{self.template}.html", context)
        message.attach_alternative(html, "text/html")
        message.send()

    def context(
        self, user: User, new: list[Notification], recalled: list[Notification]
    ) -> dict[str, Any]:
        """Return the context of the templates for this scope: its label and an item for each piece
        of news, the new ones first."""
        items = [
            {
                "title": polish(notification.news.title(notification)),
                "summary": polish(notification.news.summary(notification)),
                "url": settings.SITE_URL + notification.news.link(),
                "is_known": notification in recalled,
            }
            for notification in [*new, *recalled]
        ]
        return {"label": self.label, "items": items}

    def subject(self, notifications: list[Notification], where: str = "") -> str:
        """Return the subject of the message: « Trois points attendent la réponse de la Caf de la
        Vienne (CTG Grand Châtellerault) ». It names two kinds of news at most, in the order of
        ``kinds``. ``where``: the label in brackets, by default that of the scope."""
        groups = []
        left = [notification for notification in notifications if notification.news.in_subject]
        for kind in self.kinds:
            own = [notification for notification in left if isinstance(notification.news, kind)]
            if own:
                groups.append((kind, own))
                left = [
                    notification for notification in left if not isinstance(notification.news, kind)
                ]
        phrases = [kind.subject(own, alone=len(groups) == 1) for kind, own in groups]
        if len(phrases) > 2:
            phrases = [*phrases[:2], "d’autres nouvelles"]
        sentence = enumerate_words(phrases)
        return f"{sentence[:1].upper()}{sentence[1:]} ({where or self.label})"


def enumerate_labels(letters: list[Letter]) -> str:
    """Enumerate the scopes of one message for its subject; of more than two the first, and a
    count."""
    if len(letters) > 2:
        return f"{letters[0].label} et {len(letters) - 1} autres"
    return enumerate_words(letter.label for letter in letters)


@dataclass(frozen=True)
class LetterPart:
    """The part of a message about one scope: the ``new`` news, the ``recalled`` ones, which are
    repeated, and the ``reasons`` why this person is notified."""

    letter: Letter
    new: list[Notification]
    recalled: list[Notification]
    reasons: list[str] = field(default_factory=list)


# The letters that rooms bring, and by them the kinds of news that are known -----------------------


def kinds() -> dict[str, type[News]]:
    """Return every declared kind of news, by its stored name."""
    return {kind.kind: kind for letter in house().letters for kind in letter.kinds}


def letter_of(kind: str) -> type[Letter] | None:
    """Return the letter that has a kind of news; None for a kind that is no longer declared."""
    for letter in house().letters:
        if kind in letter.names():
            return letter
    return None
