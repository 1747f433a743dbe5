"""Voices (art. 4): who may speak for which party on a day, on which kind of point.

A ``Bench`` is the committee of a convention on a day, read in a few queries and then asked in
memory, so that a page with 600 points asks no more than one with 12.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from agreements.seats.models import Absence, Delegation, Seat, SeatKind
from conventions.access.rights import coordinates
from conventions.access.viewer import cached_for_page, cached_for_viewer
from conventions.models import Convention, Organisation
from conventions.notices import Capacity
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import de


@dataclass(frozen=True)
class Voice:
    """A person's right to speak for an organisation, from a seat, in a capacity.

    ``commits``: answers bind the organisation; otherwise they are an avis.
    """

    organisation: Organisation
    seat: Seat
    person_name: str
    capacity: str
    commits: bool
    user_id: int | None
    delegation: Delegation | None = None

    @property
    def seat_kind(self) -> str:
        """The kind of the seat; for a delegate, that of the member who delegates."""
        return self.seat.kind

    @property
    def is_adviser(self) -> bool:
        return self.seat.kind == SeatKind.ADVISER


@dataclass
class Bench:
    """The committee of one convention on ``day``: its seats, with their absences and delegations.
    Whether a seat counts is stored on it: accesses are not read."""

    convention: Convention
    day: datetime.date
    seats: list[Seat] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)

    def __post_init__(self):
        self.by_pk: dict[int | None, Seat] = {seat.pk: seat for seat in self.seats}

    # Seats ------------------------------------------------------------------------------------

    def sits(self, seat: Seat) -> bool:
        """Return whether a seat counts on the day."""
        return seat.sits(self.day)

    def unconfirmed(self) -> list[Seat]:
        """Return the seats, not over, that are pending or suspended."""
        return [s for s in self.seats if not s.is_confirmed and not s.is_over(self.day)]

    def is_absent(self, seat: Seat) -> bool:
        """Return whether an absence is declared for the seat on the day."""
        return any(absence.is_valid(self.day) for absence in seat.absences_read)

    def stands_in(self, seat: Seat) -> bool:
        """Return whether the substitute of this ``seat`` may answer: the member is absent, or has
        no seat that counts. A member who is suspended or awaited still holds the place.

        Once the mandate of the member named is over, the substitute stands in for any member of the
        party; before it has begun, for nobody.
        """
        named = self.by_pk.get(seat.substitute_for_id)
        if named and named.starts_on > self.day:
            return False
        if named and named.is_valid(self.day):
            members = [named]
        else:
            members = [
                other for other in self.seats
                if other.organisation_id == seat.organisation_id and other.is_member
            ]  # fmt: skip
        return not any(
            member.is_in_abeyance(self.day) or (self.sits(member) and not self.is_absent(member))
            for member in members
        )

    def commits(self, seat: Seat) -> bool:
        """Return whether the holder of this seat binds the organisation on the day."""
        if not self.sits(seat) or not seat.speaks:
            return False
        return seat.kind == SeatKind.MEMBER or self.stands_in(seat)

    def speakers(self, organisation_id: int) -> list[Seat]:
        """Return the seats whose holders bind this organisation on the day, members first."""
        own = [seat for seat in self.seats if seat.organisation_id == organisation_id]
        return sorted(filter(self.commits, own), key=lambda seat: seat.kind != SeatKind.MEMBER)

    def is_represented(self, organisation_id: int) -> bool:
        """Return whether a member, or a substitute who stands in, can answer for it."""
        return bool(self.speakers(organisation_id))

    def sits_for(self, user: User | None, organisation: Organisation | None = None) -> bool:
        """Return whether a person has a seat of any kind for the organisation (None: for any) on
        the day. ``user=None`` is the portal: it has none."""
        return user is not None and any(
            seat.user_id == user.pk
            and organisation in (None, seat.organisation)
            and self.sits(seat)
            for seat in self.seats
        )

    # Voices -----------------------------------------------------------------------------------

    def voices_of(self, user: User | None, kind: str | None = None) -> list[Voice]:
        """Return the voices of ``user`` on points of ``kind`` (None: on any), those that commit
        first. Of several for one organisation the best is returned: as a member, by delegation, as
        a substitute; and one more that only gives an avis. Nobody (None) has none."""
        if user is None or user.pk is None:  # nobody has logged in
            return []
        voices = sorted([*self._own_voices(user), *self._delegated_voices(user, kind)], key=_order)
        by_organisation: dict[tuple, Voice] = {}
        for voice in voices:
            by_organisation.setdefault((voice.organisation.pk, voice.commits), voice)
        return list(by_organisation.values())

    def voice(
        self, user: User | None, organisation: Organisation | None, kind: str
    ) -> Voice | None:
        """Return the voice by which ``user`` may commit ``organisation`` (None: any) on points of
        ``kind``, or None."""
        for voice in self.voices_of(user, kind):
            if voice.commits and organisation in (None, voice.organisation):
                return voice
        return None

    def suspended_voices(self, user: User | None, organisation: Organisation | None) -> list[Voice]:
        """Return the voices of the suspended or awaited seats by which ``user`` committed an
        organisation (None: any): they may still take an agreement back. ``user=None`` has none."""
        if user is None:
            return []
        return [
            replace(self.voice_from(seat), commits=True)
            for seat in self.seats
            if seat.user_id == user.pk and organisation in (None, seat.organisation)
            and seat.speaks and seat.is_in_abeyance(self.day)
        ]  # fmt: skip

    def advice(self, user: User | None) -> Voice | None:
        """Return the voice by which ``user`` may give an avis, or None."""
        return next((voice for voice in self.voices_of(user) if not voice.commits), None)

    def voice_from(self, seat: Seat) -> Voice:
        """Return the voice of the holder of a seat, with an account or without, whether the seat
        counts or not (``commits``)."""
        return Voice(
            seat.organisation, seat, seat.name, seat.capacity, self.commits(seat), seat.user_id
        )

    def _own_voices(self, user: User) -> Iterable[Voice]:
        """Yield the voices of the seats that ``user`` holds on the day, except that of a substitute
        whose member is there."""
        for seat in self.seats:
            if seat.user_id == user.pk and self.sits(seat):
                commits = self.commits(seat)
                # A substitute whose member is there does not speak in the party's name.
                if commits or not seat.speaks:
                    yield self.voice_from(seat)

    def _delegated_voices(self, user: User, kind: str | None) -> Iterable[Voice]:
        """Yield the voices of delegations to ``user`` for points of ``kind`` (None: of any), by
        members whose seats count on the day."""
        for delegation in self.delegations:
            seat = self.by_pk[delegation.seat_id]
            is_valid = delegation.is_valid(self.day) and delegation.covers(kind)
            is_counting = is_valid and seat.is_member and self.sits(seat)
            if delegation.user_id == user.pk and is_counting:
                given = f"par délégation {de(seat.name)} ({seat.capacity})"
                capacity = f"{delegation.capacity}, {given}"
                yield Voice(
                    seat.organisation, seat, delegation.name, capacity, True, user.pk, delegation
                )


def _order(voice: Voice) -> tuple[bool, bool, bool, int]:
    """Return the sort key of a voice: those that commit first; members, delegates of members,
    substitutes; the earlier seat."""
    return (
        not voice.commits,
        voice.seat.kind == SeatKind.SUBSTITUTE,
        voice.delegation is not None,
        voice.seat.pk,
    )


def bench_of(convention: Convention, day: datetime.date) -> Bench:
    return benches_of([convention], day)[convention.pk]


@cached_for_page  # several parts of a page ask: it is unpacked once
@cached_each(Subject.PEOPLE, Subject.TEXT)
def benches_of(conventions: Iterable[Convention], day: datetime.date) -> dict[int, Bench]:
    """Return the committees of several conventions on a day, by the convention's primary key, in
    one query; in up to three where there are absences and delegations."""
    benches = {c.pk: Bench(c, day) for c in conventions}
    rows = Seat.objects.filter(organisation__convention__in=benches).annotate(
        has_absences=Exists(Absence.objects.filter(seat=OuterRef("pk"))),
        has_delegations=Exists(Delegation.objects.filter(seat=OuterRef("pk"))),
    )
    seats = list(rows.select_related("organisation__party", "user").order_by("pk"))
    absent = [seat.pk for seat in seats if seat.has_absences]
    absences = defaultdict(list)
    for absence in Absence.objects.filter(seat__in=absent):
        absences[absence.seat_id].append(absence)
    for seat in seats:
        seat.absences_read = absences[seat.pk]
        seat.organisation.convention = benches[seat.organisation.convention_id].convention
        benches[seat.organisation.convention_id].seats.append(seat)
    delegating = [seat.pk for seat in seats if seat.has_delegations]
    rows = Delegation.objects.filter(seat__in=delegating)
    rows = rows.select_related("seat__organisation", "user")
    for delegation in rows:
        benches[delegation.seat.organisation.convention_id].delegations.append(delegation)
    for bench in benches.values():
        bench.__post_init__()
    return benches


def seats_today(convention: Convention) -> list[Seat]:
    """Return the seats of a convention whose dates hold today, in whatever state, the earliest
    named first."""
    seats = Seat.objects.of(convention).valid(timezone.localdate())
    return list(seats.select_related("organisation").order_by("pk"))


@cached_for_viewer
def is_adviser(user: User, convention: Convention) -> bool:
    """Return whether ``user`` holds an adviser's seat of the convention today."""
    seats = Seat.objects.of(convention).filter(kind=SeatKind.ADVISER, user=user)
    return any(seat.sits(timezone.localdate()) for seat in seats)


