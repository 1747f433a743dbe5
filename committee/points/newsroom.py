"""What stands in a convention at a moment, and who answers for whom: what news of points read.

It is read once for a message. A point answered, returned or withdrawn meanwhile awaits nobody.
"""

import datetime
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import User
from agreements.answers.lights import Point, asked_among, points_of, required_of
from agreements.answers.rights import may_answer
from agreements.models import Agreement, Version
from agreements.seats.voices import Bench, Voice, bench_of
from committee.advice import Advising, all_advising
from committee.dossiers.models import Dossier, DossierPoint
from committee.points.earlier import agreed_earlier, requested_earlier
from conventions.access.capacities import coordinator_pks
from conventions.models import Convention, Membership
from conventions.notices import ConventionNews
from notifications.models import NEWS_FOR, Notice
from notifications.news import Notification

LONGEST_TITLE = 70


@dataclass(frozen=True)
class Turn:
    """A person's turn to answer a point in the name of ``voice``, since a moment.

    ``entry`` is the délibération that was announced and whose day has passed, or None.
    """

    voice: Voice
    since: datetime.datetime
    entry: Agreement | None = None


class Newsroom:
    """What stands in one convention at ``now``, and whom it concerns."""

    def __init__(self, convention: Convention, now: datetime.datetime, bench: Bench | None = None):
        self.convention, self.now = convention, now
        self.today = timezone.localdate(now)
        self.bench = bench or bench_of(convention, self.today)
        self.required = required_of(convention)
        self.horizon, self.recent = Notice.objects.horizon(now), now - NEWS_FOR
        self.people = {
            user.pk: user
            for user in User.objects.filter(
                pk__in=Membership.objects.effective().of(convention).values("user"), is_active=True
            )
        }
        self._speakers: dict[str, dict[int, list[Voice]]] = {}
        self._turns: dict[int, dict[int, Turn]] = {}

    # Who ---------------------------------------------------------------------------------------

    @cached_property
    def coordinators(self) -> set[int]:
        return coordinator_pks(self.convention)

    def speakers(self, kind: str) -> dict[int, list[Voice]]:
        """Return, by person, the voices with which they may answer points of ``kind`` today;
        without who has none."""
        if kind not in self._speakers:
            voices = {
                pk: [voice for voice in self.bench.voices_of(user, kind) if voice.commits]
                for pk, user in self.people.items()
            }
            self._speakers[kind] = {pk: spoken for pk, spoken in voices.items() if spoken}
        return self._speakers[kind]

    def speaking(self, kind: str, *, but=None) -> set[int]:
        """Return who answers points of ``kind`` for a party whose agreement is required, of them or
        of others; but those of organisation ``but``."""
        asked = [*self.required, *asked_among(self.required, kind)]
        return {
            pk
            for pk, voices in self.speakers(kind).items()
            if any(voice.organisation in asked and voice.organisation.pk != but for voice in voices)
        }

    def start_of(self, voice: Voice) -> datetime.datetime:
        """Return since when the person may speak with this voice, by seat or delegation."""
        day = (voice.delegation or voice.seat).starts_on
        return morning_of(max(day, voice.seat.starts_on))

    # What is discussed -------------------------------------------------------------------------

    @cached_property
    def points(self) -> dict[int, Point]:
        """The proposed points by the version's primary key, in the order of proposal."""
        return self.points_of(Version.objects.of(self.convention).proposed())

    def points_of(self, versions) -> dict[int, Point]:
        """Return versions as points, by the version's primary key, in the order of proposal."""
        ordered = versions.with_subjects().select_related("base").order_by("proposed_at", "pk")
        for version in ordered:
            version.convention = self.convention
        return {point.version.pk: point for point in points_of(ordered, self.required)}

    @cached_property
    def in_force(self) -> dict[tuple[int, int], Version]:
        """The versions in force of the rows that are discussed, by content type and row."""
        versions = [point.version for point in self.points.values()]
        versions = Version.objects.with_same_subject(versions).in_force().order_by()
        return {(version.content_type_id, version.object_id): version for version in versions}

    @cached_property
    def agreed_earlier(self) -> dict[tuple[int, int], Version]:
        """The earlier versions that parties agreed to, of what they are asked again."""
        return agreed_earlier(self.points.values())

    @cached_property
    def requested_earlier(self) -> dict[tuple[int, int], Agreement]:
        """The changes that parties asked for in earlier versions of what they are asked again."""
        return requested_earlier(self.points.values())

    @cached_property
    def notified_of_base(self) -> set[tuple[int, str]]:
        """The (person's primary key, base version's primary key as text) pairs of who was notified
        of the version that a discussed one was written from."""
        about = {str(point.version.base_id) for point in self.points.values()}
        kinds = ["point_awaited", "advice_awaited"]
        known = Notice.objects.addressed().known().filter(kind__in=kinds, about__in=about)
        return set(known.values_list("user", "about"))

    @cached_property
    def dossiers(self) -> dict[Dossier, set[int]]:
        """The open dossiers, the latest first, with the primary keys of their versions."""
        versions = defaultdict(set)
        points = DossierPoint.objects.filter(dossier__in=Dossier.objects.of(self.convention).open())
        for dossier, version in points.values_list("dossier", "version"):
            versions[dossier].add(version)
        open_dossiers = Dossier.objects.of(self.convention).open().order_by("-sent_at", "-pk")
        return {dossier: versions[dossier.pk] for dossier in open_dossiers}

    # Whose turn it is --------------------------------------------------------------------------

    def turns(self, point: Point) -> dict[int, Turn]:
        """Map each person whose turn it is to answer a point, by primary key, to that turn. What is
        older than the horizon counts only for who began to speak lately."""
        if point.version.pk not in self._turns:
            speakers = self.speakers(point.version.kind).items()
            turns = {pk: self._turn(voices, point) for pk, voices in speakers}
            self._turns[point.version.pk] = {pk: turn for pk, turn in turns.items() if turn}
        return self._turns[point.version.pk]

    # Whose avis is awaited ---------------------------------------------------------------------

    @cached_property
    def advising(self) -> dict[int, Advising]:
        """The people who give an avis, by primary key."""
        advising = all_advising(self.people.values(), [self.bench])
        return {pk: theirs for (_convention, pk), theirs in advising.items()}

    def advice_turns(self, point: Point) -> dict[int, Turn]:
        """Return whose avis is awaited on a point, by the person's primary key."""
        moment, turns = point.version.proposed_at, {}
        for pk, advising in self.advising.items():
            starts_at = self.start_of(advising.voice)
            is_new = moment >= self.horizon or starts_at >= self.recent
            if is_new and advising.is_awaited_on(point):
                turns[pk] = Turn(advising.voice, max(moment, starts_at))
        return turns

    def awaited_of(self, point: Point) -> set[int]:
        """Return who may answer a point that awaits their party, however old it is."""
        return {
            pk
            for pk, voices in self.speakers(point.version.kind).items()
            if any(
                may_answer(voice, point) is None and point.awaits(voice.organisation, self.today)
                for voice in voices
            )
        }

    def _turn(self, voices: Iterable[Voice], point: Point) -> Turn | None:
        """Return the turn of the first voice that is to answer, or None; also None for what is
        older than the horizon, unless the voice is new. It starts the morning after an announced
        délibération."""
        for voice in voices:
            is_refused = may_answer(voice, point) is not None
            if is_refused or not point.awaits(voice.organisation, self.today):
                continue
            starts_at, entry = self.start_of(voice), point.last_answers.get(voice.organisation.pk)
            moment = morning_after(entry.body_date) if entry else point.version.proposed_at
            if moment >= self.horizon or starts_at >= self.recent:
                return Turn(voice, max(moment, starts_at), entry)
        return None


def morning_of(day: datetime.date) -> datetime.datetime:
    """Return the first moment of a day, in local time."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def morning_after(day: datetime.date) -> datetime.datetime:
    """Return the first moment of the day after, in local time."""
    return morning_of(day + datetime.timedelta(days=1))


# News and messages ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class CommitteeNotification(Notification):
    """A piece of news for one person. ``voice``: in whose name they would answer. ``in_own_name``:
    what was recorded was recorded as theirs. ``confirmable``: they may confirm it. ``count``: how
    many points it is about."""

    voice: Voice | None = None
    in_own_name: bool = False
    confirmable: bool = False
    count: int = 0


class CommitteeNews(ConventionNews, abstract=True):
    """News whose message consists of a heading and ``lines``."""

    @abstractmethod
    def heading(self) -> str: ...

    @abstractmethod
    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]: ...


def shorten_title(title: str) -> str:
    """Return a title short enough for the subject of a message."""
    return Truncator(title).chars(LONGEST_TITLE, truncate="…")
