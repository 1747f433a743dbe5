"""Who speaks for whom: seats with their mandates, absences, delegations."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from conventions.models import Appointment, AppointmentState
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import de


class SeatKind(models.TextChoices):
    MEMBER = "member", "membre"
    SUBSTITUTE = "substitute", "suppléant"
    ADVISORY = "advisory", "à titre consultatif"
    ADVISER = "adviser", "instructeur"

    @property
    def seat_label(self) -> str:
        """The label of a seat of this kind: « siège de suppléant »."""
        if self == SeatKind.ADVISORY:
            return f"siège {self.label}"
        return f"siège d’{self.label}" if self == SeatKind.ADVISER else f"siège de {self.label}"

    @classmethod
    def speaking(cls) -> list[str]:
        """Return the kinds of seats that commit a party."""
        return [cls.MEMBER, cls.SUBSTITUTE]

    @classmethod
    def advising(cls) -> list[str]:
        return [cls.ADVISORY, cls.ADVISER]


class MandateQuerySet(models.QuerySet):
    def valid(self, on: datetime.date):
        """Return the mandates whose dates, both included, hold that day. Twin: ``is_valid``."""
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def not_over(self, on: datetime.date):
        """Return the mandates that go on after that day, or are still to begin."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))

    def over(self, on: datetime.date):
        return self.filter(ends_on__lt=on)

    def begun(self, on: datetime.date):
        return self.filter(starts_on__lte=on)

    def overlapping(self, starts_on: datetime.date, ends_on: datetime.date | None):
        """Return the mandates that share a day with these dates. ``ends_on=None``: for ever."""
        rows = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        return rows.filter(starts_on__lte=ends_on) if ends_on else rows


class Mandate(models.Model):
    """A row that holds from one day to another, both included; for ever without an end."""

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
        """Return whether the dates, both included, hold that day. Twin: ``valid``."""
        return self.starts_on <= on and not self.is_over(on)

    def is_over(self, on: datetime.date) -> bool:
        """Return whether the last day is before ``on``. Twin: ``over``."""
        return self.ends_on is not None and self.ends_on < on


class Entrusted(Mandate):
    """A mandate by which somebody speaks in an organisation's name, in a ``capacity``: ``user``, or
    a ``name`` without account."""

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
        """The account's e-mail address, or « sans compte »: two people may have one name."""
        return self.user.email if self.user else "sans compte"


class SeatQuerySet(MandateQuerySet):
    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def elected(self):
        return self.filter(is_elected=True)

    def sitting(self, on: datetime.date):
        """Return the seats that count that day: confirmed, in their dates, and not awaited. Twin:
        ``Seat.sits``."""
        seats = self.valid(on).filter(state=AppointmentState.CONFIRMED)
        return seats.exclude(pk__in=Seat.objects.awaited(on).values("pk"))

    def awaited(self, on: datetime.date):
        """Return the seats for which the party's délibération is awaited that day. Twin:
        ``Seat.is_awaited``."""
        rows = self.filter(awaited_from__lte=on)
        return rows.filter(Q(awaited_until__isnull=True) | Q(awaited_until__gte=on))

    def renewed_by(self, organisation, installed_on: datetime.date):
        """Return the élus' seats of an organisation that the installation of its council on that
        day concerns: begun before, and not over by then."""
        seats = self.filter(organisation=organisation).elected()
        return seats.filter(starts_on__lt=installed_on).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=installed_on)
        )

    def with_act(self):
        """Return the seats whose délibération is stored, joined with it."""
        return self.filter(act__isnull=False).select_related("act")

    def for_other_parties(self, seat):
        """Return the seats, in whatever state, by which the account of ``seat`` speaks for other
        parties of the convention on some of the same days; none where it has no account."""
        others = self.of(seat.organisation.convention).exclude(organisation=seat.organisation)
        others = others.filter(kind__in=SeatKind.speaking(), user=seat.user, user__isnull=False)
        return others.overlapping(seat.starts_on, seat.ends_on).select_related("organisation")

    def find_duplicates(self, seat) -> "list[Seat]":
        """Return the other seats, in whatever state, of the same organisation, kind and person that
        share a day with ``seat``; who has no account is matched by name."""
        same = self.filter(organisation=seat.organisation, kind=seat.kind, user=seat.user)
        same = same.exclude(pk=seat.pk).overlapping(seat.starts_on, seat.ends_on)
        rows = same.select_related("organisation").order_by("pk")
        return [row for row in rows if seat.user_id or fold(row.name) == fold(seat.name)]

    def with_organisation(self):
        return self.select_related("organisation__convention", "user")

    def latest_ended(self):
        return self.select_related("organisation").order_by("-ends_on", "name", "pk")


