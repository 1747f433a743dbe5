"""Which stored files belong to the agreements of a convention."""

from agreements.answers.models import Attachment
from agreements.seats.models import Delegation, Seat


def deposited(convention):
    """Return querysets of the keys of stored files behind answers, seats and delegations of a
    convention, now or earlier: a replaced act, or that of a cancelled mandate, is kept too."""
    seats = Seat.history.filter(organisation__convention=convention)
    delegations = Delegation.history.filter(seat_id__in=seats.values("id"))
    return [
        Attachment.objects.filter(agreement__version__convention=convention).values("document"),
        Seat.objects.of(convention).filter(act__isnull=False).values("act"),
        Delegation.objects.of(convention).filter(act__isnull=False).values("act"),
        seats.filter(act__isnull=False).values("act"),
        delegations.filter(act__isnull=False).values("act"),
    ]
