"""Seats: named, corrected, ended; absences and delegations of their holders.

A mandate that has not begun and is ended before its first day is cancelled: nobody has sat.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agreements.commitments.commitment import commitments
from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats import rights
from agreements.seats.endings import (
    endings_of,
    give_back,
    given_since,
    may_contest_ending,
    undone_by,
)
from agreements.seats.mandates import (
    WITH_ITS_SEAT,
    between,
    close,
    delete,
    locked,
    write,
    yesterday,
)
from agreements.seats.objections import standing_objection
from conventions.directory.events import keep
from conventions.models import Convention, Membership, Organisation, Party
from ctg_portal.house import house, let_follow
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search import fold
from ctg_portal.templatetags.french import de, long_date
from documents.models import StoredFile

PARTIES_SPEAK = Refusal(
    "Seule une partie signataire a des membres, des suppléants et des instructeurs ; "
    "les autres organismes siègent à titre consultatif."
)
NO_ACCESS = Refusal("Cette personne n’a pas accès à la convention : invitez-la d’abord.")
OTHERWISE = Refusal(
    "Ce siège a changé depuis que la page est ouverte, par une opposition peut-être : relisez-le."
)
NO_ELECTED = Refusal("Aucun mandat d’élu n’est en cours pour cet organisme à cette date.")


@dataclass(frozen=True)
class Changed(Refusal):
    """Somebody has corrected the seat since the form was shown; what it is now has been told."""

    revision: int


# Seats ------------------------------------------------------------------------------------------


@transaction.atomic
def name_to_seat(organisation: Organisation, *, kind: str, capacity: str, by,  # noqa: PLR0913
                 user=None, name: str = "", starts_on: datetime.date | None = None,
                 ends_on: datetime.date | None = None, is_elected: bool = False,
                 substitute_for: Seat | None = None,
                 act: StoredFile | None = None) -> Seat:  # fmt: skip
    """Give somebody a seat: a person with access (``user``), or only a ``name``.

    It speaks once that person acts for the organisation and, where whoever names is not of it,
    somebody there has confirmed it; suspended from the first day where somebody there had objected
    to them. ``act``: the délibération that names them.
    """
    convention = organisation.convention
    enforce(rights.may_manage_committee(by, convention))
    # Two who name at once, for whatever party, come one after the other, so that the second sees
    # the first's seat.
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention.pk)
    keep(organisation)
    seat = Seat(
        organisation=organisation,
        kind=kind,
        user=user,
        name=str(user) if user else name.strip(),
        capacity=capacity.strip(),
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
        is_elected=is_elected,
        substitute_for=substitute_for,
        act=act,
        given_by=by,
        awaits_confirmation=not rights.counts_at_once(organisation, user, by=by),
    )
    if kind != SeatKind.ADVISORY and not Party.objects.filter(organisation=organisation).exists():
        raise Refused(PARTIES_SPEAK)
    enforce(_outside(user, organisation))
    _refuse_wrong_member(seat)
    _refuse_twice(seat)
    if seat.speaks:
        enforce(rights.may_speak_for(user, organisation, name))
        _refuse_two_parties(seat)
    if objection := standing_objection(organisation, user=user, name=seat.name):
        seat.suspended_at, seat.suspended_by = objection.suspended_at, objection.suspended_by
    write(seat, by=by)
    let_follow(house().after_naming, seat)
    return seat


def _outside(user, organisation: Organisation) -> Refusal | None:
    """Why a person's word would not count for the organisation. Twin: ``Bench.is_inside``."""
    if user is None:
        return None
    held = Membership.objects.filter(user=user)
    if not held.active().of(organisation.convention).exists():
        return NO_ACCESS
    own = held.filter(organisation=organisation)
    if own.exists() and not own.active().exists():
        return Refusal(
            f"{user} n’a plus d’accès au titre {organisation.of_the} : invitez d’abord cette "
            "personne de nouveau à ce titre."
        )
    return None


