"""Access to a convention: offered, accepted, confirmed, suspended, ended (record 20).

``by`` is a user, or ``None`` for the host.
"""

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
    *, email: str, organisation: Organisation, roles, by: User | None
) -> tuple[Invitation, str]:
    """Offer access to the owner of ``email``, by mail; earlier invitations that offer some of it
    end, whole. Returns the invitation and its token.

    Raises Refused when ``by`` may not, or when that person has all these roles already.
    """
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
    """Send an invitation again with a new link; return its token. Raises Refused."""
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
    """Withdraw an invitation that nobody has accepted, with all that it offers. Raises Refused."""
    enforce(rights.may_revoke_offer(by, offer))
    revoke_invitation(_lock_invitation(offer.invitation), by=by)


@event()
def accept(invitation: Invitation, *, by: User) -> Convention:
    """Give ``by`` the access offered: confirmed if who offers it may still confirm it now. Returns
    the convention. Raises Refused."""
    invitation = _lock_invitation(invitation)
    # Two invitations of one person to one organisation are accepted one after the other.
    bodies = Organisation.objects.filter(offers__invitation=invitation).order_by("pk")
    list(bodies.select_for_update(of=("self",), no_key=True))
    enforce(rights.may_accept(by, invitation))
    use_invitation(invitation, by=by)
    offers = list(invitation.offers.with_convention().select_related("organisation__party"))
    giver = invitation.invited_by
    for offer in offers:
        give_access(by, offer.organisation, offer.role, given_by=giver)
    convention = offers[0].organisation.convention
    changed(convention, Subject.PEOPLE)
    let_follow(house().after_access, convention)
    return convention


def give_access(user: User, organisation: Organisation, role: str, *, given_by) -> Membership:
    """Give an access, confirmed if ``given_by`` may confirm it, else pending; to who has it
    already, the confirmation that it awaits. Returns the access."""
    accesses = Membership.objects.active().held_by(user, organisation)
    access = accesses.filter(role=role).first()
    at_once = rights.counts_at_once(given_by, organisation, user)
    acting = {"by": given_by, "capacity": rights.capacity_for(given_by, organisation)}
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
    """Suspend what a new coordinator holds in other organisations of the convention, save what only
    reads: who coordinates for one organisation acts for no other (rule 8). Do nothing where the
    access is not an effective coordination."""
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
    """Give an access on behalf of the host of the portal, without an invitation. Returns it. Raises
    Refused."""
    changed(organisation, Subject.PEOPLE)
    enforce(rights.may_hold(user.email, [(organisation, role)]))
    return give_access(user, organisation, role, given_by=None)


@event(Subject.PEOPLE)
def confirm_access(membership: Membership, *, by: User | None, revision: int | None = None) -> None:
    """Confirm an access: from now on its holder acts for the organisation. ``revision``: the
    one that was shown; a suspension of meanwhile is read first. Raises Refused."""
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
    """Confirm all that somebody holds in an organisation and that ``by`` may confirm, accesses then
    seats; return it. Raises Refused when there is nothing."""
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
    """Suspend all that somebody holds in an organisation: they go on reading the convention, enter
    nothing and answer for nobody until they are confirmed again. Raises Refused."""
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
    capacity = rights.capacity_for(by, access.organisation)
    changes = access.suspended(by=by)
    act = move(access, AccessVerb.SUSPENDED, by=by, capacity=capacity, reason=reason, **changes)
    notify_access_changed(act)


@event()
def accept_as_newcomer(
    invitation: Invitation, *, first_name: str, last_name: str, password: str
) -> tuple[User, Convention]:
    """Open the account of the addressee, whose link proves the address, and accept. Returns the
    account and the convention. Raises Refused where the address has got an account meanwhile."""
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
    """End an access at once. Where somebody else than its holder ends it, the holder is notified.
    Raises Refused."""
    capacity = rights.capacity_for(by, membership.organisation)
    _end_if_allowed(membership, by=by)
    if by != membership.user:
        mail.send_end_to_holder(membership, by=by, capacity=capacity)
    notify_official_address_of_end(membership, by=by, capacity=capacity)


@event()
def end_memberships_of(user: User) -> None:
    """End all accesses of an account that is erased. Raises Refused where a convention would lose
    its only coordinator."""
    for membership in user.memberships.active().select_related("organisation__convention"):
        changed(membership, Subject.PEOPLE)
        # Its seats end by themselves, without a letter: nobody is named who has left for good.
        _end_locked(membership, by=None)


def _end_locked(membership: Membership, *, by: User | None) -> None:
    membership = _lock_among_all(membership)
    enforce(rights.may_end_membership(by, membership))
    _end(membership)
    let_follow(house().after_access, membership.convention)


def _end_if_allowed(membership: Membership, *, by: User) -> None:
    _end_locked(membership, by=by)
    user, organisation = membership.user, membership.organisation
    if not Membership.objects.active().held_by(user, organisation).exists():
        let_follow(house().after_standing, user, organisation, by=by)


def _lock_among_all(membership: Membership) -> Membership:
    """Lock an access with all others of its convention and return it as it is now: of two
    coordinators who leave at once, or are suspended, one stays."""
    membership = _lock_accesses(membership.convention).get(membership.pk, membership)
    membership.refresh_from_db()
    return membership


def _lock_accesses(convention: Convention) -> dict[int, Membership]:
    """Lock the active accesses of a convention; return them as they are now, by primary key."""
    rows = Membership.objects.active().of(convention).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",))}


def _end(membership: Membership) -> None:
    membership.ended_at = timezone.now()
    membership.save()


def _lock_invitation(invitation: Invitation) -> Invitation:
    """Lock an invitation after the accesses of its convention, always in this order, and return it
    as it is now."""
    there = Membership.objects.active().filter(
        organisation__convention__in=invitation.offers.values("organisation__convention")
    )
    list(there.order_by("pk").select_for_update(of=("self",)))
    return Invitation.objects.select_for_update().get(pk=invitation.pk)
