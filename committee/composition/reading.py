"""The committee as its page shows it: who sits for whom today, and what may be done about it."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from accounts.models import User
from agreements.commitments.commitment import by_kind
from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats.mandates import between
from agreements.seats.rights import confirmers_of, declared_by
from agreements.seats.voices import Bench
from conventions.access.rights import Confirmers
from conventions.models import Convention, Membership, Organisation, Party
from ctg_portal.search import fold
from ctg_portal.templatetags.french import de, enumerate_words, in_words, long_date


@dataclass(frozen=True)
class Asker:
    """Who looks at the page, and what they may touch: the answers of
    ``agreements.seats.rights``, from what the page has already read. ``organisations``: those for
    which they sit; ``objectionable``: the seats to which they may object."""

    user_id: int
    manages: bool
    organisations: frozenset[int] = frozenset()
    objectionable: frozenset[Seat] = frozenset()

    def may_confirm(self, confirmers: Confirmers | None) -> bool:
        return confirmers is not None and self.user_id in confirmers.people

    def may_declare_absence(self, seat: Seat) -> bool:
        return self.may_delegate(seat) or seat.organisation_id in self.organisations

    def may_delegate(self, seat: Seat) -> bool:
        return self.manages or seat.user_id == self.user_id


@dataclass(frozen=True)
class Sign:
    """How a seat counts today, as one of the lights."""

    state: str
    word: str


@dataclass(frozen=True)
class AbsenceLine:
    """An absence as it is told."""

    absence: Absence
    may_end: bool = False

    @property
    def dates(self) -> str:
        return between(self.absence)


@dataclass(frozen=True)
class DelegationLine:
    """A delegation as it is told: to whom, for what, when."""

    delegation: Delegation
    convention: Convention
    counts: bool
    # Why it does not count whatever its dates.
    obstacle: str = ""
    may_confirm: bool = False

    @property
    def kinds(self) -> str:
        """« tous les points », « les objectifs et les fiches action »."""
        if not self.delegation.kinds:
            return "tous les points"
        words = (by_kind(kind).word(self.convention) for kind in self.delegation.kinds)
        return enumerate_words(f"les {word.many}" for word in words)

    @property
    def dates(self) -> str:
        return between(self.delegation)


@dataclass(frozen=True)
class Place:
    """A seat on its page."""

    seat: Seat
    bench: Bench
    asker: Asker
    # Of the seat and of its delegations, those that await a confirmation, or were objected to, and
    # who gives it.
    confirmers: dict[Seat | Delegation, Confirmers]
    # Who declared each absence that goes on or is announced.
    declared_by: dict[int, int | None] = field(default_factory=dict)

    @property
    def dates(self) -> str:
        return between(self.seat)

    @property
    def role(self) -> str:
        """« Membre, mandat électif », « Suppléant d’Hélène Marchand »."""
        seat = self.seat
        role = seat.get_kind_display().capitalize()
        if seat.kind == SeatKind.SUBSTITUTE:
            member = self.bench.by_pk.get(seat.substitute_for_id)
            stands_for_one = member and not member.is_over(self.bench.day)
            role += f" {de(member.name)}" if stands_for_one else " de tout membre de l’organisme"
        return f"{role}, mandat électif" if seat.is_elected else role

    @property
    def address(self) -> str:
        """Who it is to be, of a seat that somebody confirms or objects to."""
        return self.seat.address if self.may_confirm or self.may_object else ""

    @property
    def has_lost_access(self) -> bool:
        return self.bench.has_lost(self.seat)

    @property
    def namesake(self) -> Seat | None:
        """Who has an account under the same name elsewhere, where this one has none."""
        seat = self.seat
        if seat.user_id or not seat.speaks:
            return None
        return self.bench.namesake(seat.name, seat.organisation_id)

    @property
    def absence(self) -> Absence | None:
        """The one that runs today."""
        return next((a for a in self.seat.absences_read if a.is_valid(self.bench.day)), None)

    @property
    def absences(self) -> list[AbsenceLine]:
        """Running and announced."""
        read = [a for a in self.seat.absences_read if not a.is_over(self.bench.day)]
        return [AbsenceLine(a, self.may_declare_absence and self._may_end(a)) for a in read]

    def _may_end(self, absence: Absence) -> bool:
        declared_by = self.declared_by.get(absence.pk)
        return self.seat.user_id is None or self.asker.user_id in (self.seat.user_id, declared_by)

    @cached_property
    def delegations(self) -> list[DelegationLine]:
        """Running and to come."""
        bench, seat = self.bench, self.seat
        found = []
        for delegation in bench.delegations:
            if delegation.seat_id == seat.pk and not delegation.is_over(bench.day):
                obstacle = self._obstacle_to(delegation)
                counts = not obstacle and delegation.is_valid(bench.day)
                may_confirm = self.asker.may_confirm(self.confirmers.get(delegation))
                line = DelegationLine(delegation, bench.convention, counts, obstacle, may_confirm)
                found.append(line)
        return found

    def _obstacle_to(self, delegation: Delegation) -> str:
        organisation, user = self.seat.organisation_id, delegation.user_id
        if not self.bench.is_inside(user, organisation):
            return "cette personne n’a pas d’accès à ce titre"
        if self.bench.coordinates_elsewhere(organisation, user):
            return "cette personne coordonne la convention pour un autre organisme"
        if delegation.awaits_confirmation:
            by_whom = self.confirmers[delegation].named(self.seat.organisation)
            return f"à confirmer par {by_whom}"
        return ""

    @property
    def coordinates_elsewhere(self) -> bool:
        """Whether it is silent because its holder coordinates for another organisation."""
        seat = self.seat
        return seat.speaks and self.bench.coordinates_elsewhere(seat.organisation_id, seat.user_id)

    @property
    def sign(self) -> Sign | None:
        seat, today = self.seat, self.bench.day
        if self.has_lost_access:
            return Sign("again", f"n’a plus d’accès au titre {seat.organisation.of_the}")
        if seat.awaits_confirmation and not seat.is_suspended:
            by_whom = self.confirmers[seat].named(seat.organisation)
            also = "" if self.bench.is_usable(seat) else ", comme son accès"
            return Sign("awaited", f"à confirmer par {by_whom}{also}")
        if self.bench.is_silent(seat):
            return Sign("again", self._why_silent)
        if seat.starts_on > today:
            return Sign("awaited", f"siège à partir du {long_date(seat.starts_on)}")
        if self.absence:
            return Sign("deliberation", absence_in_words(self.absence))
        return self._sign_of_kind()

    @property
    def _why_silent(self) -> str:
        seat = self.seat
        if seat.is_suspended:
            return f"suspendu par une opposition le {long_date(seat.suspended_at)}"
        if self.coordinates_elsewhere:
            return "ne répond pas : coordonne la convention pour un autre organisme"
        if (seat.organisation_id, seat.user_id) in self.bench.let_in:
            return "ne répond pas : son accès date de sa coordination pour un autre organisme"
        return f"attend un accès confirmé au titre {seat.organisation.of_the}"

    def _sign_of_kind(self) -> Sign | None:
        if not self.seat.speaks:
            return None
        if namesake := self.namesake:
            whose = f"{namesake.name} siège avec un compte pour {namesake.organisation.the}"
            return Sign("again", f"rien n’est recueilli sous ce nom : {whose} et y répond")
        if self.seat.kind == SeatKind.MEMBER:
            return Sign("ok", "répond pour son organisme")
        if self.bench.commits(self.seat):
            return Sign("ok", "remplace le membre aujourd’hui")
        return Sign("awaited", "ne répond pas aujourd’hui : le membre siège")

    @property
    def may_declare_absence(self) -> bool:
        return self.seat.kind == SeatKind.MEMBER and self.asker.may_declare_absence(self.seat)

    @property
    def may_object(self) -> bool:
        return not self.seat.is_suspended and self.seat in self.asker.objectionable

    @property
    def may_confirm(self) -> bool:
        return self.asker.may_confirm(self.confirmers.get(self.seat))

    @property
    def may_delegate(self) -> bool:
        return self.seat.kind == SeatKind.MEMBER and self.asker.may_delegate(self.seat)


def absence_in_words(absence: Absence) -> str:
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

    @property
    def elected(self) -> list[Place]:
        """Those whose mandate elections would end."""
        today = self.bench.day
        return [p for p in self.places if p.seat.is_elected and p.seat.starts_on <= today]

    @cached_property
    def is_vacant(self) -> bool:
        """Whether nobody can answer for the party today."""
        return self.party is not None and not self.bench.is_represented(self.organisation.pk)

    @property
    def vacancy(self) -> str:
        """Why nobody can answer today, in plain words."""
        lost = [p.seat.name for p in self.places if p.seat.speaks and p.has_lost_access]
        if lost:
            whose = f"{de(enumerate_words(lost))} au titre {self.organisation.of_the}"
            return f"Aucun membre ne siège : l’accès {whose} a pris fin."
        silent = [p.seat.name for p in self.places if p.coordinates_elsewhere]
        if silent:
            verb = "coordonnent" if len(silent) > 1 else "coordonne"
            return (
                f"Aucun membre ne répond : {enumerate_words(silent)} {verb} la convention pour un "
                "autre organisme."
            )
        waiting = [p.seat.name for p in self.places if p.seat.speaks and p.seat.awaits_confirmation]
        if waiting:
            whose = enumerate_words(waiting)
            return f"Aucun membre ne répond : le siège {de(whose)} reste à confirmer."
        return "Aucun membre ne siège aujourd’hui."

    @property
    def away(self) -> str:
        """What is to be known when every member is absent, without anybody in their place."""
        members = [p for p in self.places if p.seat.is_member and self.bench.sits(p.seat)]
        has_deputy = any(
            not seat.is_member for seat in self.bench.speakers(self.organisation.pk)
        ) or any(line.counts for p in members for line in p.delegations)
        if has_deputy or not members or not all(p.absence for p in members):
            return ""
        told = enumerate_words(f"{p.seat.name} est {absence_in_words(p.absence)}" for p in members)
        return f"{told} : ni suppléant ni délégation ne répond à sa place."


class Composition:
    """Everybody who sits today or will, parties first."""

    def __init__(self, bench: Bench, asker: Asker):
        self.bench, self.asker = bench, asker
        parties = Party.objects.of(bench.convention).select_related("organisation").order_by("rank")
        self.parties = [Section(party.organisation, bench, party) for party in parties]
        self.others: list[Section] = []
        self._place_everybody()

    def _place_everybody(self) -> None:
        sections = {section.organisation.pk: section for section in self.parties}
        kinds, confirmers = list(SeatKind.values), confirmers_of(self.bench.unconfirmed())
        absences = [a for seat in self.bench.seats for a in seat.absences_read]
        announced = [a.pk for a in absences if not a.is_over(self.bench.day)]
        declared = declared_by(announced) if announced else {}
        by_name = sorted(self.bench.seats, key=lambda s: (s.organisation.name, kinds.index(s.kind)))
        for seat in by_name:
            if seat.is_over(self.bench.day):
                continue
            section = sections.get(seat.organisation_id)
            if section is None:
                section = sections[seat.organisation_id] = Section(seat.organisation, self.bench)
                self.others.append(section)
            section.places.append(Place(seat, self.bench, self.asker, confirmers, declared))

    @property
    def person_count(self) -> int:
        sitting = filter(self.bench.sits, self.bench.seats)
        return len({seat.user_id or fold(seat.name) for seat in sitting})

    @property
    def without_access(self) -> list[Place]:
        """Who still has a mandate, but no access: somebody else is to be named."""
        places = [p for section in [*self.parties, *self.others] for p in section.places]
        return [p for p in places if p.has_lost_access]

    @property
    def headline(self) -> str:
        """« Neuf personnes siègent au comité ; aucun membre pour l’agglomération »."""
        count = self.person_count
        if count == 0:
            return "Personne ne siège encore au comité"
        people = in_words(count, "personne,personnes").capitalize()
        told = f"{people} siègent" if count > 1 else "Une personne siège"
        vacant = [s for s in self.parties if s.is_vacant and s.party.agreement_required]
        names = enumerate_words(section.organisation.the for section in vacant)
        return f"{told} au comité ; aucun membre pour {names}" if vacant else f"{told} au comité"


def people_of(organisation: Organisation):
    """Who has access to the convention for this organisation, by name."""
    accesses = Membership.objects.active().filter(organisation=organisation)
    return User.objects.filter(pk__in=accesses.values("user")).order_by("last_name", "first_name")


def members_of(organisation: Organisation, today: datetime.date):
    """For whom a substitute may be named."""
    members = Seat.objects.filter(organisation=organisation, kind=SeatKind.MEMBER)
    return members.not_over(today).order_by("name")


def elected_of(organisation: Organisation, today: datetime.date):
    """Whose mandates elections would end."""
    held = Seat.objects.filter(organisation=organisation).elected()
    return held.begun(today).not_over(today).order_by("name")
