"""Who is told that somebody was named to a seat: those in whose name it lets them speak."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from agreements.models import Seat
from conventions.models import Convention, Membership
from conventions.notices import ConventionLetter, ConventionNews, coordinator_pks
from notifications.news import Hearing, tell


@dataclass(frozen=True)
class Reading:
    convention: Convention
    now: datetime.datetime


class SeatGiven(ConventionNews):
    """Somebody was named to a seat: who has access for the organisation and who coordinates are
    told at once, and the former may object. ``naming``: its first row of history."""

    kind = "seat_given"
    may_wait = False

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
        return self.seat.is_suspended or self.seat.is_over(timezone.localdate(reading.now))

    def told_to(self, reading: Reading) -> dict[int, Hearing]:
        naming = self.naming
        acting = Membership.objects.effective().filter(organisation=self.seat.organisation_id)
        people = {*acting.values_list("user", flat=True), *coordinator_pks(reading.convention)}
        return {
            pk: Hearing(self, naming.history_date, is_own=pk == naming.history_user_id)
            for pk in people - {self.seat.user_id}
        }

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{len(hearings)} personnes sont nommées au comité"
        seat = hearings[0].news.seat
        return f"{seat.name} siège au comité pour {seat.organisation.the}"

    def summary(self) -> str:
        told = f"{self.seat.capacity}, {self.seat.get_kind_display()}."
        return f"{told} Si cette personne n’est pas désignée par cet organisme, opposez-vous-y."

    def link(self) -> str:
        return reverse("committee:composition", args=[self.convention.slug])


class CompositionLetter(ConventionLetter):
    kinds = (SeatGiven,)

    @cached_property
    def reading(self) -> Reading | None:
        convention = self.convention()
        return Reading(convention, self.now) if convention else None


def tell_of_naming(seat: Seat) -> None:
    tell(SeatGiven(seat))
