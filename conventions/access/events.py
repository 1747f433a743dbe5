"""Access to a convention: offered, accepted, confirmed, objected to, handed over, ended.

``by`` is a user, or ``None`` for the system (command line).
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.events import (
    create_invitation,
    open_account,
    renew_invitation,
    revoke_invitation,
    use_invitation,
)
from accounts.models import Invitation, User
from accounts.rights import may_change_invitation, may_renew_invitation
from conventions.access import mail, rights
from conventions.access.notices import AccessGiven
from conventions.directory.events import keep
from conventions.models import (
    AccessVerb,
    Convention,
    Membership,
    MembershipOffer,
    Organisation,
    Role,
)
from ctg_portal.house import house, let_follow
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move
from notifications.news import tell

OBJECTED_BEFORE = "l’opposition faite à un accès précédent de cette personne demeure"
OTHERWISE = Refusal(
    "Cet accès a changé depuis que la page est ouverte, par une opposition peut-être : relisez-le."
)
ACCOUNT_EXISTS = Refusal("Votre compte vient d’être ouvert : connectez-vous pour accepter.")


@transaction.atomic
def invite(*, email: str, organisation: Organisation, roles, by) -> tuple[Invitation, str]:
    """Offer access to the owner of ``email``, by mail; earlier invitations that offer some of it
    end, whole. Returns the invitation and its token.

    Raises Refused when ``by`` may not, or when that person has all these roles already.
    """
    enforce(rights.may_manage_access(by, organisation.convention))
    keep(organisation)
    # Two who invite the same person at once come one after the other.
    _lock_accesses(organisation.convention)
    held = Membership.objects.active().filter(user__email=email.lower(), organisation=organisation)
    new_roles = [r for r in dict.fromkeys(roles) if r not in held.values_list("role", flat=True)]
    if not new_roles:
        raise Refused(Refusal(f"{email} a déjà cet accès pour {organisation}."))
    enforce(rights.may_hold(email, [(organisation, role) for role in new_roles]))
    enforce(rights.may_offer_again(by, email, organisation, new_roles))
    for earlier in MembershipOffer.objects.offered_again(email, organisation, new_roles):
        revoke_invitation(earlier, by=by)
    invitation, token = create_invitation(email=email, by=by)
    for role in new_roles:
        MembershipOffer.objects.create(invitation=invitation, organisation=organisation, role=role)
    mail.send_invitation(invitation, organisation, token)
    return invitation, token


@transaction.atomic
def hand_over(membership: Membership, *, email: str, by) -> tuple[Invitation, str]:
    """Offer this access to a successor; it ends when the successor's counts, not before: accepted
    and, where it awaits a word, confirmed."""
    membership = _locked_among_all(membership)
    enforce(rights.may_hand_over(by, membership))
    if email.lower() == membership.user.email:
        raise Refused(Refusal("Cette personne a déjà cet accès : indiquez quelqu’un d’autre."))
    enforce(rights.may_hold(email, [(membership.organisation, membership.role)]))
    enforce(
        rights.may_offer_again(
            by, email, membership.organisation, [membership.role], replaces=membership
        )
    )
    invitation, token = create_invitation(email=email, by=by)
    MembershipOffer.objects.create(
        invitation=invitation,
        organisation=membership.organisation,
        role=membership.role,
        replaces=membership,
    )
    mail.send_invitation(invitation, membership.organisation, token)
    mail.tell_of_handing_over(membership, email, by=by)
    return invitation, token


@transaction.atomic
def renew_offer(offer: MembershipOffer, *, by) -> str:
    """Send the invitation again, with a new link."""
    enforce(rights.may_revoke_offer(by, offer))
    invitation = _locked(offer.invitation)
    enforce(may_renew_invitation(by, invitation))
    enforce(rights.may_write_to(by, invitation.email, offer.organisation.convention))
    token = renew_invitation(invitation, by=by)
    invitation.refresh_from_db()
    mail.send_invitation(invitation, offer.organisation, token)
    return token


@transaction.atomic
def revoke_offer(offer: MembershipOffer, *, by) -> None:
    """Withdraw an invitation that nobody has accepted."""
    enforce(rights.may_revoke_offer(by, offer))
    revoke_invitation(_locked(offer.invitation), by=by)


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Convention:
    """Give ``by`` the access offered, end what it replaces once that counts. Returns the
    convention."""
    invitation = _locked(invitation)
    # Two invitations of one person to one organisation are accepted one after the other.
    bodies = Organisation.objects.filter(offers__invitation=invitation).order_by("pk")
    list(bodies.select_for_update(of=("self",), no_key=True))
    enforce(rights.may_accept(by, invitation))
    use_invitation(invitation, by=by)
    offers = list(invitation.offers.with_convention().select_related("organisation__party"))
    # Asked of all before any is given: an access never vouches for itself.
    at_once = {offer.pk: rights.counts_at_once(offer) for offer in offers}
    for offer in offers:
        given = _give(offer, to=by, at_once=at_once[offer.pk])
        if offer.replaces and given.is_effective:
            _pass_on(offer.replaces, successor=by)
    convention = offers[0].organisation.convention
    let_follow(house().after_access, convention)
    return convention


def _pass_on(membership: Membership, *, successor: User) -> None:
    """End an access that somebody else has from now on."""
    _end(membership)
    mail.tell_giver_of_acceptance(membership, successor=successor)


def _give(offer: MembershipOffer, *, to: User, at_once: bool) -> Membership:
    """Give an access, or to who has it already what it still awaits."""
    giver, organisation = offer.invitation.invited_by, offer.organisation
    what = {"user": to, "organisation": organisation, "role": offer.role}
    held = Membership.objects.active().filter(**what).first()
    acting = {"by": giver, "capacity": rights.capacity_for(giver, organisation)}
    if held is None:
        held = Membership(**what, given_by=giver)
        is_objected_to = bool(rights.objections_to(to.email, organisation))
        move(held, AccessVerb.OPENED if at_once else AccessVerb.OFFERED, **acting)
        if is_objected_to and not at_once:
            move(held, AccessVerb.SUSPENDED, by=None, reason=OBJECTED_BEFORE)
    elif at_once and not held.is_effective:
        move(held, AccessVerb.CONFIRMED, **acting)
    else:
        return held
    tell(AccessGiven(held))
    return held


@transaction.atomic
def open_access(*, user: User, organisation: Organisation, role: Role) -> Membership:
    """Give an access on behalf of whoever hosts the portal, without an invitation."""
    held = Membership.objects.active().filter(user=user, organisation=organisation, role=role)
    if (access := held.first()) is None:
        access = Membership(user=user, organisation=organisation, role=role)
        move(access, AccessVerb.OPENED, by=None)
    return access


@transaction.atomic
def confirm_access(membership: Membership, *, by, seen: str | None = None) -> None:
    """Vouch for an access: from now on its holder acts for the organisation, and has taken over
    what was passed on. ``seen``: its state when it was shown; an objection of meanwhile is read
    first."""
    membership = _locked_among_all(membership)
    if seen is not None and seen != membership.state:
        raise Refused(OTHERWISE)
    enforce(rights.may_confirm(by, membership))
    capacity = rights.capacity_for(by, membership.organisation)
    move(membership, AccessVerb.CONFIRMED, by=by, capacity=capacity)
    mail.tell_of_confirmation(membership, by=by)
    for offer in MembershipOffer.objects.taken_over_by(membership):
        _pass_on(offer.replaces, successor=membership.user)
    let_follow(house().after_access, membership.convention)


@transaction.atomic
def object_to_access(membership: Membership, *, by) -> None:
    """Suspend an access that somebody was given: its holder reads, and that is all."""
    membership = _locked_among_all(membership)
    enforce(rights.may_object(by, membership))
    capacity = rights.capacity_for(by, membership.organisation)
    move(membership, AccessVerb.SUSPENDED, by=by, capacity=capacity)
    mail.tell_of_objection(membership, by=by)
    let_follow(house().after_access, membership.convention)


@transaction.atomic
def accept_as_newcomer(
    invitation: Invitation, *, first_name: str, last_name: str, password: str
) -> tuple[User, Convention]:
    """Open the account of the addressee, whose link proves the address, and accept."""
    # Locked before the account is opened, so that a second click at once is refused.
    enforce(may_change_invitation(None, _locked(invitation)))
    try:
        with transaction.atomic():
            user = open_account(
                email=invitation.email,
                first_name=first_name,
                last_name=last_name,
                password=password,
            )
    except IntegrityError:  # another invitation to the same address, accepted at this moment
        raise Refused(ACCOUNT_EXISTS) from None
    return user, accept(invitation, by=user)


@transaction.atomic
def end_membership(membership: Membership, *, by) -> None:
    """End an access at once: one leaves, or the coordinator ends it and the person is told."""
    _end_if_allowed(membership, by=by)
    if by != membership.user:
        mail.tell_of_end(membership, by=by)


@transaction.atomic
def end_memberships_of(user: User) -> None:
    """An account is erased: its accesses end, unless a convention would lose its coordinator."""
    for membership in user.memberships.active().select_related("organisation__convention"):
        _end_if_allowed(membership, by=None)


def _end_if_allowed(membership: Membership, *, by) -> None:
    membership = _locked_among_all(membership)
    enforce(rights.may_end_membership(by, membership))
    _end(membership)
    let_follow(house().after_access, membership.convention)


def _locked_among_all(membership: Membership) -> Membership:
    """The access as it is now, locked with all of its convention: of two coordinators who leave at
    once, or are objected to, one stays."""
    membership = _lock_accesses(membership.convention).get(membership.pk, membership)
    membership.refresh_from_db()
    return membership


def _lock_accesses(convention: Convention) -> dict[int, Membership]:
    """The accesses of a convention as they are now, by primary key, locked."""
    rows = Membership.objects.active().of(convention).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",))}


def _end(membership: Membership) -> None:
    """End an access, which is locked, and what would have passed it on."""
    membership.ended_at = timezone.now()
    membership.save()
    for offer in membership.successors.pending().select_related("invitation"):
        revoke_invitation(offer.invitation, by=None)


def _locked(invitation: Invitation) -> Invitation:
    """The invitation as it is now, locked after the accesses of its convention.

    Always in this order, which is that of an access that ends and revokes what passes it on.
    """
    there = Membership.objects.active().filter(
        organisation__convention__in=invitation.offers.values("organisation__convention")
    )
    list(there.order_by("pk").select_for_update(of=("self",)))
    return Invitation.objects.select_for_update().get(pk=invitation.pk)
