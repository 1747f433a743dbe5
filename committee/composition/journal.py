"""The journal of seats, absences and delegations: what was changed, by whom."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats.mandates import format_period
from conventions.models import AppointmentState
from ctg_portal.templatetags.french import de, long_date

CREATED, DELETED = "+", "-"


@dataclass(frozen=True)
class Change:
    """« Le 12 avril 2024, Claire Martin : fin du mandat d’Hélène Marchand … »."""

    at: datetime.datetime
    who: str
    what: str


def changes_of(convention) -> list[Change]:
    """Return all changes of seats, absences and delegations of a convention, the latest first."""
    within = {"seat__organisation__convention": convention}
    seats = Seat.history.filter(organisation__convention=convention).select_related("organisation")
    absences = Absence.history.filter(**within).select_related("seat")
    delegations = Delegation.history.filter(**within).select_related("seat")
    changes = [
        *_changes_between_records(seats, _seat),
        *_changes_between_records(absences, _absence),
        *_changes_between_records(delegations, _delegation),
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def _changes_between_records(records, describe: Callable) -> Iterable[Change]:
    """Yield the changes between each record of history and the one before it of the same row, the
    oldest first. ``describe`` gets both (None for no record before) and returns sentences."""
    before: dict[int, object] = {}
    for record in records.select_related("history_user").order_by("history_id"):
        who = str(record.history_user) if record.history_user else "Le portail"
        for what in describe(record, before.get(record.id)):
            yield Change(record.history_date, who, what)
        before[record.id] = record


def _seat(seat, before) -> Iterable[str]:
    """Yield what one stored change did to a seat: named, cancelled, or each fact that differs."""
    if seat.history_type == DELETED:
        yield f"nomination {de(seat.name)} annulée avant son début"
    elif seat.history_type == CREATED or before is None:
        holder = f"{de(seat.name)} ({seat.capacity}), {SeatKind(seat.kind).seat_label}"
        yield f"nomination {holder} pour {seat.organisation.the}, {format_period(seat)}"
        if seat.state == AppointmentState.PENDING:
            yield f"siège {de(seat.name)} à confirmer"
    else:
        yield from _seat_edited(seat, before)


def _seat_edited(seat, before) -> Iterable[str]:
    """Yield a phrase for each fact of the seat that changed."""
    if seat.ends_on is None and before.ends_on:
        yield f"mandat {de(seat.name)} : il continue"
    elif seat.ends_on != before.ends_on:
        reason = f" ; motif : {seat.end_reason}" if seat.end_reason else ""
        yield f"fin du mandat {de(seat.name)}, dernier jour le {long_date(seat.ends_on)}{reason}"
    if seat.capacity != before.capacity:
        yield f"qualité {de(seat.name)} : « {before.capacity} » devient « {seat.capacity} »"
    if seat.is_elected != before.is_elected:
        elected = "a un mandat électif" if seat.is_elected else "n’a pas de mandat électif"
        yield f"{seat.name} {elected}"
    if seat.act_id != before.act_id:
        yield f"délibération jointe au siège {de(seat.name)}"
    if seat.state != before.state:
        yield f"siège {de(seat.name)} {AppointmentState(seat.state).label}"
    if (seat.awaited_from, seat.awaited_until) != (before.awaited_from, before.awaited_until):
        yield _describe_awaited(seat)
    if seat.substitute_for_id != before.substitute_for_id:
        yield f"{seat.name} remplace désormais tout membre de son organisme"


def _describe_awaited(seat) -> str:
    """Return from when on a seat is awaited, between which days it was, or that it no longer is."""
    whose = f"siège {de(seat.name)}"
    if seat.awaited_from is None:
        return f"{whose} : la délibération n’est plus attendue"
    first = long_date(seat.awaited_from)
    if seat.awaited_until is None:
        return f"{whose} attendu à partir du {first}, jusqu’à la délibération"
    return f"{whose} attendu du {first} au {long_date(seat.awaited_until)}"


def _absence(absence, before) -> Iterable[str]:
    """Yield a phrase: the absence declared, cancelled or ended."""
    name = de(absence.seat.name)
    if absence.history_type == DELETED:
        yield f"absence {name} annulée ({format_period(absence)})"
    elif absence.history_type == CREATED or before is None:
        yield f"absence {name} déclarée, {format_period(absence)}"
    else:
        yield f"fin de l’absence {name}, dernier jour le {long_date(absence.ends_on)}"


def _delegation(delegation, before) -> Iterable[str]:
    """Yield a phrase: the delegation given, cancelled before its start, or ended."""
    given = f"délégation {de(delegation.seat.name)} à {delegation.name} ({delegation.capacity})"
    if delegation.history_type == DELETED:
        yield f"{given} annulée avant son début"
    elif delegation.history_type == CREATED or before is None:
        yield f"{given} enregistrée, {format_period(delegation)}"
    else:
        yield f"fin de la {given}, dernier jour le {long_date(delegation.ends_on)}"
