"""The viewer of a page: their accesses to its conventions are read from the database once.

A page that is shown changes nothing, so what somebody holds when it begins, they hold when it ends.
A page that is sent has no viewer: rights are asked anew each time, by an event under its locks.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import wraps
from typing import Any

from django.utils.functional import cached_property

from accounts.models import User
from conventions.access.models import Membership
from conventions.legal.convention import Convention
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject


class Viewer:
    """A person to whom a page about some conventions is shown; each convention has it as its
    ``viewer``.

    ``answers``: what was read about the person for the page, by question.
    """

    def __init__(self, user: User, conventions: list[Convention]):
        self.user, self.conventions = user, conventions
        self.answers: dict[Hashable, Any] = {}

    @cached_property
    def accesses(self) -> dict[int, list[Membership]]:
        return _accesses(self.user, self.conventions)


def accesses_of(user: User | None, convention: Convention) -> list[Membership]:
    """Return the effective accesses of a person to a convention today, with their organisations:
    what gives rights. On a page, read once for all its conventions."""
    return accesses_among(user, [convention])[convention.pk]


def accesses_among(user: User | None, conventions: list[Convention]) -> dict[int, list[Membership]]:
    """Map each of these conventions, by primary key, to a person's effective accesses."""
    accesses = _active_accesses(user, conventions)
    return {pk: [access for access in accesses[pk] if access.is_effective] for pk in accesses}


def active_accesses_of(user: User | None, convention: Convention) -> list[Membership]:
    """Return all accesses of a person to a convention today, also those that await a confirmation
    or are suspended: what they are shown of themselves, never what gives a right."""
    return _active_accesses(user, [convention])[convention.pk]


def _active_accesses(
    user: User | None, conventions: list[Convention]
) -> dict[int, list[Membership]]:
    """Map each convention, by primary key, to the person's accesses that have not ended; from their
    viewer where the conventions share it, else in one query."""
    viewer = _viewer(user, conventions)
    accesses = viewer.accesses if viewer else _accesses(user, conventions)
    return {convention.pk: accesses[convention.pk] for convention in conventions}


def cached_for_viewer(question: Callable) -> Callable:
    """Cache the answer to ``question(user, convention)`` on the convention's viewer, where that is
    this user; ask anew each time elsewhere."""

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


def cached_for_page(question: Callable) -> Callable:
    """Cache the answer to ``question(conventions, *args)`` on the viewer that they share, whoever
    it is; ask anew each time elsewhere. ``args`` must be hashable."""

    @wraps(question)
    def answer(conventions: Iterable[Convention], *args):
        conventions = list(conventions)
        viewer = _shared_viewer(conventions)
        if viewer is None:
            return question(conventions, *args)
        asked = (question, frozenset(convention.pk for convention in conventions), *args)
        if asked not in viewer.answers:
            viewer.answers[asked] = question(conventions, *args)
        return viewer.answers[asked]

    return answer


def _viewer(user: User | None, conventions: list[Convention]) -> Viewer | None:
    """Return the viewer that all these conventions share, where it is this person, or None."""
    viewer = _shared_viewer(conventions)
    return viewer if viewer and viewer.user == user else None


def _shared_viewer(conventions: list[Convention]) -> Viewer | None:
    """Return the only viewer of these conventions; None where they have none, or several."""
    viewers = {convention.viewer for convention in conventions}
    return viewers.pop() if len(viewers) == 1 else None


def _accesses(user: User | None, conventions: list[Convention]) -> dict[int, list[Membership]]:
    """Map each convention, by primary key, to a person's active accesses; one query."""
    rows = Membership.objects.active().filter(user=user, organisation__convention__in=conventions)
    known = {convention.pk: convention for convention in conventions}
    accesses = defaultdict(list)
    for access in rows.select_related("organisation"):
        access.organisation.convention = known[access.organisation.convention_id]
        accesses[access.organisation.convention_id].append(access)
    return accesses


def accesses_to(convention: Convention) -> list[Membership]:
    """Return all accesses that anybody has or had to a convention, with the organisations; read for
    all conventions of the page together."""
    viewer = convention.viewer
    accesses = all_accesses(viewer.conventions if viewer else [convention])
    return [access for access in accesses if access.organisation.convention_id == convention.pk]


@cached_for_page
def all_accesses(conventions: list[Convention]) -> list[Membership]:
    """Return all accesses that anybody has or had to these conventions, with the organisations."""
    return [access for accesses in _accesses_in(conventions).values() for access in accesses]


@cached_each(Subject.PEOPLE, Subject.TEXT)
def _accesses_in(conventions: list[Convention]) -> dict[int, list[Membership]]:
    """Map each convention, by primary key, to all its accesses, ended ones too; one query."""
    known = {convention.pk: convention for convention in conventions}
    accesses: dict[int, list[Membership]] = {pk: [] for pk in known}
    rows = Membership.objects.filter(organisation__convention__in=known)
    for access in rows.select_related("organisation"):
        access.organisation.convention = known[access.organisation.convention_id]
        accesses[access.organisation.convention_id].append(access)
    return accesses
