"""What members and coordinators are told of points: one class for each kind of news.

Adding a kind is a class here, its place in ``committee.mail.letters.CommitteeLetter.kinds``, and a
``notify(…)`` in the event.
"""

from abc import abstractmethod
from collections.abc import Iterable

from django.urls import reverse

from agreements.answers.lights import Point
from agreements.answers.rights import may_confirm, may_refuse
from agreements.models import Agreement, Answer, Version
from committee.dossiers.notices import DossierSent
from committee.mail.newsroom import CommitteeNews, Heard, Newsroom, morning_after, short
from committee.mail.summaries import Field, by_whom, called, fields_of, said_of
from committee.points.earlier import request_answered
from committee.points.reading import heading_of
from ctg_portal.templatetags.french import de, in_words, long_date, quoted_within
from notifications.news import Hearing, News, notify


class PointNews(CommitteeNews, abstract=True):
    """News of a version; ``point`` once it has been read with where each party stands."""

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
    """A version that is discussed, told to whom it awaits."""

    stays = True
    is_shown = False

    def __init__(self, version: Version, point: Point | None = None):
        self.version, self.point = version, point

    @property
    def about(self) -> str:
        return str(self.version.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        points = ((key, reading.points.get(int(key))) for key in keys)
        return {key: cls(point.version, point) for key, point in points if point}

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        discussed = Version.objects.proposed().filter(pk__in=keys)
        return {*keys} - {str(pk) for pk in discussed.values_list("pk", flat=True)}

    def title(self, hearing: Heard) -> str:
        return f"{super().title(hearing)} : « {short(self.version.title)} »"

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        version, former = self.version, self._former(newsroom)
        lines = [self._dated(former)]
        if asked := self._requested(hearing, newsroom):
            lines.append(
                f"Vous aviez demandé, sur la {called(asked.version)} : "
                f"« {quoted_within(asked.reason)} » Voici ce qui a changé depuis."
            )
        elif agreed := self._agreed(hearing, newsroom):
            lines.append(f"Vous aviez accepté la {called(agreed)} : voici ce qui a changé depuis.")
        if version.ends:
            it = "la" if version.word.is_feminine else "le"
            lines.append(
                f"Avec cette version, {version.word.the} prend fin : on cesse de {it} poursuivre."
            )
        if version.after_term:
            lines.append(f"Après le terme de la convention : {version.after_term}")
        if version.note:
            lines.append(f"Motif : {version.note}")
        return [*lines, *said_of(self.point)]

    def fields(self, hearing: Heard, newsroom: Newsroom) -> list[Field]:
        asked = self._requested(hearing, newsroom)
        answered = asked.version if asked else self._agreed(hearing, newsroom)
        before = answered or self._former(newsroom)
        return fields_of(self.version, before or self._read_before(hearing, newsroom))

    def _agreed(self, hearing: Heard, newsroom: Newsroom) -> Version | None:
        """The earlier version that the party of the person agreed to."""
        return None

    def _requested(self, hearing: Heard, newsroom: Newsroom) -> Agreement | None:
        """What the party of the person asked to change in an earlier version."""
        return None

    def _former(self, newsroom: Newsroom) -> Version | None:
        return newsroom.in_force.get((self.version.content_type_id, self.version.object_id))

    def _read_before(self, hearing: Heard, newsroom: Newsroom) -> Version | None:
        """What it was written from, where the person was written to of that: who was not has never
        read the rest."""
        base = self.version.base
        if base is None or hearing.voice is None:
            return None
        return base if (hearing.voice.user_id, str(base.pk)) in newsroom.told else None

    def _dated(self, former: Version | None) -> str:
        before = self.version.base
        told = f"{called(self.version).capitalize()}, par {self.version.author_name}"
        if former:
            return f"{told}. En vigueur aujourd’hui : {called(former)}."
        if before and before.number:
            return f"{told}. Elle suit la {called(before)} ; rien n’est encore en vigueur."
        return f"{told}. Rien n’est encore en vigueur."


class PointAwaited(PointProposed):
    """A point awaits the answer of whoever speaks for a party."""

    kind = "point_awaited"

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        """Whoever proposed it knows of it."""
        return {
            pk: Heard(self, turn.since, self.version.author_id == pk, voice=turn.voice)
            for pk, turn in reading.turns(self.point).items()
            if turn.entry is None
        }

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        organisations = {hearing.voice.organisation.of_the for hearing in hearings}
        one = len(organisations) == 1
        whose = f"la réponse {organisations.pop()}" if one else "votre réponse"
        return f"{in_words(len(hearings), 'point attend,points attendent')} {whose}"

    def _agreed(self, hearing: Heard, newsroom: Newsroom) -> Version | None:
        party = hearing.voice.organisation
        return newsroom.agreed_earlier.get((self.version.pk, party.pk))

    def _requested(self, hearing: Heard, newsroom: Newsroom) -> Agreement | None:
        return request_answered(hearing.voice.organisation, self.point, newsroom.requested_earlier)


class AdviceAwaited(PointProposed):
    """A point awaits the avis of whoever gives one: it commits nobody."""

    kind = "advice_awaited"

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        turns = reading.advice_turns(self.point)
        return {pk: Heard(self, turn.since, voice=turn.voice) for pk, turn in turns.items()}

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        return f"{in_words(len(hearings), 'point attend,points attendent')} votre avis"


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
        """Only while it is the last word of its party."""
        last = [(entry, p) for p in reading.points.values() for entry in p.last_answers.values()]
        return {str(entry.pk): cls(entry, p) for entry, p in last if str(entry.pk) in keys}

    def parts(self, reading: Newsroom) -> list[News]:
        """The dossiers that hold the point await the person again, or for the first time."""
        held = [d for d, versions in reading.dossiers.items() if self.version.pk in versions]
        return [self, *map(DossierSent, held)]

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        return {
            pk: Heard(self, turn.since, voice=turn.voice)
            for pk, turn in reading.turns(self.point).items()
            if turn.entry == self.entry
        }

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        return settled_entries(keys)

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        body, day = self.entry.body, long_date(self.entry.body_date)
        passed = f"La délibération annoncée ({body}, {day}) est passée : quelle est la réponse ?"
        return [*super().lines(hearing, newsroom), passed]


# What others have said -------------------------------------------------------------------------


class EntryNews(PointNews, abstract=True):
    """News of an entry of the register, while it is the last word of its party."""

    def __init__(self, entry: Agreement, point: Point | None = None):
        self.entry, self.point = entry, point
        self.version = point.version if point else entry.version

    @property
    def about(self) -> str:
        return str(self.entry.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """What was said long ago is no longer news."""
        rows = Agreement.objects.of(reading.convention).since(reading.recent).filter(pk__in=keys)
        told = news_of_entries(rows, reading)
        return {news.about: news for news in told if isinstance(news, cls)}

    def is_obsolete(self, reading: Newsroom) -> bool:
        return self.point.last_answers.get(self.entry.organisation_id) != self.entry

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        return {
            pk: Heard(self, self.entry.created_at, self.entry.entered_by_id == pk)
            for pk in self.concerned(reading)
            if pk in reading.people
        }

    def concerned(self, newsroom: Newsroom) -> set[int]:
        """Author and coordinators."""
        return {self.version.author_id, *newsroom.coordinators}

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        return settled_entries(keys)

    def summary(self, hearing) -> str:
        return self.happened()

    @abstractmethod
    def happened(self) -> str: ...

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        return [self.happened(), *by_whom(self.entry)]

    def _the_party(self) -> str:
        called_so = self.entry.organisation.the
        return called_so[:1].upper() + called_so[1:]


class ChangeRequested(EntryNews):
    """Told once it can no longer be undone."""

    kind = "change_requested"
    stays = True

    @property
    def not_before(self):
        return self.entry.undoable_until

    def is_obsolete(self, reading: Newsroom) -> bool:
        """A change asked of a version replaced is dealt with."""
        return super().is_obsolete(reading) or not self.version.is_proposed

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'point,points')} sont à modifier"
        told = "une modification est demandée"
        return f"{told} : « {short(hearings[0].news.version.title)} »" if alone else told

    def happened(self) -> str:
        return f"{self._the_party()} demande une modification de la {called(self.version)}."


