"""News of the signature of a convention: recorded and to be confirmed, then confirmed."""

from collections.abc import Iterable
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from agreements.seats.voices import bench_of
from committee.signing.models import Signing
from committee.signing.reading import SigningReading
from conventions.access.notices import Reading
from conventions.notices import Capacity, ConventionLetter, ConventionNews
from ctg_portal.templatetags.french import long_date
from notifications.news import Notification


class SigningNews(ConventionNews, abstract=True):
    """Something about the signature of a convention."""

    may_wait = False

    def __init__(self, signing: Signing, edition: int | None = None):
        self.signing = signing
        self.edition = signing.edition if edition is None else edition
        self.convention = signing.convention

    @property
    def about(self) -> str:
        return f"{self.signing.pk}:{self.edition}"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news by key."""
        split = {key: key.partition(":") for key in keys}
        rows = Signing.objects.of(reading.convention).select_related("convention")
        known = {str(row.pk): row for row in rows.filter(pk__in={k[0] for k in split.values()})}
        return {
            key: cls(known[pk], int(edition))
            for key, (pk, _, edition) in split.items() if pk in known
        }  # fmt: skip

    @property
    def facts(self) -> str:
        """« Signée à Poitiers le 3 mai 2026. »"""
        return f"Signée à {self.signing.signed_at} le {long_date(self.signing.signed_on)}."

    def link(self) -> str:
        return reverse("committee:signing", args=[self.convention.slug])


class SigningRecorded(SigningNews):
    """A signature was recorded: news for those who may confirm it, and for the coordination."""

    kind = "signing_recorded"

    def is_obsolete(self, reading: Reading) -> bool:
        """Return whether it is confirmed or withdrawn, or was recorded again."""
        return not self.signing.is_open or self.signing.edition != self.edition

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return who commits a party that has not confirmed, and the coordination."""
        bench = bench_of(self.convention, timezone.localdate(reading.now))
        awaited = {row.pk for row in SigningReading(self.convention, bench, None).awaited}
        people = {
            access.user_id
            for access in reading.effective_accesses
            if access.is_coordination or (access.organisation_id in awaited and access.is_referent)
        }
        people |= {seat.user_id for pk in awaited for seat in bench.speakers(pk) if seat.user_id}
        own = self.signing.recorded_by_id
        return {pk: Notification(self, self.signing.recorded_at, is_own=pk == own) for pk in people}

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        return "La signature de la convention est à confirmer"

    def summary(self, notification: Notification) -> str:
        """Return what is recorded, by whom, and what follows."""
        return (
            f"{self.facts} Enregistrée par {self.signing.recorded_by_name}, avec le document "
            "signé ; elle compte une fois confirmée pour chaque partie dont l’accord est requis."
        )


class SigningConfirmed(SigningNews):
    """A convention is signed: news for all who have access to it."""

    kind = "signing_confirmed"

    def is_obsolete(self, reading: Reading) -> bool:
        return self.signing.confirmed_at is None

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        since = self.signing.confirmed_at or reading.now
        return {a.user_id: Notification(self, since) for a in reading.effective_accesses}

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        return "La convention est signée"

    def summary(self, notification: Notification) -> str:
        """Return the day and the place, and what follows."""
        return (
            f"{self.facts} Son texte est validé par la signature ; les brouillons d’indicateurs et "
            "d’actions peuvent être proposés."
        )


class SigningLetter(ConventionLetter):
    kinds = (SigningRecorded, SigningConfirmed)
    reason_capacities = [Capacity.SEAT, Capacity.REFERENT, Capacity.COORDINATION, Capacity.READER]

    @cached_property
    def reading(self) -> Reading | None:
        """The reading of the convention at ``now``; None if the convention no longer exists."""
        convention = self.convention()
        return Reading(convention, self.now) if convention else None
