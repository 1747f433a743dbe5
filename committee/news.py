"""What there is to tell, and to whom: read from what stands in a convention, not from events.

A point answered, returned or withdrawn meanwhile is no news any more; a member named later has
the news of what awaits; whoever runs this twice finds the same.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from committee.models import Agreement, Dossier, DossierPoint, News, Notice, Version
from committee.models.notices import RETURNED, subject_field
from committee.rights import may_answer, may_contest
from committee.standing import Point, points_of, required_of
from committee.voices import Voice, bench_of
from conventions.models import Convention, Membership

# Older than this, when the portal begins to write, or when somebody comes: no longer news.
NEWS_FOR = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Item:
    """One thing for one person to know: ``about`` a version, an entry or a dossier.

    ``since``: when it became news for that person. ``voice``: in whose name they would answer.
    ``is_own``: they did it themselves, and need no message.
    """

    kind: str
    about: Version | Agreement | Dossier
    since: datetime.datetime
    point: Point | None = None
    voice: Voice | None = None
    is_own: bool = False
    contestable: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.about.pk

    @property
    def is_urgent(self) -> bool:
        return self.kind in News.urgent()

    @property
    def stays(self) -> bool:
        """Whether it waits for the person until done, and is told again with later news."""
        return self.kind in [*News.awaiting(), News.CHANGE]

    def notice(self, user: User, now: datetime.datetime) -> Notice:
        return Notice(
            user=user, kind=self.kind, told_at=now, **{subject_field(self.about): self.about}
        )


def horizon(now: datetime.datetime) -> datetime.datetime:
    """What was proposed before that, nobody was ever written to about: the portal did not yet."""
    first = Notice.objects.aggregate(first=Min("told_at"))["first"]
    return min(first or now, now) - NEWS_FOR


class Newsroom:
    """What stands in one convention at a moment, and whom it concerns."""

    def __init__(self, convention: Convention, now: datetime.datetime):
        self.convention, self.now = convention, now
        self.today = timezone.localdate(now)
        self.bench = bench_of(convention, self.today)
        self.required = required_of(convention)
        self.horizon, self.recent = horizon(now), now - NEWS_FOR
        self.people = {
            user.pk: user
            for user in User.objects.filter(pk__in=self.bench.insiders, is_active=True)
        }
        self._speakers: dict[str, dict[int, list[Voice]]] = {}

    def items(self) -> dict[User, list[Item]]:
        """Everything that each person is to know, told already or not."""
        found: dict[User, dict[tuple, Item]] = defaultdict(dict)
        for user_pk, item in [*self._awaiting(), *self._entries(), *self._complete()]:
            if user_pk in self.people:
                found[self.people[user_pk]].setdefault(item.key, item)
        return {user: list(items.values()) for user, items in found.items()}

    # Who ---------------------------------------------------------------------------------------

    @cached_property
    def coordinators(self) -> set[int]:
        accesses = Membership.objects.active().of(self.convention).coordinators()
        return set(accesses.values_list("user", flat=True))

    def speakers(self, kind: str) -> dict[int, list[Voice]]:
        """By person, in whose names they may answer points of ``kind`` today."""
        if kind not in self._speakers:
            voices = {
                pk: [voice for voice in self.bench.voices_of(user, kind) if voice.commits]
                for pk, user in self.people.items()
            }
            self._speakers[kind] = {pk: spoken for pk, spoken in voices.items() if spoken}
        return self._speakers[kind]

    def _speaking(self, kind: str, *, but=None) -> set[int]:
        """Who answers for the parties that must agree, but for one organisation."""
        return {
            pk
            for pk, voices in self.speakers(kind).items()
            if any(voice.organisation in self.required and voice.organisation.pk != but
                   for voice in voices)
        }  # fmt: skip

    def speaks_for_several(self, user: User) -> bool:
        voices = self.bench.voices_of(user)
        return len({voice.organisation for voice in voices if voice.commits}) > 1

    def _began(self, voice: Voice) -> datetime.datetime:
        """Since when the person may speak so."""
        day = (voice.delegation or voice.seat).starts_on
        return _morning_of(max(day, voice.seat.starts_on))

    # What awaits -------------------------------------------------------------------------------

    @cached_property
    def points(self) -> dict[int, Point]:
        """What is proposed, by the version's primary key."""
        return self._points_of(Version.objects.of(self.convention).proposed())

    def _points_of(self, versions) -> dict[int, Point]:
        read = versions.with_subjects().select_related("base").order_by("proposed_at", "pk")
        for version in read:
            version.convention = self.convention
        return {point.version.pk: point for point in points_of(read, self.required)}

    @cached_property
    def in_force(self) -> dict[tuple[int, int], Version]:
        """What is in force of the rows that are discussed."""
        versions = [point.version for point in self.points.values()]
        found = Version.objects.beside(versions).in_force().order_by()
        return {(version.content_type_id, version.object_id): version for version in found}

    @cached_property
    def dossiers(self) -> dict[Dossier, set[int]]:
        """The open dossiers, the latest first, with the primary keys of their versions."""
        held = defaultdict(set)
        points = DossierPoint.objects.filter(dossier__in=Dossier.objects.of(self.convention).open())
        for dossier, version in points.values_list("dossier", "version"):
            held[dossier].add(version)
        found = Dossier.objects.of(self.convention).open().order_by("-sent_at", "-pk")
        return {dossier: held[dossier.pk] for dossier in found}

    def _awaiting(self) -> Iterator[tuple[int, Item]]:
        turns: dict[int, list[Item]] = defaultdict(list)
        for point in self.points.values():
            for user_pk, voices in self.speakers(point.version.kind).items():
                item = self._turn(user_pk, voices, point)
                if item:
                    turns[user_pk].append(item)
        for user_pk, items in turns.items():
            yield from ((user_pk, item) for item in items)
            yield from ((user_pk, item) for item in self._dossiers_of(user_pk, items))

    def _turn(self, user_pk: int, voices: Iterable[Voice], point: Point) -> Item | None:
        """Whether it is this person's turn to answer a point."""
        for voice in voices:
            if may_answer(voice, point) or not point.awaits(voice.organisation, self.today):
                continue
            began, entry = self._began(voice), point.entries.get(voice.organisation.pk)
            about, kind, moment = point.version, News.AWAITED, point.version.proposed_at
            if entry:
                about, kind = entry, News.DUE
                moment = _morning_of(entry.body_date + datetime.timedelta(days=1))
            if moment >= self.horizon or began >= self.recent:
                is_own = kind == News.AWAITED and point.version.author_id == user_pk
                return Item(kind, about, max(moment, began), point, voice, is_own)
        return None

    def _dossiers_of(self, user_pk: int, turns: list[Item]) -> Iterator[Item]:
        """The dossiers that hold a point which awaits this person."""
        for dossier, versions in self.dossiers.items():
            inside = [item for item in turns if item.point.version.pk in versions]
            if inside:
                voice = inside[0].voice
                since = max(dossier.sent_at, self._began(voice))
                is_own = dossier.sent_by_id == user_pk
                yield Item(News.DOSSIER, dossier, since, None, voice, is_own)

    # What has been said ------------------------------------------------------------------------

    def _entries(self) -> Iterator[tuple[int, Item]]:
        found = Agreement.objects.of(self.convention).to_tell(self.recent)
        entries = list(found.select_related("organisation", "contests").order_by("created_at"))
        versions = Version.objects.filter(pk__in=[entry.version_id for entry in entries])
        points = self._points_of(versions)
        for entry in entries:
            point = points[entry.version_id]
            entry.version = point.version
            yield from self._told_of(entry, point)

    def _told_of(self, entry: Agreement, point: Point) -> Iterator[tuple[int, Item]]:
        kind = News.RECORDED if entry.is_recorded else RETURNED[entry.answer]
        concerned = {entry.user_id} if entry.is_recorded else self._concerned(kind, entry)
        for user_pk in concerned:
            user = self.people.get(user_pk)
            contestable = kind == News.RECORDED and not may_contest(user, entry, point, self.today)
            own = user_pk == entry.entered_by_id
            yield user_pk, Item(kind, entry, entry.created_at, point, None, own, contestable)

    def _concerned(self, kind: str, entry: Agreement) -> set[int]:
        """Author and coordinators; with an agreement taken back, the other parties; with one
        contested, all of them and who had recorded it."""
        concerned = {entry.version.author_id, *self.coordinators}
        if kind == News.RETRACTED:
            concerned |= self._speaking(entry.version.kind, but=entry.organisation_id)
        if kind == News.CONTESTED:
            concerned |= self._speaking(entry.version.kind) | {entry.contests.entered_by_id}
        return concerned

    def _complete(self) -> Iterator[tuple[int, Item]]:
        for dossier in Dossier.objects.of(self.convention).completed_since(self.recent):
            last = dossier.last_answer()
            for user_pk in {dossier.sent_by_id, *self.coordinators}:
                own = last is not None and last.entered_by_id == user_pk
                yield user_pk, Item(News.COMPLETE, dossier, dossier.completed_at, is_own=own)


def _morning_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
