"""The composition of the committee as its page shows it: who sits for whom today, and what the
reader may change."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from accounts.models import User
from agreements.commitments.commitment import by_kind
from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats import rights
from agreements.seats.mandates import format_period
from agreements.seats.voices import Bench
from conventions.access.reading import referents_of
from conventions.access.rights import label_confirmers, may_end
from conventions.models import Convention, Membership, Organisation, OrganisationKind, Party
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import de, enumerate_words, in_words, long_date, que

# No municipal election changes their seats.
UNTOUCHED = [OrganisationKind.CAF, OrganisationKind.MSA, OrganisationKind.CGSS]


@dataclass(frozen=True)
class Asker:
    """The reader of the page: the answers of ``agreements.seats.rights``, from what the page has
    read. ``organisations``: those for which they sit; ``referred``: those whose référent they are.
    """

    user: object
    manages: bool
    organisations: frozenset[int] = frozenset()
    referred: frozenset[int] = frozenset()

    def can_propose(self, organisation: Organisation) -> bool:
        return self.manages or organisation.pk in self.referred

    def can_declare_absence(self, seat: Seat) -> bool:
        """Return whether it is one's own seat or organisation, or one may propose seats there."""
        own = seat.user_id == self.user.pk or seat.organisation_id in self.organisations
        return own or self.can_propose(seat.organisation)

    def can_delegate(self, seat: Seat) -> bool:
        return rights.may_delegate(self.user, seat) is None


@dataclass(frozen=True)
class SeatSign:
    """The sign of a seat, drawn as one of the lights: whether it counts today."""

    state: str
    word: str


@dataclass(frozen=True)
class AbsenceLine:
    """An absence on the page."""

    absence: Absence
    can_end: bool = False

    @property
    def dates(self) -> str:
        return format_period(self.absence)


@dataclass(frozen=True)
class DelegationLine:
    """A delegation on the page: to whom, for which points, on which days."""

    delegation: Delegation
    convention: Convention
    counts: bool
    can_end: bool = False

    @property
    def kinds(self) -> str:
        """The points it is for: « tous les points », « les objectifs et les fiches action »."""
        if not self.delegation.kinds:
            return "tous les points"
        words = (by_kind(kind).word(self.convention) for kind in self.delegation.kinds)
        return enumerate_words(f"les {word.plural}" for word in words)

    @property
    def dates(self) -> str:
        return format_period(self.delegation)


