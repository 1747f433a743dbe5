"""Rights on the committee: run it, name, declare an absence, delegate. ``asker=None`` is the host.

Each function returns why ``asker`` may not, or None. Who confirms, suspends and ends a seat is
decided by ``conventions.access.rights``, as for an access.
"""

import datetime

from django.utils import timezone

from accounts.models import User
from agreements.seats.models import Absence, Seat
from conventions.access import rights as access
from conventions.access.rights import COORDINATION_ONLY, coordinates, is_referent
from conventions.models import Convention, Membership
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import de, long_date


def may_manage_committee(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why ``asker`` may not run the committee, or None: only the coordination sends
    dossiers, proposes and withdraws points. ``asker=None`` is the system."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_edit_seat(asker: User, seat: Seat) -> Refusal | None:
    """Return why ``asker`` may not correct a seat's details, or None: the coordination and the
    référents of the organisation may."""
    return access.may_propose(asker, seat.organisation)


def may_confirm_seat(asker: User | None, seat: Seat) -> Refusal | None:
    """Return why ``asker`` may not confirm a pending or suspended seat, or None; nobody may where
    its holder commits another party."""
    return access.may_confirm(asker, seat) or refuse_second_party(seat)


def may_suspend_seat(asker: User, seat: Seat) -> Refusal | None:
    """Return why ``asker`` may not suspend the holder of a seat in its organisation, with all that
    they have there (without account: the seat alone), or None."""
    appointments = access.appointments_in(seat.user, seat.organisation) if seat.user else [seat]
    return access.may_suspend(asker, seat.organisation, appointments)


def refuse_second_party(seat: Seat) -> Refusal | None:
    """Refuse a seat that commits its party, to a person who has a seat, in whatever state, that
    commits another party on some of the same days, from today on (rule 9)."""
    if not seat.speaks:
        return None
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    others = Seat.objects.for_other_parties(seat).not_over(yesterday).exclude(pk=seat.pk)
    other = others.first()
    if other is None:
        return None
    return Refusal(
        f"{seat.name} siège déjà pour {other.organisation.the} : une personne n’engage qu’une "
        "partie. Terminez d’abord l’autre siège."
    )


def refuse_ended_mandate(seat: Seat, on: datetime.date) -> Refusal | None:
    """Refuse to change a seat whose mandate ended before that day."""
    if seat.is_over(on):
        return Refusal(f"Le mandat {de(seat.name)} a pris fin le {long_date(seat.ends_on)}.")
    return None


def may_declare_absence(asker: User | None, seat: Seat) -> Refusal | None:
    """Return why ``asker`` may not declare or end an absence of a member, or None: the member,
    whoever sits for the same organisation, its référents and the coordination may."""
    if asker is None or asker.pk == seat.user_id or is_referent(asker, seat.organisation):
        return None
    colleagues = Seat.objects.sitting(timezone.localdate()).filter(
        organisation=seat.organisation_id, user=asker
    )
    if colleagues.exists():
        return None
    return may_manage_committee(asker, seat.organisation.convention)


def may_end_absence(asker: User, absence: Absence) -> Refusal | None:
    """Return why ``asker`` may not end an absence, or None: whoever may declare one may."""
    return may_declare_absence(asker, absence.seat)


def may_delegate(asker: User | None, seat: Seat) -> Refusal | None:
    """Return why ``asker`` may not delegate for a member, or None: the member alone may; for one
    without account, a référent."""
    if asker is None or asker.pk == seat.user_id:
        return None
    if seat.user_id is None and is_referent(asker, seat.organisation):
        return None
    whose = f"{seat.name} donne délégation en personne"
    if seat.user_id is None:
        by_whom = access.label_confirmers(seat.organisation)
        whose = f"{by_whom[:1].upper()}{by_whom[1:]} la donne, avec l’acte"
    return Refusal(f"{whose}.")


def may_end_delegation(asker: User | None, seat: Seat) -> Refusal | None:
    """Return why ``asker`` may not end a delegation, or None: whoever may give it, and the
    référents."""
    if asker is not None and is_referent(asker, seat.organisation):
        return None
    return may_delegate(asker, seat)


def may_receive_delegation(user: User, seat: Seat) -> Refusal | None:
    """Return why ``user`` may not be the delegate of a member, or None: nobody may who does not act
    for the organisation, coordinates for another, or commits another party."""
    organisation = seat.organisation
    if not Membership.objects.effective().held_by(user, organisation).exists():
        return Refusal(
            f"{user} n’a pas d’accès confirmé au titre {organisation.genitive} : un membre donne "
            "sa délégation à une personne de son organisme."
        )
    if refusal := access.refuse_coordinator(user, organisation):
        return refusal
    as_if_sitting = Seat(organisation=organisation, kind=seat.kind, user=user, name=str(user),
                         starts_on=seat.starts_on, ends_on=seat.ends_on)  # fmt: skip
    return refuse_second_party(as_if_sitting)
