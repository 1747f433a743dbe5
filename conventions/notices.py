"""What all news of a convention have in common: where it is, who may still read it."""

from collections.abc import Iterable

from conventions.models import Convention, Membership
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
    """What is new in one convention."""

    @classmethod
    def readable(cls, user, scopes: Iterable[str]) -> set[str]:
        """Nobody sees another convention, nor one that they have left."""
        found = Convention.objects.visible_to(user).filter(pk__in=[pk_in(s) for s in scopes])
        return {scope_of(convention).key for convention in found}

    def convention(self) -> Convention | None:
        return Convention.objects.filter(pk=pk_in(self.scope)).first()


def coordinator_pks(convention: Convention) -> set[int]:
    accesses = Membership.objects.effective().of(convention).coordinators()
    return set(accesses.values_list("user", flat=True))
