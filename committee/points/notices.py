"""What members and coordinators are told of points: one class for each kind of news.

Adding a kind is a class here, its place in ``committee.mail.letters.CommitteeLetter.kinds``, and a
``tell(…)`` in the event.
"""

from collections.abc import Iterable

from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse

from agreements.answers.lights import Point
from agreements.answers.rights import is_there, may_confirm, may_contest, why_silence_is_none
from agreements.models import TOLD_WITHIN, Agreement, Answer, Version
from committee.dossiers.notices import DossierSent
from committee.mail.newsroom import CommitteeNews, Heard, Newsroom, morning_after, short
from committee.mail.summaries import Field, by_whom, called, fields_of, said_of
from committee.points.earlier import request_answered
from committee.points.reading import heading_of
from ctg_portal.templatetags.french import de, in_words, long_date, quoted_within
from notifications.models import Notice
from notifications.news import Hearing, News, tell
from notifications.reading import have_left


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
    def found(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
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

    def told_to(self, reading: Newsroom) -> dict[int, Hearing]:
        """Whoever proposed it knows of it."""
        return {
            pk: Heard(self, turn.since, self.version.author_id == pk, turn.voice)
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

    def told_to(self, reading: Newsroom) -> dict[int, Hearing]:
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
    def found(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Only while it is the last word of its party."""
        last = [(entry, p) for p in reading.points.values() for entry in p.entries.values()]
        return {str(entry.pk): cls(entry, p) for entry, p in last if str(entry.pk) in keys}

    def parts(self, reading: Newsroom) -> list[News]:
        """The dossiers that hold the point await the person again, or for the first time."""
        held = [d for d, versions in reading.dossiers.items() if self.version.pk in versions]
        return [self, *map(DossierSent, held)]

    def told_to(self, reading: Newsroom) -> dict[int, Hearing]:
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
    def found(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """What was said long ago is no longer news."""
        rows = Agreement.objects.of(reading.convention).since(reading.recent).filter(pk__in=keys)
        told = news_of_entries(rows, reading)
        return {news.about: news for news in told if isinstance(news, cls)}

    def is_obsolete(self, reading: Newsroom) -> bool:
        return self.point.entries.get(self.entry.organisation_id) != self.entry

    def told_to(self, reading: Newsroom) -> dict[int, Hearing]:
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

    def happened(self) -> str:
        raise NotImplementedError

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


class AgreementContested(EntryNews):
    """The version is suspended: told at once, whatever the rhythm."""

    kind = "agreement_contested"
    may_wait = False

    def concerned(self, newsroom: Newsroom) -> set[int]:
        """All parties too, and who had recorded it."""
        speaking = newsroom.speaking(self.version.kind)
        return super().concerned(newsroom) | speaking | {self.entry.contests.entered_by_id}

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        if not any(hearing.news.entry.contests.is_request for hearing in hearings):
            return _of_agreements(hearings, alone, "un accord est contesté", "{} sont contestés")
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'réponse,réponses')} sont contestées"
        told = "une demande de modification est contestée"
        return f"{told} : « {short(hearings[0].news.version.title)} »" if alone else told

    def happened(self) -> str:
        recorded = self.entry.contests
        if recorded.is_request:
            return (
                f"La demande de modification {self.entry.organisation.of_the} sur la "
                f"{called(self.version)} est contestée : {recorded.entered_by_name} l’avait saisie "
                f"au nom {de(recorded.person_name)}, qui dit ne pas l’avoir faite."
            )
        return (
            f"L’accord {self.entry.organisation.of_the} à la {called(self.version)} est contesté : "
            f"{recorded.entered_by_name} l’avait saisi au nom {de(recorded.person_name)}, "
            "qui dit ne pas l’avoir donné."
        )

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        suspended = "Cette version est suspendue : elle n’est pas en vigueur."
        return [self.happened(), suspended, *by_whom(self.entry)]


def told_of_recorded() -> Q:
    """Whether the person of an agreement that was recorded for them was written to about it in
    time, by a message that has left, or has recorded it in person."""
    in_time = ExpressionWrapper(
        OuterRef("created_at") + Value(TOLD_WITHIN), output_field=DateTimeField()
    )
    told = Notice.objects.filter(
        user=OuterRef("user"), kind=AgreementRecorded.kind,
        about=Cast(OuterRef("pk"), CharField()), told_at__lte=in_time,
    )  # fmt: skip
    all_left = have_left(to="user__email", since="created_at", until=in_time)
    return Q(Exists(told.filter(is_own=True))) | Q(Exists(told), all_left)


class AgreementRecorded(EntryNews):
    """Entered in a member's name: a delay to contest it runs, so it does not wait. Who may confirm
    it in their place is told as well, and whoever speaks for the party that day: they are asked no
    more, and may answer."""

    kind = "agreement_recorded"
    may_wait = False

    def told_to(self, reading: Newsroom) -> dict[int, Hearing]:
        entry, said_at = self.entry, self.entry.created_at
        confirmers = self._confirmers(reading)
        heard = {pk: Heard(self, said_at, confirmable=True) for pk in confirmers}
        for pk in self._beside(reading) - confirmers:
            heard[pk] = Heard(self, said_at, entry.entered_by_id == pk)
        if member := reading.people.get(entry.user_id):
            contestable = may_contest(member, entry, self.point, reading.today) is None
            confirmable = may_confirm(member, entry, self.point, reading.bench) is None
            heard[member.pk] = Heard(
                self, said_at, entry.entered_by_id == member.pk, in_own_name=True,
                contestable=contestable, confirmable=confirmable,
            )  # fmt: skip
        return heard

    def _confirmers(self, reading: Newsroom) -> set[int]:
        """Who may confirm it in the place of who has no account, or binds the party no more."""
        if is_there(self.entry, reading.bench):
            return set()
        return {
            pk
            for pk, user in reading.people.items()
            if may_confirm(user, self.entry, self.point, reading.bench) is None
        }

    def _beside(self, reading: Newsroom) -> set[int]:
        """Who speaks for the party in whose name something was recorded, and waits: another member,
        by delegation, or the member for whom somebody is said to stand in."""
        entry = self.entry
        if not entry.is_pending:
            return set()
        return {
            pk
            for pk, voices in reading.speakers(self.version.kind).items()
            if any(voice.organisation == entry.organisation for voice in voices)
        }

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        others = any(not hearing.in_own_name for hearing in hearings)
        if any(hearing.news.entry.answer != Answer.AGREED for hearing in hearings):
            return cls._with_requests(hearings, others)
        if len(hearings) > 1:
            what = "sont à confirmer" if others else "sont saisis en votre nom"
            return f"{in_words(len(hearings), 'accord,accords')} {what}"
        [hearing] = hearings
        told = "un accord est à confirmer" if others else "un accord est saisi en votre nom"
        if alone and hearing.contestable:
            return f"{told}, contestable jusqu’au {long_date(hearing.news.entry.contestable_until)}"
        return told

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
        is_request, happened = self.entry.is_request, self.happened(in_own_name=hearing.in_own_name)
        if not hearing.in_own_name:
            return [happened, *self._what_others_do(hearing)]
        if not hearing.contestable:
            gone = "Cette demande ne peut plus être contestée."
            return [
                happened,
                gone if is_request else "Cet accord ne peut plus être contesté.",
            ]
        until = long_date(self.entry.contestable_until)
        it, them = ("elle", "la") if is_request else ("il", "le")
        given = "fait cette demande" if is_request else "donné cet accord"
        contest = f"Si vous n’avez pas {given}, contestez-{them} jusqu’au {until} inclus."
        if not (self.entry.is_pending and hearing.confirmable):
            return [happened, contest]
        passing = f"sans réponse de votre part, {it} compte après le {until}"
        why = why_silence_is_none(self.entry)
        confirm = f"Confirmez-{them} ; {why or passing}."
        return [happened, confirm, contest]

    def _what_others_do(self, hearing: Heard) -> list[str]:
        """Whom it waits for, told to who is not the person it was recorded for."""
        entry = self.entry
        if not entry.is_pending:
            return []
        counts, them = "Il compte une fois confirmé", "le"
        if entry.is_request:
            counts, them = "Elle compte une fois confirmée", "la"
        if entry.user_id is None:
            return [f"{counts} par une autre personne de votre organisme."]
        if hearing.confirmable:
            return [
                f"{entry.person_name} ne répond plus au nom {entry.organisation.of_the} : "
                f"confirmez-{them} si vous en avez la preuve, ou donnez votre propre réponse."
            ]
        passing = f", ou, sans contestation, après le {long_date(entry.contestable_until)}"
        passing = "" if why_silence_is_none(entry) else passing
        return [
            f"{counts} par {entry.person_name}{passing} ; vous pouvez aussi répondre vous-même."
        ]

    def fields(self, hearing: Heard, newsroom: Newsroom) -> list[Field]:
        return fields_of(self.version, None)


# What an entry is, as news; other answers are none.
SAID = {
    Answer.CHANGE_REQUESTED: ChangeRequested,
    Answer.DELIBERATION: DeliberationDue,
    Answer.RETRACTED: AgreementRetracted,
    Answer.CONTESTED: AgreementContested,
}


def news_of(entry: Agreement, point: Point | None = None) -> list[News]:
    """What there is to tell of an entry; a request recorded is one once it is confirmed."""
    is_request = entry.answer != Answer.AGREED and not entry.is_pending
    is_told_so = entry.is_recorded and not is_request
    kind = AgreementRecorded if is_told_so else SAID.get(entry.answer)
    return [kind(entry, point)] if kind else []


def news_of_entries(rows, newsroom: Newsroom) -> list[News]:
    """The same for a queryset of them, read with the points that they are about."""
    read = rows.select_related("organisation", "contests", "confirmation")
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
    tell(PointAwaited(version), AdviceAwaited(version))


def tell_said(entries: Iterable[Agreement]) -> None:
    tell(*(news for entry in entries for news in news_of(entry)))