def _refuse_wrong_member(seat: Seat) -> None:
    member = seat.substitute_for
    if member is None:
        return
    if member.organisation_id != seat.organisation_id or member.kind != SeatKind.MEMBER:
        raise Refused(Refusal("Un suppléant remplace un membre du même organisme."))
    if member.is_over(seat.starts_on):
        raise Refused(
            Refusal(f"Le mandat {de(member.name)} sera terminé : nommez un autre membre.")
        )


def _refuse_twice(seat: Seat, *, apart: Iterable[Seat] = ()) -> None:
    for other in Seat.objects.held_twice(seat):
        if other not in apart:
            raise Refused(Refusal(
                f"{other.name} a déjà ce siège pour {seat.organisation}, {between(other)}."
            ))  # fmt: skip


def _refuse_two_parties(seat: Seat, *, apart: Iterable[Seat] = ()) -> None:
    """Nobody sits for two parties but by the délibération of each."""
    for other in Seat.objects.held_with(seat):
        if other in apart:
            continue
        if seat.act is None:
            raise Refused(Refusal(
                f"{other.name} siège déjà pour {other.organisation.the} : joignez la délibération "
                f"{seat.organisation.of_the} qui désigne cette personne.{_or_another(seat, other)}"
            ))  # fmt: skip
        if other.act_id is None:
            raise Refused(Refusal(
                f"{other.name} siège déjà pour {other.organisation.the}, sans délibération jointe "
                f"à ce siège : corrigez-le d’abord, en joignant celle {other.organisation.of_the}."
            ))  # fmt: skip


def _or_another(seat: Seat, other: Seat) -> str:
    """What to do where one of two who bear one name has no account, and they are not the same."""
    if seat.user_id and other.user_id:
        return ""
    if seat.user_id:
        return (
            " S’il s’agit d’une autre personne, terminez l’autre siège et nommez-la de nouveau "
            "sous un nom qui la distingue (second prénom, commune)."
        )
    return (
        " S’il s’agit d’une autre personne, donnez-lui un nom qui la distingue (second prénom, "
        "commune)."
    )


@transaction.atomic
def object_to_seat(seat: Seat, *, by) -> Seat:
    """Silence a seat: its holder does not speak for one's organisation."""
    enforce(rights.may_object_to_seat(by, seat))
    seat = locked(seat)
    enforce(rights.mandate_over(seat, timezone.localdate()))
    if seat.is_suspended:
        raise Refused(Refusal(f"Le siège {de(seat.name)} est déjà suspendu."))
    seat.suspended_at, seat.suspended_by = timezone.now(), by
    return write(seat, by=by)


@transaction.atomic
def confirm_seat(seat: Seat, *, by, seen: int | None = None) -> Seat:
    """Say that its holder speaks for one's organisation: of a seat that awaits it, or that was
    objected to. ``seen``: its revision when it was shown; an objection of meanwhile is read first.
    """
    seat = locked(seat)
    if seen is not None and seat.revision != seen:
        raise Refused(OTHERWISE)
    enforce(rights.may_confirm_seat(by, seat) or rights.mandate_over(seat, timezone.localdate()))
    if not seat.is_suspended and not seat.awaits_confirmation:
        raise Refused(Refusal(f"Le siège {de(seat.name)} est déjà confirmé."))
    seat.suspended_at, seat.suspended_by, seat.awaits_confirmation = None, None, False
    return write(seat, by=by)


@transaction.atomic
def edit_seat(seat: Seat, *, capacity: str, is_elected: bool, seen: int, by,
              act: StoredFile | None = None) -> Seat:  # fmt: skip
    """Correct what is said of a seat's holder; ``seen`` is its revision when it was shown. ``act``
    takes the place of the délibération that is there, if any."""
    enforce(rights.may_manage_committee(by, seat.organisation.convention))
    seat = locked(seat)
    enforce(rights.mandate_over(seat, timezone.localdate()))
    if seat.revision != seen:
        raise Refused(_changed(seat))
    if act is None and (seat.capacity, seat.is_elected) == (capacity.strip(), is_elected):
        return seat
    seat.capacity, seat.is_elected, seat.act = capacity.strip(), is_elected, act or seat.act
    return write(seat, by=by)


