"""News of dossiers: sent, reminded, recalled, complete."""

import datetime
from collections.abc import Iterable

from django.urls import reverse

from agreements.answers.lights import points_of
from agreements.models import UNDO_DELAY
from committee.dossiers.models import Dossier, DossierVerb
from committee.points.newsroom import CommitteeNews, CommitteeNotification, Newsroom, shorten_title
from committee.points.summaries import format_answers
from committee.words import capitalized
from ctg_portal.templatetags.french import in_words, long_date
from notifications.models import Notice
from notifications.news import News, Notification


class DossierNews(CommitteeNews, abstract=True):
    def __init__(self, dossier: Dossier):
        self.dossier = dossier

    @property
    def convention(self):
        return self.dossier.convention

    @property
    def about(self) -> str:
        return str(self.dossier.pk)

    def heading(self) -> str:
        return f"Dossier « {self.dossier.title} »"

    def link(self) -> str:
        return reverse("committee:dossier", args=[self.convention.slug, self.dossier.pk])

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """Return the keys of dossiers that are no longer open."""
        still_open = Dossier.objects.open().filter(pk__in=keys)
        return {*keys} - {str(pk) for pk in still_open.order_by().values_list("pk", flat=True)}


class DossierSent(DossierNews):
    """A dossier that holds a point which awaits the person. The subject of a message names the
    points, not the dossier."""

    kind = "dossier_sent"
    in_subject = False

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        return {str(d.pk): cls(d) for d in reading.dossiers if str(d.pk) in keys}

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return whoever has one of its points to answer or advise on, since it was sent or they
        began to speak. It is the sender's own doing."""
        versions, notifications = reading.dossiers[self.dossier], {}
        for point in reading.points.values():
            if point.version.pk not in versions:
                continue
            turns = reading.advice_turns(point) | reading.turns(point)
            for pk, turn in turns.items():
                since = max(self.dossier.sent_at, reading.start_of(turn.voice))
                own = self.dossier.sent_by_id == pk
                notifications.setdefault(
                    pk, CommitteeNotification(self, since, own, voice=turn.voice)
                )
        return notifications

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return that the only dossier, by its title, is sent, or how many are. ``alone`` changes
        nothing."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'dossier,dossiers')} vous sont envoyés"
        return (
            f"le dossier « {shorten_title(notifications[0].news.dossier.title)} » vous est envoyé"
        )

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        return []  # the message has a place of its own for dossiers


class DossierReminder(DossierNews):
    """The coordination reminds those whose answer an open dossier awaits: at once, each with the
    number of points left to them. ``about`` contains the day, or a second reminder would not be
    sent."""

    kind = "dossier_reminder"
    may_wait = False
    is_shown = False

    def __init__(self, dossier: Dossier, day: datetime.date):
        super().__init__(dossier)
        self.day = day

    @property
    def about(self) -> str:
        return f"{self.dossier.pk}.{self.day.isoformat()}"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Return the reminders of dossiers that are still open."""
        dossiers = {str(dossier.pk): dossier for dossier in reading.dossiers}
        reminders = {}
        for key in keys:
            pk, day = key.split(".")
            if pk in dossiers:
                reminders[key] = cls(dossiers[pk], datetime.date.fromisoformat(day))
        return reminders

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return whoever a point of the dossier still awaits, since the last reminder."""
        asked = self.dossier.transitions.filter(verb=DossierVerb.REMINDED).latest("pk").created_at
        counts = self.count_points_left(reading)
        return {pk: CommitteeNotification(self, asked, count=count) for pk, count in counts.items()}

    def count_points_left(self, reading: Newsroom) -> dict[int, int]:
        """Return how many points of the dossier await each person, by primary key."""
        versions = reading.dossiers.get(self.dossier, set())
        counts: dict[int, int] = {}
        for point in reading.points.values():
            if point.version.pk in versions:
                for pk in reading.awaited_of(point):
                    counts[pk] = counts.get(pk, 0) + 1
        return counts

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """Return all keys: a reminder is sent once, on the day that it is asked for."""
        return set(keys)

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return that the only dossier, by its title, awaits an answer, or how many do."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'dossier,dossiers')} attendent votre réponse"
        title = shorten_title(notifications[0].news.dossier.title)
        return f"le dossier « {title} » attend votre réponse"

    def lines_for(self, count: int) -> list[str]:
        """Return what the message says to somebody whom ``count`` points await."""
        waiting = f"{in_words(count, 'point attend,points attendent')} encore votre réponse"
        by = self.dossier.answer_by
        first = f"{capitalized(waiting)}{f', attendue le {long_date(by)}' if by else ''}."
        return [first, self.dossier.message] if self.dossier.message else [first]

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        return self.lines_for(notification.count)


class DossierRecalled(DossierNews):
    """Sent to those who had been notified of the dossier; the others never know of it."""

    kind = "dossier_recalled"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Return the news of dossiers recalled lately, not of those long ago."""
        rows = Dossier.objects.of(reading.convention).recalled_since(reading.recent)
        return {str(dossier.pk): cls(dossier) for dossier in rows.filter(pk__in=keys)}

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return who was notified of the dossier and still has access, whether they answer or not;
        without who sent it."""
        recall = self.dossier.transitions.get(verb=DossierVerb.RECALLED)
        sent_notices = Notice.objects.known().filter(
            kind=DossierSent.kind, about=self.about, is_own=False
        )
        return {
            pk: CommitteeNotification(self, recall.created_at, pk == recall.by_id)
            for pk in sent_notices.values_list("user", flat=True)
            if pk in reading.people
        }

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        return set(keys)

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return how many dossiers are recalled; the title of the only one if ``alone``."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'dossier,dossiers')} sont rappelés"
        if alone:
            return (
                f"le dossier « {shorten_title(notifications[0].news.dossier.title)} » est rappelé"
            )
        return "un dossier est rappelé"

    def summary(self, notification) -> str:
        """Return that its points stay in discussion."""
        return (
            "Il n’attend plus de réponse sous cette forme. Ses points restent en discussion, "
            "comme avant l’envoi."
        )

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        return [self.summary(notification)]


class DossierComplete(DossierNews):
    """Sent once the answer that completed the dossier can no longer be undone."""

    kind = "dossier_complete"

    @property
    def not_before(self):
        return self.dossier.completed_at + UNDO_DELAY

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Return the news of dossiers that became complete lately and still are."""
        rows = Dossier.objects.of(reading.convention).completed_since(reading.recent)
        return {str(dossier.pk): cls(dossier) for dossier in rows.filter(pk__in=keys)}

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return the sender and the coordinators; it is the own doing of who gave or confirmed the
        last answer."""
        by = self.dossier.answered_last_by()
        return {
            pk: CommitteeNotification(self, self.dossier.completed_at, pk == by)
            for pk in {self.dossier.sent_by_id, *reading.coordinators}
            if pk in reading.people
        }

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return how many dossiers are complete; the title of the only one if ``alone``."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'dossier,dossiers')} sont complets"
        if alone:
            return (
                f"le dossier « {shorten_title(notifications[0].news.dossier.title)} » est complet"
            )
        return "un dossier est complet"

    def summary(self, notification) -> str:
        return "Toutes les parties ont répondu, ou n’ont plus à répondre."

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        """Return one line for each point: the answers, and the state of its version."""
        lines = [self.summary(notification)]
        versions = self.dossier.versions.order_by("dossier_points__rank")
        for point in points_of(versions, newsroom.required):
            state = f"Version {point.version.get_state_display()}."
            answers = " ".join([*format_answers(point), state])
            lines.append(f"{point.version.title} – {answers}")
        return lines
