"""Which stored files belong to the agreements of a convention."""

from agreements.models import Attachment, Delegation, Seat


def deposited(convention):
    """What stands behind answers, seats and delegations."""
    return [
        Attachment.objects.filter(agreement__version__convention=convention).values("document"),
        Seat.objects.of(convention).filter(act__isnull=False).values("act"),
        Delegation.objects.of(convention).filter(act__isnull=False).values("act"),
    ]
