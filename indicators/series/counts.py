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

# What a headline says last, where something moved: each of these sets as one number.
TOGETHER = [
    (
        {Movement.PENDING, Movement.PARTIAL, Movement.MISSING},
        ("est sans chiffre complet", "sont sans chiffre complet"),
    ),
    (
        {Movement.STABLE, Movement.CONTEXT},
        ("est stable ou décrit le contexte", "sont stables ou décrivent le contexte"),
    ),
]


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
        """The number of indicators that neither moved, are stable nor are missing: of context,
        secret, pending, partial, broken, or with a first figure."""
        compared = self.progress + self.setback + self[Movement.STABLE]
        return self.total - compared - self.missing

    @property
    def sentence(self) -> str:
        """The words « 18 sur 24 progressent, 3 reculent, 1 est stable et 2 sont sans donnée »."""
        return self._format(self._parts(), "", "")

    @property
    def headline(self) -> str:
        """The words « 18 indicateurs sur 24 progressent, 2 reculent et 4 sont stables ou décrivent
        le contexte ». If any moved, the others are counted together, last; if none did, each way is
        counted by itself."""
        has_moved = self.progress or self.setback
        parts = self._grouped_parts() if has_moved else self._parts()
        return self._format(parts, " indicateur", " indicateurs")

    def _parts(self, among: Iterable[Movement] = Movement) -> list[tuple[int, tuple[str, str]]]:
        """Return, for each way ``among`` these that an indicator went, how many went it and its
        verb for one and for many, in the order of ``VERBS``."""
        among = self.moved.intersection(among)
        return [(self[way], (verb, verbs)) for way, verb, verbs in VERBS if way in among]

    def _grouped_parts(self) -> list[tuple[int, tuple[str, str]]]:
        """Return the parts with those of each set of ``TOGETHER`` last, added up to one if they are
        several."""
        last = {way for ways, _ in TOGETHER for way in ways}
        parts = self._parts(set(Movement) - last)
        for ways, verb in TOGETHER:
            group = self._parts(ways)
            parts += [(sum(many for many, _ in group), verb)] if len(group) > 1 else group
        return parts

    def _format(self, parts: list[tuple[int, tuple[str, str]]], noun: str, nouns: str) -> str:
        """Return parts as a sentence; ``noun``, or ``nouns``, stands behind the first number."""
        words = []
        for many, verb in parts:
            of = "" if words else f"{nouns if many >= 2 else noun} sur {number(self.total)}"
            words.append(f"{number(many)}{of} {verb[many >= 2]}")
        return enumerate_words(words)


def count(series: Iterable[Series], year: int, *, from_start: bool = False) -> MovementCounts:
    """Return how many of the indicators that were collected in ``year`` went which way, from the
    last figure before it, or ``from_start`` (the baseline)."""
    collected = [s for s in series if year in s.by_year and s.by_year[year].is_collected]
    moved = Counter(s.movement(year, from_start=from_start) for s in collected)
    attained = [s.attainment(year) for s in collected]
    return MovementCounts(
        total=len(collected),
        by_movement=dict(moved),
        reached=sum(bool(a and a.is_reached) for a in attained),
        missing=moved[Movement.MISSING],
    )


def sum_counts(counts: Iterable[MovementCounts]) -> MovementCounts:
    """Return the counts of several lots of indicators as one."""
    counts = list(counts)
    moved: Counter[Movement] = Counter()
    for lot in counts:
        moved.update(lot.by_movement)
    return MovementCounts(
        total=sum(lot.total for lot in counts),
        by_movement=dict(moved),
        reached=sum(lot.reached for lot in counts),
        missing=sum(lot.missing for lot in counts),
    )
