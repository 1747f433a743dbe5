"""What a search finds: who asks for what, and what answers, kind by kind."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model
from django.utils.text import Truncator

from accounts.models import User
from conventions.legal.reading import keys_read
from conventions.models import Convention
from ctg_portal.search import excerpt, fold, marked
from ctg_portal.sought import LAST_RANK, SearchQuery

# Of one kind; who looks for a word that is everywhere is told to say more.
MOST, SHOWN = 200, 5


@dataclass(frozen=True)
class Asked:
    """Who looks for what, in which convention, as its text is read on ``day``."""

    user: User | None
    convention: Convention
    day: datetime.date | None
    sought: SearchQuery

    def read(self, model: type[Model]) -> Any:
        """The parts of the text of one kind, or the communes, that are read: a queryset."""
        keys = keys_read(self.convention, self.day)[model]
        return model._default_manager.filter(pk__in=keys)


@dataclass(frozen=True)
class Hit:
    """Something that was found. ``text``: what its passage is taken from; ``within``: where it
    stands; ``code``: what it bears, by which it is found first; ``rank``: how well it answers."""

    title: str
    url: str
    text: str = ""
    within: str = ""
    is_proposed: bool = False
    code: str = ""
    rank: int = LAST_RANK


@dataclass(frozen=True)
class Found:
    """A hit as it is shown: its words marked, and the passage around them."""

    hit: Hit
    title: list[tuple[str, bool]]
    pieces: list[tuple[str, bool]]


@dataclass
class HitGroup:
    """The hits of one kind, the best first; ``key`` is its name in an address."""

    heading: str
    hits: list[Hit] = field(default_factory=list)

    @property
    def key(self) -> str:
        return fold(self.heading).replace(" ", "-")

    @property
    def best(self) -> int:
        return self.hits[0].rank

    @property
    def is_cut(self) -> bool:
        return len(self.hits) >= MOST

    def found(self, sought: SearchQuery, most: int | None = SHOWN) -> list[Found]:
        words = sought.to_mark
        return [
            Found(hit, marked(hit.title, words), excerpt(hit.text, words) if hit.text else [])
            for hit in self.hits[:most]
        ]


def ranked(asked: Asked, heading: str, hits: Iterable[Hit]) -> HitGroup:
    """Hits of one kind, with how well each answers."""
    return by_rank(asked.sought, heading, hits)


def by_rank(sought: SearchQuery, heading: str, hits: Iterable[Hit]) -> HitGroup:
    found = [replace(hit, rank=sought.rank(hit.title, hit.text, hit.code)) for hit in hits]
    return HitGroup(heading, sorted(found, key=lambda hit: hit.rank))


def shortened(title: str) -> str:
    """The first words of a long title, as the name of a link."""
    return Truncator(title).words(14, truncate=" …")
