"""One voice per party (art. 4): who may speak for whom, today, on which kind of point.

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
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import de


@dataclass(frozen=True)
class Voice:
    """A person's word: for which organisation, from which seat, in which capacity.

    ``commits``: it binds the organisation; otherwise it is an avis.
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
        """A delegate speaks from the seat of the member who delegates."""
        return self.seat.kind

    @property
    def is_adviser(self) -> bool:
        return self.seat.kind == SeatKind.ADVISER


@dataclass
class Bench:
    """The committee of one convention on ``day``: its seats, their absences and delegations. What
    counts is stored on them; no access is asked."""

    convention: Convention
    day: datetime.date
    seats: list[Seat] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)

    def __post_init__(self):
        self.by_pk: dict[int | None, Seat] = {seat.pk: seat for seat in self.seats}

    # Seats ------------------------------------------------------------------------------------

    def sits(self, seat: Seat) -> bool:
        """Whether it counts today: confirmed, and in its dates."""
        return seat.sits(self.day)

    def unconfirmed(self) -> list[Seat]:
        """Return the seats, not over, that are pending or suspended."""
        return [s for s in self.seats if not s.is_confirmed and not s.is_over(self.day)]

    def is_absent(self, seat: Seat) -> bool:
        return any(absence.is_valid(self.day) for absence in seat.absences_read)

    def stands_in(self, seat: Seat) -> bool:
        """Whether a substitute counts: the member is absent, or the seat empty. A member who is
        suspended holds the place.

        Once the mandate of the member named is over, the substitute is the party's: somebody else
        may have been named in that member's place. Before it has begun, they are nobody's.
        """
        named = self.by_pk.get(seat.substitute_for_id)
        if named and named.starts_on > self.day:
            return False
        if named and named.is_valid(self.day):
            members = [named]
        else:
            members = self._seats(seat.organisation_id, SeatKind.MEMBER)
        return not any(self._holds_its_place(member) for member in members)

    def _holds_its_place(self, member: Seat) -> bool:
        if member.is_suspended and member.is_valid(self.day):
            return True
        return self.sits(member) and not self.is_absent(member)

    def commits(self, seat: Seat) -> bool:
        """Whether the holder of this seat binds the organisation today."""
        if not self.sits(seat) or not seat.speaks:
            return False
        return seat.kind == SeatKind.MEMBER or self.stands_in(seat)

    def _seats(self, organisation_id: int, kind: str) -> list[Seat]:
        return [s for s in self.seats if s.organisation_id == organisation_id and s.kind == kind]

    def speakers(self, organisation_id: int) -> list[Seat]:
        """The seats whose holders bind this organisation today, members first."""
        own = [seat for seat in self.seats if seat.organisation_id == organisation_id]
        return sorted(filter(self.commits, own), key=lambda seat: seat.kind != SeatKind.MEMBER)

    def is_represented(self, organisation_id: int) -> bool:
        """Whether somebody can answer for it: a member, or a substitute who stands in."""
        return bool(self.speakers(organisation_id))

    def sits_for(self, user: User | None, organisation: Organisation | None = None) -> bool:
        """Whether somebody has a seat of the organisation (any, without one) today, whatever it is.
        The portal (None) has none."""
        return user is not None and any(
            seat.user_id == user.pk
            and organisation in (None, seat.organisation)
            and self.sits(seat)
            for seat in self.seats
        )

    # Voices -----------------------------------------------------------------------------------

    def voices_of(self, user: User | None, kind: str | None = None) -> list[Voice]:
        """What ``user`` may say today on points of ``kind``, what commits first, and for each
        organisation the best title: as a member, by delegation, as a substitute."""
        if user is None or user.pk is None:  # nobody has logged in
            return []
        found = [*self._own(user), *self._delegated(user, kind)]
        found.sort(key=_order)
        by_organisation: dict[tuple, Voice] = {}
        for voice in found:
            by_organisation.setdefault((voice.organisation.pk, voice.commits), voice)
        return list(by_organisation.values())

    def voice(
        self, user: User | None, organisation: Organisation | None, kind: str
    ) -> Voice | None:
        """How ``user`` may commit ``organisation`` (any, without one) on points of ``kind``."""
        for voice in self.voices_of(user, kind):
            if voice.commits and organisation in (None, voice.organisation):
                return voice
        return None

    def suspended_voices(self, user: User | None, organisation: Organisation | None) -> list[Voice]:
        """Return how ``user`` committed an organisation (any, without one) before they were
        suspended: who says nothing more may still take back what they have said. The portal (None)
        has said nothing."""
        if user is None:
            return []
        return [
            replace(self.voice_from(seat), commits=True)
            for seat in self.seats
            if seat.user_id == user.pk and organisation in (None, seat.organisation)
            and seat.speaks and seat.is_suspended and seat.is_valid(self.day)
        ]  # fmt: skip

    def advice(self, user: User | None) -> Voice | None:
        """How ``user`` may give an avis."""
        return next((voice for voice in self.voices_of(user) if not voice.commits), None)

    def voice_from(self, seat: Seat) -> Voice:
        """The word of whoever holds the seat, whether they have an account or not."""
        return Voice(
            seat.organisation, seat, seat.name, seat.capacity, self.commits(seat), seat.user_id
        )

    def _own(self, user: User) -> Iterable[Voice]:
        for seat in self.seats:
            if seat.user_id == user.pk and self.sits(seat):
                commits = self.commits(seat)
                # A substitute whose member is there has nothing to say in the party's name.
                if commits or not seat.speaks:
                    yield self.voice_from(seat)

    def _answers_by(self, delegation: Delegation, kind: str | None) -> bool:
        """Whether who was lent a member's voice may answer by it."""
        seat = self.by_pk[delegation.seat_id]
        is_lent = delegation.is_valid(self.day) and delegation.covers(kind)
        return is_lent and seat.kind == SeatKind.MEMBER and self.sits(seat)

    def _delegated(self, user: User, kind: str | None) -> Iterable[Voice]:
        for delegation in self.delegations:
            if delegation.user_id == user.pk and self._answers_by(delegation, kind):
                seat = self.by_pk[delegation.seat_id]
                given = f"par délégation {de(seat.name)} ({seat.capacity})"
                capacity = f"{delegation.capacity}, {given}"
                yield Voice(
                    seat.organisation, seat, delegation.name, capacity, True, user.pk, delegation
                )


