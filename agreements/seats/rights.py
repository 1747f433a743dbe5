"""Who may run the committee, declare an absence, delegate. ``None`` as the asker is the system."""

import datetime

from django.utils import timezone

from agreements.models import Seat
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Convention
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import de, long_date


def may_manage_committee(asker, convention: Convention) -> Refusal | None:
    """Name members, end mandates, send dossiers, propose and withdraw points."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def mandate_over(seat: Seat, on: datetime.date) -> Refusal | None:
    """Why nothing is changed any more about a seat whose mandate is over on that day."""
    if seat.is_over(on):
        return Refusal(f"Le mandat {de(seat.name)} a pris fin le {long_date(seat.ends_on)}.")
    return None


def may_declare_absence(asker, seat: Seat) -> Refusal | None:
    """The member, who has another seat of the same organisation, or the coordinator."""
    colleagues = Seat.objects.sitting(timezone.localdate()).filter(
        organisation=seat.organisation_id, user=asker
    )
    if asker is not None and (asker.pk == seat.user_id or colleagues.exists()):
        return None
    return may_manage_committee(asker, seat.organisation.convention)


def may_delegate(asker, seat: Seat) -> Refusal | None:
    """The member in person, or the coordinator with the act."""
    if asker is not None and asker.pk == seat.user_id:
        return None
    return may_manage_committee(asker, seat.organisation.convention)
