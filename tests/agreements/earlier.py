"""Entries about recorded answers that earlier releases wrote, and today's release only reads."""

from agreements.models import Agreement, Answer, Confirmation, ConfirmationWay


def contested(entry: Agreement, reason: str = "Jamais dit") -> Agreement:
    """Contest a recorded answer as the person in whose name it was recorded; the point was
    suspended by it."""
    same = ("version", "organisation", "seat", "seat_kind", "user", "person_name", "capacity")
    values = {name: getattr(entry, name) for name in same}
    values |= {"entered_by": entry.user, "entered_by_name": entry.person_name}
    values |= {"answer": Answer.CONTESTED, "reason": reason, "contests": entry}
    contestation = Agreement(rank=entry.rank + 1, **values)
    contestation.save()
    return contestation


def counted_by_delay(entry: Agreement) -> Confirmation:
    """Confirm a recorded answer by the delay in which nobody contested it."""
    return Confirmation.objects.create(agreement=entry, way=ConfirmationWay.DELAY)