class Seat(Appointment, Entrusted):
    """A person's place in the committee, for an organisation, while the mandate lasts.

    Answers recorded for a holder without account count once somebody of the party confirms them. A
    substitute stands in for one member (``substitute_for``), or, if that is empty, for any member
    of the party. ``act``: the délibération that named the holder, after elections or, in earlier
    releases, to sit for two parties.

    ``awaited_from``, ``awaited_until``: days, both included, from the installation of a new council
    to the eve of its délibération, on which the seat does not count (record 98). ``awaited_until``
    is None until the list of élus is confirmed.
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

    awaited_from = models.DateField("attendu à partir du", null=True, blank=True)
    awaited_until = models.DateField("attendu jusqu’au", null=True, blank=True)

    absences_read: "list[Absence]"  # set by ``benches_of``

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
                name="seat_awaited_from_a_day",
                condition=Q(awaited_until__isnull=True)
                | Q(awaited_from__isnull=False, awaited_until__gte=F("awaited_from")),
                violation_error_message="Un siège est attendu à partir d’un jour.",
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
        """Return whether the seat counts that day: confirmed, in its dates, and not awaited. Twin:
        ``sitting``."""
        return self.is_confirmed and self.is_valid(on) and not self.is_awaited(on)

    def is_awaited(self, on: datetime.date) -> bool:
        """Return whether the party's délibération is awaited that day. Twin: ``awaited``."""
        if self.awaited_from is None or self.awaited_from > on:
            return False
        return self.awaited_until is None or self.awaited_until >= on

    def is_in_abeyance(self, on: datetime.date) -> bool:
        """Return whether the seat, in its dates, is suspended or awaited: it does not count, and is
        not empty."""
        return self.is_valid(on) and (self.is_suspended or self.is_awaited(on))


class SeatRelatedQuerySet(MandateQuerySet):
    """A queryset of what belongs to a member's seat: absences, delegations."""

    def of(self, convention):
        return self.filter(seat__organisation__convention=convention)

    def with_seat(self):
        return self.select_related("seat__organisation__convention")


class Absence(Mandate):
    """Days on which a member cannot answer: the substitute counts then."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="absences", verbose_name="siège")

    objects: ClassVar = SeatRelatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Mandate.Meta):
        verbose_name = "absence"
        ordering = ["seat_id", "starts_on"]

    def __str__(self):
        return f"Absence : {self.seat}"


class DelegationQuerySet(SeatRelatedQuerySet):
    def answering(self, on: datetime.date):
        """Return the delegations by which somebody may answer for a member that day. Twin:
        ``Bench.voices_of``."""
        members = Seat.objects.sitting(on).filter(kind=SeatKind.MEMBER)
        return self.valid(on).filter(seat__in=members)

    def with_act(self):
        """Return the delegations whose signed decision is stored, joined with it."""
        return self.filter(act__isnull=False).select_related("act")


class Delegation(Entrusted):
    """A delegation by which a member lets somebody answer, for points of ``kinds``; empty for all.

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
        """The organisation in whose name the delegate answers."""
        return self.seat.organisation

    def covers(self, kind: str | None) -> bool:
        """Return whether it holds for points of ``kind``; ``None``: for points of some kind."""
        return not self.kinds or kind is None or kind in self.kinds
