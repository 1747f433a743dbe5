"""Who has access to a convention, for which organisation, to do what."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Invitation
from conventions.parties.models import Organisation
from ctg_portal.transitions import NEW, Step, Transition, Verb


class Role(models.TextChoices):
    """What a member may do. The committee's voice is another thing: a seat gives it."""

    COORDINATOR = "coordinator", "coordination"
    CONTRIBUTOR = "contributor", "contribution"
    READER = "reader", "lecture"

    @classmethod
    def entering(cls) -> list[str]:
        """Those in which one enters figures for the organisation, and reads them raw."""
        return [cls.CONTRIBUTOR, cls.COORDINATOR]


class AccessState(models.TextChoices):
    PENDING = "pending", "à confirmer"
    CONFIRMED = "confirmed", "confirmé"
    SUSPENDED = "suspended", "suspendu"


class AccessVerb(Verb):
    """What is done to an access while it lasts; its end is ``ended_at``."""

    OFFERED = (
        "offered",
        Step([NEW], AccessState.PENDING, "coordination, pour un autre organisme que le sien"),
        "donné, à confirmer",
    )
    OPENED = (
        "opened",
        Step(
            [NEW],
            AccessState.CONFIRMED,
            "qui a déjà accès pour l’organisme, son adresse officielle, ou l’hébergeur",
        ),
        "donné",
    )
    CONFIRMED = (
        "confirmed",
        Step(
            [AccessState.PENDING, AccessState.SUSPENDED],
            AccessState.CONFIRMED,
            "qui a déjà accès pour l’organisme ; où personne n’a jamais eu accès, qui a accès pour "
            "une autre partie sans coordonner ; l’hébergeur",
        ),
        "confirmé",
    )
    SUSPENDED = (
        "suspended",
        Step(
            [AccessState.PENDING, AccessState.CONFIRMED],
            AccessState.SUSPENDED,
            "qui a accès pour l’organisme, qui peut confirmer, ou coordination",
        ),
        "suspendu par une opposition",
    )


def coordinating_elsewhere():
    """By which the row's ``user`` coordinates, or did, for another organisation of the convention
    than its ``organisation``."""
    held = Membership.objects.coordinators().exclude(state=AccessState.PENDING)
    return held.exclude(organisation=OuterRef("organisation")).filter(
        user=OuterRef("user"), organisation__convention=OuterRef("organisation__convention")
    )