@dataclass(frozen=True)
class Place:
    """A seat on the page."""

    seat: Seat
    bench: Bench
    asker: Asker

    @property
    def dates(self) -> str:
        return format_period(self.seat)

    @property
    def role(self) -> str:
        """The kind of seat: « Membre, mandat électif », « Suppléant d’Hélène Marchand »."""
        seat = self.seat
        role = seat.get_kind_display().capitalize()
        if seat.kind == SeatKind.SUBSTITUTE:
            member = self.bench.by_pk.get(seat.substitute_for_id)
            stands_for_one = member and not member.is_over(self.bench.day)
            role += f" {de(member.name)}" if stands_for_one else " de tout membre de l’organisme"
        return f"{role}, mandat électif" if seat.is_elected else role

    @property
    def address(self) -> str:
        """The holder's address, where the reader may confirm or suspend the seat; else empty."""
        return self.seat.address if self.can_confirm or self.can_suspend else ""

    @property
    def absence(self) -> Absence | None:
        """The absence that runs today, or None."""
        return next((a for a in self.seat.absences_read if a.is_valid(self.bench.day)), None)

    @property
    def absences(self) -> list[AbsenceLine]:
        """The absences that run today or are announced."""
        current = [a for a in self.seat.absences_read if not a.is_over(self.bench.day)]
        return [AbsenceLine(a, self.can_declare_absence) for a in current]

    @cached_property
    def delegations(self) -> list[DelegationLine]:
        """The delegations that run today or are to come."""
        bench, seat = self.bench, self.seat
        can_end = rights.may_end_delegation(self.asker.user, seat) is None
        return [
            DelegationLine(
                delegation, bench.convention, bench.sits(seat) and delegation.is_valid(bench.day),
                can_end,
            )
            for delegation in bench.delegations
            if delegation.seat_id == seat.pk and not delegation.is_over(bench.day)
        ]  # fmt: skip

    @property
    def sign(self) -> SeatSign | None:
        """The sign of an unconfirmed, future or absent seat; else of what it does today."""
        seat, today = self.seat, self.bench.day
        if not seat.is_confirmed:
            state = "again" if seat.is_suspended else "awaited"
            return SeatSign(state, describe_unconfirmed(seat))
        if self.is_awaited:
            return SeatSign("deliberation", "attendu, jusqu’à la délibération")
        if seat.starts_on > today:
            return SeatSign("awaited", f"siège à partir du {long_date(seat.starts_on)}")
        if self.absence:
            return SeatSign("deliberation", describe_absence(self.absence))
        return self._sign_of_kind()

    @property
    def is_awaited(self) -> bool:
        """Whether the délibération that says who sits is awaited today."""
        return self.seat.is_awaited(self.bench.day)

    @property
    def will_be_awaited(self) -> bool:
        """Whether the council is installed on a day to come."""
        return self.seat.awaited_from is not None and self.seat.awaited_from > self.bench.day

    @property
    def confirmation(self) -> str:
        """The origin of a confirmed seat: « confirmé par Anne Roy le 3 mai »; else empty."""
        seat = self.seat
        if not seat.is_confirmed:
            return ""
        if seat.is_taken_over:
            return "repris d’une version précédente du portail, confirmé par personne de connu"
        by = seat.confirmed_by or "l’hébergeur du portail"
        return f"confirmé par {by} le {long_date(seat.confirmed_at)}"

    def _sign_of_kind(self) -> SeatSign | None:
        """Return the sign of a member or substitute today; None for who only gives an avis."""
        if not self.seat.speaks:
            return None
        if self.seat.kind == SeatKind.MEMBER:
            return SeatSign("ok", "répond pour son organisme")
        if self.bench.commits(self.seat):
            return SeatSign("ok", "remplace le membre aujourd’hui")
        return SeatSign("awaited", "ne répond pas aujourd’hui : le membre siège")

    @property
    def can_declare_absence(self) -> bool:
        return self.seat.kind == SeatKind.MEMBER and self.asker.can_declare_absence(self.seat)

    @cached_property
    def can_suspend(self) -> bool:
        return rights.may_suspend_seat(self.asker.user, self.seat) is None

    @cached_property
    def can_confirm(self) -> bool:
        """Whether the seat is not confirmed and the reader may confirm it."""
        if self.seat.is_confirmed:
            return False
        return rights.may_confirm_seat(self.asker.user, self.seat) is None

    @property
    def can_edit(self) -> bool:
        return self.asker.can_propose(self.seat.organisation)

    @property
    def can_end(self) -> bool:
        return may_end(self.asker.user, self.seat) is None

    @property
    def can_delegate(self) -> bool:
        return self.seat.kind == SeatKind.MEMBER and self.asker.can_delegate(self.seat)


def describe_unconfirmed(seat: Seat) -> str:
    """Return why a seat does not count: « à confirmer par un référent des accès de la Caf »; empty
    for one that is confirmed, whether or not it is awaited."""
    by_whom = label_confirmers(seat.organisation)
    if seat.is_pending:
        return f"à confirmer par {by_whom}"
    if seat.is_suspended:
        day = f" depuis le {long_date(seat.suspended_at)}" if seat.suspended_at else ""
        return f"suspendu{day}, jusqu’à ce {que(by_whom)} le confirme"
    return ""


def describe_absence(absence: Absence) -> str:
    """Return « en absence jusqu’au 3 mai 2026 », or since when it runs without an end."""
    if absence.ends_on:
        return f"en absence jusqu’au {long_date(absence.ends_on)}"
    return f"en absence depuis le {long_date(absence.starts_on)}, sans date de retour"


