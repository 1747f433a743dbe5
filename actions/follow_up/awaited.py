"""Find which notes are awaited: of which years, and of which actions.

The room that asks for notes (the annual evaluation) contributes the years it is about
(``awaited_years``): the action plan knows nothing of it.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from actions.follow_up.as_of import actions_followed_in
from actions.follow_up.models import FollowUp
from actions.plan.models import Action
from conventions.models import Convention
from ctg_portal.house import house
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject


def awaited_years(convention: Convention, today: datetime.date) -> list[int]:
    """Return the years whose notes are awaited, the earliest first.

    They are those that a room contributes; else the last year that is over, within the convention's
    years: its last one once it has ended, none in its first year or before it begins.
    """
    return awaited_years_by_convention([convention], today)[convention.pk]


def awaited_years_by_convention(
    conventions: Iterable[Convention], today: datetime.date
) -> dict[int, list[int]]:
    """Return the awaited years by key of the convention, in as many queries as for one."""
    conventions = list(conventions)
    years_by_convention: defaultdict[int, set[int]] = defaultdict(set)
    for provider in house().awaited_years:
        for pk, years in provider(conventions, today).items():
            years_by_convention[pk].update(years)
    for convention in conventions:
        if years_by_convention[convention.pk]:
            continue
        last = convention.end.year if convention.has_ended(today) else today.year - 1
        if convention.start and convention.start.year <= last:
            years_by_convention[convention.pk].add(last)
    return {convention.pk: sorted(years_by_convention[convention.pk]) for convention in conventions}


def actions_awaiting_note(actions: Iterable[Action], year: int) -> list[Action]:
    """Return the actions, of a queryset or a list, whose note of a year is still to be written.

    They were agreed by its end, under way or brought to an end in that year, and have no note of
    it. Five queries, beside that of ``actions``; one where all notes are written.
    """
    actions = list(actions)
    notes = FollowUp.objects.filter(action__in=actions, year=year)
    written = set(notes.values_list("action", flat=True))
    unwritten = [action for action in actions if action.pk not in written]
    followed = actions_followed_in(unwritten, year, timezone.localdate()) if unwritten else []
    return [in_year.action for in_year in followed if in_year.asks_for_note]


def keys_awaiting_note(convention: Convention, year: int) -> set[int]:
    """Return the keys of the actions in force whose note of a year is still to be written."""
    return keys_without_note([convention], year)[convention.pk]


@cached_each(Subject.PLAN, Subject.COMMITTEE)
def keys_without_note(conventions: list[Convention], year: int) -> dict[int, set[int]]:
    """Return the keys of the actions in force whose note of a year is still to be written, by
    convention, an empty set for one without any; in five queries whatever their number."""
    keys: dict[int, set[int]] = {convention.pk: set() for convention in conventions}
    conventions_by_key = {convention.pk: convention for convention in conventions}
    actions = list(Action.objects.filter(convention__in=keys).agreed().order_by())
    for action in actions:
        action.convention = conventions_by_key[action.convention_id]
    for action in actions_awaiting_note(actions, year):
        keys[action.convention_id].add(action.pk)
    return keys
