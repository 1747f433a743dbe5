"""An objection to a seat outlasts the seat: who was objected to, named again, stays silent."""

from agreements.models import Seat
from conventions.models import Organisation
from ctg_portal.search import fold


def standing_objection(organisation: Organisation, *, user=None, name: str = ""):
    """What somebody of the organisation said against a seat of that person and nobody has lifted
    since: a row of the seats' history, or None. The seat may have ended, or been cancelled.

    A person is known by account, by address or by name. Who is confirmed in a seat of one kind is
    not in one of another: an objection to a member is not lifted by confirming a substitute.
    """
    wanted = _known_as(user, name)
    standing, suspended = {}, set()
    rows = Seat.history.filter(organisation=organisation).select_related("user", "suspended_by")
    for row in rows.order_by("history_id"):
        if not wanted & _known_as(row.user, row.name):
            continue
        if row.suspended_at and row.id not in suspended:
            standing[row.kind] = row
            suspended.add(row.id)
        elif row.id in suspended and not row.suspended_at:
            standing.pop(row.kind, None)
            suspended.remove(row.id)
    return next(iter(standing.values()), None)


def _known_as(user, name: str) -> set:
    known = {fold(name), user and user.pk, user and fold(str(user)), user and fold(user.email)}
    return known - {None, ""}
