"""The list of a party's élus after elections: prepared, abandoned, confirmed in one act."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import Invitation, User
from agreements.models import Seat, SeatKind
from agreements.seats.mandates import yesterday
from agreements.seats.renewal import (
    await_seats,
    end_renewed,
    give_account,
    give_renewed,
    keep_renewed,
)
from committee.elections import mail, rights
from committee.elections.models import Outcome, Renewal, RenewalLine
from committee.elections.notices import RenewalPrepared
from conventions.access.closing import announce_closing
from conventions.access.events import invite
from conventions.legal.convention import lock_convention
from conventions.models import Convention, Membership, MembershipOffer, Organisation, Role
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import changed, changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import long_date
from documents.models import StoredFile
from notifications.news import notify


@dataclass(frozen=True)
class Choice:
    """What the list says of one seat."""

    outcome: str = ""
    name: str = ""
    capacity: str = ""
    email: str = ""


@dataclass(frozen=True)
class Prepared:
    """What is saved of a list. ``choices``: by the key of the seat."""

    installed_on: datetime.date | None = None
    deliberated_on: datetime.date | None = None
    act: StoredFile | None = None
    choices: Mapping[int, Choice] = field(default_factory=dict)


@event(Subject.PEOPLE)
def prepare(
    organisation: Organisation, prepared: Prepared, *, revision: int | None, by: User
) -> Renewal:
    """Save the list of an organisation, whole or not, and let its élus' seats be awaited from the
    installation on; return it.

    Without an ``act``, the one stored stays. ``revision``: that of the list as it was shown, 0
    where there was none. A new day of installation, and a list of which nothing is missing, are
    notified. Raises Refused, also where it was saved since.
    """
    enforce(rights.may_prepare(by, organisation))
    renewal = _lock(organisation)
    check_revision(renewal, revision)
    renewal = renewal or Renewal(organisation=organisation)
    before = renewal.installed_on
    if prepared.installed_on != before:
        await_seats(
            organisation, prepared.installed_on, by=by, overruled=_overruled(renewal, by=by)
        )
        renewal.dated_by = by
    renewal.installed_on, renewal.deliberated_on = prepared.installed_on, prepared.deliberated_on
    renewal.act = prepared.act or renewal.act
    renewal.prepared_by = by
    renewal.save()
    lines = {line.seat_id: line for line in renewal.lines.all()}
    own = Seat.objects.filter(organisation=organisation, pk__in=prepared.choices)
    for seat in own:
        line = lines.get(seat.pk) or RenewalLine(renewal=renewal, seat=seat)
        choice = prepared.choices[seat.pk]
        line.outcome, line.name = choice.outcome, choice.name.strip()
        line.capacity, line.email = choice.capacity.strip(), choice.email.strip().lower()
        line.save()
    if prepared.installed_on != before or is_ready(renewal):
        notify(RenewalPrepared(renewal))
    if prepared.installed_on and prepared.installed_on != before:
        mail.notify_of_date(renewal, by=by)
    return renewal


def _overruled(renewal: Renewal, *, by: User) -> int | None:
    """Return the key of who wrote the day of a list, which ``by`` corrects as somebody who confirms
    it; None where ``by`` wrote it, or does not confirm."""
    if renewal.dated_by_id == by.pk or rights.may_confirm(by, renewal.organisation):
        return None
    return renewal.dated_by_id


def is_ready(renewal: Renewal) -> bool:
    """Return whether nothing is missing for the list to be confirmed today."""
    seats = seats_of(renewal)
    today = timezone.localdate()
    return rights.refuse_incomplete(renewal, renewal.lines.all(), seats, today) is None


def seats_of(renewal: Renewal) -> list[Seat]:
    """Return the seats of the élus that an open list is about, by name: those that the installation
    concerns, or, while its day is not known, those that run today."""
    day = renewal.installed_on or timezone.localdate()
    if renewal.installed_on is None:
        rows = Seat.objects.filter(organisation=renewal.organisation_id).elected()
        rows = rows.begun(day).not_over(yesterday())
    else:
        rows = Seat.objects.renewed_by(renewal.organisation_id, day)
    return list(rows.select_related("user").order_by("name", "pk"))


def fingerprint_of(seats: Iterable[Seat]) -> str:
    """Return what a page shows of these seats, as its form sends it back: their keys and
    revisions."""
    return ",".join(f"{seat.pk}:{seat.revision}" for seat in sorted(seats, key=lambda s: s.pk))


@event(Subject.PEOPLE)
def abandon(organisation: Organisation, *, revision: int | None, by: User) -> None:
    """Delete the list that is prepared for an organisation, if there is one: its élus' seats are
    awaited no more. Raises Refused, also where it was saved since ``revision``."""
    enforce(rights.may_prepare(by, organisation))
    renewal = _lock(organisation)
    check_revision(renewal, revision)
    if renewal is None:
        return
    await_seats(organisation, None, by=by, overruled=_overruled(renewal, by=by))
    renewal.delete()


@event(Subject.PEOPLE)
def confirm(
    renewal: Renewal, *, revision: int | None = None, seen: str | None = None,
    by: User | None, operator: User | None = None,
) -> Renewal:  # fmt: skip
    """Confirm the list of a party's élus, in one act: who leaves has sat until the eve of the
    installation, who stays counts from the délibération on, who comes sits from then on, and is
    invited where they have no access. Who leaves is written to, with the day on which the access
    that only reads closes.

    ``by=None``: for the host, by ``operator``. ``revision``, ``seen``: the list and the seats
    (``fingerprint_of``) as they were shown, None to skip the check. Raises Refused, with all that
    it had done undone.
    """
    organisation = renewal.organisation
    enforce(rights.may_confirm(by, organisation))
    lock_convention(organisation.convention.pk)
    current = _lock(organisation)
    if current is None or current.pk != renewal.pk:
        raise Refused(rights.STALE)
    check_revision(current, revision, rights.STALE)
    renewal = current
    seats = seats_of(renewal)
    if seen is not None and seen != fingerprint_of(seats):
        raise Refused(rights.STALE)
    lines = {line.seat_id: line for line in renewal.lines.all()}
    enforce(rights.refuse_incomplete(renewal, lines.values(), seats, timezone.localdate()))
    installed_on, deliberated_on = renewal.installed_on, renewal.deliberated_on
    if installed_on is None or deliberated_on is None:
        raise Refused(rights.STALE)
    # Lines of seats that ended meanwhile say nothing any more.
    renewal.lines.exclude(seat__in=seats).delete()
    concerned = [(seat, lines[seat.pk]) for seat in seats]
    reason = f"Élections : conseil installé le {long_date(installed_on)}"
    for seat, line in concerned:
        if line.outcome == Outcome.LEAVES:
            end_renewed(seat, installed_on, reason, by=by)
        else:
            keep_renewed(seat, installed_on, deliberated_on, by=by)
    # Members first: a substitute who comes stands in for the member who comes.
    for seat, line in sorted(concerned, key=lambda pair: pair[0].kind != SeatKind.MEMBER):
        if line.has_newcomer:
            _give_seat(seat, line, lines, starts_on=deliberated_on, by=by)
    for line in lines.values():
        line.email = ""
        line.save()
    renewal.confirmed_by, renewal.confirmed_at = by or operator, timezone.now()
    renewal.is_by_host = by is None
    renewal.save()
    _part_from([seat for seat, line in concerned if line.leaves], lines, renewal)
    mail.notify_of_list(renewal, by=by)
    return renewal


def _give_seat(
    seat: Seat, line: RenewalLine, lines: Mapping[int, RenewalLine], *,
    starts_on: datetime.date, by: User | None,
) -> None:  # fmt: skip
    """Give who comes a seat like that of who leaves, with the account of their address where it has
    access for the organisation; invite the address otherwise."""
    organisation = seat.organisation
    accesses = Membership.objects.active().filter(organisation=organisation)
    holder = accesses.filter(user__email=line.email).select_related("user").first()
    user = holder.user if holder and line.email else None
    member = seat.substitute_for
    if member and (other := lines.get(member.pk)) and other.leaves:
        member = other.new_seat
    line.new_seat = give_renewed(
        Seat(
            organisation=organisation, kind=seat.kind, user=user,
            name=str(user) if user else line.name, capacity=line.capacity or seat.capacity,
            starts_on=starts_on, substitute_for=member, act=line.renewal.act,
        ),
        by=by,
    )  # fmt: skip
    if line.email and user is None:
        line.invitation = _invite(line.email, organisation, by=by)


def _invite(email: str, organisation: Organisation, *, by: User | None) -> Invitation:
    """Invite an address to read for the organisation; return the invitation, or the one that it has
    already to read there. Raises Refused."""
    pending = MembershipOffer.objects.pending().filter(
        organisation=organisation, role=Role.READER, invitation__email=email,
        invitation__expires_at__gt=timezone.now(),
    )  # fmt: skip
    if offer := pending.select_related("invitation").first():
        return offer.invitation
    return invite(email=email, organisation=organisation, roles=[Role.READER], by=by)[0]


def _part_from(leaving: list[Seat], lines: Mapping[int, RenewalLine], renewal: Renewal) -> None:
    """Write to each person who leaves, and let the access by which they only read close with the
    last of their seats in the organisation."""
    organisation = renewal.organisation
    sitting = Seat.objects.filter(organisation=organisation).not_over(yesterday())
    staying = set(sitting.exclude(user=None).values_list("user", flat=True))
    for user in {seat.user for seat in leaving if seat.user}:
        own = [seat for seat in leaving if seat.user == user]
        day = None if user.pk in staying else announce_closing(user, organisation)
        for seat in own:
            line = lines[seat.pk]
            line.closes_on = day
            line.save(update_fields=["closes_on"])
        mail.send_end_of_seat(user, own, renewal, day)


def give_accounts(convention: Convention) -> None:
    """Let the accounts of those who accepted an invitation hold the seats that lists gave them by
    name; a seat stays without account where its holder commits another party."""
    lines = RenewalLine.objects.filter(
        renewal__organisation__convention=convention, new_seat__isnull=False,
        new_seat__user__isnull=True, invitation__accepted_by__isnull=False,
    )  # fmt: skip
    for line in lines.select_related("new_seat__organisation", "invitation__accepted_by"):
        seat, user = line.new_seat, line.invitation.accepted_by if line.invitation else None
        if seat is None or user is None or seat.is_over(timezone.localdate()):
            continue
        try:
            with changing():
                give_account(seat, user)
        except Refused:
            continue  # the page of the composition says that this seat has no account


def _lock(organisation: Organisation) -> Renewal | None:
    """Lock the organisation, and return its open list, locked, or None."""
    changed(organisation, Subject.PEOPLE)
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    rows = Renewal.objects.open().filter(organisation=organisation)
    return rows.select_related("organisation__convention").select_for_update(of=("self",)).first()
