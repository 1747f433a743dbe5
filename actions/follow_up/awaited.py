"""Which notes are awaited: of which years, and of which actions.

The room that asks for notes (the annual evaluation) contributes the years it is about
(``awaited_years``): the action plan knows nothing of it.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from actions.follow_up.as_of import followed_in
from actions.models import Action, FollowUp
from actions.plan.reading import actions_of
from conventions.models import Convention
from ctg_portal.house import house
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


def awaited_years(convention: Convention, today: datetime.date) -> list[int]:
    """The years whose note is awaited, the earliest first.

    Those that a room tells; else the last year that is over, within the convention's years:
    the last of them once it has ended, none in its first year or before it begins.
    """
    return awaited_years_of([convention], today)[convention.pk]


def awaited_years_of(
    conventions: Iterable[Convention], today: datetime.date
) -> dict[int, list[int]]:
    """The same of several conventions, by primary key, in as many queries as for one."""
    conventions = list(conventions)
    told: defaultdict[int, set[int]] = defaultdict(set)
    for in_question in house().awaited_years:
        for pk, years in in_question(conventions, today).items():
            told[pk].update(years)
    for convention in conventions:
        if told[convention.pk]:
            continue
        last = convention.end.year if convention.has_ended(today) else today.year - 1
        if convention.start and convention.start.year <= last:
            told[convention.pk].add(last)
    return {convention.pk: sorted(told[convention.pk]) for convention in conventions}


def notes_awaited(actions: Iterable[Action], year: int) -> list[Action]:
    """Those of these actions (a queryset, or a list) whose note of a year is still to be written.

    Agreed to by its end, under way or come to their end in that year, without a note of it. Four
    queries, beside that of ``actions``; one where all are written.
    """
    actions = list(actions)
    notes = FollowUp.objects.filter(action__in=actions, year=year)
    written = set(notes.values_list("action", flat=True))
    unwritten = [action for action in actions if action.pk not in written]
    found = followed_in(unwritten, year, timezone.localdate()) if unwritten else []
    return [one.action for one in found if one.asks_for_note]


@cached(Subject.PLAN, Subject.COMMITTEE, Subject.TEXT)
def without_note(convention: Convention, year: int) -> set[int]:
    """Return the actions of a convention whose note of a year is still to be written, by key."""
    actions = [action for action in actions_of(convention) if action.is_agreed]
    return {action.pk for action in notes_awaited(actions, year)}
