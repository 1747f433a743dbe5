"""Who may run the committee, declare an absence, delegate. ``None`` as the asker is the system."""

import datetime

from django.utils import timezone

from agreements.models import Seat
from conventions.access.rights import COORDINATION_ONLY, coordinates, vouched_by
from conventions.models import Convention, Membership, Organisation
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import de, long_date


def may_manage_committee(asker, convention: Convention) -> Refusal | None:
    """Name members, end mandates, send dossiers, propose and withdraw points."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def may_object_to_seat(asker, seat: Seat) -> Refusal | None:
    """Say that the holder does not speak for one's organisation, or confirm that they do: who has
    access for it, not the holder, nor who coordinates for another organisation."""
    if asker is None:
        return None
    organisation = seat.organisation
    if asker.pk != seat.user_id and organisation.pk in vouched_by(asker, organisation.convention):
        return None
    return Refusal(
        f"Une personne {seat.organisation.of_the} qui a accès, autre que celle qui siège, s’oppose "
        "à ce siège ou le confirme."
    )


def may_speak_for(user, organisation: Organisation) -> Refusal | None:
    """Who coordinates speaks for their own organisation alone: where somebody else has given them
    access."""
    own = Membership.objects.effective().given_by_others()
    if user is None or not coordinates(user, organisation.convention):
        return None
    is_own = organisation.pk in vouched_by(user, organisation.convention)
    if is_own and own.filter(user=user, organisation=organisation).exists():
        return None
    return Refusal(
        f"{user} coordonne la convention : cette personne ne parle que pour son propre organisme, "
        f"pas au nom {organisation.of_the}."
    )


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
