"""A search of one convention, and its hits, kind by kind."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model, Value
from django.utils.text import Truncator

from accounts.models import User
from conventions.legal.convention import Convention
from conventions.legal.reading import rows_of
from conventions.legal.structure import Axis, Objective, Theme
from conventions.legal.text import Annex, Article
from conventions.territory.models import Commune, Coverage
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.search.query import LAST_RANK, SearchQuery
from ctg_portal.search.rows import excerpt, fold, marked

# Of one kind; who looks for a word that is everywhere is asked to say more.
MOST, SHOWN = 200, 5


@cached(Subject.TEXT)
def primary_keys_read(
    convention: Convention, day: datetime.date | None
) -> dict[type[Model], list[int]]:
    """Map each model of the text to the primary keys of its parts that are read on ``day``, and
    ``Commune`` to those of the perimeter. One query."""
    querysets: list[tuple[type[Model], Any, str]] = []
    for model in (Article, Annex, Axis, Theme, Objective):
        parts: Any = rows_of(model, convention)
        querysets.append((model, parts.as_read_on(day), "pk"))
    querysets.append((Commune, Coverage.objects.of(convention).perimeter(day), "commune"))
    rows = [
        queryset.order_by().values_list(Value(place), key)
        for place, (_, queryset, key) in enumerate(querysets)
    ]
    keys_by_model: dict[type[Model], list[int]] = {model: [] for model, _, _ in querysets}
    for place, key in rows[0].union(*rows[1:], all=True):
        keys_by_model[querysets[place][0]].append(key)
    return keys_by_model


@dataclass(frozen=True)
class SearchRequest:
    """A search of a convention as read on ``day``, by ``user`` (None: of what all may read)."""

    user: User | None
    convention: Convention
    day: datetime.date | None
    query: SearchQuery

    def read(self, model: type[Model]) -> Any:
        """Return the queryset of a model of the text, or of communes, read on the day."""
        keys = primary_keys_read(self.convention, self.day)[model]
        return model._default_manager.filter(pk__in=keys)


@dataclass(frozen=True)
class Hit:
    """A row or a text that answers a search. ``text``: its passage is taken from there; ``within``:
    its place, in words; ``code``: a code by which it is found first; ``rank``: how well it answers,
    0 the best."""

    title: str
    url: str
    text: str = ""
    within: str = ""
    is_proposed: bool = False
    code: str = ""
    rank: int = LAST_RANK


@dataclass(frozen=True)
class ShownHit:
    """A hit as it is shown: its words marked, and the passage around them."""

    hit: Hit
    title: list[tuple[str, bool]]
    pieces: list[tuple[str, bool]]


@dataclass
class HitGroup:
    """The hits of one kind, the best first; ``key`` is its name in an address. ``is_proof``: lines
    of a register, which come after all else."""

    heading: str
    hits: list[Hit] = field(default_factory=list)
    is_proof: bool = False

    @property
    def key(self) -> str:
        return fold(self.heading).replace(" ", "-")

    @property
    def best(self) -> int:
        """The rank of the best hit; there must be one."""
        return self.hits[0].rank

    @property
    def is_cut(self) -> bool:
        return len(self.hits) >= MOST

    def shown(self, query: SearchQuery, most: int | None = SHOWN) -> list[ShownHit]:
        """Return the first ``most`` hits (None: all), with their words marked and a passage."""
        words = query.to_mark
        return [
            ShownHit(hit, marked(hit.title, words), excerpt(hit.text, words) if hit.text else [])
            for hit in self.hits[:most]
        ]


def ranked(search: SearchRequest, heading: str, hits: Iterable[Hit]) -> HitGroup:
    return by_rank(search.query, heading, hits)


def by_rank(query: SearchQuery, heading: str, hits: Iterable[Hit]) -> HitGroup:
    """Return a group of these hits with their ranks for the query, the best first."""
    ranked_hits = [replace(hit, rank=query.rank(hit.title, hit.text, hit.code)) for hit in hits]
    return HitGroup(heading, sorted(ranked_hits, key=lambda hit: hit.rank))


def shortened(title: str) -> str:
    """Return the first words of a long title, for the name of a link."""
    return Truncator(title).words(14, truncate=" …")
