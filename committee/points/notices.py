"""News of points to members and coordinators: one class for each kind.

To add a kind, write a class here, name it in ``committee.mail.letters.CommitteeLetter.kinds``, and
create its notice in the event.
"""

from abc import abstractmethod
from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import Truncator

from agreements.answers.lights import Point
from agreements.answers.rights import may_confirm, may_refuse
from agreements.models import Agreement, Answer, Version
from committee.dossiers.notices import DossierSent
from committee.points.earlier import request_answered
from committee.points.gist import describe_part, gist_of
from committee.points.newsroom import (
    CommitteeNews,
    CommitteeNotification,
    Newsroom,
    morning_after,
    shorten_title,
)
from committee.points.reading import REASON_WORDS
from committee.points.summaries import describe_author, label_version
from committee.words import capitalized, heading_of
from ctg_portal.templatetags.french import de, in_words, long_date, quoted_within
from notifications.news import News, Notification, notify


class PointNews(CommitteeNews, abstract=True):
    """News of a version. ``point`` is set once it has been read with where each party stands."""

    version: Version
    point: Point | None

    @property
    def convention(self):
        return self.version.convention

    def heading(self) -> str:
        return f"{heading_of(self.version)} – {self.version.title}"

    def link(self) -> str:
        return reverse("committee:point", args=[self.convention.slug, self.version.pk])


# What awaits an answer -------------------------------------------------------------------------


