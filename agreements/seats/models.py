"""Who speaks for whom: seats with their mandates, absences, delegations."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from conventions.models import Appointment, AppointmentState
from ctg_portal.search import fold
from ctg_portal.templatetags.french import de


class SeatKind(models.TextChoices):
    MEMBER = "member", "membre"
    SUBSTITUTE = "substitute", "suppléant"
    ADVISORY = "advisory", "à titre consultatif"
    ADVISER = "adviser", "instructeur"

    @property
    def of_seat(self) -> str:
        """« siège de suppléant »: what it is, whoever holds it."""
        if self == SeatKind.ADVISORY:
            return f"siège {self.label}"
        return f"siège d’{self.label}" if self == SeatKind.ADVISER else f"siège de {self.label}"

    @classmethod
    def speaking(cls) -> list[str]:
        """Those that commit a party."""
        return [cls.MEMBER, cls.SUBSTITUTE]

    @classmethod
    def advising(cls) -> list[str]:
        return [cls.ADVISORY, cls.ADVISER]


class MandateQuerySet(models.QuerySet):
    def valid(self, on: datetime.date):
        """Whose dates hold that day, both included. Twin: ``is_valid``."""
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def not_over(self, on: datetime.date):
        """That go on after that day, or are still to begin."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))

    def over(self, on: datetime.date):
        return self.filter(ends_on__lt=on)

    def begun(self, on: datetime.date):
        return self.filter(starts_on__lte=on)

    def overlapping(self, starts_on: datetime.date, ends_on: datetime.date | None):
        """That share a day with these dates. ``ends_on`` absent: for ever."""
        found = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        return found.filter(starts_on__lte=ends_on) if ends_on else found


class Mandate(models.Model):
    """Something that holds from a day to another, both included; for ever without an end."""

    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède le début.",
            )
        ]

    def is_valid(self, on: datetime.date) -> bool:
        return self.starts_on <= on and not self.is_over(on)

    def is_over(self, on: datetime.date) -> bool:
        """Whether the last day is past. Twin: ``over``."""
        return self.ends_on is not None and self.ends_on < on


class Entrusted(Mandate):
    """A mandate by which somebody speaks in an organisation's name: ``user``, or for who has no
    account a ``name``, in a ``capacity``."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss", null=True, blank=True,
        verbose_name="compte",
    )  # fmt: skip
    name = models.CharField("nom", max_length=300)
    capacity = models.CharField("qualité", max_length=200)

    class Meta(Mandate.Meta):
        abstract = True

    @property
    def address(self) -> str:
        """Who it is beyond the name, which anybody may bear: the account's address."""
        return self.user.email if self.user else "sans compte"


class SeatQuerySet(MandateQuerySet):
    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def elected(self):
        return self.filter(is_elected=True)

    def sitting(self, on: datetime.date):
        """Return those that count that day: confirmed, and in their dates. Twin: ``Seat.sits``."""
        return self.valid(on).filter(state=AppointmentState.CONFIRMED)

    def with_act(self):
        """Those whose délibération is kept here."""
        return self.filter(act__isnull=False).select_related("act")

    def of_another_party(self, seat):
        """Return the seats by which the account of ``seat`` speaks for other parties of the
        convention on some of the same days, be they confirmed or not yet."""
        others = self.of(seat.organisation.convention).exclude(organisation=seat.organisation)
        others = others.filter(kind__in=SeatKind.speaking(), user=seat.user, user__isnull=False)
        return others.overlapping(seat.starts_on, seat.ends_on).select_related("organisation")

    def held_twice(self, seat):
        """That are this very seat, on some of the same days: the organisation's, of the same kind
        and person; who has no account is known by name."""
        same = self.filter(organisation=seat.organisation, kind=seat.kind, user=seat.user)
        same = same.exclude(pk=seat.pk).overlapping(seat.starts_on, seat.ends_on)
        found = same.select_related("organisation").order_by("pk")
        return [one for one in found if seat.user_id or fold(one.name) == fold(seat.name)]

    def with_body(self):
        return self.select_related("organisation__convention", "user")

    def latest_ended(self):
        return self.select_related("organisation").order_by("-ends_on", "name", "pk")


