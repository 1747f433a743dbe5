"""Rights to invite, confirm, suspend and end accesses (record 20). ``None`` as the asker is the
host.

One question, one answer, for event, view and template alike. What is asked of an access is asked of
a seat: both are an ``Appointment``. No answer reads history, nor waits for a clock.
"""

from collections.abc import Collection, Iterable
from typing import Any

from accounts.models import Invitation, User
from accounts.rights import may_accept_invitation, may_invite_again, may_invite_more
from conventions.access.models import Appointment, Membership, MembershipOffer, Role
from conventions.access.viewer import (
    accesses_among,
    accesses_of,
    accesses_to,
    cached_for_page,
    cached_for_viewer,
)
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation
from ctg_portal.house import house
from ctg_portal.rules import Refusal

COORDINATION_ONLY = Refusal("Seule la coordination de la convention peut le faire.")
ENDED = Refusal("Cet accès est déjà terminé.")
KEEPS_A_COORDINATOR = Refusal(
    "Une convention garde au moins une personne à la coordination : invitez d’abord une autre "
    "personne à ce rôle."
)
RESTORED_BY_HOST = Refusal("Un référent des accès suspendu est rétabli par l’hébergeur du portail.")
OWN_RIGHT = Refusal("Personne ne confirme son propre droit.")
OVERRULED = Refusal(
    "Vous avez déjà suspendu cette personne, et un référent des accès ou l’hébergeur l’a confirmée "
    "de nouveau : dites-le-leur."
)
OWN_SUSPENSION = Refusal("Ce droit est le vôtre : vous pouvez le quitter.")


def coordinates(user: User, convention: Convention) -> bool:
    """Return whether ``user`` coordinates the convention today."""
    return convention.pk in coordinated_by(user, [convention])


def coordinated_by(user: User, conventions: list[Convention]) -> set[int]:
    """Return the primary keys of those of these conventions that ``user`` coordinates today."""
    accesses = accesses_among(user, conventions)
    return {
        pk for pk in accesses if any(access.role == Role.COORDINATOR for access in accesses[pk])
    }


def coordinating(by: User | None) -> dict[str, Any]:
    """Return the arguments ``by`` and ``capacity`` of an act of the coordinator, as logs store
    them; no capacity for the system."""
    return {"by": by, "capacity": "coordination" if by else ""}


def is_referent(user: User, organisation: Organisation) -> bool:
    """Return whether ``user`` is a référent des accès of the organisation today."""
    return organisation.pk in referred_by(user, organisation.convention)


def referred_by(user: User | None, convention: Convention) -> set[int]:
    """Return the primary keys of the organisations of the convention whose référent des accès
    ``user`` is today; none for None."""
    accesses = accesses_of(user, convention) if user else []
    return {access.organisation_id for access in accesses if access.is_referent}


def capacity_for(by: User | None, organisation: Organisation) -> str:
    """Return in which capacity somebody acts on an access or a seat of an organisation, as logs
    store it: as its référent, for their own organisation, as coordination, or else for another one.
    Empty for the system (None), and for who has no access."""
    if by is None:
        return ""
    if is_referent(by, organisation):
        return f"référent des accès {organisation.genitive}"
    own = [access.organisation for access in accesses_of(by, organisation.convention)]
    if organisation in own:
        return f"pour {organisation.the}"
    if coordinates(by, organisation.convention):
        return "coordination"
    return f"pour {own[0].the}" if own else ""


# Inviting ----------------------------------------------------------------------------------------