class PointProposed(PointNews, abstract=True):
    """A version that is discussed, for whom it awaits."""

    stays = True
    is_shown = False

    def __init__(self, version: Version, point: Point | None = None):
        self.version, self.point = version, point

    @property
    def about(self) -> str:
        return str(self.version.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Return the news of the versions (keys) that are still discussed."""
        points = ((key, reading.points.get(int(key))) for key in keys)
        return {key: cls(point.version, point) for key, point in points if point}

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """Return the keys of versions that are no longer proposed."""
        discussed = Version.objects.proposed().filter(pk__in=keys)
        return {*keys} - {str(pk) for pk in discussed.values_list("pk", flat=True)}

    def title(self, notification: CommitteeNotification) -> str:
        return f"{super().title(notification)} : « {shorten_title(self.version.title)} »"

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        """Return one line: what the reader's party had answered earlier, what the version changes
        since then (else since what is in force, else since what the person was notified of), and
        what it asks of the party."""
        asked = self._requested(notification, newsroom)
        agreed = None if asked else self._agreed(notification, newsroom)
        answered = asked.version if asked else agreed
        before = answered or self._former(newsroom) or self._read_before(notification, newsroom)
        reader = notification.voice.organisation if notification.voice else None
        sentences = [gist_of(self.version, before), describe_part(self.version, before, reader)]
        if asked:
            reason = Truncator(quoted_within(asked.reason)).words(REASON_WORDS)
            sentences.insert(0, f"Vous aviez demandé : « {reason} »")
        if agreed:
            sentences.insert(0, f"Vous aviez accepté la version {agreed.number}.")
        if self.version.ends:
            sentences.append(f"Motif : {self.version.note}")
        return [" ".join(filter(None, sentences))]

    def _agreed(self, notification: CommitteeNotification, newsroom: Newsroom) -> Version | None:
        """Return the earlier version that the party of the person agreed to, or None."""
        return None

    def _requested(
        self, notification: CommitteeNotification, newsroom: Newsroom
    ) -> Agreement | None:
        """Return the change that the person's party asked for in an earlier version, or None."""
        return None

    def _former(self, newsroom: Newsroom) -> Version | None:
        return newsroom.in_force.get((self.version.content_type_id, self.version.object_id))

    def _read_before(
        self, notification: CommitteeNotification, newsroom: Newsroom
    ) -> Version | None:
        """Return the version it was written from, where the person was notified of that; else None,
        since they have not read the rest."""
        base = self.version.base
        if base is None or notification.voice is None:
            return None
        return (
            base
            if (notification.voice.user_id, str(base.pk)) in newsroom.notified_of_base
            else None
        )


class PointAwaited(PointProposed):
    """A point awaits the answer of whoever speaks for a party."""

    kind = "point_awaited"

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return whose first answer the point awaits; it is the own doing of who proposed it."""
        return {
            pk: CommitteeNotification(
                self, turn.since, self.version.author_id == pk, voice=turn.voice
            )
            for pk, turn in reading.turns(self.point).items()
            if turn.entry is None
        }

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return « deux points attendent la réponse de la Caf », or « votre réponse »."""
        organisations = {notification.voice.organisation.genitive for notification in notifications}
        is_one = len(organisations) == 1
        whose = f"la réponse {organisations.pop()}" if is_one else "votre réponse"
        return f"{in_words(len(notifications), 'point attend,points attendent')} {whose}"

    def _agreed(self, notification: CommitteeNotification, newsroom: Newsroom) -> Version | None:
        """Return the earlier version that the reader's party agreed to, or None."""
        party = notification.voice.organisation
        return newsroom.agreed_earlier.get((self.version.pk, party.pk))

    def _requested(
        self, notification: CommitteeNotification, newsroom: Newsroom
    ) -> Agreement | None:
        return request_answered(
            notification.voice.organisation, self.point, newsroom.requested_earlier
        )


class AdviceAwaited(PointProposed):
    """A point awaits the avis of whoever gives one: it commits nobody."""

    kind = "advice_awaited"

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return by user's key since when, and with which voice, each person's avis is awaited."""
        turns = reading.advice_turns(self.point)
        return {
            pk: CommitteeNotification(self, turn.since, voice=turn.voice)
            for pk, turn in turns.items()
        }

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        return f"{in_words(len(notifications), 'point attend,points attendent')} votre avis"


class DeliberationDue(PointAwaited):
    """The day of a délibération that was announced has passed: a reminder, with its day."""

    kind = "deliberation_due"

    def __init__(self, entry: Agreement, point: Point | None = None):
        super().__init__(point.version if point else entry.version, point)
        self.entry = entry

    @property
    def about(self) -> str:
        return str(self.entry.pk)

    @property
    def not_before(self):
        return morning_after(self.entry.body_date)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Return the news of entries that are the last of their party."""
        last = [(entry, p) for p in reading.points.values() for entry in p.last_answers.values()]
        return {str(entry.pk): cls(entry, p) for entry, p in last if str(entry.pk) in keys}

    def parts(self, reading: Newsroom) -> list[News]:
        """Return the news, and those of the dossiers that hold the point: they await the person
        again, or for the first time."""
        dossiers = [d for d, versions in reading.dossiers.items() if self.version.pk in versions]
        return [self, *map(DossierSent, dossiers)]

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return whose turn to answer comes from this announced délibération."""
        return {
            pk: CommitteeNotification(self, turn.since, voice=turn.voice)
            for pk, turn in reading.turns(self.point).items()
            if turn.entry == self.entry
        }

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        return settled_entries(keys)

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        """Return the line of a point, and that the announced session has passed."""
        body, day = self.entry.body, long_date(self.entry.body_date)
        [line] = super().lines(notification, newsroom)
        return [f"{line} La délibération annoncée ({body}, {day}) est passée."]


# What others have answered----------------------------------------------------------------------


class EntryNews(PointNews, abstract=True):
    """News of an entry of the register, while it is the last entry of its party."""

    def __init__(self, entry: Agreement, point: Point | None = None):
        self.entry, self.point = entry, point
        self.version = point.version if point else entry.version

    @property
    def about(self) -> str:
        return str(self.entry.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Return the news of recent entries; what was answered long ago is no longer news."""
        rows = Agreement.objects.of(reading.convention).since(reading.recent).filter(pk__in=keys)
        recent = news_of_entries(rows, reading)
        return {news.about: news for news in recent if isinstance(news, cls)}

    def is_obsolete(self, reading: Newsroom) -> bool:
        return self.point.last_answers.get(self.entry.organisation_id) != self.entry

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return the people concerned, since the entry, which is its author's own doing."""
        return {
            pk: CommitteeNotification(self, self.entry.created_at, self.entry.entered_by_id == pk)
            for pk in self.concerned(reading)
            if pk in reading.people
        }

    def concerned(self, newsroom: Newsroom) -> set[int]:
        """Return the author of the version and the coordinators."""
        return {self.version.author_id, *newsroom.coordinators}

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        return settled_entries(keys)

    def summary(self, notification) -> str:
        return self.describe()

    @abstractmethod
    def describe(self) -> str: ...

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        return [self.describe(), *describe_author(self.entry)]


class ChangeRequested(EntryNews):
    """Sent once the request can no longer be undone."""

    kind = "change_requested"
    stays = True

    @property
    def not_before(self):
        return self.entry.undoable_until

    def is_obsolete(self, reading: Newsroom) -> bool:
        """Return whether the entry was replaced, or the version, which answers the request."""
        return super().is_obsolete(reading) or not self.version.is_proposed

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return how many points are to be changed; the title of the only one if ``alone``."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'point,points')} sont à modifier"
        label = "une modification est demandée"
        return (
            f"{label} : « {shorten_title(notifications[0].news.version.title)} »"
            if alone
            else label
        )

    def describe(self) -> str:
        """Return which party asks for a change of which version, without its reason."""
        party = capitalized(self.entry.organisation.the)
        return f"{party} demande une modification de la {label_version(self.version)}."


class AgreementRetracted(EntryNews):
    kind = "agreement_retracted"

    def concerned(self, newsroom: Newsroom) -> set[int]:
        """Return the author, the coordinators, and who answers for the other parties."""
        others = newsroom.speaking(self.version.kind, but=self.entry.organisation_id)
        return super().concerned(newsroom) | others

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        return _subject_of_agreements(
            notifications, alone, "un accord est retiré", "{} sont retirés"
        )

    def describe(self) -> str:
        """Return whose agreement to which version is taken back, and that it is not in force."""
        party = capitalized(self.entry.organisation.the)
        taken = f"{party} a retiré son accord à la {label_version(self.version)}."
        return f"{taken} Sans lui, cette version n’est pas en vigueur."


class AgreementRecorded(EntryNews):
    """An answer was recorded in a party's name. It is sent to whoever may confirm it and to the
    person in whose name it is. It does not wait: the party is still awaited."""

    kind = "agreement_recorded"
    may_wait = False

    def is_obsolete(self, reading: Newsroom) -> bool:
        return self.point.recorded.get(self.entry.organisation_id) != self.entry

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return whoever may deny the entry, among them those who may confirm it."""
        return {
            pk: CommitteeNotification(
                self, self.entry.created_at, self.entry.entered_by_id == pk,
                in_own_name=self.entry.user_id == pk,
                confirmable=may_confirm(user, self.entry, self.point, reading.bench) is None,
            )
            for pk, user in reading.people.items()
            if may_refuse(user, self.entry, self.point, reading.bench) is None
        }  # fmt: skip

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return how many answers are to be confirmed; if all are in the reader's own name, how
        many were entered in it. ``alone`` changes nothing."""
        others = any(not notification.in_own_name for notification in notifications)
        if all(notification.news.entry.answer == Answer.AGREED for notification in notifications):
            single, many, done = "un accord", "accord,accords", "saisi"
        else:
            single, many, done = "une demande de modification", "réponse,réponses", "saisie"
        if len(notifications) > 1:
            what = "sont à confirmer" if others else f"sont {done}s en votre nom"
            return f"{in_words(len(notifications), many)} {what}"
        return f"{single} est {'à confirmer' if others else f'{done} en votre nom'}"

    def summary(self, notification) -> str:
        return self.describe(in_own_name=notification.in_own_name)

    def describe(self, *, in_own_name: bool = False) -> str:
        """Return who entered which answer of which party, in whose name, received when; with the
        reason of a request."""
        entry = self.entry
        whose = "en votre nom" if in_own_name else f"au nom {de(entry.person_name)}"
        if entry.answer == Answer.CHANGE_REQUESTED:
            return (
                f"{entry.entered_by_name} a saisi {whose} une demande de modification "
                f"{entry.organisation.genitive} sur la {label_version(self.version)}, reçue le "
                f"{long_date(entry.received_on)} : « {entry.reason} »."
            )
        return (
            f"{entry.entered_by_name} a saisi {whose} l’accord {entry.organisation.genitive} "
            f"à la {label_version(self.version)}, reçu le {long_date(entry.received_on)}."
        )

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        """Return the entry, that it counts once confirmed, and what to do: for who may not confirm
        it, only to say if it is wrong."""
        party = self.entry.organisation
        describe = self.describe(in_own_name=notification.in_own_name)
        it, what = ("Elle", "cette demande") if self.entry.is_request else ("Il", "cet accord")
        confirmed = "confirmée" if self.entry.is_request else "confirmé"
        waits = f"{it} comptera quand une personne qui engage {party.the} l’aura {confirmed}."
        act = f"Confirmez {what}, ou dites que ce n’est pas la réponse {party.genitive}."
        if not notification.confirmable:
            act = "Si vous n’avez pas dit cela, dites-le sur le portail."
        return [describe, waits, act]


class RecordedRefused(EntryNews):
    """A party denies a recorded answer: news for who entered it and the coordination."""

    kind = "recorded_refused"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Return the news of recorded entries that were denied lately."""
        rows = Agreement.objects.of(reading.convention).filter(
            pk__in=keys, confirmation__created_at__gte=reading.recent
        )
        return {news.about: news for news in news_of_entries(rows, reading)}

    def is_obsolete(self, reading: Newsroom) -> bool:
        return False

    def concerned(self, newsroom: Newsroom) -> set[int]:
        return super().concerned(newsroom) | {self.entry.entered_by_id}

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return the people concerned, since the denial, which is its author's own doing."""
        settled = self.entry.confirmation
        return {
            pk: CommitteeNotification(self, settled.created_at, settled.by_id == pk)
            for pk in self.concerned(reading)
            if pk in reading.people
        }

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return how many recorded answers are denied; the title of the only one if ``alone``."""
        if len(notifications) > 1:
            return (
                f"{in_words(len(notifications), 'réponse saisie,réponses saisies')} sont démenties"
            )
        label = "une réponse saisie est démentie"
        return (
            f"{label} : « {shorten_title(notifications[0].news.version.title)} »"
            if alone
            else label
        )

    def describe(self) -> str:
        """Return who denies which recorded answer, who had entered it, and why if a reason was
        given."""
        entry, settled = self.entry, self.entry.confirmation
        what = "la demande de modification" if entry.is_request else "l’accord"
        why = f" : « {settled.reason} »" if settled.reason else ""
        return (
            f"{settled.by_name} dit que {what} à la {label_version(self.version)}, saisi"
            f"{'e' if entry.is_request else ''} par {entry.entered_by_name} au nom "
            f"{de(entry.person_name)}, n’est pas la réponse {entry.organisation.genitive}{why}."
        )

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        return [self.describe(), f"La réponse {self.entry.organisation.genitive} reste attendue."]


# The news of an answer; other answers are no news.
NEWS_OF_ANSWERS = {
    Answer.CHANGE_REQUESTED: ChangeRequested,
    Answer.DELIBERATION: DeliberationDue,
    Answer.RETRACTED: AgreementRetracted,
}


def news_of(entry: Agreement, point: Point | None = None) -> list[News]:
    """Return the news of an entry, at most one: to confirm, denied, or by its answer; none for
    other answers."""
    if entry.is_pending:
        return [AgreementRecorded(entry, point)]
    if entry.is_refused:
        return [RecordedRefused(entry, point)]
    kind = NEWS_OF_ANSWERS.get(entry.answer)
    return [kind(entry, point)] if kind else []


def news_of_entries(rows, newsroom: Newsroom) -> list[News]:
    """Return the news of a queryset of entries, with the points that they are about."""
    read = rows.select_related("organisation", "confirmation")
    entries = list(read.order_by("created_at"))
    versions = Version.objects.filter(pk__in=[entry.version_id for entry in entries])
    points = newsroom.points_of(versions) if entries else {}
    return [news for entry in entries for news in news_of(entry, points[entry.version_id])]


def settled_entries(keys: Iterable[str]) -> set[str]:
    """Return the keys of entries whose version is no longer discussed."""
    entries = Agreement.objects.filter(pk__in=keys, version__in=Version.objects.proposed())
    return {*keys} - {str(pk) for pk in entries.order_by().values_list("pk", flat=True)}


def _subject_of_agreements(
    notifications: list[CommitteeNotification], alone: bool, single: str, many: str
) -> str:
    """Return « un accord est retiré : « Ouvrir un relais » », « trois accords sont retirés »."""
    if len(notifications) > 1:
        return many.format(in_words(len(notifications), "accord,accords"))
    return (
        f"{single} : « {shorten_title(notifications[0].news.version.title)} »" if alone else single
    )


# Notices of the events of agreements ----------------------------------------------------------


def notify_of_proposal(version: Version) -> None:
    """Create notices for who has to answer the version and who gives an avis."""
    notify(PointAwaited(version), AdviceAwaited(version))


def notify_of_entries(entries: Iterable[Agreement]) -> None:
    """Create the notices of entries that were just written or settled."""
    notify(*(news for entry in entries for news in news_of(entry)))
