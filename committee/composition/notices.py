"""Who is told that somebody was named to a seat, speaks by delegation or no more, sits no more, or
was said to be away: those in whose name it lets them speak, and whose voice it is."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats.endings import is_cut_short
from agreements.seats.mandates import WITH_ITS_SEAT, between
from agreements.seats.rights import confirmers_of
from conventions.models import Convention, Membership
from conventions.notices import ConventionLetter, ConventionNews, coordinator_pks
from ctg_portal.templatetags.french import de, enumerate_words, in_words, long_date
from notifications.news import Hearing, tell


@dataclass(frozen=True)
class Reading:
    convention: Convention
    now: datetime.datetime


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
    def found(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = cls.of.history.filter(
            pk__in=keys, seat__organisation__convention=reading.convention
        ).select_related("seat__organisation__convention", "history_user")
        return {str(row.pk): cls(row) for row in rows}


class SeatGiven(CompositionNews):
    """Somebody was named to a seat: who has access for the organisation and who coordinates are
    told at once, and the former may object. ``naming``: its first row of history."""

    kind = "seat_given"

    def __init__(self, seat: Seat, naming=None):
        self.seat, self.convention, self.naming = seat, seat.organisation.convention, naming

    @property
    def about(self) -> str:
        return str(self.seat.pk)

    @classmethod
    def found(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = Seat.objects.of(reading.convention).filter(pk__in=keys).with_body()
        namings = {row.id: row for row in Seat.history.filter(id__in=keys, history_type="+")}
        return {str(row.pk): cls(row, namings[row.pk]) for row in rows}

    def is_obsolete(self, reading: Reading) -> bool:
        suspended_since = self.seat.is_suspended and not self.was_objected_to
        return suspended_since or self.seat.is_over(timezone.localdate(reading.now))

    @property
    def was_objected_to(self) -> bool:
        """Whether it was suspended from its first day, by an objection to an earlier seat."""
        return self.naming.suspended_at is not None

    def told_to(self, reading: Reading) -> dict[int, Hearing]:
        people = concerned_by(self.seat, reading) | confirmers_if_awaited(self.seat)
        return told_of(self, people - {self.seat.user_id}, self.naming)

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'personne,personnes')} sont nommées au comité"
        news, seat = hearings[0].news, hearings[0].news.seat
        if news.was_objected_to:
            return f"{seat.name} : nouveau siège pour {seat.organisation.the}, suspendu"
        if seat.awaits_confirmation:
            return f"{seat.name} : siège à confirmer pour {seat.organisation.the}"
        return f"{seat.name} siège au comité pour {seat.organisation.the}"

    def summary(self, hearing) -> str:
        kind = SeatKind(self.seat.kind).of_seat
        told = f"{self.seat.capacity}, {kind} ; {self.seat.address}."
        if self.was_objected_to:
            return (
                f"{told} Une personne de cet organisme s’était opposée à un siège précédent : "
                "celui-ci reste suspendu, tant que personne de l’organisme ne le confirme."
            )
        if self.seat.awaits_confirmation:
            return f"{told} Ce siège reste à confirmer ; vous pouvez aussi vous y opposer."
        return f"{told} Si cette personne n’est pas désignée par cet organisme, opposez-vous-y."


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
    def found(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = Delegation.objects.filter(
            pk__in=keys, seat__organisation__convention=reading.convention
        ).select_related("seat__organisation__convention", "user")
        givings = {r.id: r for r in Delegation.history.filter(id__in=keys, history_type="+")}
        return {str(row.pk): cls(row, givings[row.pk]) for row in rows}

    def is_obsolete(self, reading: Reading) -> bool:
        return self.delegation.is_over(timezone.localdate(reading.now))

    def told_to(self, reading: Reading) -> dict[int, Hearing]:
        people = {*concerned_by(self.seat, reading), *confirmers_if_awaited(self.delegation)}
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
        awaited = " Elle reste à confirmer." if self.delegation.awaits_confirmation else ""
        return (
            f"{told}, {between(self.delegation)} ; {act} ; {self.delegation.address}.{awaited} "
            "Elle se retire sur la page de la composition du comité."
        )


class DelegationEnded(OfSeat):
    """A member's voice is lent no more: the member, who spoke by it, who has access for the
    organisation and who coordinates are told at once. ``row``: its history then."""

    kind, of = "delegation_ended", Delegation

    def told_to(self, reading: Reading) -> dict[int, Hearing]:
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
    """A mandate was cut short, cancelled before it began, or goes on after all: its holder, who has
    access for the organisation and who coordinates are told at once; who was to speak by delegation
    of a mandate that is cancelled, too. ``row``: its history then."""

    kind = "seat_ended"

    def __init__(self, row):
        self.row, self.convention = row, row.organisation.convention

    @property
    def about(self) -> str:
        return str(self.row.pk)

    @classmethod
    def found(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = Seat.history.filter(pk__in=keys, organisation__convention=reading.convention)
        rows = rows.select_related("organisation__convention", "history_user")
        return {str(row.pk): cls(row) for row in rows}

    @property
    def goes_on(self) -> bool:
        before = self.row.prev_record
        kept = self.row.history_type != "-" and before is not None
        return kept and not is_cut_short(self.row, before)

    @cached_property
    def fallen(self) -> list:
        """The delegations that went with it."""
        if self.row.history_type != "-":
            return []
        gone = Delegation.history.filter(seat_id=self.row.id, history_type="-")
        return list(gone.filter(history_change_reason=WITH_ITS_SEAT))

    def told_to(self, reading: Reading) -> dict[int, Hearing]:
        delegates = {delegation.user_id for delegation in self.fallen}
        people = {self.row.user_id, *delegates, *concerned_by(self.row, reading)} - {None}
        return told_of(self, people, self.row)

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{in_words(len(hearings), 'mandat change,mandats changent')} au comité"
        news, row = hearings[0].news, hearings[0].news.row
        told = f"Mandat {de(row.name)} pour {row.organisation.the}"
        if row.history_type == "-":
            return f"{told} : nomination annulée"
        return f"{told} : il continue" if news.goes_on else f"{told} : il prend fin"

    def summary(self, hearing) -> str:
        row, by = self.row, self.row.history_user or "l’hébergeur du portail"
        if row.history_type == "-":
            told = f"La nomination est annulée avant son début par {by}."
            named = enumerate_words([delegation.name for delegation in self.fallen])
            return f"{told} Avec elle tombe la délégation donnée à {named}." if named else told
        if self.goes_on:
            awaited = " Ce siège reste à confirmer par une personne de l’organisme."
            return f"Sa fin est contestée par {by}.{awaited if row.awaits_confirmation else ''}"
        reason = f" Motif : {row.end_reason}." if row.end_reason else ""
        return (
            f"Dernier jour le {long_date(row.ends_on)}, écrit par {by}.{reason} Si cet organisme "
            "ne l’a pas voulu, cette personne ou une autre qui agit pour lui le conteste dans les "
            f"{self.convention.contest_days} jours, sur la page de la composition du comité."
        )


class AbsenceWritten(OfSeat):
    """Somebody has said that a member is away, or is back: the member is told at once; who acts for
    the organisation, of a member without account. ``row``: the absence's history then."""

    kind, of = "absence_written", Absence

    def told_to(self, reading: Reading) -> dict[int, Hearing]:
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
                f"Écrite par {by}, {between(self.row)} : le suppléant répond ces jours-là. Si "
                "c’est une erreur, mettez-y fin sur la page de la composition du comité."
            )
        return f"Écrit par {by} : le suppléant ne répond plus à la place du membre."


