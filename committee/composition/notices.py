"""Who is told that somebody was named to a seat, speaks by delegation or no more, sits no more, or
was said to be away: those in whose name it lets them speak, and whose voice it is."""

from collections.abc import Iterable
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats.mandates import WITH_ITS_SEAT, format_period
from conventions.access.capacities import Capacity
from conventions.access.mail import tell_official_address
from conventions.access.notices import Reading
from conventions.access.rights import named_confirmers
from conventions.models import AppointmentState, Membership
from conventions.notices import ConventionLetter, ConventionNews, coordinator_pks
from ctg_portal.templatetags.french import de, enumerate_words, in_words, long_date
from notifications.news import Hearing, notify


class CompositionNews(ConventionNews, abstract=True):
    """Of who sits and who speaks, told at once: by the composition it is confirmed, or undone."""

    may_wait = False

    def link(self) -> str:
        return reverse("committee:composition", args=[self.convention.slug])


class OfSeat(CompositionNews, abstract=True):
    """Of what was written beside a seat. ``row``: the history then of a row of ``of``."""

    of: type[Delegation | Absence]

    def __init__(self, row):
        self.row, self.seat = row, row.seat
        self.convention = row.seat.organisation.convention

    @property
    def about(self) -> str:
        return str(self.row.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = cls.of.history.filter(
            pk__in=keys, seat__organisation__convention=reading.convention
        ).select_related("seat__organisation__convention", "history_user")
        return {str(row.pk): cls(row) for row in rows}


class SeatChanged(CompositionNews):
    """Somebody was named to a seat, is confirmed in it, pending again or suspended. ``row``: the
    seat's history then; ``state_today``: what it is now."""

    kind = "seat_changed"

    def __init__(self, row, state_today: str = ""):
        self.row, self.state_today = row, state_today
        self.convention = row.organisation.convention

    @property
    def about(self) -> str:
        return str(self.row.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = Seat.history.filter(pk__in=keys, organisation__convention=reading.convention)
        rows = rows.select_related("organisation__convention", "history_user", "user")
        states = dict(Seat.objects.of(reading.convention).values_list("pk", "state"))
        return {str(row.pk): cls(row, states.get(row.id, "")) for row in rows}

    def is_obsolete(self, reading: Reading) -> bool:
        """Over, cancelled, or changed again since: the last change is told."""
        is_over = self.row.ends_on is not None
        is_over = is_over and self.row.ends_on < timezone.localdate(reading.now)
        return is_over or self.state_today != self.row.state

    def recipients(self, reading: Reading) -> dict[int, Hearing]:
        row = self.row
        return reading.hearings(
            self, row.organisation_id, since=row.history_date, holder=row.user_id,
            by=row.history_user_id,
        )  # fmt: skip

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'siège a,sièges ont')} changé au comité"
        return hearings[0].news.happened

    @property
    def happened(self) -> str:
        """« Anne Roy : siège de membre pour la Caf de la Vienne, à confirmer »."""
        row = self.row
        state = AppointmentState(row.state).label
        return f"{row.name} : {SeatKind(row.kind).seat_label} pour {row.organisation.the}, {state}"

    def summary(self, hearing) -> str:
        return self.by_whom if hearing.is_holder else f"{self.by_whom} {self.what_to_do}"

    @property
    def by_whom(self) -> str:
        row = self.row
        by = row.history_user or "l’hébergeur du portail"
        address = row.user.email if row.user else "sans compte"
        return f"{row.capacity} ; {address}. Par {by}."

    @property
    def what_to_do(self) -> str:
        row = self.row
        if row.state != AppointmentState.CONFIRMED:
            return f"Ce siège compte une fois confirmé par {named_confirmers(row.organisation)}."
        return (
            f"Si cette personne n’est pas désignée par {row.organisation.the}, suspendez-la sur "
            "cette page."
        )


