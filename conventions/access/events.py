"""Access to a convention: offered, accepted, confirmed, suspended, ended (record 20).

``by`` is a user, or ``None`` for the host.
"""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError
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
from conventions.access.models import (
    AccessVerb,
    Appointment,
    AppointmentState,
    Membership,
    MembershipOffer,
    Role,
)
from conventions.access.notices import notify_access_changed, notify_official_address_of_end
from conventions.access.organisations import lock_against_withdrawal
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation
from ctg_portal.forms.revisions import check_revision
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move

CHANGED_SINCE = Refusal(
    "Cet accès a changé depuis que la page est ouverte, par une suspension peut-être : relisez-le."
)
ACCOUNT_EXISTS = Refusal("Votre compte vient d’être ouvert : connectez-vous pour accepter.")


@event()
def invite(
    *, email: str, organisation: Organisation, roles: Sequence[str], by: User | None
) -> tuple[Invitation, str]:
    """Offer an address access for an organisation, by mail, in those of ``roles`` that its owner
    does not hold yet. Revoke earlier pending invitations of the address that offer one of them,
    with all that they offer. Return the invitation and its token. Raises Refused when ``by`` may
    not, or the owner holds all these roles."""
    changed(organisation, Subject.PEOPLE)
    enforce(rights.may_offer(by, organisation, roles))
    lock_against_withdrawal(organisation)
    # Two who invite the same person at once come one after the other.
    _lock_accesses(organisation.convention)
    accesses = Membership.objects.active().filter(
        user__email=email.lower(), organisation=organisation
    )
    new_roles = [
        r for r in dict.fromkeys(roles) if r not in accesses.values_list("role", flat=True)
    ]
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


@event(Subject.PEOPLE)
def renew_offer(offer: MembershipOffer, *, by: User) -> str:
    """Send an offer's invitation again with a new link; return the token. Raises Refused."""
    enforce(rights.may_revoke_offer(by, offer))
    invitation = _lock_invitation(offer.invitation)
    enforce(may_renew_invitation(by, invitation))
    enforce(rights.may_write_to(by, invitation.email, offer.organisation.convention))
    token = renew_invitation(invitation, by=by)
    invitation.refresh_from_db()
    mail.send_invitation(invitation, offer.organisation, token)
    return token


@event(Subject.PEOPLE)
def revoke_offer(offer: MembershipOffer, *, by: User) -> None:
    """Withdraw the pending invitation of an offer, with all that it offers. Raises Refused."""
    enforce(rights.may_revoke_offer(by, offer))
    revoke_invitation(_lock_invitation(offer.invitation), by=by)


@event()
def invite_to_open(*, email: str) -> tuple[Invitation, str]:
    """Invite an address, by mail and on behalf of the host, to open conventions; revoke earlier
    pending invitations to it alone. Return the invitation and its token."""
    earlier = Invitation.objects.pending().filter(email=email.lower(), opens_conventions=True)
    for row in earlier.order_by("pk"):
        revoke_invitation(row, by=None)
    invitation, token = create_invitation(email=email, by=None, opens_conventions=True)
    mail.send_invitation_to_open(invitation, token)
    return invitation, token


@event()
def accept(invitation: Invitation, *, by: User) -> Convention | None:
    """Give ``by`` all that an invitation offers, confirmed where who invited may still confirm it
    today, else pending. Return the convention; None where it only lets open some. Raises
    Refused."""
    invitation = _lock_invitation(invitation)
    # Two invitations of one person to one organisation are accepted one after the other.
    bodies = Organisation.objects.filter(offers__invitation=invitation).order_by("pk")
    list(bodies.select_for_update(of=("self",), no_key=True))
    enforce(rights.may_accept(by, invitation))
    use_invitation(invitation, by=by)
    offers = list(invitation.offers.with_convention().select_related("organisation__party"))
    giver = invitation.invited_by
    if not offers:
        return None
    for offer in offers:
        give_access(by, offer.organisation, offer.role, given_by=giver)
    convention = offers[0].organisation.convention
    changed(convention, Subject.PEOPLE)
    let_follow(house().after_access, convention)
    return convention