def may_manage_access(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why the asker may not see all accesses and invitations of the convention, or None for
    the coordination and the host."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_propose(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not propose people to act or sit for an organisation, or None for
    the coordination, its référents and the host."""
    if asker is None or is_referent(asker, organisation):
        return None
    if coordinates(asker, organisation.convention):
        return None
    return Refusal(
        f"La coordination et les référents des accès {organisation.genitive} invitent et nomment "
        "pour cet organisme."
    )


def may_offer(
    asker: User | None, organisation: Organisation, roles: Collection[str]
) -> Refusal | None:
    """Return why the asker may not offer these roles for an organisation, or None: who may propose
    there may, except the role of coordinator, which only the coordination and the host offer."""
    if refusal := may_propose(asker, organisation):
        return refusal
    if asker is None or Role.COORDINATOR not in roles:
        return None
    return None if coordinates(asker, organisation.convention) else COORDINATION_ONLY


def counts_at_once(giver: User | None, organisation: Organisation, user: User | None) -> bool:
    """Return whether an access that ``giver`` gives to ``user`` (None: without account yet) is
    confirmed from the start: from the host (None), a référent of the organisation, or the
    coordination where it is not guarded; never from oneself."""
    if giver is None:
        return True
    if user is not None and giver.pk == user.pk:
        return False
    return _answers_for(giver, organisation)


def _answers_for(asker: User, organisation: Organisation) -> bool:
    """Return whether the asker decides who acts for an organisation: its référents do, and the
    coordination where it is not guarded."""
    is_open = not organisation.is_guarded and coordinates(asker, organisation.convention)
    return is_open or is_referent(asker, organisation)


def label_confirmers(organisation: Organisation) -> str:
    """Return how a sentence calls those who confirm for an organisation: « un référent des accès de
    la Caf », or « la coordination » where it is not guarded."""
    if organisation.is_guarded:
        return f"un référent des accès {organisation.genitive}"
    return "la coordination"


def refuse_coordinator(
    user: User | None, organisation: Organisation, *, only_reads: bool = False
) -> Refusal | None:
    """Return a refusal if ``user`` coordinates the convention for another organisation, and so acts
    for none else (rule 8); None otherwise, for None, and for what only reads."""
    if user is None or only_reads:
        return None
    elsewhere = [
        access
        for access in accesses_to(organisation.convention)
        if access.user_id == user.pk
        and access.is_coordination
        and access.is_effective
        and access.organisation_id != organisation.pk
    ]
    if not elsewhere:
        return None
    return Refusal(
        f"{user} coordonne la convention pour un autre organisme : cette personne n’agit pas pour "
        f"{organisation.the}."
    )


def may_accept(asker: User, invitation: Invitation) -> Refusal | None:
    """Return why the asker may not accept an invitation; None for its addressee, in time."""
    if refusal := may_accept_invitation(asker, invitation):
        return refusal
    offers = list(invitation.offers.select_related("organisation"))
    return may_hold(asker.email, [(offer.organisation, offer.role) for offer in offers])


def may_hold(email: str, offered: Iterable[tuple[Organisation, str]]) -> Refusal | None:
    """Return why the owner of an address may not hold these pairs (organisation, role) besides what
    they have, or None: who coordinates for one organisation only reads for others."""
    offered = list(offered)
    convention = offered[0][0].convention_id if offered else None
    rows = Membership.objects.active().filter(
        user__email=email.lower(), organisation__convention=convention
    )
    roles = [
        *offered,
        *((row.organisation, row.role) for row in rows.select_related("organisation")),
    ]
    coordinated = {organisation for organisation, role in roles if role == Role.COORDINATOR}
    for organisation, role in offered:
        if role == Role.READER:
            continue
        if elsewhere := coordinated - {organisation}:
            return Refusal(
                f"Cette personne coordonne la convention pour {min(elsewhere, key=str).the} : elle "
                f"n’agit pas pour {organisation.the}."
            )
    return None


def may_offer_again(
    asker: User | None, email: str, organisation: Organisation, roles: Collection[str]
) -> Refusal | None:
    """Return why an address may not be invited to these roles once more, or None: only some time
    after the last mail about each of them, and few mails to one address, whoever sent them.
    Accepted invitations do not count."""
    offers = MembershipOffer.objects.filter(
        organisation=organisation, invitation__email=email.lower()
    )
    offers = offers.filter(invitation__accepted_at__isnull=True).select_related("invitation")
    sent = {offer.role: offer.invitation for offer in offers.order_by("invitation__expires_at")}
    refusals = [may_invite_again(asker, sent[role]) if role in sent else None for role in roles]
    return refusals[0] if all(refusals) else may_write_to(asker, email, organisation.convention)


def may_write_to(asker: User | None, email: str, convention: Convention) -> Refusal | None:
    """Return why an address may not be sent another invitation to the convention, or None: only a
    few within a time, whoever sends them."""
    offered = MembershipOffer.objects.of(convention).values("invitation")
    return may_invite_more(asker, Invitation.objects.filter(email=email.lower(), pk__in=offered))


def may_revoke_offer(asker: User, offer: MembershipOffer) -> Refusal | None:
    """Return why the asker may not revoke or renew the invitation of an offer, or None for who may
    propose for its organisation."""
    return may_propose(asker, offer.organisation)


# Confirming, suspending, ending ------------------------------------------------------------------


def may_confirm(asker: User | None, appointment: Appointment) -> Refusal | None:
    """Return why the asker may not confirm a pending or suspended access or seat, or None: for the
    host, and for who decides for its organisation and does not hold it (a référent; the
    coordination where it is not guarded). The host alone restores a suspended référent."""
    organisation, user = appointment.organisation, appointment.user
    if appointment.is_confirmed and not (asker is None and appointment.is_taken_over):
        return Refusal(f"« {appointment} » est déjà confirmé.")
    if asker is not None:
        if user is not None and asker.pk == user.pk:
            return OWN_RIGHT
        if not _answers_for(asker, organisation):
            return Refusal(f"À confirmer par {label_confirmers(organisation)}.")
        if appointment.is_referent and appointment.suspended_at:
            return RESTORED_BY_HOST
    return refuse_coordinator(user, organisation, only_reads=appointment.only_reads)


def may_suspend(
    asker: User | None, organisation: Organisation, appointments: Iterable[Appointment]
) -> Refusal | None:
    """Return why the asker may not suspend somebody, who has ``appointments`` in an organisation,
    or None: for the host, the coordination and who acts for it; for its readers where the person
    only reads or is pending. Refused for oneself and the last coordinator, and to who was
    overruled."""
    appointments = [right for right in appointments if not right.suspended_at]
    if not appointments:
        return Refusal("Cette personne est déjà suspendue, ou n’a plus rien à ce titre.")
    if any(is_last_coordinator(right) for right in appointments if isinstance(right, Membership)):
        return KEEPS_A_COORDINATOR
    if asker is None:
        return None
    if any(right.user_id == asker.pk for right in appointments):
        return OWN_SUSPENSION
    if any(asker.pk in right.overruled for right in appointments):
        return OVERRULED
    return _refuse_suspending(asker, organisation, appointments)


def _refuse_suspending(
    asker: User, organisation: Organisation, appointments: list[Appointment]
) -> Refusal | None:
    """Return a refusal, or None for who coordinates or acts for the organisation and, where the
    appointments only read or are pending, for who reads for it."""
    convention = organisation.convention
    if coordinates(asker, convention) or organisation.pk in organisations_acted_for(
        asker, convention
    ):
        return None
    own = accesses_of(asker, convention)
    is_reader = any(access.organisation_id == organisation.pk for access in own)
    if is_reader and all(right.only_reads or not right.is_confirmed for right in appointments):
        return None
    return Refusal(
        f"Une personne confirmée {organisation.genitive}, ou la coordination, suspend ce droit ; "
        "qui lit seulement suspend qui lit seulement, ou ce qui est à confirmer."
    )


@cached_for_viewer
def organisations_acted_for(user: User, convention: Convention) -> set[int]:
    """Return the primary keys of the organisations in which somebody holds a confirmed access or
    seat that does more than read."""
    rights = [*accesses_of(user, convention), *_seats_of(user, [convention])]
    return {
        right.organisation_id for right in rights if right.is_confirmed and not right.only_reads
    }


def appointments_in(user: User, organisation: Organisation) -> list[Appointment]:
    """Return all active accesses and seats that somebody has in an organisation today."""
    convention = organisation.convention
    accesses = [
        access
        for access in accesses_to(convention)
        if access.user_id == user.pk and access.is_active
    ]
    appointments: list = [*accesses, *_seats_of(user, [convention])]
    return [right for right in appointments if right.organisation_id == organisation.pk]


def _seats_of(user: User, conventions: list[Convention]) -> list[Appointment]:
    return [seat for seat in _seats(conventions) if seat.user_id == user.pk]


@cached_for_page
def _seats(conventions: list[Convention]) -> list[Appointment]:
    """Return all seats of these conventions today, whatever their state."""
    return [
        seat for read_seats in house().seats for convention in conventions
        for seat in read_seats(convention)
    ]  # fmt: skip


def may_end(asker: User | None, appointment: Appointment) -> Refusal | None:
    """Return why the asker may not end an access or a seat, or None: for its holder, the host, and
    who decides for its organisation; for the coordination also where it only reads or is pending.
    The role of référent is ended by its holder or the host alone."""
    organisation = appointment.organisation
    is_own = asker is not None and appointment.user_id == asker.pk
    if asker is None or is_own:
        return None
    if appointment.is_referent and (appointment.is_confirmed or appointment.suspended_at):
        return Refusal("Le rôle de référent des accès se quitte, ou l’hébergeur y met fin.")
    if _answers_for(asker, organisation):
        return None
    is_open = appointment.only_reads or not (appointment.is_confirmed or appointment.suspended_at)
    if is_open and coordinates(asker, organisation.convention):
        return None
    return Refusal(
        f"La coordination suspend ; les référents des accès {organisation.genitive} mettent fin."
    )


def may_end_membership(asker: User | None, membership: Membership) -> Refusal | None:
    """Return why the asker may not end an access, or None (as ``may_end``). Also refused: an ended
    one, that of the last coordinator and, except to the host, that of the last référent."""
    if not membership.is_active:
        return ENDED
    if refusal := may_end(asker, membership):
        return refusal
    if is_last_coordinator(membership):
        return KEEPS_A_COORDINATOR
    if asker is not None and is_last_referent(membership):
        the = membership.organisation.the
        return Refusal(
            f"{the[:1].upper()}{the[1:]} garde au moins un référent des accès : désignez d’abord "
            "une autre personne."
        )
    return None


def is_last_referent(membership: Membership) -> bool:
    """Return whether the access is that of the only effective référent of its organisation."""
    if not (membership.is_referent and membership.is_effective):
        return False
    others = [
        access
        for access in accesses_to(membership.convention)
        if access.is_effective and access.is_referent and access.pk != membership.pk
    ]
    return all(access.organisation_id != membership.organisation_id for access in others)


def is_last_coordinator(membership: Membership) -> bool:
    """Return whether the access is the only effective coordination of its convention."""
    if membership.role != Role.COORDINATOR or not membership.is_effective:
        return False
    return not any(
        access.is_effective and access.is_coordination and access.pk != membership.pk
        for access in accesses_to(membership.convention)
    )


def refuse_erasing_last_coordinator(user: User) -> Refusal | None:
    """Return a refusal if nobody else coordinates one of the conventions that the account
    coordinates, or None."""
    for membership in (
        user.memberships.effective().coordinators().select_related("organisation__convention")
    ):
        others = Membership.objects.effective().of(membership.convention).coordinators()
        if not others.exclude(user=user).exists():
            return Refusal(
                f"Personne d’autre que vous ne coordonne « {membership.convention.territory} » : "
                "invitez d’abord une autre personne à ce rôle."
            )
    return None


def may_see_access(asker: User | None, membership: Membership) -> Refusal | None:
    """Return why the asker may not see the page of an access, or None for its holder, who has
    access for its organisation, the coordination and the host."""
    own = accesses_of(asker, membership.convention) if asker else []
    is_concerned = any(
        access.is_coordination or access.organisation_id == membership.organisation_id
        for access in own
    )
    if asker is None or asker.pk == membership.user_id or is_concerned:
        return None
    return COORDINATION_ONLY


# What an organisation states ---------------------------------------------------------------------


def may_give_address(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not set the official address of an organisation, or None for its
    référents and the host."""
    if asker is None or is_referent(asker, organisation):
        return None
    return Refusal(
        f"L’adresse officielle {organisation.genitive} est donnée par un référent des accès de cet "
        "organisme, ou par l’hébergeur du portail."
    )


def may_tighten_secrecy(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not raise the threshold of an organisation, or None for its
    référents and the system. Refused where the coordinator added it, or it rounds."""
    if organisation.is_added:
        return Refusal("Sa règle de secret vient du fichier de la convention.")
    if organisation.rounding_base:
        return Refusal("Cet organisme arrondit ses effectifs : il n’a pas de seuil.")
    if asker is None or is_referent(asker, organisation):
        return None
    return Refusal(
        f"Le seuil de secret {organisation.genitive} est relevé par un référent des accès de cet "
        "organisme."
    )
