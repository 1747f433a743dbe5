"""What all news of a convention have in common: where it is, who may still read it."""

from collections.abc import Iterable
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from conventions.access.capacities import Capacity
from conventions.models import Convention, Membership
from ctg_portal.house import by_key, house
from ctg_portal.templatetags.french import enumerate_words
from notifications.letters import Letter
from notifications.news import News, Scope

PREFIX = "convention:"


def scope_of(convention: Convention) -> Scope:
    return Scope(f"{PREFIX}{convention.pk}", label_of(convention))


def label_of(convention: Convention) -> str:
    return f"CTG {convention.territory}"


def pk_in(scope: str) -> int:
    return int(scope.removeprefix(PREFIX))


class ConventionNews(News, abstract=True):
    """Something that happened in ``convention``."""

    convention: Convention

    @property
    def scope(self) -> Scope:
        return scope_of(self.convention)


class ConventionLetter(Letter):
    """What is new in one convention. ``told_as``: by which capacity people are told of it first."""

    told_as = [Capacity.SEAT, Capacity.COORDINATION, Capacity.REFERENT, Capacity.CONTRIBUTOR]

    @classmethod
    def readable(cls, user: User, scopes: Iterable[str]) -> set[str]:
        """Nobody sees another convention, nor one that they have left."""
        found = Convention.objects.visible_to(user).filter(pk__in=[pk_in(s) for s in scopes])
        return {scope_of(convention).key for convention in found}

    @cached_property
    def _capacities(self) -> dict[int, list[tuple[Capacity, str]]]:
        convention = self.convention()
        day = timezone.localdate(self.now)
        return by_key(house().capacities, convention, day) if convention else {}

    def reason(self, user_pk: int) -> str:
        held = self._capacities.get(user_pk, [])
        for capacity in self.told_as:
            if told := [text for kind, text in held if kind == capacity]:
                return enumerate_words(told)
        return enumerate_words(text for _, text in held[:1])

    def convention(self) -> Convention | None:
        return Convention.objects.filter(pk=pk_in(self.scope)).first()


def coordinator_pks(convention: Convention) -> set[int]:
    accesses = Membership.objects.effective().of(convention).coordinators()
    return set(accesses.values_list("user", flat=True))
