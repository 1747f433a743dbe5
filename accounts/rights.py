"""Rights on accounts and invitations: why ``asker`` may not, or None. ``asker=None`` is the
system."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Invitation, InvitationQuerySet, User
from ctg_portal.house import house
from ctg_portal.rules import Refusal

BETWEEN_LINKS = timedelta(minutes=10)
# How many go to one address meanwhile: somebody may act for two organisations, or three.
LINKS_AT_ONCE = 3


def may_change_invitation(asker: User | None, invitation: Invitation) -> Refusal | None:
    """Return why an invitation can no longer be changed, or None. The state only: the right is
    checked where its convention is known."""
    if invitation.accepted_at:
        return Refusal("Cette invitation a déjà été acceptée.")
    if invitation.revoked_at:
        return Refusal("Cette invitation a déjà été annulée.")
    return None


def may_renew_invitation(asker: User, invitation: Invitation) -> Refusal | None:
    """Return why an invitation may not be renewed now, or None: not within ten minutes, for each
    renewal writes to its addressee, and ends the link that is on its way."""
    refusal = may_change_invitation(asker, invitation)
    return refusal or may_invite_again(asker, invitation)


def may_invite_again(asker: User | None, sent: Invitation) -> Refusal | None:
    """Return why somebody may not be invited again to what the invitation ``sent`` offered, revoked
    or not, or None: ten minutes after it."""
    if asker is None or timezone.now() >= sent.sent_at + BETWEEN_LINKS:
        return None
    return Refusal(
        "Cette invitation vient d’être envoyée : laissez-lui dix minutes pour arriver avant d’en "
        "envoyer une autre."
    )


def may_invite_more(asker: User | None, sent: InvitationQuerySet) -> Refusal | None:
    """Return why the owner of an address, who was sent these invitations, may not be invited once
    more, or None: at most three in ten minutes, those that were accepted not counted."""
    lately = sent.filter(accepted_at__isnull=True).sent_since(timezone.now() - BETWEEN_LINKS)
    if asker is None or lately.count() < LINKS_AT_ONCE:
        return None
    return Refusal(
        "Plusieurs invitations viennent d’être envoyées à cette adresse : attendez dix minutes "
        "avant d’en envoyer une autre."
    )


def may_accept_invitation(asker: User, invitation: Invitation) -> Refusal | None:
    """Return why ``asker`` may not accept an invitation, or None: its addressee may, once, before
    it expires."""
    refusal = may_change_invitation(asker, invitation)
    if refusal:
        return refusal
    if invitation.has_expired:
        return Refusal("Cette invitation a expiré. Demandez-en une nouvelle à la coordination.")
    if asker.email != invitation.email:
        return Refusal(
            f"Cette invitation est adressée à {invitation.email} ; "
            f"votre session est celle de {asker.email}."
        )
    return None


def may_anonymise(asker: User | None, user: User) -> Refusal | None:
    """Return why ``asker`` may not anonymise an account, or None: its owner and the system may,
    unless a room refuses (``anonymisation_refusals``)."""
    if asker is not None and asker != user:
        return Refusal("Chacun supprime son propre compte ; l’hébergeur peut le faire à sa place.")
    if user.anonymised_at:
        return Refusal("Ce compte est déjà supprimé.")
    for refuses in house().anonymisation_refusals:
        refusal = refuses(user)
        if refusal:
            return refusal
    return None
