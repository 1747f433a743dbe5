"""Who may run the committee, declare an absence, delegate. ``None`` as the asker is the system."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from agreements.models import Delegation, Seat
from conventions.access.rights import (
    COORDINATION_ONLY,
    Confirmers,
    Given,
    confirmers_among,
    coordinates,
    vouched_by,
)
from conventions.models import Convention, Membership, Organisation
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import de, long_date


def may_manage_committee(asker, convention: Convention) -> Refusal | None:
    """Name members, end mandates, send dossiers, propose and withdraw points."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def counts_at_once(organisation: Organisation, user, *, by) -> bool:
    """Whether a seat of an organisation, or a delegation of its voice, given to ``user`` (None: who
    has no account) needs nobody else's word: whoever hosts the portal gives it, or somebody whose
    word counts there, or who receives it acts at the organisation's own address."""
    if by is None or organisation.pk in vouched_by(by, organisation.convention):
        return True
    return bool(user and organisation.email and organisation.email.lower() == user.email.lower())


def confirmers_of(entrusted: Iterable[Seat | Delegation]) -> dict[Seat | Delegation, Confirmers]:
    """Who may confirm each of these seats and delegations that await it; in one query."""
    entrusted = list(entrusted)
    found = confirmers_among([Given(e.organisation, e.user_id, e.given_by_id) for e in entrusted])
    return dict(zip(entrusted, found, strict=True))


def may_confirm(
    asker, entrusted: Seat | Delegation, confirmers: Confirmers | None = None
) -> Refusal | None:
    """Say that somebody speaks in the name of an organisation, as was given from outside."""
    confirmers = confirmers or confirmers_of([entrusted])[entrusted]
    if asker is None or asker.pk in confirmers.people:
        return None
    what = "ce siège" if isinstance(entrusted, Seat) else "cette délégation"
    if asker.pk in (entrusted.user_id, entrusted.given_by_id):
        return Refusal(f"Une autre personne que celle qui a donné ou reçu {what} le confirme.")
    named = confirmers.named(entrusted.organisation)
    return Refusal(f"{what.capitalize()} est à confirmer par {named}.")


def may_confirm_seat(asker, seat: Seat) -> Refusal | None:
    """Have a seat speak that awaits its organisation's word, or was objected to."""
    if seat.awaits_confirmation:
        return may_confirm(asker, seat)
    return _speaks_up_about(asker, seat)


def may_object_to_seat(asker, seat: Seat) -> Refusal | None:
    """Say that the holder does not speak for one's organisation: who has access for it, not the
    holder, nor who coordinates for another organisation; who may confirm what awaits it."""
    if seat.awaits_confirmation and may_confirm(asker, seat) is None:
        return None
    return _speaks_up_about(asker, seat)


def _speaks_up_about(asker, seat: Seat) -> Refusal | None:
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
