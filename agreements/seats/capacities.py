"""In which capacity people sit or speak: why they are written to."""

import datetime
from collections import defaultdict

from agreements.models import SeatKind
from agreements.seats.voices import bench_of
from conventions.access.capacities import Capacity
from conventions.models import Convention
from ctg_portal.templatetags.french import de


def capacities_by_seat(
    convention: Convention, day: datetime.date
) -> dict[int, list[tuple[Capacity, str]]]:
    """Return what seats and delegations give that day, in words, by the person's primary key."""
    bench, found = bench_of(convention, day), defaultdict(list)
    for seat in bench.seats:
        if seat.user_id and bench.sits(seat):
            member = bench.by_pk.get(seat.substitute_for_id)
            of_whom = f" {de(member.name)}" if member else ""
            called = f"votre {SeatKind(seat.kind).of_seat}{of_whom}, pour {seat.organisation.the}"
            found[seat.user_id].append((Capacity.SEAT, called))
    for lent in bench.delegations:
        seat = bench.by_pk[lent.seat_id]
        if lent.user_id and lent.is_valid(day) and bench.sits(seat):
            called = f"la délégation {de(seat.name)}, pour {seat.organisation.the}"
            found[lent.user_id].append((Capacity.SEAT, called))
    return found
