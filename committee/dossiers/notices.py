"""What is told of dossiers: sent, complete."""

import datetime
from collections.abc import Iterable

from django.urls import reverse

from agreements.answers.lights import points_of
from agreements.models import UNDO_DELAY
from committee.mail.newsroom import CommitteeNews, Heard, Newsroom, short
from committee.mail.summaries import said_of
from committee.models import Dossier, DossierVerb
from ctg_portal.templatetags.french import in_words, long_date
from notifications.models import Notice
from notifications.news import Hearing, News


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
        still_open = Dossier.objects.open().filter(pk__in=keys)
        return {*keys} - {str(pk) for pk in still_open.order_by().values_list("pk", flat=True)}


class DossierSent(DossierNews):
    """A dossier holds a point that awaits the person. The subject names the points, not it."""

    kind = "dossier_sent"
    in_subject = False

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        return {str(d.pk): cls(d) for d in reading.dossiers if str(d.pk) in keys}

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        """Whoever has one of its points to answer, or whose avis is awaited on one; the sender
        knows of it."""
        held, told = reading.dossiers[self.dossier], {}
        for point in reading.points.values():
            if point.version.pk not in held:
                continue
            turns = reading.advice_turns(point) | reading.turns(point)
            for pk, turn in turns.items():
                since = max(self.dossier.sent_at, reading.began(turn.voice))
                own = self.dossier.sent_by_id == pk
                told.setdefault(pk, Heard(self, since, own, voice=turn.voice))
        return told

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'dossier,dossiers')} vous sont envoyés"
        return f"le dossier « {short(hearings[0].news.dossier.title)} » vous est envoyé"

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        return []  # the message has a place of its own for dossiers


class DossierReminder(DossierNews):
    """The coordination reminds those whose answer an open dossier awaits: at once, each with how
    many points are left to them. ``about`` has its day, or a second one would not be told."""

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
        dossiers = {str(dossier.pk): dossier for dossier in reading.dossiers}
        found = {}
        for key in keys:
            pk, day = key.split(".")
            if pk in dossiers:
                found[key] = cls(dossiers[pk], datetime.date.fromisoformat(day))
        return found

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        asked = self.dossier.transitions.filter(verb=DossierVerb.REMINDED).latest("pk").created_at
        counts = self.left(reading)
        return {pk: Heard(self, asked, count=count) for pk, count in counts.items()}

    def left(self, reading: Newsroom) -> dict[int, int]:
        """By person, how many of its points await them."""
        held = reading.dossiers.get(self.dossier, set())
        counts: dict[int, int] = {}
        for point in reading.points.values():
            if point.version.pk in held:
                for pk in reading.awaited_of(point):
                    counts[pk] = counts.get(pk, 0) + 1
        return counts

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """Told once each day that it is asked for."""
        return set(keys)

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'dossier,dossiers')} attendent votre réponse"
        return f"le dossier « {short(hearings[0].news.dossier.title)} » attend votre réponse"

    def lines_for(self, count: int) -> list[str]:
        """What the message says to somebody whom so many points await."""
        told = f"{in_words(count, 'point attend,points attendent')} encore votre réponse"
        by = self.dossier.answer_by
        first = f"{told[:1].upper()}{told[1:]}{f', attendue le {long_date(by)}' if by else ''}."
        return [first, self.dossier.message] if self.dossier.message else [first]

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        return self.lines_for(hearing.count)


class DossierRecalled(DossierNews):
    """Told to those who had been written to; the others never hear of it."""

    kind = "dossier_recalled"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        rows = Dossier.objects.of(reading.convention).recalled_since(reading.recent)
        return {str(dossier.pk): cls(dossier) for dossier in rows.filter(pk__in=keys)}

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        recall = self.dossier.transitions.get(verb=DossierVerb.RECALLED)
        knew = Notice.objects.known().filter(kind=DossierSent.kind, about=self.about, is_own=False)
        return {
            pk: Heard(self, recall.created_at, pk == recall.by_id)
            for pk in knew.values_list("user", flat=True)
            if pk in reading.people
        }

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        return set(keys)

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'dossier,dossiers')} sont rappelés"
        if alone:
            return f"le dossier « {short(hearings[0].news.dossier.title)} » est rappelé"
        return "un dossier est rappelé"

    def summary(self, hearing) -> str:
        return (
            "Il n’attend plus de réponse sous cette forme. Ses points restent en discussion, "
            "comme avant l’envoi."
        )

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        return [self.summary(hearing)]


class DossierComplete(DossierNews):
    """Told once the answer that completed it can no longer be undone."""

    kind = "dossier_complete"

    @property
    def not_before(self):
        return self.dossier.completed_at + UNDO_DELAY

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        rows = Dossier.objects.of(reading.convention).completed_since(reading.recent)
        return {str(dossier.pk): cls(dossier) for dossier in rows.filter(pk__in=keys)}

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        """Its sender and the coordinators, but who gave or confirmed the last answer."""
        by = self.dossier.answered_last_by()
        return {
            pk: Heard(self, self.dossier.completed_at, pk == by)
            for pk in {self.dossier.sent_by_id, *reading.coordinators}
            if pk in reading.people
        }

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'dossier,dossiers')} sont complets"
        if alone:
            return f"le dossier « {short(hearings[0].news.dossier.title)} » est complet"
        return "un dossier est complet"

    def summary(self, hearing) -> str:
        return "Toutes les parties ont répondu, ou n’ont plus à répondre."

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        told = [self.summary(hearing)]
        versions = self.dossier.versions.order_by("dossier_points__rank")
        for point in points_of(versions, newsroom.required):
            state = f"Version {point.version.get_state_display()}."
            said = " ".join([*said_of(point), state])
            told.append(f"{point.version.title} – {said}")
        return told
