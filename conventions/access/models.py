"""Accesses to a convention: of a person, for an organisation, in a role."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Invitation, User
from conventions.parties.models import Organisation
from ctg_portal.forms.revisions import Revised
from ctg_portal.transitions import NEW, Step, Transition, Verb


class Role(models.TextChoices):
    """The role of an access. A voice in the committee comes from a seat, and not from a role."""

    COORDINATOR = "coordinator", "coordination"
    REFERENT = "referent", "référent des accès"
    CONTRIBUTOR = "contributor", "contribution"
    READER = "reader", "lecture"

    @classmethod
    def entering(cls) -> list[str]:
        """Return the roles in which one enters figures for the organisation, and reads them raw."""
        return [cls.CONTRIBUTOR, cls.COORDINATOR]


class AppointmentState(models.TextChoices):
    PENDING = "pending", "à confirmer"
    CONFIRMED = "confirmed", "confirmé"
    SUSPENDED = "suspended", "suspendu"


class Appointment(Revised):
    """A right to act or sit for an organisation: an access, a seat. It allows nothing but reading
    until it is confirmed, and while it is suspended (record 20).

    ``given_by``, ``confirmed_by``, ``suspended_by``: None is whoever hosts the portal. Confirmed
    without ``confirmed_at``: taken over from an earlier release, confirmed by nobody known.
    ``overruled``: primary keys of those whose suspension of it was lifted, who do not suspend it
    again.
    """

    state = models.CharField(
        "état",
        max_length=20,
        choices=AppointmentState.choices,
        default=AppointmentState.PENDING,
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="donné par",
    )  # fmt: skip
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="confirmé par",
    )  # fmt: skip
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="suspendu par",
    )  # fmt: skip
    suspended_at = models.DateTimeField("suspendu le", null=True, blank=True)
    overruled = models.JSONField("suspensions levées", default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def is_confirmed(self) -> bool:
        return self.state == AppointmentState.CONFIRMED

    @property
    def is_taken_over(self) -> bool:
        """Whether it counts since an earlier release, in which nobody known confirmed it."""
        return self.is_confirmed and self.confirmed_at is None

    @property
    def is_confirmed_by_host(self) -> bool:
        return self.is_confirmed and self.confirmed_at is not None and self.confirmed_by_id is None

    @property
    def is_referent(self) -> bool:
        """Whether it lets its holder say who acts for the organisation; a subclass may."""
        return False

    @property
    def only_reads(self) -> bool:
        """Whether, confirmed, it commits nobody and opens no figure. Each subclass says it."""
        raise NotImplementedError

    def suspended(self, *, by: User | None) -> dict[str, Any]:
        """Return the fields to write where ``by`` suspends the appointment now."""
        return {"suspended_by": by, "suspended_at": timezone.now()}

    def confirmed(self, *, by: User | None) -> dict[str, Any]:
        """Return the fields to write where ``by`` confirms the appointment now. Where somebody
        else's suspension is lifted, add them to ``overruled``."""
        overruled, suspended_by = self.overruled, self.suspended_by_id
        is_overruling = self.state == AppointmentState.SUSPENDED and by != self.suspended_by
        if is_overruling and suspended_by not in overruled:
            overruled = [*overruled, suspended_by]
        return {
            "confirmed_by": by, "confirmed_at": timezone.now(), "suspended_by": None,
            "suspended_at": None, "overruled": overruled,
        }  # fmt: skip

    def returned(self) -> dict[str, None]:
        """Return the fields to write where the appointment is to be confirmed again."""
        return {"confirmed_by": None, "confirmed_at": None}