def _order(voice: Voice) -> tuple:
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
    """Return the committees of several conventions on a day, in one query; two more where somebody
    is absent, or lends a voice."""
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
    lending = [seat.pk for seat in seats if seat.has_delegations]
    rows = Delegation.objects.filter(seat__in=lending).select_related("seat__organisation", "user")
    for delegation in rows:
        benches[delegation.seat.organisation.convention_id].delegations.append(delegation)
    for bench in benches.values():
        bench.__post_init__()
    return benches


def seats_today(convention: Convention) -> list[Seat]:
    """Return the seats of a convention whose dates hold today, in whatever state."""
    held = Seat.objects.of(convention).valid(timezone.localdate())
    return list(held.select_related("organisation").order_by("pk"))


@cached_for_viewer
def advises(user: User, convention: Convention) -> bool:
    """Whether ``user`` holds an adviser's seat of the convention today."""
    # Most people hold none, and whether it is held today takes long to ask.
    seats = Seat.objects.of(convention).filter(kind=SeatKind.ADVISER, user=user)
    return seats.exists() and seats.sitting(timezone.localdate()).exists()


def capacity_of(user: User | None, bench: Bench) -> str:
    """« Directrice, Caf de la Vienne »: a seat first, else the coordination. Empty without a
    ``user``: the portal acts in no capacity."""
    if user is None:
        return ""
    return next(_capacities(user, bench), "") or (
        "coordination" if coordinates(user, bench.convention) else ""
    )


def capacity_for(user: User, organisation: Organisation, bench: Bench) -> str:
    """In which capacity somebody acts for that organisation; who sits for two has another in each.
    Empty without a seat of it, or a voice that was lent."""
    return next(_capacities(user, bench, organisation), "")


def _capacities(user: User, bench: Bench, of: Organisation | None = None) -> Iterator[str]:
    seats = [seat for seat in bench.seats if seat.user_id == user.pk and bench.sits(seat)]
    holding: list[Seat | Voice] = [*seats, *bench.voices_of(user)]
    for held in holding:
        if of in (None, held.organisation):
            yield f"{held.capacity}, {held.organisation}"
