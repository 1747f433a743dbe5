"""How a mandate was cut short, by whom, and who may say that it goes on."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from itertools import pairwise, takewhile

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
class Cut:
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


@dataclass(frozen=True)
class Ending:
    """How a mandate was cut short: ``cuts``, the last first, all of which still hold."""

    cuts: tuple[Cut, ...]

    @property
    def last(self) -> Cut:
        return self.cuts[0]


def is_cut_short(row, before) -> bool:
    """Whether a row of a seat's history brings forward the last day of the one before it."""
    if row.ends_on is None:
        return False
    return before.ends_on is None or row.ends_on < before.ends_on


def endings_of(seats: Iterable[Seat]) -> dict[Seat, Ending]:
    """How each of these mandates was cut short, where it was; in one query."""
    seats = {seat.pk: seat for seat in seats}
    rows = defaultdict(list)
    if seats:
        for row in Seat.history.filter(id__in=seats).order_by("history_id"):
            rows[row.id].append(row)
    return {seats[pk]: Ending(cuts) for pk, told in rows.items() if (cuts := _standing(told))}


def _standing(told: list) -> tuple[Cut, ...]:
    """The times a mandate was cut short that no longer day has undone since, the last first."""
    cuts: list[Cut] = []
    for before, row in pairwise(told):
        if is_cut_short(row, before):
            cuts.append(Cut(row, before))
        while cuts and (row.ends_on is None or cuts[-1].row.ends_on < row.ends_on):
            cuts.pop()
    return tuple(reversed(cuts))


def recently_ended(convention: Convention) -> dict[Seat, Ending]:
    """The mandates that somebody has cut short within the delay to contest."""
    since = timezone.now() - datetime.timedelta(days=convention.contest_days)
    written = Seat.history.filter(
        organisation__convention=convention, history_type="~", history_date__gte=since,
        ends_on__isnull=False,
    )  # fmt: skip
    ended = Seat.objects.filter(pk__in=written.values("id"), ends_on__isnull=False).with_body()
    recent = endings_of(ended.order_by("-ends_on", "pk"))
    return {seat: ending for seat, ending in recent.items() if ending.last.at >= since}


def may_contest_ending(asker, seat: Seat, ending: Ending | None) -> Refusal | None:
    """Say that a mandate goes on which somebody else has cut short: its holder, who has access for
    the organisation, or who acted there when it was; within the delay."""
    if ending is None or not _is_recent(ending.last, seat):
        return NOT_CUT_SHORT
    if undone_by(asker, seat, ending):
        return None
    return Refusal(
        f"La fin du mandat {de(seat.name)} est contestée par cette personne, ou par une autre "
        f"{seat.organisation.of_the} qui y agissait alors ; jamais par qui l’a écrite."
    )


def undone_by(asker, seat: Seat, ending: Ending) -> list[Cut]:
    """What of an ending somebody contests, the last first: cut short twice in a day, a mandate goes
    on as before the first, or a last day of tomorrow would stand that nobody contests any more."""
    organisation, convention = seat.organisation_id, seat.organisation.convention
    is_holder = asker is not None and asker.pk == seat.user_id
    is_holder = is_holder and organisation in vouched_by(asker, convention)
    acting = asker and there_since(asker, convention, acting=True).get(organisation)

    def is_theirs(cut: Cut) -> bool:
        if asker is None:
            return True
        was_there = is_holder or (acting is not None and acting <= cut.at)
        return asker.pk != cut.by_id and was_there

    return list(takewhile(lambda cut: _is_recent(cut, seat) and is_theirs(cut), ending.cuts))


def give_back(seat: Seat, cut: Cut) -> Seat:
    """The seat with the days that it had before, not saved."""
    seat.starts_on, seat.ends_on = cut.before.starts_on, cut.before.ends_on
    seat.end_reason = cut.before.end_reason
    return seat


def given_since(asker, seat: Seat, ending: Ending) -> list[Seat]:
    """The seats that its holder was given since what ``asker`` contests of an ending, and that
    could not have been beside it: this very seat once more, or another party's without the
    délibération of each."""
    earliest = undone_by(asker, seat, ending)[-1]
    seat = give_back(copy(seat), earliest)
    others = Seat.objects.held_twice(seat)
    if seat.speaks:
        beside = Seat.objects.held_with(seat)
        others += [one for one in beside if seat.act_id is None or one.act_id is None]
    named = Seat.history.filter(id__in=[one.pk for one in others], history_type="+")
    given = set(named.filter(history_date__gte=earliest.at).values_list("id", flat=True))
    return [one for one in others if one.pk in given]


def _is_recent(cut: Cut, seat: Seat) -> bool:
    """Written by somebody within the delay to contest."""
    days = seat.organisation.convention.contest_days
    return cut.by_id is not None and cut.at >= timezone.now() - datetime.timedelta(days=days)
