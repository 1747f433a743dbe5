"""One voice per party (art. 4): who may speak for whom, today, on which kind of point.

A ``Bench`` is the committee of a convention on a day, read in a few queries and then asked in
memory, so that a page with 600 points asks no more than one with 12.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from agreements.seats.models import Absence, Delegation, Seat, SeatKind
from conventions.access.rights import coordinates, was_given_meanwhile
from conventions.access.viewer import all_accesses, kept_for_page, once_a_page
from conventions.models import Convention, Organisation
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
    """The committee of one convention on ``day``.

    ``insiders``: who acts in it; ``left``: (organisation, person) pairs where the access for that
    organisation has ended, or does not count, perhaps for another one's; ``vouched``: those where
    it does, and was not given by the person in person; ``waiting``: those where one that does not
    count is still there; ``coordinating``: for which organisations somebody coordinates.
    """

    convention: Convention
    day: datetime.date
    seats: list[Seat] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)
    insiders: set[int] = field(default_factory=set)
    left: set[tuple[int, int]] = field(default_factory=set)
    vouched: set[tuple[int, int]] = field(default_factory=set)
    let_in: set[tuple[int, int]] = field(default_factory=set)
    waiting: set[tuple[int, int]] = field(default_factory=set)
    coordinating: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self):
        self.by_pk = {seat.pk: seat for seat in self.seats}

    # Seats ------------------------------------------------------------------------------------

    def sits(self, seat: Seat) -> bool:
        """In mandate, its holder acting: to speak, for that very organisation."""
        return seat.is_valid(self.day) and not self.is_silent(seat)

    def is_silent(self, seat: Seat) -> bool:
        """Whether it is suspended, awaits a confirmation, or its holder's access does not let them
        use it."""
        return seat.is_suspended or seat.awaits_confirmation or not self.is_usable(seat)

    def is_usable(self, seat: Seat) -> bool:
        """Whether its holder's access lets them use it: not where it has ended, is to be confirmed,
        is another organisation's, was given by them to themselves, or they coordinate for another
        one, or did when they were given it."""
        if seat.speaks:
            return self.is_vouched(seat)
        return seat.user_id is None or self.is_inside(seat.user_id, seat.organisation_id)

    def is_vouched(self, seat: Seat) -> bool:
        """Whether somebody else lets its holder act for the organisation, or it has no account."""
        if seat.user_id is None:
            return True
        pair = seat.organisation_id, seat.user_id
        return pair in self.vouched and not self.coordinates_elsewhere(*pair)

    def coordinates_elsewhere(self, organisation_id: int, user_id: int | None) -> bool:
        """Whether somebody coordinates, and not for that organisation: whoever lets people in and
        names them speaks for her own alone, whenever she was named."""
        own = self.coordinating.get(user_id)
        return bool(own) and organisation_id not in own

    def is_inside(self, user_id: int | None, organisation_id: int) -> bool:
        """Acts there, and did not leave that organisation: who did speaks for it no more."""
        return user_id in self.insiders and (organisation_id, user_id) not in self.left

    def belongs(self, user_id: int | None, organisation_id: int) -> bool:
        """May speak up for the organisation."""
        return self.is_inside(user_id, organisation_id) and not self.coordinates_elsewhere(
            organisation_id, user_id
        )

    def awaiting(self) -> list[Seat | Delegation]:
        """The seats and delegations, not over, that await a confirmation."""
        entrusted = [*self.seats, *self.delegations]
        return [e for e in entrusted if e.awaits_confirmation and not e.is_over(self.day)]

    def unconfirmed(self) -> list[Seat | Delegation]:
        """The same, and the seats that were objected to."""
        objected = [s for s in self.seats if s.is_suspended and not s.awaits_confirmation]
        return [*self.awaiting(), *(seat for seat in objected if not seat.is_over(self.day))]

    def has_lost(self, seat: Seat) -> bool:
        """Whether its holder's access has ended: somebody else is to be named."""
        pair = seat.organisation_id, seat.user_id
        if seat.user_id is None or pair in self.waiting:
            return False
        return not self.is_inside(seat.user_id, seat.organisation_id)

    def is_absent(self, seat: Seat) -> bool:
        return any(absence.is_valid(self.day) for absence in seat.absences_read)

    def stands_in(self, seat: Seat) -> bool:
        """Whether a substitute counts: the member is absent, or the seat empty.

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
        return not any(self.sits(member) and not self.is_absent(member) for member in members)

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

    def sits_for(self, user, organisation: Organisation, *, to_speak: bool = False) -> bool:
        """Whether somebody has a seat of the organisation today, whatever it is; ``to_speak``: as a
        member or a substitute."""
        return user is not None and any(
            seat.user_id == user.pk
            and seat.organisation_id == organisation.pk
            and self.sits(seat)
            and (seat.speaks or not to_speak)
            for seat in self.seats
        )

    # Voices -----------------------------------------------------------------------------------

    def voices_of(self, user, kind: str | None = None) -> list[Voice]:
        """What ``user`` may say today on points of ``kind``, what commits first, and for each
        organisation the best title: as a member, by delegation, as a substitute."""
        if user is None or user.pk not in self.insiders:
            return []
        found = [*self._own(user), *self._delegated(user, kind)]
        found.sort(key=_order)
        by_organisation: dict[tuple, Voice] = {}
        for voice in found:
            by_organisation.setdefault((voice.organisation.pk, voice.commits), voice)
        return list(by_organisation.values())

    def voice(self, user, organisation: Organisation | None, kind: str) -> Voice | None:
        """How ``user`` may commit ``organisation`` (any, without one) on points of ``kind``."""
        for voice in self.voices_of(user, kind):
            if voice.commits and organisation in (None, voice.organisation):
                return voice
        return None

    def advice(self, user) -> Voice | None:
        """How ``user`` may give an avis."""
        return next((voice for voice in self.voices_of(user) if not voice.commits), None)

    def voice_from(self, seat: Seat) -> Voice:
        """The word of whoever holds the seat, whether they have an account or not."""
        return Voice(
            seat.organisation, seat, seat.name, seat.capacity, self.commits(seat), seat.user_id
        )

    def _own(self, user) -> Iterable[Voice]:
        for seat in self.seats:
            if seat.user_id == user.pk and self.sits(seat):
                commits = self.commits(seat)
                # A substitute whose member is there has nothing to say in the party's name.
                if commits or not seat.speaks:
                    yield self.voice_from(seat)

    def _answers_by(self, delegation: Delegation, kind: str | None) -> bool:
        """Whether who was lent a member's voice may answer by it."""
        seat = self.by_pk[delegation.seat_id]
        return (
            delegation.is_valid(self.day)
            and delegation.covers(kind)
            and not delegation.awaits_confirmation
            and seat.kind == SeatKind.MEMBER
            and self.sits(seat)
            and self.belongs(delegation.user_id, seat.organisation_id)
        )

    def _delegated(self, user, kind: str | None) -> Iterable[Voice]:
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