class DelegationGiven(CompositionNews):
    """A member's voice was lent: the member, who has access for the organisation and who
    coordinates are told at once. ``giving``: its first row of history."""

    kind = "delegation_given"

    def __init__(self, delegation: Delegation, giving=None):
        self.delegation, self.seat, self.giving = delegation, delegation.seat, giving
        self.convention = delegation.seat.organisation.convention

    @property
    def about(self) -> str:
        return str(self.delegation.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = Delegation.objects.filter(
            pk__in=keys, seat__organisation__convention=reading.convention
        ).select_related("seat__organisation__convention", "user")
        givings = {r.id: r for r in Delegation.history.filter(id__in=keys, history_type="+")}
        return {str(row.pk): cls(row, givings[row.pk]) for row in rows}

    def is_obsolete(self, reading: Reading) -> bool:
        return self.delegation.is_over(timezone.localdate(reading.now))

    def recipients(self, reading: Reading) -> dict[int, Hearing]:
        people = concerned_by(self.seat, reading)
        people |= {self.seat.user_id, self.delegation.user_id}
        return told_of(self, people - {None}, self.giving)

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'délégation,délégations')} sont données"
        delegation = hearings[0].news.delegation
        return f"{delegation.name} répond par délégation {de(delegation.seat.name)}"

    def summary(self, hearing) -> str:
        given_by = self.giving.history_user
        told = f"Délégation donnée par {given_by}" if given_by else "Délégation donnée"
        act = "l’acte signé est joint" if self.delegation.act_id else "sans acte joint"
        return (
            f"{told}, {format_period(self.delegation)} ; {act} ; {self.delegation.address}. "
            "Elle se retire sur la page de la composition du comité."
        )


class DelegationEnded(OfSeat):
    """A member's voice is lent no more: the member, who spoke by it, who has access for the
    organisation and who coordinates are told at once. ``row``: its history then."""

    kind, of = "delegation_ended", Delegation

    def recipients(self, reading: Reading) -> dict[int, Hearing]:
        people = {self.seat.user_id, self.row.user_id, *concerned_by(self.seat, reading)}
        return told_of(self, people - {None}, self.row)

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'délégation,délégations')} sont retirées"
        row = hearings[0].news.row
        return f"{row.name} ne répond plus par délégation {de(row.seat.name)}"

    def summary(self, hearing) -> str:
        by = self.row.history_user or "l’hébergeur du portail"
        verb = "annulée avant son début" if self.row.history_type == "-" else "retirée"
        again = (
            f"{self.seat.name} la donne de nouveau, sur la page de la composition du comité."
            if self.seat.user_id
            else "dites-le à la coordination."
        )
        return f"Délégation {verb} par {by}. Si cet organisme ne l’a pas voulu, {again}"


class SeatEnded(CompositionNews):
    """A mandate was cut short, or cancelled before it began: its holder, who has access for the
    organisation and who coordinates are told at once; who was to speak by delegation of a mandate
    that is cancelled, too. ``row``: its history then."""

    kind = "seat_ended"

    def __init__(self, row):
        self.row, self.convention = row, row.organisation.convention

    @property
    def about(self) -> str:
        return str(self.row.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = Seat.history.filter(pk__in=keys, organisation__convention=reading.convention)
        rows = rows.select_related("organisation__convention", "history_user")
        return {str(row.pk): cls(row) for row in rows}

    @cached_property
    def fallen(self) -> list:
        """The delegations that went with it."""
        if self.row.history_type != "-":
            return []
        gone = Delegation.history.filter(seat_id=self.row.id, history_type="-")
        return list(gone.filter(history_change_reason=WITH_ITS_SEAT))

    def recipients(self, reading: Reading) -> dict[int, Hearing]:
        delegates = {delegation.user_id for delegation in self.fallen}
        people = {self.row.user_id, *delegates, *concerned_by(self.row, reading)} - {None}
        return told_of(self, people, self.row)

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'mandat change,mandats changent')} au comité"
        return hearings[0].news.happened

    @property
    def happened(self) -> str:
        """« Mandat d’Anne Roy pour la Caf de la Vienne : il prend fin »."""
        mandate = f"Mandat {de(self.row.name)} pour {self.row.organisation.the}"
        how = "nomination annulée" if self.row.history_type == "-" else "il prend fin"
        return f"{mandate} : {how}"

    def summary(self, hearing) -> str:
        return self.told

    @property
    def told(self) -> str:
        row, by = self.row, self.row.history_user or "l’hébergeur du portail"
        if row.history_type == "-":
            told = f"La nomination est annulée avant son début par {by}."
            named = enumerate_words([delegation.name for delegation in self.fallen])
            return f"{told} Avec elle tombe la délégation donnée à {named}." if named else told
        reason = f" Motif : {row.end_reason}." if row.end_reason else ""
        return f"Dernier jour le {long_date(row.ends_on)}, écrit par {by}.{reason}"


