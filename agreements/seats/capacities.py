"""The capacities in which people sit or speak, as reasons why they are written to."""

import datetime
from collections import defaultdict

from agreements.seats.models import SeatKind
from agreements.seats.voices import bench_of
from conventions.models import Convention
from conventions.notices import Capacity
from ctg_portal.templatetags.french import de


def capacities_by_seat(
    convention: Convention, day: datetime.date
) -> dict[int, list[tuple[Capacity, str]]]:
    """Return the capacities, with their French labels, that seats and delegations give that day, by
    the person's primary key."""
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