def give_access(
    user: User, organisation: Organisation, role: str, *, given_by: User | None
) -> Membership:
    """Give an access and return it: confirmed if ``given_by`` (None: the host) may confirm it, else
    pending. Where the person has it already, only confirm it if ``given_by`` may."""
    accesses = Membership.objects.active().held_by(user, organisation)
    access = accesses.filter(role=role).first()
    at_once = rights.counts_at_once(given_by, organisation, user)
    acting: dict[str, Any] = {
        "by": given_by, "capacity": rights.capacity_for(given_by, organisation)
    }  # fmt: skip
    if access is None:
        access = Membership(user=user, organisation=organisation, role=role, given_by=given_by)
        verb = AccessVerb.OPENED if at_once else AccessVerb.OFFERED
        act = move(access, verb, **acting, **(access.confirmed(by=given_by) if at_once else {}))
    elif at_once and rights.may_confirm(given_by, access) is None:
        act = move(access, AccessVerb.CONFIRMED, **acting, **access.confirmed(by=given_by))
    else:
        return access
    notify_access_changed(act)
    _begin_coordinating(access)
    return access


def _begin_coordinating(access: Membership) -> None:
    """Suspend what the holder of an effective coordination has in other organisations of the
    convention, except what only reads: who coordinates for one organisation acts for no other (rule
    8). Do nothing for any other access."""
    if not (access.is_coordination and access.is_effective):
        return
    accesses = Membership.objects.active().of(access.convention).filter(user=access.user)
    elsewhere = accesses.exclude(organisation=access.organisation).exclude(role=Role.READER)
    for other in elsewhere.exclude(state=AppointmentState.SUSPENDED).order_by("pk"):
        reason = f"Coordonne la convention pour {access.organisation.the}."
        _suspend(other, by=None, reason=reason)
    let_follow(house().after_coordinating, access.user, access.organisation)


@event()
def open_access(*, user: User, organisation: Organisation, role: Role) -> Membership:
    """Give a confirmed access on behalf of the host and return it. Raises Refused."""
    changed(organisation, Subject.PEOPLE)
    enforce(rights.may_hold(user.email, [(organisation, role)]))
    return give_access(user, organisation, role, given_by=None)


@event(Subject.PEOPLE)
def confirm_access(membership: Membership, *, by: User | None, revision: int | None = None) -> None:
    """Confirm an access: from now on its holder acts for the organisation. Raises Refused, also
    where it has changed since ``revision``, which the page showed."""
    membership = _lock_among_all(membership)
    check_revision(membership, revision, CHANGED_SINCE)
    if not membership.is_active:
        raise Refused(rights.ENDED)
    enforce(rights.may_confirm(by, membership))
    capacity = rights.capacity_for(by, membership.organisation)
    changes = membership.confirmed(by=by)
    act = move(membership, AccessVerb.CONFIRMED, by=by, capacity=capacity, **changes)
    notify_access_changed(act)
    _begin_coordinating(membership)
    let_follow(house().after_access, membership.convention)


@event()
def confirm_person(user: User, organisation: Organisation, *, by: User | None) -> list[Appointment]:
    """Confirm all that somebody holds in an organisation and that ``by`` may confirm. Return what
    was confirmed, accesses before seats. Raises Refused where there is nothing to confirm."""
    changed(organisation, Subject.PEOPLE)
    accesses = Membership.objects.active().held_by(user, organisation)
    confirmed = []
    for access in accesses.select_related("organisation__convention").order_by("pk"):
        if rights.may_confirm(by, access) is None:
            confirm_access(access, by=by)
            confirmed.append(access)
    for confirm_seats in house().confirm_seats:
        confirmed += confirm_seats(user, organisation, by=by)
    if not confirmed:
        raise Refused(Refusal(f"Rien {organisation.genitive} n’est à confirmer pour {user}."))
    return confirmed


@event()
def suspend_person(user: User, organisation: Organisation, *, by: User, reason: str = "") -> None:
    """Suspend all accesses and seats of somebody in an organisation: until they are confirmed again
    they only read the convention. Raises Refused."""
    changed(organisation, Subject.PEOPLE)
    _lock_accesses(organisation.convention)
    enforce(rights.may_suspend(by, organisation, rights.appointments_in(user, organisation)))
    accesses = Membership.objects.active().held_by(user, organisation)
    for access in accesses.select_related("organisation__convention").order_by("pk"):
        if not access.is_suspended:
            _suspend(access, by=by, reason=reason)
    let_follow(house().after_standing, user, organisation, by=by)
    let_follow(house().after_access, organisation.convention)