class AgreementRetracted(EntryNews):
    kind = "agreement_retracted"

    def concerned(self, newsroom: Newsroom) -> set[int]:
        """The other parties too."""
        others = newsroom.speaking(self.version.kind, but=self.entry.organisation_id)
        return super().concerned(newsroom) | others

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        return _of_agreements(hearings, alone, "un accord est retiré", "{} sont retirés")

    def happened(self) -> str:
        taken = f"{self._the_party()} a retiré son accord à la {called(self.version)}."
        return f"{taken} Sans lui, cette version n’est pas en vigueur."


class AgreementRecorded(EntryNews):
    """Entered in a party's name: told to whoever may confirm it and to the person in whose name it
    is. It does not wait: the party goes on being awaited."""

    kind = "agreement_recorded"
    may_wait = False

    def is_obsolete(self, reading: Newsroom) -> bool:
        return self.point.recorded.get(self.entry.organisation_id) != self.entry

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        return {
            pk: Heard(
                self, self.entry.created_at, self.entry.entered_by_id == pk,
                in_own_name=self.entry.user_id == pk,
                confirmable=may_confirm(user, self.entry, self.point, reading.bench) is None,
            )
            for pk, user in reading.people.items()
            if may_refuse(user, self.entry, self.point, reading.bench) is None
        }  # fmt: skip

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        others = any(not hearing.in_own_name for hearing in hearings)
        if any(hearing.news.entry.answer != Answer.AGREED for hearing in hearings):
            return cls._with_requests(hearings, others)
        if len(hearings) > 1:
            what = "sont à confirmer" if others else "sont saisis en votre nom"
            return f"{in_words(len(hearings), 'accord,accords')} {what}"
        return "un accord est à confirmer" if others else "un accord est saisi en votre nom"

    @staticmethod
    def _with_requests(hearings: list[Heard], others: bool) -> str:
        """Not all of it is an agreement."""
        if len(hearings) > 1:
            what = "sont à confirmer" if others else "sont saisies en votre nom"
            return f"{in_words(len(hearings), 'réponse,réponses')} {what}"
        what = "est à confirmer" if others else "est saisie en votre nom"
        return f"une demande de modification {what}"

    def summary(self, hearing) -> str:
        return self.happened(in_own_name=hearing.in_own_name)

    def happened(self, *, in_own_name: bool = False) -> str:
        entry = self.entry
        whose = "en votre nom" if in_own_name else f"au nom {de(entry.person_name)}"
        if entry.answer == Answer.CHANGE_REQUESTED:
            return (
                f"{entry.entered_by_name} a saisi {whose} une demande de modification "
                f"{entry.organisation.of_the} sur la {called(self.version)}, reçue le "
                f"{long_date(entry.received_on)} : « {entry.reason} »."
            )
        return (
            f"{entry.entered_by_name} a saisi {whose} l’accord {entry.organisation.of_the} "
            f"à la {called(self.version)}, reçu le {long_date(entry.received_on)}."
        )

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        party = self.entry.organisation
        happened = self.happened(in_own_name=hearing.in_own_name)
        it, what = ("Elle", "cette demande") if self.entry.is_request else ("Il", "cet accord")
        confirmed = "confirmée" if self.entry.is_request else "confirmé"
        waits = f"{it} comptera quand une personne qui engage {party.the} l’aura {confirmed}."
        act = f"Confirmez {what}, ou dites que ce n’est pas la réponse {party.of_the}."
        if not hearing.confirmable:
            act = "Si vous n’avez pas dit cela, dites-le sur le portail."
        return [happened, waits, act]

    def fields(self, hearing: Heard, newsroom: Newsroom) -> list[Field]:
        return fields_of(self.version, None)


