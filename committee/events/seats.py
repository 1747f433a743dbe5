"""Seats: named, ended; absences and delegations of their holders."""

import datetime

from django.db import transaction
from django.utils import timezone

from committee import rights
from committee.commitments import commitments
from committee.models import Absence, Delegation, Seat, SeatKind
from conventions.models import Membership, Organisation, Party
from ctg_portal.rules import Refusal, Refused, enforce
from documents.models import StoredFile

PARTIES_SPEAK = Refusal(
    "Seule une partie signataire a des membres, des suppléants et des instructeurs ; "
    "les autres organismes siègent à titre consultatif."
)
NO_ACCESS = Refusal("Cette personne n’a pas accès à la convention : invitez-la d’abord.")


@transaction.atomic
def name_to_seat(organisation: Organisation, *, kind: str, capacity: str, by, user=None,
                 name: str = "", starts_on: datetime.date | None = None,
                 ends_on: datetime.date | None = None, is_elected: bool = False,
                 substitute_for: Seat | None = None) -> Seat:  # fmt: skip
    """Give somebody a seat: a person with access (``user``), or only a ``name``."""
    convention = organisation.convention
    enforce(rights.may_manage_committee(by, convention))
    if kind != SeatKind.ADVISORY and not Party.objects.filter(organisation=organisation).exists():
        raise Refused(PARTIES_SPEAK)
    if user and not Membership.objects.active().of(convention).filter(user=user).exists():
        raise Refused(NO_ACCESS)
    if substitute_for and (
        substitute_for.organisation_id != organisation.pk or substitute_for.kind != SeatKind.MEMBER
    ):
        raise Refused(Refusal("Un suppléant remplace un membre du même organisme."))
    _refuse_twice(organisation, kind, user, starts_on)
    return Seat.objects.create(
        organisation=organisation,
        kind=kind,
        user=user,
        name=str(user) if user else name,
        capacity=capacity,
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
        is_elected=is_elected,
        substitute_for=substitute_for,
    )


def _refuse_twice(organisation, kind, user, starts_on) -> None:
    day = starts_on or timezone.localdate()
    held = Seat.objects.filter(organisation=organisation, kind=kind, user=user)
    if user and held.valid(day).exists():
        raise Refused(Refusal(f"{user} a déjà ce siège pour {organisation}."))


@transaction.atomic
def end_seat(seat: Seat, *, by, on: datetime.date | None = None, reason: str = "") -> Seat:
    """End a mandate: the last day is ``on``, by default yesterday, so that it no longer counts."""
    enforce(rights.may_manage_committee(by, seat.organisation.convention))
    return _end(_locked(seat), on, reason)


@transaction.atomic
def end_elected_seats(organisation: Organisation, *, by, on: datetime.date | None = None,
                      reason: str = "") -> list[Seat]:  # fmt: skip
    """End at once the mandates of all élus of a party (municipal elections)."""
    enforce(rights.may_manage_committee(by, organisation.convention))
    day = on or _yesterday()
    seats = Seat.objects.filter(organisation=organisation).elected().not_over(day)
    locked = seats.order_by("pk").select_for_update(of=("self",))
    return [_end(seat, day, reason) for seat in locked]


@transaction.atomic
def end_seats_of(user) -> None:
    """An account is erased: its seats, and the delegations given to it, end with it."""
    yesterday = _yesterday()
    for seat in Seat.objects.filter(user=user).not_over(yesterday).select_for_update(of=("self",)):
        _end(seat, yesterday, "Compte supprimé")
    for delegation in Delegation.objects.filter(user=user).not_over(yesterday):
        _end_delegation(delegation)


@transaction.atomic
def declare_absence(seat: Seat, *, starts_on: datetime.date, ends_on: datetime.date | None,
                    by) -> Absence:  # fmt: skip
    """Say on which days a member cannot answer, so that the substitute counts."""
    enforce(rights.may_declare_absence(by, seat))
    if seat.kind != SeatKind.MEMBER:
        raise Refused(Refusal("Seule l’absence d’un membre laisse sa place au suppléant."))
    return Absence.objects.create(seat=_locked(seat), starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def end_absence(absence: Absence, *, by) -> None:
    """The member is back."""
    enforce(rights.may_declare_absence(by, absence.seat))
    _locked(absence.seat)
    yesterday = _yesterday()
    if absence.starts_on > yesterday:
        absence.delete()
    else:
        absence.ends_on = yesterday
        absence.save()


@transaction.atomic
def delegate(seat: Seat, *, capacity: str, starts_on: datetime.date, by,
             ends_on: datetime.date | None = None, user=None, name: str = "", kinds=(),
             act: StoredFile | None = None) -> Delegation:  # fmt: skip
    """Let somebody answer for a member; the member in person needs no act, others attach it."""
    enforce(rights.may_delegate(by, seat))
    if seat.kind != SeatKind.MEMBER:
        raise Refused(Refusal("Seul un membre donne délégation."))
    if act is None and seat.user_id != getattr(by, "pk", None):
        raise Refused(Refusal("Joignez l’acte de délégation signé."))
    if user and user.pk == seat.user_id:
        raise Refused(Refusal("Un membre ne se donne pas délégation à lui-même."))
    known = {commitment.kind for commitment in commitments()}
    if not set(kinds) <= known:
        raise Refused(Refusal("Cette nature de points est inconnue."))
    convention = seat.organisation.convention
    if user and not Membership.objects.active().of(convention).filter(user=user).exists():
        raise Refused(NO_ACCESS)
    return Delegation.objects.create(
        seat=_locked(seat),
        user=user,
        name=str(user) if user else name,
        capacity=capacity,
        kinds=sorted(kinds),
        starts_on=starts_on,
        ends_on=ends_on,
        act=act,
    )


@transaction.atomic
def end_delegation(delegation: Delegation, *, by) -> None:
    """Take a delegation back; what was answered under it stays said."""
    enforce(rights.may_delegate(by, delegation.seat))
    _locked(delegation.seat)
    _end_delegation(delegation)


def _end_delegation(delegation: Delegation) -> None:
    delegation.ends_on = max(_yesterday(), delegation.starts_on)
    if delegation.starts_on > _yesterday():
        # It never held a whole day: it holds none.
        delegation.starts_on = delegation.ends_on = _yesterday()
    delegation.save()


def _end(seat: Seat, on: datetime.date | None, reason: str) -> Seat:
    day = on or _yesterday()
    if seat.ends_on and seat.ends_on < day:
        raise Refused(Refusal("Ce mandat est déjà terminé."))
    seat.starts_on = min(seat.starts_on, day)
    seat.ends_on, seat.end_reason = day, reason
    seat.save()
    return seat


def _locked(seat: Seat) -> Seat:
    return Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)


def _yesterday() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)