def _changed(seat: Seat) -> Changed:
    elected = "avec un mandat électif" if seat.is_elected else "sans mandat électif"
    who = seat.history.latest("history_id").history_user or "Quelqu’un"
    return Changed(
        f"{who} a modifié ce siège pendant que vous écriviez : « {seat.capacity} », {elected}. "
        "Ce que vous avez écrit est encore ici ; enregistrez de nouveau pour le retenir.",
        seat.revision,
    )


@transaction.atomic
def end_seat(seat: Seat, *, by, on: datetime.date | None = None, reason: str = "") -> Seat:
    """End a mandate: the last day is ``on``, by default yesterday, so that it no longer counts."""
    enforce(rights.may_manage_committee(by, seat.organisation.convention))
    return _end(locked(seat), on, reason, by=by)


@transaction.atomic
def end_elected_seats(organisation: Organisation, *, by, on: datetime.date | None = None,
                      reason: str = "") -> list[Seat]:  # fmt: skip
    """End at once the mandates of all élus of a party (municipal elections).

    Those that begin after that day are the new ones, and stay.
    """
    enforce(rights.may_manage_committee(by, organisation.convention))
    seats = Seat.objects.filter(organisation=organisation).elected()
    concerned = seats.begun(on or timezone.localdate()).not_over(on or yesterday())
    ended = concerned.order_by("pk").select_for_update(of=("self",))
    ended = [_end(seat, on, reason, by=by) for seat in ended]
    if not ended:
        raise Refused(NO_ELECTED)
    return ended


@transaction.atomic
def end_seats_of(user) -> None:
    """An account is erased: its seats, and the delegations given to it, end with it."""
    seats = Seat.objects.filter(user=user).not_over(yesterday())
    for seat in seats.order_by("pk").select_for_update(of=("self",)):
        _end(seat, None, "Compte supprimé", by=None)
    for delegation in Delegation.objects.filter(user=user).not_over(yesterday()):
        close(delegation, by=None)


def _end(seat: Seat, on: datetime.date | None, reason: str, *, by) -> Seat:
    today, day = timezone.localdate(), on or yesterday()
    if seat.ends_on and seat.ends_on <= day:
        ended = "est déjà terminé depuis le" if seat.is_over(today) else "prend déjà fin le"
        raise Refused(Refusal(f"Le mandat {de(seat.name)} {ended} {long_date(seat.ends_on)}."))
    if day < seat.starts_on and seat.starts_on > today:
        return _cancel(seat, by=by)
    if on and day < seat.starts_on:
        raise Refused(Refusal(
            f"Le mandat {de(seat.name)} a commencé le {long_date(seat.starts_on)} : "
            "il ne peut pas avoir pris fin avant."
        ))  # fmt: skip
    # Begun today and ended today: it holds no day any more.
    seat.starts_on = min(seat.starts_on, day)
    seat.ends_on, seat.end_reason = day, reason.strip()
    write(seat, by=by)
    if by is not None:
        # Whose account is erased is named in no letter.
        let_follow(house().after_ending, seat.history.latest("history_id"))
    return seat


@transaction.atomic
def contest_ending(seat: Seat, *, by) -> Seat:
    """Have a mandate go on that somebody else has cut short. Where its holder says so, it is silent
    until somebody of the organisation confirms it: nobody gives themselves its voice.

    What its holder was given since, and could not have been beside it, gives way: whoever writes an
    end would else make sure of it by naming the same person, or the same name, once more.
    """
    # As for naming: whom it would be held with is seen.
    Convention.objects.select_for_update(of=("self",), no_key=True).get(
        pk=seat.organisation.convention_id
    )
    seat = locked(seat)
    ending = endings_of([seat]).get(seat)
    enforce(may_contest_ending(by, seat, ending))
    given = given_since(by, seat, ending)
    give_back(seat, undone_by(by, seat, ending)[-1])
    if seat.is_over(timezone.localdate()):
        raise Refused(Refusal(f"Le mandat {de(seat.name)} serait arrivé à son terme depuis."))
    for other in given:
        _give_way(other, seat, by=by)
    _refuse_twice(seat, apart=given)
    if seat.speaks:
        _refuse_two_parties(seat, apart=given)
    is_own = by is not None and by.pk == seat.user_id
    seat.awaits_confirmation = seat.awaits_confirmation or is_own
    write(seat, by=by)
    let_follow(house().after_ending, seat.history.latest("history_id"))
    return seat