def _suspend(access: Membership, *, by: User | None, reason: str = "") -> None:
    """Suspend one access, log it and notify it, without asking the right."""
    capacity = rights.capacity_for(by, access.organisation)
    changes = access.suspended(by=by)
    act = move(access, AccessVerb.SUSPENDED, by=by, capacity=capacity, reason=reason, **changes)
    notify_access_changed(act)


@event()
def accept_as_newcomer(
    invitation: Invitation, *, first_name: str, last_name: str, password: str
) -> tuple[User, Convention | None]:
    """Open the account of an invitation's addressee and accept in their name; return the account
    and the convention. Raises Refused, also where the address has an account by now."""
    # Locked before the account is opened, so that a second click at once is refused.
    enforce(may_change_invitation(None, _lock_invitation(invitation)))
    try:
        with changing():
            user = open_account(
                email=invitation.email,
                first_name=first_name,
                last_name=last_name,
                password=password,
            )
    except IntegrityError:  # another invitation to the same address, accepted at this moment
        raise Refused(ACCOUNT_EXISTS) from None
    return user, accept(invitation, by=user)


@event(Subject.PEOPLE)
def end_membership(membership: Membership, *, by: User) -> None:
    """End an access at once, and with the last one in an organisation also the seats there. Write
    to its official address and, where somebody else ends it, to the holder. Raises Refused."""
    user, organisation = membership.user, membership.organisation
    capacity = rights.capacity_for(by, organisation)
    _end(membership, by=by)
    if not Membership.objects.active().held_by(user, organisation).exists():
        let_follow(house().after_standing, user, organisation, by=by)
    if by != user:
        mail.send_end_to_holder(membership, by=by, capacity=capacity)
    notify_official_address_of_end(membership, by=by, capacity=capacity)


def end_for_portal(membership: Membership) -> None:
    """End an access on behalf of the portal, and with the last one in an organisation what its
    holder has there, without writing to anybody; in the transaction of the caller."""
    user, organisation = membership.user, membership.organisation
    _end(membership, by=None)
    if not Membership.objects.active().held_by(user, organisation).exists():
        let_follow(house().after_standing, user, organisation, by=None)


@event()
def end_memberships_of(user: User) -> None:
    """End all accesses of an account that is erased, without writing to anybody. Raises Refused
    where a convention would lose its only coordinator."""
    for membership in user.memberships.active().select_related("organisation__convention"):
        changed(membership, Subject.PEOPLE)
        # Its seats end by themselves, without a letter: nobody is named who has left for good.
        _end(membership, by=None)


def _end(membership: Membership, *, by: User | None) -> None:
    """Lock an access and end it; nothing is logged or sent. Raises Refused where ``by`` may not."""
    membership = _lock_among_all(membership)
    enforce(rights.may_end_membership(by, membership))
    membership.ended_at = timezone.now()
    membership.save()
    let_follow(house().after_access, membership.convention)


def _lock_among_all(membership: Membership) -> Membership:
    """Lock an access with all active ones of its convention and return it reloaded: of two
    coordinators who leave or are suspended at once, one stays."""
    membership = _lock_accesses(membership.convention).get(membership.pk, membership)
    membership.refresh_from_db()
    return membership


def _lock_accesses(convention: Convention) -> dict[int, Membership]:
    """Lock the active accesses of a convention; return them, reloaded, by primary key."""
    rows = Membership.objects.active().of(convention).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",))}


def _lock_invitation(invitation: Invitation) -> Invitation:
    """Lock the active accesses of the invitation's convention, then the invitation, always in this
    order; return the invitation reloaded."""
    accesses = Membership.objects.active().filter(
        organisation__convention__in=invitation.offers.values("organisation__convention")
    )
    list(accesses.order_by("pk").select_for_update(of=("self",)))
    return Invitation.objects.select_for_update().get(pk=invitation.pk)