class RecordedRefused(EntryNews):
    """A party says that what was recorded is not its answer: told to who entered it, and to the
    coordination."""

    kind = "recorded_refused"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        rows = Agreement.objects.of(reading.convention).filter(
            pk__in=keys, confirmation__created_at__gte=reading.recent
        )
        return {news.about: news for news in news_of_entries(rows, reading)}

    def is_obsolete(self, reading: Newsroom) -> bool:
        return False

    def concerned(self, newsroom: Newsroom) -> set[int]:
        return super().concerned(newsroom) | {self.entry.entered_by_id}

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        settled = self.entry.confirmation
        return {
            pk: Heard(self, settled.created_at, settled.by_id == pk)
            for pk in self.concerned(reading)
            if pk in reading.people
        }

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'réponse saisie,réponses saisies')} sont démenties"
        told = "une réponse saisie est démentie"
        return f"{told} : « {short(hearings[0].news.version.title)} »" if alone else told

    def happened(self) -> str:
        entry, settled = self.entry, self.entry.confirmation
        what = "la demande de modification" if entry.is_request else "l’accord"
        why = f" : « {settled.reason} »" if settled.reason else ""
        return (
            f"{settled.by_name} dit que {what} à la {called(self.version)}, saisi"
            f"{'e' if entry.is_request else ''} par {entry.entered_by_name} au nom "
            f"{de(entry.person_name)}, n’est pas la réponse {entry.organisation.of_the}{why}."
        )

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        return [self.happened(), f"La réponse {self.entry.organisation.of_the} reste attendue."]


