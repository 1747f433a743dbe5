"""Who speaks for whom: seats with their mandates, absences, delegations."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from simple_history.models import HistoricalRecords

from conventions.models import Membership
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
    account a ``name``, in a ``capacity``.

    ``given_by``: who gave it; None for whoever hosts the portal. Given from outside of the
    organisation, it is silent until somebody there says that it is so (``awaits_confirmation``).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss", null=True, blank=True,
        verbose_name="compte",
    )  # fmt: skip
    name = models.CharField("nom", max_length=300)
    capacity = models.CharField("qualité", max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="donné par",
    )  # fmt: skip
    awaits_confirmation = models.BooleanField("à confirmer", default=False)

    class Meta(Mandate.Meta):
        abstract = True

    @property
    def address(self) -> str:
        """Who it is beyond the name, which anybody may bear: the account's address."""
        return self.user.email if self.user else "sans compte"


def is_inside(organisation: str) -> Q:
    """Whether the row's ``user`` acts today in the convention of the organisation at this path,
    and has not left that organisation. Twin: ``Bench.is_inside``."""
    held = Membership.objects.filter(user=OuterRef("user"))
    own = held.filter(organisation=OuterRef(organisation))
    convention = OuterRef(f"{organisation}__convention")
    anywhere = held.effective().filter(organisation__convention=convention)
    return Exists(anywhere) & (Exists(own.effective()) | ~Exists(own))


def is_at_home(organisation: str) -> Q:
    """Whether the row's ``user`` coordinates the convention for the organisation at this path, or
    does not coordinate it. Twin: ``Bench.coordinates_elsewhere``."""
    coordinating = Membership.objects.effective().coordinators().filter(user=OuterRef("user"))
    coordinating = coordinating.filter(
        organisation__convention=OuterRef(f"{organisation}__convention")
    )
    own = coordinating.filter(organisation=OuterRef(organisation))
    return Q(~Exists(coordinating)) | Q(Exists(own))


def belongs(organisation: str) -> Q:
    """Whether the row's ``user`` may speak up for the organisation at this path. Twin:
    ``Bench.belongs``."""
    return is_inside(organisation) & is_at_home(organisation)


def vouched(organisation: str) -> Q:
    """Whether somebody else has made the row's ``user`` one of the organisation at this path, in
    which they act today, and they coordinate for no other. Twin: ``Bench.is_vouched``."""
    own = Membership.objects.effective().vouching()
    own = own.filter(user=OuterRef("user"), organisation=OuterRef(organisation))
    return Q(Exists(own)) & is_at_home(organisation)


class SeatQuerySet(MandateQuerySet):
    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def elected(self):
        return self.filter(is_elected=True)

    def sitting(self, on: datetime.date):
        """In mandate, their holders acting: to speak, for that very organisation. Twin:
        ``Bench.sits``."""
        advising = Q(kind__in=SeatKind.advising()) & is_inside("organisation")
        speaking = Q(kind__in=SeatKind.speaking()) & vouched("organisation")
        held = Q(user__isnull=True) | advising | speaking
        return self.valid(on).filter(held, suspended_at__isnull=True, awaits_confirmation=False)

    def committing(self, on: datetime.date):
        """Whose holders bind their organisation that day. Twin: ``Bench.commits``."""
        away = Absence.objects.valid(on).filter(seat=OuterRef("pk"))
        own = OuterRef("organisation")
        there = Seat.objects.sitting(on).filter(
            ~Exists(away), kind=SeatKind.MEMBER, organisation=own
        )
        # A substitute is the party's once the mandate of the member named is over, nobody's before
        # it has begun.
        named = Seat.objects.filter(pk=OuterRef("substitute_for"))
        is_open = Q(substitute_for__isnull=True) | Exists(named.over(on))
        stands_in = (
            Exists(named.valid(on)) & ~Exists(there.filter(pk=OuterRef("substitute_for")))
        ) | (is_open & ~Exists(there))
        return self.sitting(on).filter(
            Q(kind=SeatKind.MEMBER) | Q(kind=SeatKind.SUBSTITUTE) & stands_in
        )

    def with_act(self):
        """Those whose délibération is kept here."""
        return self.filter(act__isnull=False).select_related("act")

    def held_with(self, seat):
        """That speak for other parties of the convention, and may be the same person's while
        ``seat`` is: the same account, or the same name where one of the two has none."""
        others = self.of(seat.organisation.convention).exclude(organisation=seat.organisation)
        others = others.filter(kind__in=SeatKind.speaking())
        others = others.overlapping(seat.starts_on, seat.ends_on).select_related("organisation")
        return [
            other
            for other in others.order_by("pk")
            if (
                other.user_id == seat.user_id
                if other.user_id and seat.user_id
                else fold(other.name) == fold(seat.name)
            )
        ]

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


class Seat(Entrusted):
    """A person's place in the committee, for an organisation, while the mandate lasts.

    The agreement of who has no account is recorded for them. A substitute stands in for one member
    (``substitute_for``), or for any of the party without. ``act``: the délibération that names
    them, without which nobody speaks for two parties. A seat to which somebody of the organisation
    has objected (``suspended_at``) is silent.
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
    suspended_at = models.DateTimeField("suspendu le", null=True, blank=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="suspendu par",
    )  # fmt: skip

    objects = SeatQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Entrusted.Meta):
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
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def revision(self) -> int:
        """The number of its last change: a form tells which one it was filled from."""
        numbers = self.history.order_by("-history_id").values_list("history_id", flat=True)
        return numbers.first() or 0


class OfSeatQuerySet(MandateQuerySet):
    """Of what a member's seat has: absences, delegations."""

    def of(self, convention):
        return self.filter(seat__organisation__convention=convention)

    def with_seat(self):
        return self.select_related("seat__organisation__convention")


class Absence(Mandate):
    """Days on which a member cannot answer: the substitute counts then."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="absences", verbose_name="siège")

    objects = OfSeatQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Mandate.Meta):
        verbose_name = "absence"
        ordering = ["seat_id", "starts_on"]

    def __str__(self):
        return f"Absence : {self.seat}"


class DelegationQuerySet(OfSeatQuerySet):
    def answering(self, on: datetime.date):
        """By which somebody may answer for a member that day. Twin: ``Bench.voices_of``."""
        members = Seat.objects.sitting(on).filter(kind=SeatKind.MEMBER)
        given = self.valid(on).filter(awaits_confirmation=False, seat__in=members)
        return given.filter(belongs("seat__organisation"))

    def covering(self, kind):
        """For points of ``kind``, which may be an expression. Twin: ``Delegation.covers``."""
        quoted = Concat(Value('"'), kind, Value('"'), output_field=models.TextField())
        named = self.annotate(kinds_text=Cast("kinds", models.TextField()))
        return named.filter(Q(kinds=[]) | Q(kinds_text__contains=quoted))

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
    act = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="acte de délégation",
    )  # fmt: skip

    objects = DelegationQuerySet.as_manager()
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
