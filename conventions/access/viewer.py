"""Whoever sees a page: what they hold in its conventions is asked of the database once.

A page that is shown changes nothing, so what somebody holds when it begins, they hold when it ends.
A page that is sent has no viewer: rights are asked anew each time, by an event under its locks.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import wraps
from typing import Any

from django.utils.functional import cached_property

from accounts.models import User
from conventions.models import Convention, Membership
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject


class Viewer:
    """A person to whom a page about some conventions is shown; each has it as its ``viewer``.

    ``answers``: what was found out about the person on the page, by question.
    """

    def __init__(self, user: User, conventions: list[Convention]):
        self.user, self.conventions = user, conventions
        self.answers: dict[Hashable, Any] = {}

    @cached_property
    def accesses(self) -> dict[int, list[Membership]]:
        return _accesses(self.user, self.conventions)


def accesses_of(user: User | None, convention: Convention) -> list[Membership]:
    """In what a person may act in a convention today, with the organisations: rights ask this."""
    return accesses_among(user, [convention])[convention.pk]


def accesses_among(user: User | None, conventions: list[Convention]) -> dict[int, list[Membership]]:
    """The same in several conventions, by primary key, in one query."""
    held = _held(user, conventions)
    return {pk: [access for access in held[pk] if access.is_effective] for pk in held}


def held_by(user: User | None, convention: Convention) -> list[Membership]:
    """All that a person holds in a convention today, also what awaits a confirmation or is
    suspended: what they are shown of themselves, never what gives a right."""
    return _held(user, [convention])[convention.pk]


def _held(user: User | None, conventions: list[Convention]) -> dict[int, list[Membership]]:
    viewer = _viewer(user, conventions)
    held = viewer.accesses if viewer else _accesses(user, conventions)
    return {convention.pk: held[convention.pk] for convention in conventions}


def once_a_page(question: Callable) -> Callable:
    """A question about a person in a convention that a page need not ask twice."""

    @wraps(question)
    def answer(user: User | None, convention: Convention):
        viewer = _viewer(user, [convention])
        if viewer is None:
            return question(user, convention)
        asked = (question, convention.pk)
        if asked not in viewer.answers:
            viewer.answers[asked] = question(user, convention)
        return viewer.answers[asked]

    return answer


def kept_for_page(question: Callable) -> Callable:
    """A question about some conventions that a page need not ask of the database twice, whoever
    asks it for whom: ``question(conventions, *args)``, of what can be a key."""

    @wraps(question)
    def answer(conventions: Iterable[Convention], *args):
        conventions = list(conventions)
        viewers = {convention.viewer for convention in conventions}
        viewer = viewers.pop() if len(viewers) == 1 else None
        if viewer is None:
            return question(conventions, *args)
        asked = (question, frozenset(convention.pk for convention in conventions), *args)
        if asked not in viewer.answers:
            viewer.answers[asked] = question(conventions, *args)
        return viewer.answers[asked]

    return answer


def _viewer(user: User | None, conventions: list[Convention]) -> Viewer | None:
    """The person, where a page about these conventions is shown to them."""
    viewers = {convention.viewer for convention in conventions}
    viewer = viewers.pop() if len(viewers) == 1 else None
    return viewer if viewer and viewer.user == user else None


def _accesses(user: User | None, conventions: list[Convention]) -> dict[int, list[Membership]]:
    rows = Membership.objects.active().filter(user=user, organisation__convention__in=conventions)
    known = {convention.pk: convention for convention in conventions}
    found = defaultdict(list)
    for access in rows.select_related("organisation"):
        access.organisation.convention = known[access.organisation.convention_id]
        found[access.organisation.convention_id].append(access)
    return found


def accesses_to(convention: Convention) -> list[Membership]:
    """Return all that anybody holds in a convention, or held, with the organisations: what a page
    asks of others. Where it is about several conventions, they are all asked in one query."""
    viewer = convention.viewer
    accesses = all_accesses(viewer.conventions if viewer else [convention])
    return [one for one in accesses if one.organisation.convention_id == convention.pk]


@kept_for_page
def all_accesses(conventions: list[Convention]) -> list[Membership]:
    """The same of several conventions."""
    return [one for accesses in _accesses_in(conventions).values() for one in accesses]


@cached_each(Subject.PEOPLE, Subject.TEXT)
def _accesses_in(conventions: list[Convention]) -> dict[int, list[Membership]]:
    """The same by convention, in one query."""
    known = {convention.pk: convention for convention in conventions}
    accesses: dict[int, list[Membership]] = {pk: [] for pk in known}
    rows = Membership.objects.filter(organisation__convention__in=known)
    for access in rows.select_related("organisation"):
        access.organisation.convention = known[access.organisation.convention_id]
        accesses[access.organisation.convention_id].append(access)
    return accesses