class AbsenceWritten(OfSeat):
    """Somebody has said that a member is away, or is back: the member is told at once; who acts for
    the organisation, of a member without account. ``row``: the absence's history then."""

    kind, of = "absence_written", Absence

    def recipients(self, reading: Reading) -> dict[int, Hearing]:
        user = self.seat.user_id
        return told_of(self, {user} if user else concerned_by(self.seat, reading), self.row)

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'absence,absences')} au comité"
        row = hearings[0].news.row
        words = {"+": "déclarée", "~": "terminée", "-": "annulée"}
        return f"Absence {de(row.seat.name)} {words[row.history_type]}"

    def summary(self, hearing) -> str:
        by = self.row.history_user or "l’hébergeur du portail"
        if self.row.history_type == "+":
            return (
                f"Écrite par {by}, {format_period(self.row)} : le suppléant répond ces jours-là. "
                "Si c’est une erreur, mettez-y fin sur la page de la composition du comité."
            )
        return f"Écrit par {by} : le suppléant ne répond plus à la place du membre."


def concerned_by(seat: Seat, reading: Reading) -> set[int]:
    """Who has access for the organisation of a seat, and who coordinates."""
    acting = Membership.objects.effective().filter(organisation=seat.organisation_id)
    return {*acting.values_list("user", flat=True), *coordinator_pks(reading.convention)}


def told_of(news: ConventionNews, people: Iterable[int], act) -> dict[int, Hearing]:
    """``act``: the row of history of what is told; who did it is not told of it."""
    return {pk: Hearing(news, act.history_date, is_own=pk == act.history_user_id) for pk in people}


class CompositionLetter(ConventionLetter):
    kinds = (SeatChanged, SeatEnded, DelegationGiven, DelegationEnded, AbsenceWritten)
    told_as = [Capacity.REFERENT, Capacity.COORDINATION, Capacity.CONTRIBUTOR, Capacity.SEAT]

    @cached_property
    def reading(self) -> Reading | None:
        convention = self.convention()
        return Reading(convention, self.now) if convention else None


def tell_of_seat(row) -> None:
    """Have what was done to a seat notified, by mail to the official address too; not each change
    of what is said of its holder."""
    news = SeatChanged(row)
    notify(news)
    told = f"{news.by_whom} {news.what_to_do}"
    tell_official_address(news.happened, told, row.organisation, news.link())


def tell_of_ending(row) -> None:
    """Have the end of a mandate notified, by mail to the official address too."""
    news = SeatEnded(row)
    notify(news)
    tell_official_address(news.happened, news.told, row.organisation, news.link())


def tell_of_absence(row) -> None:
    if row.history_user_id is None or row.history_user_id != row.seat.user_id:
        notify(AbsenceWritten(row))


def tell_of_delegation(delegation: Delegation) -> None:
    notify(DelegationGiven(delegation))


def tell_of_delegation_ended(row) -> None:
    notify(DelegationEnded(row))