class Seat(Appointment, Entrusted):
    """A person's place in the committee, for an organisation, while the mandate lasts.

    What is recorded for who has no account counts once somebody of the party confirms it. A
    substitute stands in for one member (``substitute_for``), or for any of the party without.
    ``act``: the délibération that named somebody to sit for two parties, of earlier releases.
    """

    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="seats", verbose_name="organisme"
    )
    kind = models.CharField("siège", max_length=20, choices=SeatKind.choices)
    is_elected = models.BooleanField("élu", default=False)
    substitute_for = models.ForeignKey(
        "self", models.PROTECT, related_name="substitutes", null=True, blank=True,
        verbose_name="suppléant de",
    )  # fmt: skip
    end_reason = models.CharField("motif de fin", max_length=300, blank=True)
    act = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="délibération",
    )  # fmt: skip

    absences_read: "list[Absence]"  # by who reads a ``Bench``

    objects: ClassVar = SeatQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "siège"
        ordering = ["organisation", "kind", "pk"]
        constraints = [
            *Entrusted.Meta.constraints,
            models.CheckConstraint(
                name="seat_kind_known",
                condition=Q(kind__in=SeatKind.values),
                violation_error_message="Ce siège est inconnu.",
            ),
            models.CheckConstraint(
                name="seat_state_known",
                condition=Q(state__in=AppointmentState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="seat_named",
                condition=~Q(name="") & ~Q(capacity=""),
                violation_error_message="Un siège a un nom et une qualité.",
            ),
            models.CheckConstraint(
                name="seat_substitute_only",
                condition=Q(substitute_for__isnull=True) | Q(kind="substitute"),
                violation_error_message="Seul un suppléant remplace un membre.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.capacity}"

    @property
    def is_member(self) -> bool:
        return self.kind == SeatKind.MEMBER

    @property
    def speaks(self) -> bool:
        return self.kind in SeatKind.speaking()

    @property
    def only_reads(self) -> bool:
        return not self.speaks

    @property
    def is_pending(self) -> bool:
        return self.state == AppointmentState.PENDING

    @property
    def is_suspended(self) -> bool:
        return self.state == AppointmentState.SUSPENDED

    def sits(self, on: datetime.date) -> bool:
        """Whether it counts that day. Twin: ``sitting``."""
        return self.is_confirmed and self.is_valid(on)


class OfSeatQuerySet(MandateQuerySet):
    """Of what a member's seat has: absences, delegations."""

    def of(self, convention):
        return self.filter(seat__organisation__convention=convention)

    def with_seat(self):
        return self.select_related("seat__organisation__convention")


class Absence(Mandate):
    """Days on which a member cannot answer: the substitute counts then."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="absences", verbose_name="siège")

    objects: ClassVar = OfSeatQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Mandate.Meta):
        verbose_name = "absence"
        ordering = ["seat_id", "starts_on"]

    def __str__(self):
        return f"Absence : {self.seat}"


class DelegationQuerySet(OfSeatQuerySet):
    def answering(self, on: datetime.date):
        """Return those by which somebody may answer for a member that day. Twin:
        ``Bench.voices_of``."""
        members = Seat.objects.sitting(on).filter(kind=SeatKind.MEMBER)
        return self.valid(on).filter(seat__in=members)

    def with_act(self):
        """Those whose signed decision is kept here."""
        return self.filter(act__isnull=False).select_related("act")


class Delegation(Entrusted):
    """A member lets somebody answer for them: for all kinds of points, or for ``kinds`` only.

    ``act`` is the signed decision; a member who delegates here in person needs none.
    """

    seat = models.ForeignKey(
        Seat, models.PROTECT, related_name="delegations", verbose_name="délégation de"
    )
    kinds = models.JSONField("pour", default=list, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="donné par",
    )  # fmt: skip
    act = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="acte de délégation",
    )  # fmt: skip

    objects: ClassVar = DelegationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Entrusted.Meta):
        verbose_name = "délégation"
        ordering = ["seat_id", "starts_on", "pk"]
        constraints = [
            *Entrusted.Meta.constraints,
            models.CheckConstraint(
                name="delegation_named",
                condition=~Q(name="") & ~Q(capacity=""),
                violation_error_message="Une délégation a un nom et une qualité.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, par délégation {de(self.seat.name)}"

    @property
    def organisation(self):
        """In whose name it lets somebody answer."""
        return self.seat.organisation

    def covers(self, kind: str | None) -> bool:
        """Whether it holds for points of that kind (``None``: for any)."""
        return not self.kinds or kind is None or kind in self.kinds
