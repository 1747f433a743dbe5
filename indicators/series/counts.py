"""Counts instead of averages of unlike things: « 18 sur 24 progressent, 3 reculent »."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ctg_portal.templatetags.french import enumerate_words, number
from indicators.series.attainment import Movement
from indicators.series.reading import Series

VERBS = [
    (Movement.PROGRESS, "progresse", "progressent"),
    (Movement.SETBACK, "recule", "reculent"),
    (Movement.STABLE, "est stable", "sont stables"),
    (Movement.BROKEN, "change de définition", "changent de définition"),
    (Movement.SECRET, "est couvert par le secret", "sont couverts par le secret"),
    (Movement.PENDING, "est en attente", "sont en attente"),
    (Movement.FIRST, "a sa première donnée", "ont leur première donnée"),
    (Movement.PARTIAL, "a un chiffre partiel", "ont un chiffre partiel"),
    (Movement.MISSING, "est sans donnée", "sont sans donnée"),
    (Movement.CONTEXT, "décrit le contexte", "décrivent le contexte"),
]

# What a headline tells last, in one, where something moved.
QUIET = frozenset({Movement.STABLE, Movement.CONTEXT})


@dataclass(frozen=True)
class MovementCounts:
    """How many indicators moved which way in a year; ``reached``: how many met their target;
    ``missing``: how many have no number for the year, whatever the reason."""

    total: int
    by_movement: dict[Movement, int]
    reached: int
    missing: int

    def __getitem__(self, movement: str) -> int:
        return self.by_movement.get(Movement(movement), 0)

    @property
    def moved(self) -> set[Movement]:
        return {movement for movement, count in self.by_movement.items() if count}

    @property
    def progress(self) -> int:
        return self[Movement.PROGRESS]

    @property
    def setback(self) -> int:
        return self[Movement.SETBACK]

    @property
    def not_compared(self) -> int:
        """Those with a number that goes no way: a context, a secret, a break, a first one."""
        compared = self.progress + self.setback + self[Movement.STABLE]
        return self.total - compared - self.missing

    @property
    def sentence(self) -> str:
        """« 18 sur 24 progressent, 3 reculent, 1 est stable et 2 sont sans donnée »."""
        return self._told("", "")

    @property
    def headline(self) -> str:
        """« 18 indicateurs sur 24 progressent, 2 reculent et 4 sont stables ou décrivent le
        contexte »: where some moved, those that stay as they were come last, together."""
        has_moved = self.progress or self.setback
        return self._told(" indicateur", " indicateurs", QUIET if has_moved else frozenset())

    def _told(self, noun: str, nouns: str, last: frozenset[Movement] = frozenset()) -> str:
        """``noun`` and ``nouns`` stand behind the first number; ``last``: what is told together."""
        told = []
        for movement, one, many in VERBS:
            count = self[movement]
            if not count or movement in last:
                continue
            named, verb = (nouns, many) if count >= 2 else (noun, one)
            of = "" if told else f"{named} sur {number(self.total)}"
            told.append(f"{number(count)}{of} {verb}")
        if quiet := sum(self[movement] for movement in last):
            verbs = [(one, many) for movement, one, many in VERBS if movement in last & self.moved]
            told.append(f"{number(quiet)} {' ou '.join(verb[quiet >= 2] for verb in verbs)}")
        return enumerate_words(told)


def count(series: Iterable[Series], year: int, *, from_start: bool = False) -> MovementCounts:
    """The counts of the indicators that were collected in ``year``: which way they went from the
    last figure before it, or ``from_start``."""
    collected = [s for s in series if year in s.by_year and s.by_year[year].is_collected]
    moved = Counter(s.movement(year, from_start=from_start) for s in collected)
    attained = [s.attainment(year) for s in collected]
    return MovementCounts(
        total=len(collected),
        by_movement=dict(moved),
        reached=sum(bool(a and a.is_reached) for a in attained),
        missing=moved[Movement.MISSING],
    )