class MembershipQuerySet(models.QuerySet):
    def active(self):
        """Access that has not ended. Twin: ``Membership.is_active``."""
        return self.filter(ended_at__isnull=True)

    def ended(self):
        return self.filter(ended_at__isnull=False)

    def effective(self):
        """Access with what its role allows. Twin: ``Membership.is_effective``."""
        return self.active().filter(state=AccessState.CONFIRMED)

    def given_by_others(self):
        """Without those that somebody gave to themselves. Twin: ``Membership.is_self_given``."""
        return self.filter(Q(given_by__isnull=True) | ~Q(given_by=F("user")))

    def vouching(self):
        """By which somebody else has made their holder one of the organisation's people: without
        those, too, that were given while their holder coordinated for another one. Twin:
        ``rights.was_given_meanwhile``."""
        elsewhere = coordinating_elsewhere()
        begun = elsewhere.filter(granted_at__lte=OuterRef("granted_at"))
        going_on = elsewhere.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=OuterRef("granted_at"))
        )
        meanwhile = Exists(begun) & Exists(going_on)
        return self.given_by_others().filter(Q(role=Role.COORDINATOR) | ~meanwhile)

    def held_at(self, moment) -> bool:
        """Whether one of them counted then, and has not ended before."""
        there = Q(ended_at__isnull=True) | Q(ended_at__gt=moment)
        held = self.exclude(state=AccessState.PENDING).filter(there, granted_at__lte=moment)
        return held.exists()

    def pending(self):
        """Those that await somebody's confirmation."""
        return self.active().filter(state=AccessState.PENDING)

    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def with_objection_before(self):
        """With ``was_objected_to``: whether it was given though somebody had objected to another
        access of its holder, and is suspended from its first day for that reason."""
        kept = MembershipTransition.objects.filter(
            ~Q(reason=""), membership=OuterRef("pk"), verb=AccessVerb.SUSPENDED
        )
        return self.annotate(was_objected_to=Exists(kept))

    def with_since(self):
        """With ``since``: from when on it first counted, whatever was said of it later."""
        acts = MembershipTransition.objects.filter(
            Q(to_state=AccessState.CONFIRMED) | Q(from_state=AccessState.CONFIRMED),
            membership=OuterRef("pk"),
        )
        # One that counted before its first act is of an earlier release: since it was given.
        moment = Case(When(from_state=AccessState.CONFIRMED, then=None), default=F("created_at"))
        first = acts.order_by("created_at", "pk").values(moment=moment)[:1]
        return self.annotate(since=Coalesce(Subquery(first), F("granted_at")))

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
    """Access of a user to a convention, in one of its organisations, in a role.

    Nobody gives an organisation's eyes or voice to somebody on its behalf: an access given from
    outside awaits a confirmation, and who has access there may object. Two adjectives tell what is
    asked: ``active``, of who is there: reads what every reader of the convention reads, is listed,
    written to, invited once, may leave; ``effective``, of who acts: coordinates, enters and
    verifies figures, reads them raw, is a colleague, speaks from a seat, leads. A right asks for
    ``effective``.

    ``given_by``: who offered it; None for whoever hosts the portal.
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
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="donné par",
    )  # fmt: skip
    state = models.CharField(
        "état", max_length=20, choices=AccessState.choices, default=AccessState.PENDING
    )

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
                name="membership_state_known",
                condition=Q(state__in=AccessState.values),
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
        return self.is_active and self.state == AccessState.CONFIRMED

    @property
    def is_pending(self) -> bool:
        return self.is_active and self.state == AccessState.PENDING

    @property
    def is_suspended(self) -> bool:
        return self.is_active and self.state == AccessState.SUSPENDED

    @property
    def is_coordination(self) -> bool:
        return self.role == Role.COORDINATOR

    @property
    def is_entering(self) -> bool:
        """Whether one enters figures by it, and reads them raw."""
        return self.role in Role.entering()

    @property
    def is_self_given(self) -> bool:
        return self.given_by_id == self.user_id

    @property
    def convention(self):
        return self.organisation.convention


class MembershipTransition(Transition):
    """What was done to an access, by whom."""

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

    def pending(self):
        """Offers whose invitation is neither accepted nor revoked."""
        return self.filter(
            invitation__accepted_at__isnull=True, invitation__revoked_at__isnull=True
        )

    def offered_again(self, email: str, organisation, roles) -> list[Invitation]:
        """The pending invitations of an address that offer some of these roles already, other than
        to pass on an access."""
        offers = self.pending().filter(
            invitation__email=email.lower(), organisation=organisation, role__in=roles,
            replaces=None,
        )  # fmt: skip
        return list(Invitation.objects.filter(pk__in=offers.values("invitation")).order_by("pk"))

    def revoked_among(self, invitations: list[Invitation]):
        """Offers of those of these invitations that were revoked."""
        return self.filter(invitation__in=invitations, invitation__revoked_at__isnull=False)

    def in_vain(self):
        """Offers to pass on an access that has ended."""
        return self.filter(replaces__ended_at__isnull=False)

    def taken_over_by(self, membership):
        """By which the holder of an access has accepted to take over one that goes on: not those
        whose access has ended since, whatever the same person was given later."""
        same = {"organisation": membership.organisation_id, "role": membership.role}
        accepted = self.filter(
            **same, invitation__accepted_by=membership.user_id, replaces__isnull=False,
            replaces__ended_at__isnull=True,
        )  # fmt: skip
        held = Membership.objects.filter(**same, user=membership.user_id)
        lapsed = held.filter(ended_at__gte=OuterRef("invitation__accepted_at"))
        found = accepted.filter(~Exists(lapsed))
        return found.select_related("replaces__user", "replaces__organisation__convention")

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
    """The access that an invitation gives once accepted; ``replaces`` ends once that counts
    (handing over)."""

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