class AccessVerb(Verb):
    """The acts on an access while it lasts; its end is ``ended_at``."""

    OFFERED = (
        "offered",
        Step([NEW], AppointmentState.PENDING, "coordination"),
        "proposé, à confirmer",
    )
    OPENED = (
        "opened",
        Step(
            [NEW],
            AppointmentState.CONFIRMED,
            "référent des accès de l’organisme, hébergeur ; coordination, pour un organisme qui "
            "n’est pas partie et ne déclare pas de règle de secret",
        ),
        "donné",
    )
    CONFIRMED = (
        "confirmed",
        Step(
            list(AppointmentState),
            AppointmentState.CONFIRMED,
            "référent des accès de l’organisme (jamais la personne elle-même), hébergeur ; "
            "coordination, pour un organisme qui n’est pas partie et ne déclare pas de règle de "
            "secret",
        ),
        "confirmé",
    )
    SUSPENDED = (
        "suspended",
        Step(
            [AppointmentState.PENDING, AppointmentState.CONFIRMED],
            AppointmentState.SUSPENDED,
            "toute personne confirmée de l’organisme, coordination, hébergeur",
        ),
        "suspendu",
    )
    RETURNED = (
        "returned",
        Step(
            list(AppointmentState),
            AppointmentState.PENDING,
            "le portail, quand l’organisme devient partie ou énonce une règle de secret",
        ),
        "à confirmer par un référent des accès",
    )


class MembershipQuerySet(models.QuerySet):
    def active(self):
        """Keep access that has not ended. Twin: ``Membership.is_active``."""
        return self.filter(ended_at__isnull=True)

    def ended(self):
        return self.filter(ended_at__isnull=False)

    def effective(self):
        """Keep confirmed access that has not ended. Twin: ``Membership.is_effective``."""
        return self.active().filter(state=AppointmentState.CONFIRMED)

    def pending(self):
        """Keep active access that awaits somebody's confirmation."""
        return self.active().filter(state=AppointmentState.PENDING)

    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def among(self, organisations):
        """Keep access for some of these organisations."""
        return self.filter(organisation__in=organisations)

    def held_by(self, user: User, organisation):
        """Keep what somebody holds in an organisation, ended or not."""
        return self.filter(user=user, organisation=organisation)

    def theirs_or_among(self, user: User, organisations):
        """Keep one's own access, and access for organisations whose people one answers for."""
        return self.filter(Q(user=user) | Q(organisation__in=organisations))

    def staying(self):
        """Keep access that no announced day closes."""
        return self.filter(closes_on__isnull=True)

    def closing_by(self, day: datetime.date):
        """Keep active access whose announced day of closing is that day, or before."""
        return self.active().filter(closes_on__lte=day)

    def coordinators(self):
        return self.filter(role=Role.COORDINATOR)

    def elsewhere(self, organisation):
        """Leave out access for this organisation."""
        return self.exclude(organisation=organisation)

    def referents(self):
        return self.filter(role=Role.REFERENT)

    def by_organisation(self):
        """Sort for a list: parties first, in their rank, then by acronym, person's last name and
        role; join users, organisations and parties."""
        return self.select_related("user", "organisation__party").order_by(
            F("organisation__party__rank").asc(nulls_last=True),
            "organisation__acronym",
            "user__last_name",
            "user_id",
            "role",
        )


