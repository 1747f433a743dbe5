"""Base of the news and letters of a convention: their scope, who may still read them, why."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from conventions.legal.convention import Convention
from ctg_portal.house import by_key, house
from ctg_portal.templatetags.french import enumerate_words
from notifications.letters import Letter
from notifications.news import News, Scope

PREFIX = "convention:"


class Capacity(StrEnum):
    SEAT = "seat"
    COORDINATION = "coordination"
    REFERENT = "referent"
    CONTRIBUTOR = "contributor"
    READER = "reader"


def scope_of(convention: Convention) -> Scope:
    return Scope(f"{PREFIX}{convention.pk}", label_convention(convention))


def label_convention(convention: Convention) -> str:
    return f"CTG {convention.territory}"


def convention_pk_in(scope: str) -> int:
    return int(scope.removeprefix(PREFIX))


class ConventionNews(News, abstract=True):
    """Something that happened in ``convention``."""

    convention: Convention

    @property
    def scope(self) -> Scope:
        return scope_of(self.convention)


class ConventionLetter(Letter):
    """A letter about what is new in one convention. ``reason_capacities``: the order in which
    capacities are tried for the reason why somebody is written to."""

    reason_capacities = [
        Capacity.SEAT,
        Capacity.COORDINATION,
        Capacity.REFERENT,
        Capacity.CONTRIBUTOR,
    ]

    @classmethod
    def readable(cls, user: User, scopes: Iterable[str]) -> set[str]:
        """Return the scopes of conventions to which the user has access today, but for those which
        they have left: the only access that still reads there is announced to close."""
        staying = user.memberships.active().staying()
        conventions = (
            Convention.objects.visible_to(user)
            .filter(
                pk__in=[convention_pk_in(s) for s in scopes],
            )
            .filter(pk__in=staying.values("organisation__convention"))
        )
        return {scope_of(convention).key for convention in conventions}

    @cached_property
    def _capacities(self) -> dict[int, list[tuple[Capacity, str]]]:
        """The capacities of each user, by primary key, on the letter's day, each with its words;
        empty where the convention is gone."""
        convention = self.convention()
        day = timezone.localdate(self.now)
        return by_key(house().capacities, convention, day) if convention else {}

    def reason(self, user_pk: int) -> str:
        """Return the words for why the user is written to: their capacities of the first kind in
        ``reason_capacities`` that they have, else the first of any kind, else ""."""
        capacities = self._capacities.get(user_pk, [])
        for capacity in self.reason_capacities:
            if texts := [text for kind, text in capacities if kind == capacity]:
                return enumerate_words(texts)
        return enumerate_words(text for _, text in capacities[:1])

    @cached_property
    def contact(self) -> str:
        convention = self.convention()
        return convention.contact if convention else ""

    def convention(self) -> Convention | None:
        return Convention.objects.filter(pk=convention_pk_in(self.scope)).first()
