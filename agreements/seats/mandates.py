"""What the events of seats, absences and delegations share: locking, writing, ending."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from agreements.models import Seat
from ctg_portal.house import house, let_follow
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import long_date

CANCELLED = Refusal("Cette nomination vient d’être annulée : il n’y a plus rien à faire.")

# Why a delegation went, in its history: whoever was to speak by it is told with the seat.
WITH_ITS_SEAT = "Siège annulé"


def between(mandate) -> str:
    """« du 3 mai 2024 au 5 mai 2024 », « depuis le 3 mai 2024 », « à partir du … »."""
    if mandate.ends_on:
        return f"du {long_date(mandate.starts_on)} au {long_date(mandate.ends_on)}"
    has_begun = mandate.starts_on <= timezone.localdate()
    return f"{'depuis le' if has_begun else 'à partir du'} {long_date(mandate.starts_on)}"


def write(row, *, by: User | None):
    """Save what the database would take, with who did it; say in French what it would not."""
    try:
        row.validate_constraints()
    except ValidationError as wrong:
        raise Refused(Refusal(" ".join(wrong.messages))) from None
    row._history_user = by
    row.save()
    change_turns(row)
    return row


def close(row, *, by: User | None) -> None:
    """End an absence or a delegation now; one that has not begun goes, its history stays."""
    if row.starts_on > timezone.localdate():
        delete(row, by=by)
        return
    # Somebody may have answered by it today, were it for a minute: it stays, before today.
    row.starts_on, row.ends_on = min(row.starts_on, yesterday()), yesterday()
    write(row, by=by)


def delete(row, *, by: User | None):
    row._history_user = by
    row.delete()
    change_turns(row)
    return row


def locked(seat: Seat) -> Seat:
    """The seat as it is now, and nobody else's until the end of the transaction."""
    found = Seat.objects.select_for_update(of=("self",)).filter(pk=seat.pk).first()
    if found is None:
        raise Refused(CANCELLED)
    return found


def yesterday() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)


def change_turns(mandate) -> None:
    """A seat, an absence or a delegation changes who answers: today, on its first day, and on the
    day after its last."""
    seat = mandate if isinstance(mandate, Seat) else mandate.seat
    today = timezone.localdate()
    days = {today, mandate.starts_on}
    if mandate.ends_on:
        days.add(mandate.ends_on + datetime.timedelta(days=1))
    coming = [day for day in sorted(days) if day >= today]
    let_follow(house().after_turns, seat.organisation.convention, coming)
