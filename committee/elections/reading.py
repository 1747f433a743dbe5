"""The list of a party's élus as its pages show it: who stays, leaves, comes, and what follows."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from agreements.models import Seat
from agreements.seats.voices import Bench
from committee.elections import rights
from committee.elections.events import fingerprint_of, seats_of
from committee.elections.models import Renewal, RenewalLine
from conventions.access.closing import NOTICE
from conventions.access.rights import label_confirmers, may_confirm, refuse_coordinator
from conventions.access.viewer import accesses_to
from conventions.models import Convention, Membership, Organisation, Role
from ctg_portal.house import ActionLink
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import in_words, long_date


@dataclass(frozen=True)
class Comer:
    """Who comes to a seat, with the account of their address, if it has one. ``fault``: why this
    person cannot come; ``note``: how they are reached."""

    name: str
    capacity: str
    note: str
    fault: str = ""


@dataclass(frozen=True)
class SeatLine:
    """A seat of the list. ``access``: what becomes of the accesses of who leaves."""

    seat: Seat
    line: RenewalLine
    note: str = ""
    access: str = ""
    comer: Comer | None = None


class RenewalReading:
    """The list of an organisation: the open one, else the last confirmed, else none. ``bench``: the
    committee today."""

    def __init__(self, organisation: Organisation, bench: Bench, asker: User | None):
        self.organisation, self.bench, self.asker = organisation, bench, asker
        lists = Renewal.objects.renewing(organisation)
        rows = list(lists.select_related("prepared_by", "confirmed_by"))
        self.open = next((row for row in rows if row.is_open), None)
        self.renewal = self.open or next(iter(rows), None)
        for row in rows:
            row.organisation = organisation
        self.stored = self._read_lines(self.open) if self.open else {}

    def _read_lines(self, renewal: Renewal) -> dict[int, RenewalLine]:
        """Return the lines of a list, by the key of their seat."""
        lines = renewal.lines.select_related("seat__user", "invitation")
        return {line.seat_id: line for line in lines.order_by("seat__name", "pk")}

    @cached_property
    def seats(self) -> list[Seat]:
        """The seats of the élus that the open list is about, or would be."""
        return seats_of(self.open or Renewal(organisation=self.organisation))

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.seats)

    @cached_property
    def lines(self) -> list[SeatLine]:
        """The seats of the open list, or of the confirmed one as it was confirmed."""
        if self.renewal and not self.renewal.is_open:
            stored = self._read_lines(self.renewal).values()
            return [
                SeatLine(line.seat, line, access=_describe_closing(line), comer=_confirmed(line))
                for line in stored
            ]
        return [
            self._read(seat, self.stored.get(seat.pk) or RenewalLine(seat=seat))
            for seat in self.seats
        ]

    def _read(self, seat: Seat, line: RenewalLine) -> SeatLine:
        """Return a line of the open list, with what its confirmation would bring about."""
        note = ""
        if not seat.is_confirmed:
            seat.organisation = self.organisation
            note = "siège suspendu" if seat.is_suspended else "siège à confirmer"
            if line.stays and may_confirm(self.asker, seat) is None:
                note += " : il est confirmé avec la liste"
        access = self._describe_access(seat) if line.leaves else ""
        comer = self._comer(seat, line) if line.has_newcomer else None
        return SeatLine(seat, line, note, access, comer)

    def _describe_access(self, seat: Seat) -> str:
        """Return what becomes of the accesses of the holder, who leaves."""
        if seat.user is None:
            return "sans compte : aucun accès à fermer"
        accesses = self._accesses(seat.user)
        keeps = [
            f"« {access.get_role_display()} »" for access in accesses if access.role != Role.READER
        ]
        if any(access.is_referent for access in accesses):
            others = self._has_other_referent(seat.user)
            alone = "" if others else " : la seule personne à ce rôle, à faire suivre d’une autre"
            return f"reste référent des accès{alone}"
        if keeps:
            return f"garde son accès {' et '.join(keeps)}"
        if self._has_other_seat(seat):
            return "garde un autre siège, et son accès en lecture"
        if not accesses:
            return "aucun accès à fermer"
        return f"son accès en lecture se ferme {NOTICE.days} jours après la confirmation"

    def _accesses(self, user: User) -> list[Membership]:
        """Return the active accesses of a person for the organisation."""
        return [
            access for access in accesses_to(self.bench.convention)
            if access.user_id == user.pk and access.is_active
            and access.organisation_id == self.organisation.pk
        ]  # fmt: skip

    def _has_other_referent(self, user: User) -> bool:
        """Return whether the organisation has another confirmed référent des accès than this
        person."""
        return any(
            access.is_referent and access.is_effective and access.user_id != user.pk
            and access.organisation_id == self.organisation.pk
            for access in accesses_to(self.bench.convention)
        )  # fmt: skip

    def _has_other_seat(self, seat: Seat) -> bool:
        """Return whether the holder keeps another seat of the organisation, or gets one."""
        for other in self.bench.seats:
            is_own = other.user_id == seat.user_id and other.organisation_id == seat.organisation_id
            if not is_own or other.pk == seat.pk or other.is_over(self.bench.day):
                continue
            line = self.stored.get(other.pk)
            if line is None or not line.leaves:
                return True
        comes = {line.email for line in self.stored.values() if line.has_newcomer}
        return seat.user is not None and seat.user.email in comes

    @cached_property
    def _users(self) -> dict[str, User]:
        """The accounts of the addresses of who comes, by address."""
        emails = {line.email for line in self.stored.values() if line.has_newcomer and line.email}
        users = User.objects.filter(email__in=emails) if emails else []
        return {user.email: user for user in users}

    def _comer(self, seat: Seat, line: RenewalLine) -> Comer:
        """Return who comes to a seat, how they are reached, and why they cannot come."""
        user = self._users.get(line.email)
        capacity = line.capacity or seat.capacity
        fault = self._refuse(user, seat) if user else None
        if user and self._accesses(user):
            note = f"a déjà un accès pour {self.organisation.the}"
            if self.asker and user.pk == self.asker.pk:
                note = "c’est vous : ce siège reste à confirmer par une autre personne"
        elif line.email:
            note = f"invitation envoyée à {line.email}"
        else:
            note = "sans compte : son accord sera recueilli hors du portail"
        return Comer(line.name, capacity, note, fault.reason if fault else "")

    def _refuse(self, user: User, seat: Seat) -> Refusal | None:
        """Return why this account cannot have a seat of the kind of ``seat`` for the organisation,
        by what the page has read; the event asks again."""
        if refusal := refuse_coordinator(user, self.organisation, only_reads=seat.only_reads):
            return refusal
        for other in self.bench.seats:
            speaks = seat.speaks and other.speaks and other.user_id == user.pk
            is_elsewhere = other.organisation_id != self.organisation.pk
            if speaks and is_elsewhere and not other.is_over(self.bench.day):
                return Refusal(
                    f"{user} siège pour {other.organisation.the} : une personne n’engage qu’une "
                    "partie. Terminez d’abord l’autre siège."
                )
        return None

    # What the pages say ---------------------------------------------------------------------

    @property
    def staying(self) -> list[SeatLine]:
        return [row for row in self.lines if row.line.stays]

    @property
    def leaving(self) -> list[SeatLine]:
        return [row for row in self.lines if row.line.leaves]

    @property
    def coming(self) -> list[SeatLine]:
        return [row for row in self.lines if row.comer]

    @property
    def undecided(self) -> list[SeatLine]:
        return [row for row in self.lines if not row.line.outcome]

    @property
    def heading(self) -> str:
        """The title: « Après les élections : trois élus restent, un part, deux arrivent »."""
        counts = [
            (self.staying, "élu reste,élus restent"),
            (self.leaving, "élu part,élus partent"),
            (self.coming, "élu arrive,élus arrivent"),
        ]
        parts = [in_words(len(rows), forms) for rows, forms in counts if rows]
        if parts:
            return f"Après les élections : {', '.join(parts)}"
        return f"Après les élections pour {self.organisation.the}"

    def obstacle(self, today: datetime.date) -> Refusal | None:
        """Return why the open list cannot be confirmed yet, whoever asks, or None."""
        if self.open is None:
            return Refusal("Aucune liste n’est préparée.")
        if refusal := rights.refuse_incomplete(self.open, self.stored.values(), self.seats, today):
            return refusal
        faults = (row.comer.fault for row in self.lines if row.comer)
        return next((Refusal(fault) for fault in faults if fault), None)

    @property
    def confirmers(self) -> str:
        return label_confirmers(self.organisation)


def _describe_closing(line: RenewalLine) -> str:
    """Return when the access of who has left closes, by a confirmed list; empty where it stays."""
    return f"son accès en lecture se ferme le {long_date(line.closes_on)}" if line.closes_on else ""


def _confirmed(line: RenewalLine) -> Comer | None:
    """Return who has come by a confirmed list, or None."""
    if not line.has_newcomer:
        return None
    invitation = line.invitation
    state = "invitation acceptée" if invitation and invitation.accepted_at else "invitation envoyée"
    return Comer(line.name, line.capacity, state if invitation else "")


def acts_of_renewals(convention: Convention) -> list[QuerySet]:
    """Return, in a list, the queryset of the keys of the délibérations of lists of élus."""
    return [Renewal.objects.of(convention).filter(act__isnull=False).values("act")]


def renewals_awaiting_host(
    organisations: Iterable[Organisation],
) -> Mapping[int, list[ActionLink]]:
    """Return the link to the list that is prepared for each of these organisations, by key."""
    rows = Renewal.objects.open().filter(organisation__in=organisations)
    return {
        row.organisation_id: [
            ActionLink(
                "Lire la liste des élus",
                reverse(
                    "committee:host_elections",
                    args=[row.organisation.convention.slug, row.organisation_id],
                ),
            )
        ]
        for row in rows.select_related("organisation__convention")
    }
