"""What earlier releases wrote of what was recorded for a party, and today's only reads."""

from agreements.models import Agreement, Answer, Confirmation, Confirmed


def contested(entry: Agreement, reason: str = "Jamais dit") -> Agreement:
    """The person in whose name it was recorded denied it: the point was suspended."""
    same = ("version", "organisation", "seat", "seat_kind", "user", "person_name", "capacity")
    kept = {name: getattr(entry, name) for name in same}
    kept |= {"entered_by": entry.user, "entered_by_name": entry.person_name}
    denied = {"answer": Answer.CONTESTED, "reason": reason, "contests": entry}
    denial = Agreement(rank=entry.rank + 1, **denied, **kept)
    denial.save()
    return denial


def counted_by_delay(entry: Agreement) -> Confirmation:
    """Nobody contested it in time."""
    return Confirmation.objects.create(agreement=entry, way=Confirmed.DELAY)
