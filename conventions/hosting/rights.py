"""Rights of the host of the portal, and of who opens a link that it has sent."""

from allauth.mfa.utils import is_mfa_enabled

from accounts.models import User
from conventions.access.rights import refuse_coordinator
from conventions.hosting.models import Designation
from conventions.parties.models import Organisation
from ctg_portal.rules import Refusal


def may_host(user: User) -> Refusal | None:
    """Return why ``user`` may not act for the host; None for a superuser with two factors."""
    if not (user.is_active and user.is_superuser):
        return Refusal("Cette page est celle de l’hébergeur du portail.")
    if not is_mfa_enabled(user):
        return Refusal("Activez d’abord la double vérification de votre compte.")
    return None


def may_seek_referent(organisation: Organisation) -> Refusal | None:
    """Return a refusal where the organisation has a référent, or None."""
    if Organisation.objects.without_referent().filter(pk=organisation.pk).exists():
        return None
    the = organisation.the
    return Refusal(f"{the[:1].upper()}{the[1:]} a déjà un référent des accès.")


def is_no_longer_needed(designation: Designation) -> bool:
    """Return whether a designation was accepted, or none of its organisations lacks a référent."""
    alone = Organisation.objects.without_referent()
    return bool(designation.accepted_at) or not alone.filter(designations=designation).exists()


def may_accept(user: User, designation: Designation) -> Refusal | None:
    """Return why ``user`` may not accept a designation, or None for anybody who has its link while
    it is open and needed, unless they coordinate for another organisation there."""
    if is_no_longer_needed(designation):
        return Refusal("Ce lien a déjà servi : un référent des accès est désigné.")
    if not designation.is_open:
        return Refusal("Ce lien a expiré : demandez-en un autre à l’hébergeur du portail.")
    organisations = designation.organisations.select_related("convention")
    refusals = (refuse_coordinator(user, organisation) for organisation in organisations)
    return next(filter(None, refusals), None)
