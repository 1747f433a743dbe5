"""The élus of a party are renewed (record 98): their seats are awaited from the installation of the
council, then ended, kept or given with one list. ``committee.elections`` has the list."""

import datetime

from accounts.models import User
from agreements.seats import rights
from agreements.seats.events import add_seat, confirm_seat, end_locked, set_state
from agreements.seats.mandates import RENEWAL, lock_seat, save_mandate, yesterday
from agreements.seats.models import Seat
from conventions.access import rights as access
from conventions.access.closing import keep_open
from conventions.models import AppointmentState, Membership, Organisation
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce


@event(Subject.PEOPLE)
def await_seats(
    organisation: Organisation, installed_on: datetime.date | None, *, by: User | None,
    overruled: int | None = None,
) -> None:  # fmt: skip
    """Let the seats of the élus that the installation of the council on that day concerns be
    awaited from then on, and others no longer. ``installed_on=None``: none is.

    ``overruled``: the key of the person whose day is corrected by a référent: as after a
    suspension that was lifted, they do not write another. Raises Refused.
    """
    enforce(access.may_propose(by, organisation))
    seats = Seat.objects.filter(organisation=organisation).elected().not_over(yesterday())
    seats = seats.order_by("pk").select_for_update(of=("self",))
    concerned: set[int] = set()
    if installed_on:
        renewed = Seat.objects.renewed_by(organisation, installed_on)
        concerned = set(renewed.values_list("pk", flat=True))
    for seat in seats:
        awaited_from = installed_on if seat.pk in concerned else None
        is_past = seat.awaited_until is not None  # the list of earlier elections
        if seat.awaited_from == awaited_from or (is_past and awaited_from is None):
            continue
        if by is not None and by.pk in seat.overruled:
            raise Refused(access.OVERRULED)
        if overruled and overruled not in seat.overruled:
            seat.overruled = [*seat.overruled, overruled]
        seat.awaited_from, seat.awaited_until = awaited_from, None
        save_mandate(seat, by=by)


def end_renewed(seat: Seat, installed_on: datetime.date, reason: str, *, by: User | None) -> Seat:
    """End the mandate of an élu on the eve of the installation, with the list of the caller. Raises
    Refused."""
    enforce(access.may_end(by, seat))
    last_day = installed_on - datetime.timedelta(days=1)
    return end_locked(lock_seat(seat), last_day, reason, by=by, change_reason=RENEWAL)


def keep_renewed(
    seat: Seat, installed_on: datetime.date, deliberated_on: datetime.date, *, by: User | None
) -> Seat:
    """Let the seat of an élu who stays count again from the day of the délibération, awaited from
    the installation until the day before; return it.

    A seat that is pending or suspended is confirmed where ``by`` may. With the list of the caller.
    """
    seat = lock_seat(seat)
    last_day = deliberated_on - datetime.timedelta(days=1)
    is_gap = installed_on <= last_day
    awaited = (installed_on, last_day) if is_gap else (None, None)
    if (seat.awaited_from, seat.awaited_until) != awaited:
        seat.awaited_from, seat.awaited_until = awaited
        save_mandate(seat, by=by, reason=RENEWAL)
    if not seat.is_confirmed and rights.may_confirm_seat(by, seat) is None:
        seat = confirm_seat(seat, by=by, reason=RENEWAL)
    return seat


def give_renewed(seat: Seat, *, by: User | None) -> Seat:
    """Save the new seat of somebody who comes with the list of the caller. Raises Refused."""
    seat.is_elected, seat.given_by = True, by
    return add_seat(seat, by=by, reason=RENEWAL)


@event(Subject.PEOPLE)
def give_account(seat: Seat, user: User) -> Seat:
    """Give a seat that was named without account to this account, and return it; a confirmed one
    goes back to pending unless the account's access is confirmed.

    An access to read stays open. Raises Refused where this person has such a seat already, or
    cannot commit the party.
    """
    seat = lock_seat(seat)
    seat.user, seat.name = user, str(user)
    if Seat.objects.find_duplicates(seat):
        raise Refused(Refusal(f"{user} a déjà ce siège pour {seat.organisation.the}."))
    enforce(access.refuse_coordinator(user, seat.organisation, only_reads=seat.only_reads))
    enforce(rights.refuse_second_party(seat))
    accesses = Membership.objects.held_by(user, seat.organisation)
    if seat.is_confirmed and not accesses.effective().exists():
        set_state(seat, AppointmentState.PENDING, seat.returned())
    keep_open(user, seat.organisation)
    save_mandate(seat, by=user, reason=RENEWAL)
    let_follow(house().after_seat, seat.history.latest("history_id"))
    return seat
