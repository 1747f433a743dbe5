"""The page of results: kinds with their counts, the first hits of each, or all of one kind; to who
found nothing, what was looked through, and what else to try."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from django.utils.http import urlencode

from conventions.search.hits import SHOWN, HitGroup, SearchRequest, ShownHit
from conventions.search.reading import best_first, search_all_kinds, titles
from ctg_portal.help.glossary import glossary
from ctg_portal.search.query import SearchQuery
from ctg_portal.search.rows import WORD, fold

# As near as « creche » and « créches », « petitte » and « petite ».
NEAR, NEAREST = 0.75, 3
LONGEST_WORD = 30


@dataclass(frozen=True)
class Kind:
    """A kind as it is shown: its first ``hits``; ``others``: how many more there are."""

    group: HitGroup
    hits: list[ShownHit]
    more_url: str

    @property
    def others(self) -> int:
        return len(self.group.hits) - len(self.hits)


class Results:
    """What a search has found, for its page: ``every`` kind that was looked through, those without
    a hit too. ``within``: the key of the one kind asked for."""

    def __init__(self, query: SearchQuery, every: list[HitGroup], within: str = ""):
        self.query = query
        self.looked_through = [group.heading for group in every]
        self.groups = best_first(every)
        self.only = next((group for group in self.groups if group.key == within), None)

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups)

    @cached_property
    def kinds(self) -> list[Kind]:
        """The kinds to show: the one asked for, with all its hits, or each with its first."""
        shown = [self.only] if self.only else self.groups
        most = None if self.only else SHOWN
        return [
            Kind(group, group.shown(self.query, most), f"?{self._address(dans=group.key)}")
            for group in shown
        ]

    @property
    def all_url(self) -> str:
        return f"?{self._address()}"

    @property
    def fewer(self) -> list[tuple[str, str]]:
        """The first six words of the query, each with its address; empty for a single word."""
        words = self.query.words if len(self.query.words) > 1 else []
        return [(word, f"?{urlencode({'q': word})}") for word in words[:6]]

    def _address(self, **more) -> str:
        return urlencode({"q": self.query.query, **more})


class ConventionResults(Results):
    """The results in one convention, which suggest its own words where there are none."""

    def __init__(self, search: SearchRequest, within: str = ""):
        super().__init__(search.query, search_all_kinds(search) if search.query else [], within)
        self.search = search

    @cached_property
    def spellings(self) -> list[tuple[str, str]]:
        """Other queries to try, with their addresses: one word replaced by a near one that the
        convention or the glossary has."""
        known_titles = [*titles(self.search), *(word.name for word in glossary().words)]
        known = {fold(word): word.lower() for title in known_titles for word in WORD.findall(title)}
        tries = {}
        for word in self.query.words:
            if len(word) < 3 or len(word) > LONGEST_WORD or word in known:
                continue
            for near in get_close_matches(word, known, n=NEAREST, cutoff=NEAR):
                tried = " ".join(known[near] if w == word else w for w in self.query.words)
                tries.setdefault(tried, f"?{urlencode({'q': tried})}")
        return list(tries.items())[:NEAREST]
