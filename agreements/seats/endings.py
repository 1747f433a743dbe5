"""How a mandate was cut short, by whom, and who may say that it goes on."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.utils import timezone

from agreements.models import Seat
from conventions.access.rights import there_since, vouched_by
from conventions.models import Convention
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import de

NOT_CUT_SHORT = Refusal(
    "Aucune fin de ce mandat n’est à contester : il va à son terme, ou le délai a passé."
)


@dataclass(frozen=True)
class Ending:
    """``row``: the seat's history when its last day was brought forward; ``before``: the one just
    before."""

    row: object
    before: object

    @property
    def by_id(self) -> int | None:
        return self.row.history_user_id

    @property
    def at(self) -> datetime.datetime:
        return self.row.history_date


def is_cut_short(row, before) -> bool:
    """Whether a row of a seat's history brings forward the last day of the one before it."""
    if row.ends_on is None:
        return False
    return before.ends_on is None or row.ends_on < before.ends_on


def endings_of(seats: Iterable[Seat]) -> dict[Seat, Ending]:
    """How each of these mandates was last cut short, where it was; in one query."""
    seats = {seat.pk: seat for seat in seats}
    rows = defaultdict(list)
    if seats:
        for row in Seat.history.filter(id__in=seats).order_by("history_id"):
            rows[row.id].append(row)
    found = {}
    for pk, told in rows.items():
        ending = None
        for before, row in pairwise(told):
            if row.ends_on != before.ends_on:
                ending = Ending(row, before) if is_cut_short(row, before) else None
        if ending:
            found[seats[pk]] = ending
    return found


def recently_ended(convention: Convention) -> dict[Seat, Ending]:
    """The mandates that somebody has cut short within the delay to contest."""
    since = timezone.now() - datetime.timedelta(days=convention.contest_days)
    written = Seat.history.filter(
        organisation__convention=convention, history_type="~", history_date__gte=since,
        ends_on__isnull=False,
    )  # fmt: skip
    ended = Seat.objects.filter(pk__in=written.values("id"), ends_on__isnull=False).with_body()
    recent = endings_of(ended.order_by("-ends_on", "pk"))
    return {seat: ending for seat, ending in recent.items() if ending.at >= since}


def may_contest_ending(asker, seat: Seat, ending: Ending | None) -> Refusal | None:
    """Say that a mandate goes on which somebody else has cut short: its holder, who has access for
    the organisation, or who acted there when it was; within the delay."""
    convention = seat.organisation.convention
    since = timezone.now() - datetime.timedelta(days=convention.contest_days)
    if ending is None or ending.by_id is None or ending.at < since:
        return NOT_CUT_SHORT
    if asker is None:
        return None
    if asker.pk != ending.by_id:
        organisation = seat.organisation_id
        if asker.pk == seat.user_id and organisation in vouched_by(asker, convention):
            return None
        acting = there_since(asker, convention, acting=True).get(organisation)
        if acting and acting <= ending.at:
            return None
    return Refusal(
        f"La fin du mandat {de(seat.name)} est contestée par cette personne, ou par une autre "
        f"{seat.organisation.of_the} qui y agissait alors ; jamais par qui l’a écrite."
    )
