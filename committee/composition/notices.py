"""News of seats, delegations and absences: to the people whose voice it is, who may act for the
organisation, and who coordinates."""

from collections.abc import Iterable
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats.mandates import RENEWAL, WITH_ITS_SEAT, format_period
from conventions.access.capacities import coordinator_pks
from conventions.access.mail import notify_official_address
from conventions.access.notices import Reading
from conventions.access.rights import label_confirmers
from conventions.models import AppointmentState, Membership
from conventions.notices import Capacity, ConventionLetter, ConventionNews
from ctg_portal.templatetags.french import de, enumerate_words, in_words, long_date
from notifications.news import Notification, notify


class CompositionNews(ConventionNews, abstract=True):
    """News of who sits and who speaks, sent at once. The page of the composition is where it is
    confirmed or undone."""

    may_wait = False

    def link(self) -> str:
        return reverse("committee:composition", args=[self.convention.slug])


class SeatRowNews(CompositionNews, abstract=True):
    """News of a row that belongs to a seat. ``row`` is a record in the history of ``model``."""

    model: type[Delegation | Absence]

    def __init__(self, row):
        self.row, self.seat = row, row.seat
        self.convention = row.seat.organisation.convention

    @property
    def about(self) -> str:
        return str(self.row.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news by key, for records of history in the convention; also once the row is
        deleted."""
        rows = cls.model.history.filter(
            pk__in=keys, seat__organisation__convention=reading.convention
        ).select_related("seat__organisation__convention", "history_user")
        return {str(row.pk): cls(row) for row in rows}


class SeatChanged(CompositionNews):
    """Somebody was named to a seat, or confirmed, put back to pending or suspended in it. ``row``
    is the seat's history at that time; ``state_today`` is its state now, empty once the seat is
    deleted."""

    kind = "seat_changed"

    def __init__(self, row, state_today: str = ""):
        self.row, self.state_today = row, state_today
        self.convention = row.organisation.convention

    @property
    def about(self) -> str:
        return str(self.row.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news by key, for records of history of seats, each with the state of its seat
        today."""
        rows = Seat.history.filter(pk__in=keys, organisation__convention=reading.convention)
        rows = rows.select_related("organisation__convention", "history_user", "user")
        states = dict(Seat.objects.of(reading.convention).values_list("pk", "state"))
        return {str(row.pk): cls(row, states.get(row.id, "")) for row in rows}

    def is_obsolete(self, reading: Reading) -> bool:
        """Return whether the mandate is over, or the seat was changed again or cancelled."""
        is_over = self.row.ends_on is not None
        is_over = is_over and self.row.ends_on < timezone.localdate(reading.now)
        return is_over or self.state_today != self.row.state

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the holder, référents and coordination at once, the organisation's others next
        day."""
        row = self.row
        return reading.notifications(
            self, row.organisation_id, since=row.history_date, holder=row.user_id,
            by=row.history_user_id,
        )  # fmt: skip

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return the headline of the only seat, or how many seats have changed."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'siège a,sièges ont')} changé au comité"
        return notifications[0].news.headline

    @property
    def headline(self) -> str:
        """The title: « Anne Roy : siège de membre pour la Caf de la Vienne, à confirmer »."""
        row = self.row
        state = AppointmentState(row.state).label
        return f"{row.name} : {SeatKind(row.kind).seat_label} pour {row.organisation.the}, {state}"

    def summary(self, notification) -> str:
        return self.by_whom if notification.is_holder else f"{self.by_whom} {self.what_to_do}"

    @property
    def by_whom(self) -> str:
        """The sentence « Directrice ; anne.roy@caf.example. Par Paul Petit. »: capacity, address,
        author."""
        row = self.row
        by = row.history_user or "l’hébergeur du portail"
        address = row.user.email if row.user else "sans compte"
        return f"{row.capacity} ; {address}. Par {by}."

    @property
    def what_to_do(self) -> str:
        """The sentence that says who confirms the seat, or, once confirmed, to suspend it if that
        is wrong."""
        row = self.row
        if row.state != AppointmentState.CONFIRMED:
            return f"Ce siège compte une fois confirmé par {label_confirmers(row.organisation)}."
        return (
            f"Si cette personne n’est pas désignée par {row.organisation.the}, suspendez-la sur "
            "cette page."
        )


class DelegationGiven(CompositionNews):
    """A member gave a delegation. It is sent at once to the member, to who has access for the
    organisation and to who coordinates. ``giving`` is the first row of the delegation's history."""

    kind = "delegation_given"

    def __init__(self, delegation: Delegation, giving=None):
        self.delegation, self.seat, self.giving = delegation, delegation.seat, giving
        self.convention = delegation.seat.organisation.convention

    @property
    def about(self) -> str:
        return str(self.delegation.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news by key, without delegations that were deleted."""
        rows = Delegation.objects.filter(
            pk__in=keys, seat__organisation__convention=reading.convention
        ).select_related("seat__organisation__convention", "user")
        givings = {r.id: r for r in Delegation.history.filter(id__in=keys, history_type="+")}
        return {str(row.pk): cls(row, givings[row.pk]) for row in rows}

    def is_obsolete(self, reading: Reading) -> bool:
        return self.delegation.is_over(timezone.localdate(reading.now))

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the holder, the delegate, and people concerned by the organisation."""
        people = people_concerned_by(self.seat, reading)
        people |= {self.seat.user_id, self.delegation.user_id}
        return notifications_of(self, people - {None}, self.giving)

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return who answers for whom by the only delegation, or how many are given."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'délégation,délégations')} sont données"
        delegation = notifications[0].news.delegation
        return f"{delegation.name} répond par délégation {de(delegation.seat.name)}"

    def summary(self, notification) -> str:
        """Return who gave it, its period, whether an act is attached, the address, and where it is
        ended."""
        given_by = self.giving.history_user
        origin = f"Délégation donnée par {given_by}" if given_by else "Délégation donnée"
        act = "l’acte signé est joint" if self.delegation.act_id else "sans acte joint"
        return (
            f"{origin}, {format_period(self.delegation)} ; {act} ; {self.delegation.address}. "
            "Elle se retire sur la page de la composition du comité."
        )


class DelegationEnded(SeatRowNews):
    """A delegation ended. It is sent at once to the member, the delegate, who has access for the
    organisation and who coordinates. ``row`` is the delegation's history at that time."""

    kind, model = "delegation_ended", Delegation

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the holder, the former delegate, and people concerned by the organisation."""
        people = {self.seat.user_id, self.row.user_id, *people_concerned_by(self.seat, reading)}
        return notifications_of(self, people - {None}, self.row)

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return who no longer answers for whom, or how many delegations are ended."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'délégation,délégations')} sont retirées"
        row = notifications[0].news.row
        return f"{row.name} ne répond plus par délégation {de(row.seat.name)}"

    def summary(self, notification) -> str:
        """Return who ended the delegation, or cancelled it before it began, and how it is given
        again."""
        by = self.row.history_user or "l’hébergeur du portail"
        verb = "annulée avant son début" if self.row.history_type == "-" else "retirée"
        again = (
            f"{self.seat.name} la donne de nouveau, sur la page de la composition du comité."
            if self.seat.user_id
            else "dites-le à la coordination."
        )
        return f"Délégation {verb} par {by}. Si cet organisme ne l’a pas voulu, {again}"


class SeatEnded(CompositionNews):
    """A mandate was cut short, or cancelled before it began. It is sent at once to its holder, who
    has access for the organisation and who coordinates; also to the delegates of a cancelled
    mandate. ``row`` is the seat's history at that time."""

    kind = "seat_ended"

    def __init__(self, row):
        self.row, self.convention = row, row.organisation.convention

    @property
    def about(self) -> str:
        return str(self.row.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news by key, for records of history of seats in the convention; also of
        deleted seats."""
        rows = Seat.history.filter(pk__in=keys, organisation__convention=reading.convention)
        rows = rows.select_related("organisation__convention", "history_user")
        return {str(row.pk): cls(row) for row in rows}

    @cached_property
    def cancelled_delegations(self) -> list:
        """The delegations that were deleted with the mandate."""
        if self.row.history_type != "-":
            return []
        gone = Delegation.history.filter(seat_id=self.row.id, history_type="-")
        return list(gone.filter(history_change_reason=WITH_ITS_SEAT))

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the holder, the delegates who fall with the seat, and people concerned. Who leaves
        with the list of a party's élus is written to apart."""
        delegates = {delegation.user_id for delegation in self.cancelled_delegations}
        people = {self.row.user_id, *delegates, *people_concerned_by(self.row, reading)} - {None}
        if self.row.history_change_reason == RENEWAL:
            people -= {self.row.user_id}
        return notifications_of(self, people, self.row)

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return the headline of the only mandate, or how many mandates change."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'mandat change,mandats changent')} au comité"
        return notifications[0].news.headline

    @property
    def headline(self) -> str:
        """The title: « Mandat d’Anne Roy pour la Caf de la Vienne : il prend fin »."""
        mandate = f"Mandat {de(self.row.name)} pour {self.row.organisation.the}"
        how = "nomination annulée" if self.row.history_type == "-" else "il prend fin"
        return f"{mandate} : {how}"

    def summary(self, notification) -> str:
        return self.details

    @property
    def details(self) -> str:
        """Return how the mandate ends, by whom and why, and which delegations fall."""
        row, by = self.row, self.row.history_user or "l’hébergeur du portail"
        if row.history_type == "-":
            details = f"La nomination est annulée avant son début par {by}."
            named = enumerate_words([delegation.name for delegation in self.cancelled_delegations])
            return (
                f"{details} Avec elle tombe la délégation donnée à {named}." if named else details
            )
        reason = f" Motif : {row.end_reason}." if row.end_reason else ""
        return f"Dernier jour le {long_date(row.ends_on)}, écrit par {by}.{reason}"


class AbsenceWritten(SeatRowNews):
    """Somebody has recorded or ended an absence of a member. It is sent at once to the member, or
    to who acts for the organisation when the member has no account. ``row`` is the absence's
    history at that time."""

    kind, model = "absence_written", Absence

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the absent person; without an account, the people concerned."""
        user = self.seat.user_id
        return notifications_of(
            self, {user} if user else people_concerned_by(self.seat, reading), self.row
        )

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return whose absence was declared, ended or cancelled, or how many absences there are."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'absence,absences')} au comité"
        row = notifications[0].news.row
        words = {"+": "déclarée", "~": "terminée", "-": "annulée"}
        return f"Absence {de(row.seat.name)} {words[row.history_type]}"

    def summary(self, notification) -> str:
        """Return who wrote it; its period, for one declared; else that the substitute no longer
        answers."""
        by = self.row.history_user or "l’hébergeur du portail"
        if self.row.history_type == "+":
            return (
                f"Écrite par {by}, {format_period(self.row)} : le suppléant répond ces jours-là. "
                "Si c’est une erreur, mettez-y fin sur la page de la composition du comité."
            )
        return f"Écrit par {by} : le suppléant ne répond plus à la place du membre."


def people_concerned_by(seat: Seat, reading: Reading) -> set[int]:
    """Return the keys of who has access for a seat's organisation and of the coordinators."""
    acting = Membership.objects.effective().filter(organisation=seat.organisation_id)
    return {*acting.values_list("user", flat=True), *coordinator_pks(reading.convention)}


def notifications_of(news: ConventionNews, people: Iterable[int], act) -> dict[int, Notification]:
    """Return a notification for each person, their own for who wrote ``act`` of the history."""
    return {
        pk: Notification(news, act.history_date, is_own=pk == act.history_user_id) for pk in people
    }


class CompositionLetter(ConventionLetter):
    kinds = (SeatChanged, SeatEnded, DelegationGiven, DelegationEnded, AbsenceWritten)
    reason_capacities = [
        Capacity.REFERENT,
        Capacity.COORDINATION,
        Capacity.CONTRIBUTOR,
        Capacity.SEAT,
    ]

    @cached_property
    def reading(self) -> Reading | None:
        """The reading of the convention at ``now``; None if the convention no longer exists."""
        convention = self.convention()
        return Reading(convention, self.now) if convention else None


def notify_of_seat(row) -> None:
    """Create a notice of a change of a seat; write to the organisation's official address, unless
    the list of its élus does."""
    news = SeatChanged(row)
    notify(news)
    if row.history_change_reason == RENEWAL:
        return
    details = f"{news.by_whom} {news.what_to_do}"
    notify_official_address(news.headline, details, row.organisation, news.link())


def notify_of_ending(row) -> None:
    """Create a notice of the end of a mandate; write to the official address, unless the list of
    the organisation's élus does."""
    news = SeatEnded(row)
    notify(news)
    if row.history_change_reason == RENEWAL:
        return
    notify_official_address(news.headline, news.details, row.organisation, news.link())


def notify_of_absence(row) -> None:
    """Create a notice of an absence, unless the member has recorded it."""
    if row.history_user_id is None or row.history_user_id != row.seat.user_id:
        notify(AbsenceWritten(row))


def notify_of_delegation(delegation: Delegation) -> None:
    notify(DelegationGiven(delegation))


def notify_of_delegation_ended(row) -> None:
    """Create a notice of the end of a delegation. ``row``: its history at that time."""
    notify(DelegationEnded(row))
