"""Seats: named, corrected, ended; absences and delegations of their holders.

A mandate that has not begun and is ended before its first day is cancelled: nobody has sat.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import User
from agreements.seats import rights
from agreements.seats.mandates import (
    WITH_ITS_SEAT,
    delete_mandate,
    end_mandate,
    format_period,
    lock_seat,
    save_mandate,
    yesterday,
)
from agreements.seats.models import Absence, Delegation, Seat, SeatKind
from agreements.seats.voices import seats_today
from conventions.access import rights as access
from conventions.access.closing import keep_open
from conventions.access.events import confirm_access, suspend_person
from conventions.access.organisations import lock_against_withdrawal
from conventions.legal.convention import lock_convention
from conventions.models import (
    AppointmentState,
    Membership,
    Organisation,
    Party,
    Role,
)
from ctg_portal.forms.revisions import check_revision
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import de, long_date
from documents.models import StoredFile

PARTIES_SPEAK = Refusal(
    "Seule une partie signataire a des membres, des suppléants et des instructeurs ; "
    "les autres organismes siègent à titre consultatif."
)
OTHERWISE = Refusal(
    "Ce siège a changé depuis que la page est ouverte, par une suspension peut-être : relisez-le."
)


# Seats ------------------------------------------------------------------------------------------


@event(Subject.PEOPLE)
def name_to_seat(organisation: Organisation, *, kind: str, capacity: str, by: User,
                 user: User | None = None, name: str = "", starts_on: datetime.date | None = None,
                 ends_on: datetime.date | None = None, is_elected: bool = False,
                 substitute_for: Seat | None = None) -> Seat:  # fmt: skip
    """Create a seat for a person with access for the organisation (``user``), or for a ``name``
    without account. It is confirmed if ``by`` may confirm it, else pending. ``starts_on``: by
    default today; ``ends_on=None``: for ever. Raises Refused."""
    seat = Seat(
        organisation=organisation, kind=kind, user=user, capacity=capacity.strip(),
        name=str(user) if user else name.strip(), starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on, is_elected=is_elected, substitute_for=substitute_for, given_by=by,
    )  # fmt: skip
    return add_seat(seat, by=by)


def add_seat(seat: Seat, *, by: User | None, reason: str = "") -> Seat:
    """Check and save a new seat as ``name_to_seat`` says, with ``reason`` in its history, in the
    transaction of the caller. Raises Refused."""
    organisation, user, kind = seat.organisation, seat.user, seat.kind
    enforce(access.may_propose(by, organisation))
    lock_convention(organisation.convention.pk)
    lock_against_withdrawal(organisation)
    if kind != SeatKind.ADVISORY and not Party.objects.filter(organisation=organisation).exists():
        raise Refused(PARTIES_SPEAK)
    enforce(_refuse_without_access(user, organisation))
    enforce(_refuse_wrong_member(seat))
    for other in Seat.objects.find_duplicates(seat):
        raise Refused(
            Refusal(f"{other.name} a déjà ce siège pour {organisation}, {format_period(other)}.")
        )
    enforce(access.refuse_coordinator(user, organisation, only_reads=seat.only_reads))
    enforce(rights.refuse_second_party(seat))
    if access.counts_at_once(by, organisation, user):
        _confirm(seat, by=by)
    if user:
        keep_open(user, organisation)
    save_mandate(seat, by=by, reason=reason)
    let_follow(house().after_seat, seat.history.latest("history_id"))
    return seat


def _confirm(seat: Seat, *, by: User | None) -> None:
    """Confirm the accesses by which the holder of a seat reads for its organisation, and the seat
    itself, which the caller saves."""
    accesses = Membership.objects.active().held_by(seat.user, seat.organisation)
    accesses = accesses.filter(role=Role.READER).exclude(state=AppointmentState.CONFIRMED)
    for access_to_read in accesses.select_related("organisation__convention"):
        confirm_access(access_to_read, by=by)
    set_state(seat, AppointmentState.CONFIRMED, seat.confirmed(by=by))


def set_state(seat: Seat, state: AppointmentState, values: dict[str, Any]) -> None:
    """Set the state of a seat, and the fields ``values`` that go with it; the caller saves it."""
    seat.state = state
    for name, value in values.items():
        setattr(seat, name, value)


def _refuse_without_access(user: User | None, organisation: Organisation) -> Refusal | None:
    """Refuse a seat to an account without active access for the organisation; who has no account
    (None) is not refused."""
    if user is None or Membership.objects.active().held_by(user, organisation).exists():
        return None
    return Refusal(
        f"{user} n’a pas d’accès au titre {organisation.genitive} : invitez d’abord cette personne "
        "à ce titre."
    )


def _refuse_wrong_member(seat: Seat) -> Refusal | None:
    """Refuse a substitute for somebody who is no member of the same organisation, or whose mandate
    is over before the seat begins; one for any member is not refused."""
    member = seat.substitute_for
    if member is None:
        return None
    if member.organisation_id != seat.organisation_id or member.kind != SeatKind.MEMBER:
        return Refusal("Un suppléant remplace un membre du même organisme.")
    if member.is_over(seat.starts_on):
        return Refusal(f"Le mandat {de(member.name)} sera terminé : nommez un autre membre.")
    return None


@event(Subject.PEOPLE)
def confirm_seat(
    seat: Seat, *, by: User | None, revision: int | None = None, reason: str = ""
) -> Seat:
    """Confirm a seat that is pending or suspended, and the access by which its holder reads.

    ``revision``: that of the seat as it was shown, None to skip the check; ``reason``: for its
    history. Raises Refused, also where the seat has changed since it was shown.
    """
    seat = lock_seat(seat)
    check_revision(seat, revision, OTHERWISE)
    enforce(
        rights.may_confirm_seat(by, seat) or rights.refuse_ended_mandate(seat, timezone.localdate())
    )
    enforce(_refuse_without_access(seat.user, seat.organisation))
    _confirm(seat, by=by)
    save_mandate(seat, by=by, reason=reason)
    let_follow(house().after_seat, seat.history.latest("history_id"))
    return seat


def confirm_seats_of(user: User, organisation: Organisation, *, by: User | None) -> list[Seat]:
    """Confirm those seats of a person in an organisation, in their dates today and not confirmed,
    that ``by`` may confirm; return them, perhaps none."""
    seats = [
        seat
        for seat in seats_today(organisation.convention)
        if (seat.user_id, seat.organisation_id) == (user.pk, organisation.pk)
        and not seat.is_confirmed
    ]
    return [confirm_seat(s, by=by) for s in seats if rights.may_confirm_seat(by, s) is None]


@event(Subject.PEOPLE)
def suspend_seat(seat: Seat, *, by: User) -> Seat:
    """Suspend the holder of a seat in its organisation: accesses, seats and delegations there; for
    a holder without account, the seat alone. Raises Refused."""
    if seat.user:
        suspend_person(seat.user, seat.organisation, by=by)
        return lock_seat(seat)
    seat = lock_seat(seat)
    enforce(rights.refuse_ended_mandate(seat, timezone.localdate()))
    enforce(rights.may_suspend_seat(by, seat))
    return _suspend(seat, by=by)


def _suspend(seat: Seat, *, by: User | None) -> Seat:
    """Suspend and save this seat alone, which the caller has locked."""
    set_state(seat, AppointmentState.SUSPENDED, seat.suspended(by=by))
    save_mandate(seat, by=by)
    let_follow(house().after_seat, seat.history.latest("history_id"))
    return seat


def suspend_seats_of(user: User, organisation: Organisation, *, by: User | None) -> None:
    """Suspend the seats of a person in an organisation that are not over, and end the delegations
    received there, when the person is suspended in it or leaves it."""
    seats = Seat.objects.filter(user=user, organisation=organisation).not_over(yesterday())
    for seat in seats.exclude(state=AppointmentState.SUSPENDED).order_by("pk"):
        _suspend(lock_seat(seat), by=by)
    delegations = Delegation.objects.filter(user=user, seat__organisation=organisation)
    for delegation in delegations.not_over(yesterday()).select_related("seat__organisation"):
        _end_delegation(delegation, by=by)


def suspend_seats_elsewhere(user: User, organisation: Organisation) -> None:
    """Suspend the seats by which a person speaks for other organisations of the convention, and end
    the delegations received there: who coordinates for one speaks for no other (rule 8)."""
    others = Seat.objects.of(organisation.convention).exclude(organisation=organisation)
    others = others.filter(user=user, kind__in=SeatKind.speaking()).not_over(yesterday())
    for seat in others.exclude(state=AppointmentState.SUSPENDED).order_by("pk"):
        _suspend(lock_seat(seat), by=None)
    delegations = Delegation.objects.of(organisation.convention).filter(user=user)
    delegations = delegations.exclude(seat__organisation=organisation).not_over(yesterday())
    for delegation in delegations.select_related("seat__organisation"):
        _end_delegation(delegation, by=None)


def return_seats_to_pending(organisation: Organisation) -> None:
    """Return to pending the confirmed seats of an organisation that are not over, but for those
    that the host has confirmed: from now on its référents alone confirm them."""
    seats = Seat.objects.filter(organisation=organisation, state=AppointmentState.CONFIRMED)
    for seat in seats.not_over(yesterday()).order_by("pk"):
        if not seat.is_confirmed_by_host:
            set_state(seat, AppointmentState.PENDING, seat.returned())
            save_mandate(seat, by=None)
            let_follow(house().after_seat, seat.history.latest("history_id"))


@event(Subject.PEOPLE)
def edit_seat(seat: Seat, *, capacity: str, is_elected: bool, revision: int, by: User) -> Seat:
    """Correct the capacity of a seat's holder and whether they are an élu; nothing is written where
    neither changes. ``revision``: that of the seat as it was shown. Raises Refused."""
    enforce(rights.may_edit_seat(by, seat))
    seat = lock_seat(seat)
    enforce(rights.refuse_ended_mandate(seat, timezone.localdate()))
    if (seat.capacity, seat.is_elected) == (capacity.strip(), is_elected):
        return seat
    check_revision(seat, revision)
    seat.capacity, seat.is_elected = capacity.strip(), is_elected
    return save_mandate(seat, by=by)


@event(Subject.PEOPLE)
def end_seat(seat: Seat, *, by: User, on: datetime.date | None = None, reason: str = "") -> Seat:
    """End a mandate: its last day is ``on``, by default yesterday, so that it no longer counts. One
    that has not begun by then is cancelled. Raises Refused, also where it ends earlier already."""
    enforce(access.may_end(by, seat))
    return end_locked(lock_seat(seat), on, reason, by=by)


@event()
def end_seats_of(user: User) -> None:
    """End the seats of an account that is erased, and the delegations given to it."""
    seats = Seat.objects.filter(user=user).not_over(yesterday())
    for seat in seats.order_by("pk").select_for_update(of=("self",)):
        changed(seat, Subject.PEOPLE)
        # Whose account is erased is named in no letter.
        end_locked(seat, None, "Compte supprimé", by=None, is_notified=False)
    for delegation in Delegation.objects.filter(user=user).not_over(yesterday()):
        changed(delegation, Subject.PEOPLE)
        end_mandate(delegation, by=None)


def end_locked(
    seat: Seat, on: datetime.date | None, reason: str, *, by: User | None,
    is_notified: bool = True, change_reason: str = "",
) -> Seat:  # fmt: skip
    """End the mandate of a locked seat as ``end_seat`` says, with ``change_reason`` in its history,
    without asking the right. Raises Refused where it ends by that day already, or had not begun."""
    today, day = timezone.localdate(), on or yesterday()
    if seat.ends_on and seat.ends_on <= day:
        ended = "est déjà terminé depuis le" if seat.is_over(today) else "prend déjà fin le"
        raise Refused(Refusal(f"Le mandat {de(seat.name)} {ended} {long_date(seat.ends_on)}."))
    if day < seat.starts_on and seat.starts_on > today:
        return _cancel(seat, by=by)
    if on and day < seat.starts_on:
        raise Refused(Refusal(
            f"Le mandat {de(seat.name)} a commencé le {long_date(seat.starts_on)} : "
            "il ne peut pas avoir pris fin avant."
        ))  # fmt: skip
    # Begun today and ended today: it holds no day any more.
    seat.starts_on = min(seat.starts_on, day)
    seat.ends_on, seat.end_reason = day, reason.strip()
    save_mandate(seat, by=by, reason=change_reason)
    if is_notified:
        let_follow(house().after_ending, seat.history.latest("history_id"))
    return seat


def _cancel(seat: Seat, *, by: User | None) -> Seat:
    """Delete a seat that has not begun, with its delegations; its substitutes stay, for any member,
    and await another confirmation. ``after_ending`` follows."""
    for delegation in seat.delegations.all():
        delegation._change_reason = WITH_ITS_SEAT
        delete_mandate(delegation, by=by)
    for substitute in seat.substitutes.all():
        # Confirmed as the substitute of one member, it is not that of any other without another
        # confirmation.
        substitute.substitute_for = None
        if substitute.is_confirmed:
            set_state(substitute, AppointmentState.PENDING, substitute.returned())
        save_mandate(substitute, by=by)
    pk = seat.pk
    delete_mandate(seat, by=by)
    let_follow(house().after_ending, Seat.history.filter(id=pk).latest("history_id"))
    return seat


# Absences ---------------------------------------------------------------------------------------


@event(Subject.PEOPLE)
def declare_absence(seat: Seat, *, starts_on: datetime.date, ends_on: datetime.date | None,
                    by: User) -> Absence:  # fmt: skip
    """Record the days on which a member cannot answer, so that the substitute counts; without an
    end, until it is ended. The member is notified if somebody else declares it. Raises Refused,
    also where days are declared already."""
    enforce(rights.may_declare_absence(by, seat))
    seat = lock_seat(seat)
    if seat.kind != SeatKind.MEMBER:
        raise Refused(Refusal("Seule l’absence d’un membre laisse sa place au suppléant."))
    enforce(rights.refuse_ended_mandate(seat, starts_on))
    other = seat.absences.overlapping(starts_on, ends_on).first()
    if other:
        raise Refused(
            Refusal(f"Une absence {de(seat.name)} est déjà déclarée, {format_period(other)}.")
        )
    absence = save_mandate(Absence(seat=seat, starts_on=starts_on, ends_on=ends_on), by=by)
    let_follow(house().after_absence, absence.history.latest("history_id"))
    return absence


@event(Subject.PEOPLE)
def end_absence(absence: Absence, *, by: User) -> None:
    """End an absence: the member can answer again from today. Raises Refused, also where it is over
    already."""
    enforce(rights.may_end_absence(by, absence))
    seat = lock_seat(absence.seat)
    current = seat.absences.filter(pk=absence.pk).first()
    if current is None or current.is_over(timezone.localdate()):
        raise Refused(Refusal(f"L’absence {de(seat.name)} est déjà terminée."))
    pk = current.pk
    end_mandate(current, by=by)
    let_follow(house().after_absence, Absence.history.filter(id=pk).latest("history_id"))


# Delegations ------------------------------------------------------------------------------------


@event(Subject.PEOPLE)
def delegate(seat: Seat, *, user: User, capacity: str, starts_on: datetime.date, by: User,
             ends_on: datetime.date | None = None, kinds: Iterable[str] = (),
             act: StoredFile | None = None) -> Delegation:  # fmt: skip
    """Create a delegation by which somebody of the organisation answers for a member.

    The member alone gives it; for a member without account a référent does, with the signed
    ``act``, and never to themselves. ``kinds``: the kinds of points; empty for all. Raises Refused.
    """
    enforce(rights.may_delegate(by, seat))
    seat = lock_seat(seat)
    enforce(
        _refuse_delegation(seat, user, act, by=by) or rights.refuse_ended_mandate(seat, starts_on)
    )
    enforce(rights.may_receive_delegation(user, seat))
    if not set(kinds) <= {commitment.kind for commitment in house().versions}:
        raise Refused(Refusal("Cette nature de points est inconnue."))
    delegation = Delegation(
        seat=seat, user=user, name=str(user), capacity=capacity.strip(), kinds=sorted(kinds),
        starts_on=starts_on, ends_on=ends_on, act=act, given_by=by,
    )  # fmt: skip
    enforce(_refuse_same_delegation(delegation))
    save_mandate(delegation, by=by)
    let_follow(house().after_delegation, delegation)
    return delegation


def _refuse_delegation(
    seat: Seat, user: User, act: StoredFile | None, *, by: User | None
) -> Refusal | None:
    """Refuse a delegation of who is no member, of a member without account that lacks its ``act``,
    or of somebody to themselves."""
    if seat.kind != SeatKind.MEMBER:
        return Refusal("Seul un membre donne délégation.")
    if act is None and seat.user_id is None:
        return Refusal("Joignez l’acte de délégation signé.")
    if user.pk == seat.user_id or (by is not None and by.pk == user.pk):
        return Refusal("Personne ne se donne délégation à soi-même.")
    return None


def _refuse_same_delegation(new: Delegation) -> Refusal | None:
    """Refuse a delegation to somebody who has one of that member, on some of the same days, for all
    these kinds of points."""
    for other in new.seat.delegations.overlapping(new.starts_on, new.ends_on):
        is_covered = not other.kinds or (new.kinds and set(new.kinds) <= set(other.kinds))
        if other.user_id == new.user_id and is_covered:
            return Refusal(f"{other.name} a déjà cette délégation, {format_period(other)}.")
    return None


@event(Subject.PEOPLE)
def end_delegation(delegation: Delegation, *, by: User) -> None:
    """End a delegation; answers given under it stand. The member, the delegate and those who act
    for the organisation are notified. Raises Refused."""
    enforce(rights.may_end_delegation(by, delegation.seat))
    seat = lock_seat(delegation.seat)
    current = seat.delegations.filter(pk=delegation.pk).first()
    if current is None or current.is_over(timezone.localdate()):
        raise Refused(Refusal(f"La délégation à {delegation.name} est déjà terminée."))
    _end_delegation(current, by=by)


def _end_delegation(delegation: Delegation, *, by: User | None) -> None:
    """End a delegation as ``end_mandate`` does; ``after_delegation_ends`` follows."""
    pk = delegation.pk
    end_mandate(delegation, by=by)
    ended = Delegation.history.filter(id=pk).latest("history_id")
    let_follow(house().after_delegation_ends, ended)
