"""Who has access to a convention, for which organisation, to do what."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Invitation
from conventions.parties.models import Organisation


class Role(models.TextChoices):
    """What a member may do. The committee's voice is another thing: a seat gives it."""

    COORDINATOR = "coordinator", "coordination"
    CONTRIBUTOR = "contributor", "contribution"
    READER = "reader", "lecture"


class MembershipQuerySet(models.QuerySet):
    def active(self):
        """Access that has not ended. Twin: ``Membership.is_active``."""
        return self.filter(ended_at__isnull=True)

    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def coordinators(self):
        return self.filter(role=Role.COORDINATOR)

    def by_organisation(self):
        return self.select_related("user", "organisation__party").order_by(
            F("organisation__party__rank").asc(nulls_last=True),
            "organisation__acronym",
            "user__last_name",
            "user_id",
            "role",
        )


class Membership(models.Model):
    """Access of a user to a convention, in one of its organisations, in a role."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="compte"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="organisme"
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField("accordé le", auto_now_add=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)

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
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()} ({self.organisation})"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    @property
    def convention(self):
        return self.organisation.convention


class MembershipOfferQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def pending(self):
        """Offers whose invitation is neither accepted nor revoked."""
        return self.filter(
            invitation__accepted_at__isnull=True, invitation__revoked_at__isnull=True
        )

    def in_vain(self):
        """Offers to pass on an access that has ended."""
        return self.filter(replaces__ended_at__isnull=False)

    def expired(self):
        """Pending offers whose link no longer opens."""
        return self.pending().filter(invitation__expires_at__lte=timezone.now())

    def labelled(self, convention_ids):
        """(convention's primary key, address) pairs of these conventions."""
        return (
            self.filter(organisation__convention__in=convention_ids)
            .order_by("invitation__email")
            .values_list("organisation__convention", "invitation__email")
            .distinct()
        )

    def with_convention(self):
        return self.select_related(
            "organisation__convention", "invitation__invited_by", "replaces__user"
        ).order_by("pk")

    def as_handings_over(self) -> models.Prefetch:
        """For accesses: the pending offers to pass each on, as ``handings_over``."""
        pending = self.pending().select_related("invitation")
        return models.Prefetch("successors", pending, to_attr="handings_over")

    def by_invitation(self):
        """With what a list shows, the latest invitation first."""
        return self.select_related(
            "organisation", "invitation__invited_by", "replaces__user"
        ).order_by("-invitation__created_at", "-invitation_id", "organisation", "role")


class MembershipOffer(models.Model):
    """The access that an invitation gives once accepted; ``replaces`` then ends (handing over)."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="offers", verbose_name="invitation"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="offers", verbose_name="organisme"
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    replaces = models.ForeignKey(
        Membership,
        models.CASCADE,
        related_name="successors",
        null=True,
        blank=True,
        verbose_name="remplace",
    )

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