def concerned_by(seat: Seat, reading: Reading) -> set[int]:
    """Who has access for the organisation of a seat, and who coordinates."""
    acting = Membership.objects.effective().filter(organisation=seat.organisation_id)
    return {*acting.values_list("user", flat=True), *coordinator_pks(reading.convention)}


def confirmers_if_awaited(entrusted: Seat | Delegation) -> set[int]:
    """Whose word it awaits, who may be of another party."""
    if not entrusted.awaits_confirmation:
        return set()
    return set(confirmers_of([entrusted])[entrusted].people)


def told_of(news: ConventionNews, people: Iterable[int], act) -> dict[int, Hearing]:
    """``act``: the row of history of what is told; who did it is not told of it."""
    return {pk: Hearing(news, act.history_date, is_own=pk == act.history_user_id) for pk in people}


class CompositionLetter(ConventionLetter):
    kinds = (SeatGiven, SeatEnded, DelegationGiven, DelegationEnded, AbsenceWritten)

    @cached_property
    def reading(self) -> Reading | None:
        convention = self.convention()
        return Reading(convention, self.now) if convention else None


def tell_of_naming(seat: Seat) -> None:
    tell(SeatGiven(seat))


def tell_of_ending(row) -> None:
    tell(SeatEnded(row))


def tell_of_absence(row) -> None:
    if row.history_user_id is None or row.history_user_id != row.seat.user_id:
        tell(AbsenceWritten(row))


def tell_of_delegation(delegation: Delegation) -> None:
    tell(DelegationGiven(delegation))


def tell_of_delegation_ended(row) -> None:
    tell(DelegationEnded(row))