@dataclass
class Section:
    """An organisation and its seats."""

    organisation: Organisation
    bench: Bench
    party: Party | None = None
    places: list[Place] = field(default_factory=list)
    asker: Asker | None = None
    referents: list[str] = field(default_factory=list)

    @property
    def can_name(self) -> bool:
        return self.asker.can_propose(self.organisation)

    @property
    def renews(self) -> bool:
        """Whether the reader may prepare the list of its élus after elections."""
        is_concerned = self.organisation.kind not in UNTOUCHED
        return is_concerned and self.can_name and any(p.seat.is_elected for p in self.places)

    @property
    def installation(self) -> str:
        """The sentence that says from when its élus' seats are awaited, before or after that day;
        else empty."""
        seats = [p.seat for p in self.places if p.is_awaited or p.will_be_awaited]
        days = [seat.awaited_from for seat in seats if seat.awaited_from]
        if not days:
            return ""
        day = long_date(min(days))
        if min(days) > self.bench.day:
            return (
                f"Conseil installé le {day} : les élus d’aujourd’hui siègent jusqu’à la veille ; "
                "leurs sièges sont ensuite attendus, jusqu’à la délibération."
            )
        return (
            f"Conseil installé le {day} : les sièges de ses élus sont attendus jusqu’à ce que "
            f"{label_confirmers(self.organisation)} confirme la liste."
        )

    @cached_property
    def is_vacant(self) -> bool:
        """Whether nobody can answer for the party today."""
        return self.party is not None and not self.bench.is_represented(self.organisation.pk)

    @property
    def vacancy(self) -> str:
        """The sentence that says why nobody can answer today."""
        waiting = [p.seat for p in self.places if p.seat.speaks and not p.seat.is_confirmed]
        if waiting:
            named = enumerate_words(
                f"le siège {de(seat.name)} est {describe_unconfirmed(seat)}" for seat in waiting
            )
            return f"Aucun membre ne répond : {named}."
        if self.installation:
            return "Aucun membre ne répond d’ici la délibération."
        return "Aucun membre ne siège aujourd’hui."

    @property
    def absence_note(self) -> str:
        """The sentence about absent members when nobody answers in their place; else empty."""
        members = [p for p in self.places if p.seat.is_member and self.bench.sits(p.seat)]
        deputies = self._deputies
        has_deputy = any(seat.user_id for seat in deputies) or any(
            line.counts for p in members for line in p.delegations
        )
        if has_deputy or not members or not all(p.absence for p in members):
            return ""
        absent = enumerate_words(
            f"{p.seat.name} est {describe_absence(p.absence)}" for p in members
        )
        if deputies:
            names = enumerate_words(seat.name for seat in deputies)
            cannot = "n’ont pas de compte et ne peuvent" if deputies[1:] else (
                "n’a pas de compte et ne peut"
            )  # fmt: skip
            return f"{absent}\u00a0: {names} {cannot} pas répondre à sa place."
        return f"{absent} : ni suppléant ni délégation ne répond à sa place."

    @property
    def lacks_account(self) -> bool:
        """Whether a substitute would answer today, and has no account."""
        return bool(self.absence_note and self._deputies)

    @property
    def _deputies(self) -> list[Seat]:
        """The seats of substitutes who stand in today, with an account or without."""
        return [seat for seat in self.bench.speakers(self.organisation.pk) if not seat.is_member]


class Composition:
    """Everybody who sits today or later, parties first."""

    def __init__(self, bench: Bench, asker: Asker):
        self.bench, self.asker = bench, asker
        parties = Party.objects.of(bench.convention).select_related("organisation").order_by("rank")
        self.parties = [Section(party.organisation, bench, party, asker=asker) for party in parties]
        self.others: list[Section] = []
        self._place_everybody()

    def _place_everybody(self) -> None:
        """Place the seats that are not over; organisations that are no party come apart."""
        sections = {section.organisation.pk: section for section in self.parties}
        kinds = list(SeatKind.values)
        by_name = sorted(self.bench.seats, key=lambda s: (s.organisation.name, kinds.index(s.kind)))
        for seat in by_name:
            if seat.is_over(self.bench.day):
                continue
            section = sections.get(seat.organisation_id)
            if section is None:
                section = Section(seat.organisation, self.bench, asker=self.asker)
                sections[seat.organisation_id] = section
                self.others.append(section)
            section.places.append(Place(seat, self.bench, self.asker))
        for pk, names in referents_of(sections).items():
            sections[pk].referents = names

    @property
    def person_count(self) -> int:
        """The number of people who sit today, whatever their number of seats."""
        sitting = filter(self.bench.sits, self.bench.seats)
        return len({seat.user_id or fold(seat.name) for seat in sitting})

    @property
    def headline(self) -> str:
        """The heading of the page: « Neuf personnes siègent au comité ; aucun membre pour
        l’agglomération »."""
        count = self.person_count
        if count == 0:
            return "Personne ne siège encore au comité"
        people = in_words(count, "personne,personnes").capitalize()
        sitting = f"{people} siègent" if count > 1 else "Une personne siège"
        vacant = [s for s in self.parties if s.is_vacant and s.party.agreement_required]
        names = enumerate_words(section.organisation.the for section in vacant)
        return (
            f"{sitting} au comité ; aucun membre pour {names}" if vacant else f"{sitting} au comité"
        )


def users_with_access(organisation: Organisation):
    """Return the users who have access to the convention for this organisation, by name."""
    accesses = Membership.objects.active().filter(organisation=organisation)
    return User.objects.filter(pk__in=accesses.values("user")).order_by("last_name", "first_name")


def member_seats(organisation: Organisation, today: datetime.date):
    """Return the members' seats of an organisation for which a substitute may be named, by name."""
    members = Seat.objects.filter(organisation=organisation, kind=SeatKind.MEMBER)
    return members.not_over(today).order_by("name")