def capacity_of(user: User | None, bench: Bench) -> str:
    """Return the capacity of a person, « Directrice, Caf de la Vienne »: that of the first seat or
    voice, else « coordination » for who coordinates. Empty without any; ``user=None`` has none."""
    if user is None:
        return ""
    return next(_capacities(user, bench), "") or (
        "coordination" if coordinates(user, bench.convention) else ""
    )


def capacity_for(user: User, organisation: Organisation, bench: Bench) -> str:
    """Return the capacity in which a person acts for one organisation, by a seat or a delegation;
    empty without one."""
    return next(_capacities(user, bench, organisation), "")


def _capacities(
    user: User, bench: Bench, organisation: Organisation | None = None
) -> Iterator[str]:
    """Yield the capacities of a person on the day, with the organisation (None: of any): those of
    seats that count, then those of voices."""
    seats = [seat for seat in bench.seats if seat.user_id == user.pk and bench.sits(seat)]
    sources: list[Seat | Voice] = [*seats, *bench.voices_of(user)]
    for source in sources:
        if organisation in (None, source.organisation):
            yield f"{source.capacity}, {source.organisation}"


def capacities_by_seat(
    convention: Convention, day: datetime.date
) -> dict[int, list[tuple[Capacity, str]]]:
    """Return the capacities, with their French labels, that seats and delegations which count that
    day give, by the key of the account; who has no account is left out."""
    bench, capacities = bench_of(convention, day), defaultdict(list)
    for seat in bench.seats:
        if seat.user_id and bench.sits(seat):
            member = bench.by_pk.get(seat.substitute_for_id)
            whose = f" {de(member.name)}" if member else ""
            label = f"votre {SeatKind(seat.kind).seat_label}{whose}, pour {seat.organisation.the}"
            capacities[seat.user_id].append((Capacity.SEAT, label))
    for delegation in bench.delegations:
        seat = bench.by_pk[delegation.seat_id]
        if delegation.user_id and delegation.is_valid(day) and bench.sits(seat):
            label = f"la délégation {de(seat.name)}, pour {seat.organisation.the}"
            capacities[delegation.user_id].append((Capacity.SEAT, label))
    return capacities