@kept_for_page
def benches_of(conventions: Iterable[Convention], day: datetime.date) -> dict[int, Bench]:
    """The committees of several conventions on a day, in four queries."""
    benches = {c.pk: Bench(c, day) for c in conventions}
    for seat in _seats_of(benches):
        seat.organisation.convention = benches[seat.organisation.convention_id].convention
        benches[seat.organisation.convention_id].seats.append(seat)
    for delegation in Delegation.objects.filter(
        seat__organisation__convention__in=benches
    ).select_related("seat__organisation", "user"):
        benches[delegation.seat.organisation.convention_id].delegations.append(delegation)
    _read_accesses(benches)
    for bench in benches.values():
        bench.__post_init__()
    return benches


def _read_accesses(benches: dict[int, Bench]) -> None:
    acting, known = set(), defaultdict(list)
    accesses = all_accesses(bench.convention for bench in benches.values())
    for access in accesses:
        known[access.organisation.convention_id, access.user_id].append(access)
    for access in accesses:
        bench = benches[access.organisation.convention_id]
        pair = access.organisation_id, access.user_id
        if not access.is_effective:
            bench.left.add(pair)
            if access.is_active:
                bench.waiting.add(pair)
            continue
        bench.insiders.add(access.user_id)
        acting.add(pair)
        own = known[access.organisation.convention_id, access.user_id]
        if was_given_meanwhile(access, own):
            bench.let_in.add(pair)
        elif not access.is_self_given:
            bench.vouched.add(pair)
        if access.is_coordination:
            bench.coordinating.setdefault(access.user_id, set()).add(access.organisation_id)
    for bench in benches.values():
        bench.left -= acting
        bench.let_in -= bench.vouched


def _seats_of(benches: dict[int, Bench]) -> list[Seat]:
    seats = list(
        Seat.objects.filter(organisation__convention__in=benches)
        .select_related("organisation__party", "user")
        .order_by("pk")
    )
    absences = defaultdict(list)
    for absence in Absence.objects.filter(seat__organisation__convention__in=benches):
        absences[absence.seat_id].append(absence)
    for seat in seats:
        seat.absences_read = absences[seat.pk]
    return seats


def speakers_in(conventions: Iterable[int]) -> dict[tuple[int, int], datetime.datetime]:
    """Who holds a seat that speaks in these conventions today: (organisation, person) pairs, with
    the moment since when it has; that of a seat said to have begun earlier is its first row."""
    seats = Seat.objects.sitting(timezone.localdate()).filter(
        kind__in=SeatKind.speaking(), organisation__convention__in=conventions, user__isnull=False
    )
    spoke = Seat.history.filter(
        id=OuterRef("pk"), awaits_confirmation=False, suspended_at__isnull=True
    )
    since = Subquery(spoke.order_by("history_id").values("history_date")[:1])
    found: dict[tuple[int, int], datetime.datetime] = {}
    for organisation, user, moment in seats.values_list("organisation", "user", since):
        pair = organisation, user
        found[pair] = min(moment, found.get(pair, moment))
    return found


@once_a_page
def advises(user, convention: Convention) -> bool:
    """Whether ``user`` holds an adviser's seat of the convention today, and has access to it."""
    # Most people hold none, and whether it is held today takes long to ask.
    seats = Seat.objects.of(convention).filter(kind=SeatKind.ADVISER, user=user)
    return seats.exists() and seats.sitting(timezone.localdate()).exists()


def capacity_of(user, bench: Bench) -> str:
    """« Directrice, Caf de la Vienne »: a seat first, else the coordination."""
    return next(_capacities(user, bench), "") or (
        "coordination" if coordinates(user, bench.convention) else ""
    )


def capacity_for(user, organisation: Organisation, bench: Bench) -> str:
    """In which capacity somebody acts for that organisation; who sits for two has another in each.
    Empty without a seat of it, or a voice that was lent."""
    return next(_capacities(user, bench, organisation), "")


def _capacities(user, bench: Bench, of: Organisation | None = None) -> Iterable[str]:
    seats = [seat for seat in bench.seats if seat.user_id == user.pk and bench.sits(seat)]
    for held in [*seats, *bench.voices_of(user)]:
        if of in (None, held.organisation):
            yield f"{held.capacity}, {held.organisation}"