# What an entry is, as news; other answers are none.
SAID = {
    Answer.CHANGE_REQUESTED: ChangeRequested,
    Answer.DELIBERATION: DeliberationDue,
    Answer.RETRACTED: AgreementRetracted,
}


def news_of(entry: Agreement, point: Point | None = None) -> list[News]:
    """Return what there is to tell of an entry."""
    if entry.is_pending:
        return [AgreementRecorded(entry, point)]
    if entry.is_refused:
        return [RecordedRefused(entry, point)]
    kind = SAID.get(entry.answer)
    return [kind(entry, point)] if kind else []


def news_of_entries(rows, newsroom: Newsroom) -> list[News]:
    """The same for a queryset of them, read with the points that they are about."""
    read = rows.select_related("organisation", "confirmation")
    entries = list(read.order_by("created_at"))
    versions = Version.objects.filter(pk__in=[entry.version_id for entry in entries])
    points = newsroom.points_of(versions) if entries else {}
    return [news for entry in entries for news in news_of(entry, points[entry.version_id])]


def settled_entries(keys: Iterable[str]) -> set[str]:
    """Of which the version is no longer discussed."""
    entries = Agreement.objects.filter(pk__in=keys, version__in=Version.objects.proposed())
    return {*keys} - {str(pk) for pk in entries.order_by().values_list("pk", flat=True)}


def _of_agreements(hearings: list[Heard], alone: bool, one: str, many: str) -> str:
    """« un accord est contesté : « Ouvrir un relais » », « trois accords sont contestés »."""
    if len(hearings) > 1:
        return many.format(in_words(len(hearings), "accord,accords"))
    return f"{one} : « {short(hearings[0].news.version.title)} »" if alone else one


# What the events of agreements have told -------------------------------------------------------


def tell_awaited(version: Version) -> None:
    notify(PointAwaited(version), AdviceAwaited(version))


def tell_said(entries: Iterable[Agreement]) -> None:
    notify(*(news for entry in entries for news in news_of(entry)))