def _give_way(other: Seat, seat: Seat, *, by) -> None:
    """End what was given since a mandate was cut short, which goes on."""
    other = locked(other)
    if not other.is_over(timezone.localdate()):
        goes_on = f"Le mandat {de(seat.name)} pour {seat.organisation.the} continue"
        _end(other, None, goes_on, by=by)


def _cancel(seat: Seat, *, by) -> Seat:
    for delegation in seat.delegations.all():
        delegation._change_reason = WITH_ITS_SEAT
        delete(delegation, by=by)
    for substitute in seat.substitutes.all():
        # Confirmed as hers, it is not everybody's without another word.
        substitute.substitute_for = None
        at_once = rights.counts_at_once(seat.organisation, substitute.user, by=by)
        substitute.awaits_confirmation = substitute.awaits_confirmation or not at_once
        write(substitute, by=by)
    pk = seat.pk
    delete(seat, by=by)
    let_follow(house().after_ending, Seat.history.filter(id=pk).latest("history_id"))
    return seat


# Absences ---------------------------------------------------------------------------------------


@transaction.atomic
def declare_absence(seat: Seat, *, starts_on: datetime.date, ends_on: datetime.date | None,
                    by) -> Absence:  # fmt: skip
    """Say on which days a member cannot answer, so that the substitute counts. The member is told,
    unless they say so themselves."""
    enforce(rights.may_declare_absence(by, seat))
    seat = locked(seat)
    if seat.kind != SeatKind.MEMBER:
        raise Refused(Refusal("Seule l’absence d’un membre laisse sa place au suppléant."))
    enforce(rights.mandate_over(seat, starts_on))
    other = seat.absences.overlapping(starts_on, ends_on).first()
    if other:
        raise Refused(Refusal(f"Une absence {de(seat.name)} est déjà déclarée, {between(other)}."))
    absence = write(Absence(seat=seat, starts_on=starts_on, ends_on=ends_on), by=by)
    let_follow(house().after_absence, absence.history.latest("history_id"))
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by) -> None:
    """The member is back."""
    enforce(rights.may_end_absence(by, absence))
    seat = locked(absence.seat)
    absence = seat.absences.filter(pk=absence.pk).first()
    if absence is None or absence.is_over(timezone.localdate()):
        raise Refused(Refusal(f"L’absence {de(seat.name)} est déjà terminée."))
    pk = absence.pk
    close(absence, by=by)
    let_follow(house().after_absence, Absence.history.filter(id=pk).latest("history_id"))


# Delegations ------------------------------------------------------------------------------------


@transaction.atomic
def delegate(seat: Seat, *, capacity: str, starts_on: datetime.date, by,
             ends_on: datetime.date | None = None, user=None, name: str = "", kinds=(),
             act: StoredFile | None = None) -> Delegation:  # fmt: skip
    """Let somebody answer for a member.

    A member in person lends their voice to a colleague without more, to anybody else with the
    signed act. Given by anybody else, with the act, it goes to a colleague only, to whose seat
    nobody there has objected, and awaits the word of the member, or for one without account of
    somebody else there: nobody lends another's voice. Who receives it has access to the
    convention, and for two parties speaks for one only on each version
    (``rights.may_answer``).
    """
    enforce(rights.may_delegate(by, seat))
    seat = locked(seat)
    enforce(_not_delegable(seat, user, act, by=by) or rights.mandate_over(seat, starts_on))
    enforce(rights.may_speak_for(user, seat.organisation))
    is_own = by is not None and seat.user_id == by.pk
    if act is None or not is_own:
        _refuse_outsider(seat.organisation, user, is_own=is_own)
    if not is_own:
        _refuse_objected_to(seat.organisation, user, name)
    if not set(kinds) <= {commitment.kind for commitment in commitments()}:
        raise Refused(Refusal("Cette nature de points est inconnue."))
    delegation = Delegation(
        seat=seat,
        user=user,
        name=str(user) if user else name.strip(),
        capacity=capacity.strip(),
        kinds=sorted(kinds),
        starts_on=starts_on,
        ends_on=ends_on,
        act=act,
        given_by=by,
        awaits_confirmation=not is_own and not rights.lends_at_once(seat, user, by=by),
    )
    _refuse_same_delegation(delegation)
    write(delegation, by=by)
    let_follow(house().after_delegation, delegation)
    return delegation


