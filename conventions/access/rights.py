"""Who may do what with a convention's access. ``None`` as the asker is the system.

One question, one answer, for event, view and template alike.
"""

from django.utils import timezone

from accounts.models import Invitation
from accounts.rights import may_accept_invitation
from conventions.access.viewer import accesses_among
from conventions.models import Convention, Membership, MembershipOffer, Role
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date

COORDINATION_ONLY = Refusal("Seule la coordination de la convention peut le faire.")


def coordinates(user, convention: Convention) -> bool:
    """Whether ``user`` coordinates the convention today."""
    return convention.pk in coordinated_by(user, [convention])


def coordinated_by(user, conventions: list[Convention]) -> set[int]:
    """Which of these conventions ``user`` coordinates today, by primary key; in one query."""
    held = accesses_among(user, conventions)
    return {pk for pk in held if any(access.role == Role.COORDINATOR for access in held[pk])}


def coordinating(by) -> dict:
    """Who acts as the coordinator, and in which capacity, as the logs keep it."""
    return {"by": by, "capacity": "coordination" if by else ""}


def may_manage_access(asker, convention: Convention) -> Refusal | None:
    """See who has access, invite, end an access, renew or revoke an invitation."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def _may_touch(asker, membership: Membership) -> Refusal | None:
    """One's own access while it lasts, or any of the convention for the coordinator."""
    if not membership.is_active:
        return Refusal("Cet accès est déjà terminé.")
    if asker is None or asker == membership.user:
        return None
    return may_manage_access(asker, membership.convention)


def may_end_membership(asker, membership: Membership) -> Refusal | None:
    """One leaves, or the coordinator ends an access; a convention keeps a coordinator."""
    refusal = _may_touch(asker, membership)
    if refusal:
        return refusal
    if membership.role == Role.COORDINATOR and is_last_coordinator(membership):
        return Refusal(
            "Une convention garde au moins une personne à la coordination : "
            "transmettez d’abord ce rôle."
        )
    return None


def may_hand_over(asker, membership: Membership) -> Refusal | None:
    """One's own access, or any for the coordinator; to one person at a time."""
    refusal = _may_touch(asker, membership)
    if refusal:
        return refusal
    pending = membership.successors.pending().select_related("invitation").first()
    if pending is None:
        return None
    invitation = pending.invitation
    day = timezone.localtime(invitation.expires_at)
    validity = "expirée depuis le" if invitation.has_expired else "valable jusqu’au"
    return Refusal(
        f"Une transmission est déjà proposée à {invitation.email}, {validity} {long_date(day)} : "
        "annulez-la d’abord."
    )


def may_accept(asker, invitation: Invitation) -> Refusal | None:
    """The addressee, while what the invitation passes on still exists."""
    if hands_over_nothing(invitation):
        return Refusal("Cette invitation ne vaut plus : l’accès qu’elle transmettait a pris fin.")
    return may_accept_invitation(asker, invitation)


def hands_over_nothing(invitation: Invitation) -> bool:
    """Whether the access has ended that this invitation, unanswered, would have passed on."""
    return not invitation.accepted_at and invitation.offers.in_vain().exists()


def may_revoke_offer(asker, offer: MembershipOffer) -> Refusal | None:
    """Withdraw or send again: the coordinator, or whoever hands their own access over."""
    if offer.replaces and offer.replaces.user == asker:
        return None
    return may_manage_access(asker, offer.organisation.convention)


def is_last_coordinator(membership: Membership) -> bool:
    coordinators = Membership.objects.active().of(membership.convention).coordinators()
    return not coordinators.exclude(pk=membership.pk).exists()


def keeps_last_coordinator(user) -> Refusal | None:
    """An account that alone coordinates a convention is not erased before it hands over."""
    for membership in (
        user.memberships.active().coordinators().select_related("organisation__convention")
    ):
        others = Membership.objects.active().of(membership.convention).coordinators()
        if not others.exclude(user=user).exists():
            return Refusal(
                f"Personne d’autre que vous ne coordonne « {membership.convention.territory} » : "
                "transmettez d’abord ce rôle."
            )
    return None
