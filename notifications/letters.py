"""A letter: how what is new in one scope is told to one person, in one message."""

import datetime
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import MailRhythm, User
from ctg_portal.house import house
from ctg_portal.templatetags.french import enumerate_words
from ctg_portal.typography import polish
from notifications.models import Notice
from notifications.news import Hearing, News


class Letter(ABC):
    """What one room tells of one scope at a moment; a room may say it in its own words.

    ``kinds``: what it tells, in the order in which its subject names it. ``is_joint``: what several
    scopes have to tell to a person is one message.
    """

    kinds: tuple[type[News], ...] = ()
    is_joint = False
    template = "notifications/mail/letter"

    def __init__(self, scope: str, label: str, now: datetime.datetime):
        self.scope, self.label, self.now = scope, label, now
        self._found: dict[tuple[str, str], News | None] = {}
        self._heard: dict[tuple[str, str], dict[int, Hearing]] = {}

    # What stands -------------------------------------------------------------------------------

    @cached_property
    def reading(self):
        """What the room reads of the scope, once, for all that it tells of it; None when the scope
        is gone."""
        return self.now

    @classmethod
    @abstractmethod
    def readable(cls, user: User, scopes: Iterable[str]) -> set[str]:
        """Of which scopes ``user`` may still be shown what they were told."""

    def reason(self, user_pk: int) -> str:
        """Return why a person is told of the scope: « votre siège de membre pour la Caf ». Empty
        where nothing is known."""
        return ""

    def notices(self):
        return Notice.objects.of(self.scope).filter(kind__in=self.names())

    @classmethod
    def names(cls) -> list[str]:
        """What its kinds are stored as."""
        return [kind.kind for kind in cls.kinds]

    def news_of(self, notices: Iterable[Notice]) -> list[News]:
        """What these rows stand for, without what is obsolete."""
        self._find(notices)
        keys = dict.fromkeys((notice.kind, notice.about) for notice in notices)
        return [news for key in keys if (news := self._found[key])]

    def heard(self, user_pk: int, notices: Iterable[Notice]) -> dict[Notice, Hearing]:
        """What of these rows still concerns a person, in the order in which it is told."""
        self._find(notices)
        kept = []
        for notice in notices:
            news = self._found[notice.kind, notice.about]
            hearing = self.hearings(news).get(user_pk) if news else None
            if hearing:
                # It has been news for them since they were first to be told.
                kept.append((notice, replace(hearing, since=notice.since)))
        return dict(sorted(kept, key=lambda pair: self.place(pair[1])))

    def hearings(self, news: News) -> dict[int, Hearing]:
        key = news.kind, news.about
        if key not in self._heard:
            self._heard[key] = news.told_to(self.reading)
        return self._heard[key]

    def _find(self, notices: Iterable[Notice]) -> None:
        missing = defaultdict(set)
        for notice in notices:
            if (notice.kind, notice.about) not in self._found:
                missing[notice.kind].add(notice.about)
        for kind in self.kinds:
            keys = missing[kind.kind]
            found = kind.found(keys, self.reading) if keys else {}
            for key in keys:
                news = found.get(key)
                is_told = news is not None and not news.is_obsolete(self.reading)
                self._found[kind.kind, key] = news if is_told else None

    # What is written ---------------------------------------------------------------------------

    def place(self, hearing: Hearing) -> tuple:
        """Where a piece of news stands in the message."""
        return (hearing.since,)

    def recalled(self, user: User, told: list[Hearing], known: list[Hearing]) -> list[Hearing]:
        """What is told again: in the message of Monday, what still waits."""
        is_monday = any(hearing.news.may_wait for hearing in told)
        return known if user.mail_rhythm == MailRhythm.WEEKLY and is_monday else []

    def send(self, user: User, parts: "list[Told]") -> None:
        """Queue the message; of several ``parts`` the first is this letter's own."""
        hearings = [hearing for part in parts for hearing in (*part.told, *part.recalled)]
        subject = self.subject(hearings, labels_of([part.letter for part in parts]))
        contexts = [part.letter.context(user, part.told, part.recalled) for part in parts]
        reasons = dict.fromkeys(reason for part in parts for reason in part.reasons if reason)
        context = contexts[0] | {
            "parts": contexts,
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

    def context(self, user: User, told: list[Hearing], recalled: list[Hearing]) -> dict:
        items = [
            {
                "title": polish(hearing.news.title(hearing)),
                "summary": polish(hearing.news.summary(hearing)),
                "url": settings.SITE_URL + hearing.news.link(),
                "is_known": hearing in recalled,
            }
            for hearing in [*told, *recalled]
        ]
        return {"label": self.label, "items": items}

    def subject(self, hearings: list[Hearing], where: str = "") -> str:
        """« Trois points attendent la réponse de la Caf de la Vienne (CTG Grand Châtellerault) »:
        it says the answer, so that one knows before one opens it."""
        told, left = [], [hearing for hearing in hearings if hearing.news.in_subject]
        for kind in self.kinds:
            own = [hearing for hearing in left if isinstance(hearing.news, kind)]
            if own:
                told.append((kind, own))
                left = [hearing for hearing in left if not isinstance(hearing.news, kind)]
        phrases = [kind.subject(own, alone=len(told) == 1) for kind, own in told]
        if len(phrases) > 2:
            phrases = [*phrases[:2], "d’autres nouvelles"]
        sentence = enumerate_words(phrases)
        return f"{sentence[:1].upper()}{sentence[1:]} ({where or self.label})"


def labels_of(letters: list[Letter]) -> str:
    """The scopes of one message, in its subject."""
    if len(letters) > 2:
        return f"{letters[0].label} et {len(letters) - 1} autres"
    return enumerate_words(letter.label for letter in letters)


@dataclass(frozen=True)
class Told:
    """What one scope has to tell in a message: what is new, what is told again, and why this person
    is told of it."""

    letter: Letter
    told: list[Hearing]
    recalled: list[Hearing]
    reasons: list[str] = field(default_factory=list)


# The letters that rooms bring, and by them the kinds of news that are known -----------------------


def kinds() -> dict[str, type[News]]:
    return {kind.kind: kind for letter in house().letters for kind in letter.kinds}


def letter_of(kind: str) -> type[Letter] | None:
    """By which letter a kind is told; None when nobody tells it any more."""
    for letter in house().letters:
        if any(told.kind == kind for told in letter.kinds):
            return letter
    return None