def _not_delegable(seat: Seat, user, act: StoredFile | None, *, by) -> Refusal | None:
    if seat.kind != SeatKind.MEMBER:
        return Refusal("Seul un membre donne délégation.")
    if act is None and seat.user_id != getattr(by, "pk", None):
        return Refusal("Joignez l’acte de délégation signé.")
    if user and user.pk == seat.user_id:
        return Refusal("Un membre ne se donne pas délégation à lui-même.")
    return _outside(user, seat.organisation)


def _refuse_outsider(organisation: Organisation, user, *, is_own: bool) -> None:
    colleagues = Membership.objects.effective().vouching().filter(organisation=organisation)
    if user and not colleagues.filter(user=user).exists():
        what = (
            "joignez l’acte de délégation signé."
            if is_own
            else "le membre lui donne délégation lui-même, ou cette personne reçoit d’abord un "
            "accès à ce titre, de quelqu’un d’autre, et sans coordonner alors pour un autre "
            "organisme."
        )
        raise Refused(Refusal(f"{user} n’agit pas pour {organisation.the} : {what}"))


def _refuse_objected_to(organisation: Organisation, user, name: str) -> None:
    if standing_objection(organisation, user=user, name=name):
        raise Refused(Refusal(
            f"Une personne {organisation.of_the} s’est opposée à ce que {user or name.strip()} "
            "parle pour cet organisme : le membre lui donne délégation lui-même."
        ))  # fmt: skip


def _refuse_same_delegation(new: Delegation) -> None:
    for other in new.seat.delegations.overlapping(new.starts_on, new.ends_on):
        same = other.user_id == new.user_id and fold(other.name) == fold(new.name)
        wider = not other.kinds or (new.kinds and set(new.kinds) <= set(other.kinds))
        if same and wider:
            raise Refused(Refusal(f"{other.name} a déjà cette délégation, {between(other)}."))


@transaction.atomic
def confirm_delegation(delegation: Delegation, *, by) -> Delegation:
    """Say that a voice was lent as the coordinator has written down."""
    seat = locked(delegation.seat)
    found = seat.delegations.filter(pk=delegation.pk).first()
    if found is None or found.is_over(timezone.localdate()):
        raise Refused(Refusal(f"La délégation à {delegation.name} est terminée."))
    enforce(rights.may_confirm(by, found))
    if not found.awaits_confirmation:
        raise Refused(Refusal(f"La délégation à {found.name} est déjà confirmée."))
    found.awaits_confirmation = False
    return write(found, by=by)


@transaction.atomic
def end_delegation(delegation: Delegation, *, by) -> None:
    """Take a delegation back; what was answered under it stays said. The member, who spoke by it
    and those who act there are told."""
    enforce(rights.may_delegate(by, delegation.seat))
    seat = locked(delegation.seat)
    found = seat.delegations.filter(pk=delegation.pk).first()
    if found is None or found.is_over(timezone.localdate()):
        raise Refused(Refusal(f"La délégation à {delegation.name} est déjà terminée."))
    close(found, by=by)
    ended = Delegation.history.filter(id=delegation.pk).latest("history_id")
    let_follow(house().after_delegation_ends, ended)
