"""Who may run the committee, name, declare an absence, delegate. ``None`` as the asker is the host.

Who confirms, suspends and ends a seat: ``conventions.access.rights``, as of an access.
"""

import datetime

from django.utils import timezone

from accounts.models import User
from agreements.models import Absence, Seat
from conventions.access import rights as access
from conventions.access.rights import COORDINATION_ONLY, coordinates, is_referent
from conventions.models import Convention, Membership
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import de, long_date


def may_manage_committee(asker: User | None, convention: Convention) -> Refusal | None:
    """Send dossiers, propose and withdraw points, correct what is said of who sits."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_edit_seat(asker: User, seat: Seat) -> Refusal | None:
    """Correct what is said of a seat's holder: the coordination, a référent of the organisation."""
    return access.may_propose(asker, seat.organisation)


def may_confirm_seat(asker: User | None, seat: Seat) -> Refusal | None:
    """Confirm a seat that is pending or suspended, whose holder commits no other party."""
    return access.may_confirm(asker, seat) or commits_another_party(seat)


def may_suspend_seat(asker: User, seat: Seat) -> Refusal | None:
    """Suspend the holder of a seat in its organisation, or the seat of who has no account."""
    held = access.appointments_in(seat.user, seat.organisation) if seat.user else [seat]
    return access.may_suspend(asker, seat.organisation, held)


def commits_another_party(seat: Seat) -> Refusal | None:
    """Refuse that one person commits two parties on the same days, from today on (rule 9)."""
    if not seat.speaks:
        return None
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    others = Seat.objects.of_another_party(seat).not_over(yesterday)
    other = others.exclude(pk=seat.pk).first()
    if other is None:
        return None
    return Refusal(
        f"{seat.name} siège déjà pour {other.organisation.the} : une personne n’engage qu’une "
        "partie. Terminez d’abord l’autre siège."
    )


def mandate_over(seat: Seat, on) -> Refusal | None:
    """Why nothing is changed any more about a seat whose mandate is over on that day."""
    if seat.is_over(on):
        return Refusal(f"Le mandat {de(seat.name)} a pris fin le {long_date(seat.ends_on)}.")
    return None


def may_declare_absence(asker: User | None, seat: Seat) -> Refusal | None:
    """Say on which days a member cannot answer, or that they are back: the member, who has another
    seat of the same organisation, its référents, the coordination."""
    if asker is None or asker.pk == seat.user_id or is_referent(asker, seat.organisation):
        return None
    colleagues = Seat.objects.sitting(timezone.localdate()).filter(
        organisation=seat.organisation_id, user=asker
    )
    if colleagues.exists():
        return None
    return may_manage_committee(asker, seat.organisation.convention)


def may_end_absence(asker: User, absence: Absence) -> Refusal | None:
    """Say that a member is back: whoever may declare an absence."""
    return may_declare_absence(asker, absence.seat)


def may_delegate(asker: User | None, seat: Seat) -> Refusal | None:
    """Lend the voice of a member: the member alone; of one without account, a référent."""
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
    """Take back the voice that was lent: whoever may lend it, and the référents."""
    if asker is not None and is_referent(asker, seat.organisation):
        return None
    return may_delegate(asker, seat)


def may_receive_delegation(user: User, seat: Seat) -> Refusal | None:
    """Refuse to lend a voice to somebody who does not act for the organisation, coordinates for
    another, or commits another party."""
    organisation = seat.organisation
    held = Membership.objects.effective().held_by(user, organisation)
    if not held.exists():
        return Refusal(
            f"{user} n’a pas d’accès confirmé au titre {organisation.genitive} : un membre donne "
            "sa délégation à une personne de son organisme."
        )
    if refusal := access.refuse_coordinator(user, organisation):
        return refusal
    lent = Seat(organisation=organisation, kind=seat.kind, user=user, name=str(user),
                starts_on=seat.starts_on, ends_on=seat.ends_on)  # fmt: skip
    return commits_another_party(lent)