class Membership(Appointment):
    """Access of a user to a convention, in one of its organisations, in a role.

    Two adjectives differ: who has an ``active`` access reads what every reader of the convention
    reads, is listed, written to, invited once, may leave; who has an ``effective`` one acts:
    coordinates, enters and verifies figures, reads them raw, is a colleague, leads. A right asks
    for ``effective``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="compte"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="organisme"
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField("accordé le", auto_now_add=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    # Announced to its holder, whose last seat in the organisation is over. Until then they read,
    # and are written to of nothing else.
    closes_on = models.DateField("se ferme le", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "accès"
        verbose_name_plural = "accès"
        ordering = ["organisation", "user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_active_unique",
                violation_error_message="Cette personne a déjà cet accès.",
            ),
            models.CheckConstraint(
                name="membership_role_known",
                condition=Q(role__in=Role.values),
                violation_error_message="Ce rôle est inconnu.",
            ),
            models.CheckConstraint(
                name="membership_closes_for_readers",
                condition=Q(closes_on__isnull=True) | Q(role=Role.READER),
                violation_error_message="Seul un accès en lecture se ferme avec un siège.",
            ),
            models.CheckConstraint(
                name="membership_state_known",
                condition=Q(state__in=AppointmentState.values),
                violation_error_message="Cet état est inconnu.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()} ({self.organisation})"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    @property
    def is_effective(self) -> bool:
        return self.is_active and self.state == AppointmentState.CONFIRMED

    @property
    def is_pending(self) -> bool:
        return self.is_active and self.state == AppointmentState.PENDING

    @property
    def is_suspended(self) -> bool:
        return self.is_active and self.state == AppointmentState.SUSPENDED

    @property
    def is_coordination(self) -> bool:
        return self.role == Role.COORDINATOR

    @property
    def is_entering(self) -> bool:
        """Whether one enters figures by it, and reads them raw."""
        return self.role in Role.entering() and not self.awaits_host

    @property
    def is_referent(self) -> bool:
        return self.role == Role.REFERENT

    @property
    def only_reads(self) -> bool:
        return self.role == Role.READER

    @property
    def awaits_host(self) -> bool:
        """Whether it is a coordination that its holder once gave to themselves: they go on
        coordinating, and enter no figures until the host has confirmed it."""
        return self.is_taken_over and self.is_coordination and self.given_by_id == self.user_id

    @property
    def convention(self):
        return self.organisation.convention


class MembershipTransition(Transition):
    """The log of an access: an act, by whom, in which capacity, when, why."""

    verbs = AccessVerb
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="transitions", verbose_name="accès"
    )
    verb = AccessVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur un accès"
        verbose_name_plural = "actes sur les accès"
        constraints = AccessVerb.constraints("membership_transition")


class MembershipOfferQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def among(self, organisations):
        """Keep offers for some of these organisations."""
        return self.filter(organisation__in=organisations)

    def pending(self):
        """Keep offers whose invitation is neither accepted nor revoked."""
        return self.filter(
            invitation__accepted_at__isnull=True, invitation__revoked_at__isnull=True
        )

    def offered_again(
        self, email: str, organisation: Organisation, roles: Sequence[str]
    ) -> list[Invitation]:
        """Return the pending invitations of an address that offer one of these roles in the
        organisation, the oldest first."""
        offers = self.pending().filter(
            invitation__email=email.lower(), organisation=organisation, role__in=roles
        )
        return list(Invitation.objects.filter(pk__in=offers.values("invitation")).order_by("pk"))

    def revoked_among(self, invitations: list[Invitation]):
        """Keep offers of those of these invitations that were revoked."""
        return self.filter(invitation__in=invitations, invitation__revoked_at__isnull=False)

    def expired(self):
        """Keep pending offers whose link no longer opens."""
        return self.pending().filter(invitation__expires_at__lte=timezone.now())

    def by_address(self, convention_ids: Collection[int]):
        """Keep offers of these conventions, as distinct pairs (convention's primary key, invited
        address), sorted by address."""
        pairs = self.order_by("invitation__email").values_list(
            "organisation__convention", "invitation__email"
        )
        return pairs.filter(organisation__convention__in=convention_ids).distinct()

    def with_convention(self):
        """Sort by primary key, with organisation, convention, invitation and who invited joined."""
        return self.select_related("organisation__convention", "invitation__invited_by").order_by(
            "pk"
        )

    def by_invitation(self):
        """Sort the latest invitation first, then by organisation and role, with organisation,
        invitation and who invited joined."""
        return self.select_related("organisation", "invitation__invited_by").order_by(
            "-invitation__created_at", "-invitation_id", "organisation", "role"
        )


class MembershipOffer(models.Model):
    """The access that an invitation gives once accepted."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="offers", verbose_name="invitation"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="offers", verbose_name="organisme"
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)

    objects = MembershipOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "accès proposé"
        verbose_name_plural = "accès proposés"
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "organisation", "role"], name="membership_offer_unique"
            ),
            models.CheckConstraint(
                name="membership_offer_role_known",
                condition=Q(role__in=Role.values),
                violation_error_message="Ce rôle est inconnu.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} ({self.organisation})"
