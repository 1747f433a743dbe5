"""Who may run the committee, declare an absence, delegate. ``None`` as the asker is the system."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from agreements.models import Absence, Delegation, Seat
from conventions.access.rights import (
    COORDINATION_ONLY,
    Confirmers,
    Given,
    acts_for,
    confirmers_among,
    coordinates,
    there_since,
    vouched_by,
)
from conventions.models import Convention, Membership, Organisation
from ctg_portal.rules import Refusal
from ctg_portal.search import fold
from ctg_portal.templatetags.french import de, long_date


def may_manage_committee(asker, convention: Convention) -> Refusal | None:
    """Name members, end mandates, send dossiers, propose and withdraw points."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def counts_at_once(organisation: Organisation, user, *, by) -> bool:
    """Whether a seat of an organisation, or a delegation of its voice, given to ``user`` (None: who
    has no account) needs nobody else's word: whoever hosts the portal gives it, or somebody who
    acts there, or who receives it acts at the organisation's own address."""
    if by is None or organisation.pk in acts_for(by, organisation.convention):
        return True
    return bool(user and organisation.email and organisation.email.lower() == user.email.lower())


def lends_at_once(seat: Seat, user, *, by) -> bool:
    """Whether a delegation that the member has not written needs nobody's word: never that of a
    member who has an account, and may have taken it back before, unless whoever hosts the portal
    gives it."""
    if seat.user_id and by is not None:
        return False
    return counts_at_once(seat.organisation, user, by=by)


def confirmers_of(entrusted: Iterable[Seat | Delegation]) -> dict[Seat | Delegation, Confirmers]:
    """Who may confirm each of these seats and delegations that await it, or were objected to; in
    one query. Nobody but the member lends the voice of a member who has an account."""
    entrusted = list(entrusted)
    given = [
        Given(e.organisation, e.user_id, e.given_by_id, True, getattr(e, "suspended_at", None))
        for e in entrusted
    ]
    found = dict(zip(entrusted, confirmers_among(given), strict=True))
    for one in entrusted:
        if isinstance(one, Delegation) and one.seat.user_id:
            whose = Confirmers(frozenset({one.seat.user_id}), True, only=one.seat.name)
            found[one] = whose
    return found


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
    """Have a seat speak that awaits its organisation's word, or was objected to: neither who holds
    it nor who named, and after an objection who acted there when it was made."""
    return may_confirm(asker, seat)


def may_object_to_seat(asker, seat: Seat) -> Refusal | None:
    """Say that the holder does not speak for one's organisation: see ``objectionable``."""
    if asker is None or seat in objectionable(asker, seat.organisation.convention, [seat]):
        return None
    return Refusal(
        f"Une personne {seat.organisation.of_the} qui y agissait déjà quand ce siège a été donné, "
        "autre que celle dont c’est le siège, s’y oppose."
    )


def objectionable(asker, convention: Convention, seats: Iterable[Seat]) -> set[Seat]:
    """The seats to which somebody may object, never their own: one that awaits a word, who has
    access for its organisation or may confirm it; one that speaks, who acted there before it was
    given. Who came later, or only reads, would silence those who let them in; who coordinates
    objects for her own organisation alone. One acted there since the access or the seat with which
    one does today."""
    others = [seat for seat in seats if seat.user_id != asker.pk]
    waiting = [seat for seat in others if seat.awaits_confirmation]
    vouched, acting = vouched_by(asker, convention), acts_for(asker, convention)
    found = {seat for seat in waiting if seat.organisation_id in vouched}
    found |= {seat for seat, one in confirmers_of(waiting).items() if asker.pk in one.people}
    since = there_since(asker, convention, acting=True)
    theirs = [one for one in others if one not in waiting and one.organisation_id in acting]
    named = Seat.history.filter(id__in=[seat.pk for seat in theirs], history_type="+")
    given = dict(named.values_list("id", "history_date"))
    return found | {one for one in theirs if given[one.pk] >= since[one.organisation_id]}


def may_speak_for(user, organisation: Organisation, name: str = "") -> Refusal | None:
    """Who coordinates speaks for their own organisation alone: where somebody else has given them
    access. Whoever bears that ``name`` and has no account is told from nobody who coordinates."""
    if user is None and name:
        running = Membership.objects.effective().of(organisation.convention).coordinators()
        people = [one.user for one in running.select_related("user")]
        user = next((one for one in people if fold(str(one)) == fold(name)), None)
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


def may_end_absence(asker, absence: Absence) -> Refusal | None:
    """The member, or who declared it and still may: who said nothing while away has not agreed,
    and nobody else says that they are back. Of who has no account, whoever may declare."""
    seat = absence.seat
    if refusal := may_declare_absence(asker, seat):
        return refusal
    if asker is None or seat.user_id in (None, asker.pk):
        return None
    if asker.pk in declared_by([absence.pk]).values():
        return None
    return Refusal(
        f"{seat.name}, ou la personne qui a déclaré cette absence, y met fin : personne d’autre ne "
        "dit qu’un membre est de retour."
    )


def declared_by(absences: Iterable[int]) -> dict[int, int | None]:
    """Who declared each of these absences, by primary keys; in one query."""
    rows = Absence.history.filter(id__in=absences, history_type="+")
    return dict(rows.values_list("id", "history_user"))


def may_delegate(asker, seat: Seat) -> Refusal | None:
    """The member in person, or the coordinator with the act."""
    if asker is not None and asker.pk == seat.user_id:
        return None
    return may_manage_committee(asker, seat.organisation.convention)
