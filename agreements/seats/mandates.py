"""What the events of seats, absences and delegations share: locking, writing, ending."""

import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from agreements.seats.models import Absence, Delegation, Seat
from ctg_portal.house import house, let_follow
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import long_date

Mandate = Seat | Absence | Delegation
AnyMandate = TypeVar("AnyMandate", bound=Mandate)

CANCELLED = Refusal("Cette nomination vient d’être annulée : il n’y a plus rien à faire.")

# The reason, in its history, of a delegation deleted with its seat: its holder is notified of the
# seat alone.
WITH_ITS_SEAT = "Siège annulé"
# The reason, in its history, of a seat ended, given or confirmed with the list of a party's élus:
# its official address and who leaves are written to of the whole list.
RENEWAL = "Après les élections"


def format_period(mandate: Mandate) -> str:
    """Format the dates of a mandate: « du 3 mai 2024 au 5 mai 2024 », « depuis le 3 mai 2024 », or
    « à partir du … » before it begins."""
    if mandate.ends_on:
        return f"du {long_date(mandate.starts_on)} au {long_date(mandate.ends_on)}"
    has_begun = mandate.starts_on <= timezone.localdate()
    return f"{'depuis le' if has_begun else 'à partir du'} {long_date(mandate.starts_on)}"


def save_mandate(row: AnyMandate, *, by: User | None, reason: str = "") -> AnyMandate:
    """Save a seat, absence or delegation, with ``by`` and ``reason`` in its history, and announce
    who answers from now on. Raises Refused, in French, where a constraint of the database would be
    violated."""
    try:
        row.validate_constraints()
    except ValidationError as wrong:
        raise Refused(Refusal(" ".join(wrong.messages))) from None
    row._history_user = by  # type: ignore[union-attr]  # django-simple-history
    row._change_reason = reason or None  # type: ignore[union-attr]
    row.save()
    announce_turns(row)
    return row


def end_mandate(row: Mandate, *, by: User | None) -> None:
    """End an absence or a delegation: its last day is yesterday, and so its first where it began
    today. One that is still to begin is deleted, but for its history."""
    if row.starts_on > timezone.localdate():
        delete_mandate(row, by=by)
        return
    # Somebody may have answered by it today, were it for a minute: it stays, before today.
    row.starts_on, row.ends_on = min(row.starts_on, yesterday()), yesterday()
    save_mandate(row, by=by)


def delete_mandate(row: Mandate, *, by: User | None) -> None:
    """Delete a mandate, with ``by`` in its history, and announce who answers from now on."""
    row._history_user = by  # type: ignore[union-attr]  # django-simple-history
    row.delete()
    announce_turns(row)


def lock_seat(seat: Seat) -> Seat:
    """Lock a seat until the end of the transaction; return it as it is now. Raises Refused where it
    was cancelled."""
    current = Seat.objects.select_for_update(of=("self",)).filter(pk=seat.pk).first()
    if current is None:
        raise Refused(CANCELLED)
    return current


def yesterday() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)


def announce_turns(mandate: Mandate) -> None:
    """Announce (``after_turns``) that a seat, absence or delegation changes who answers: today, on
    its first day, on the day after its last, and on those between which a seat is awaited, but for
    days that are past."""
    seat = mandate if isinstance(mandate, Seat) else mandate.seat
    today = timezone.localdate()
    days = {today, mandate.starts_on}
    last_days = [mandate.ends_on]
    if isinstance(mandate, Seat):
        last_days.append(mandate.awaited_until)
        if mandate.awaited_from:
            days.add(mandate.awaited_from)
    days |= {day + datetime.timedelta(days=1) for day in last_days if day}
    coming = [day for day in sorted(days) if day >= today]
    let_follow(house().after_turns, seat.organisation.convention, coming)
