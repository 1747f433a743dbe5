"""The counts of a year's indicators and their words: what every page, document and title reads.

A share is over what can be so, and names it: « 11 des 16 indicateurs comparables progressent ».
Targets are counted apart: those to be reached by the end of the year, and those for
later (record 87).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ctg_portal.templatetags.french import enumerate_words, number, plural
from indicators.series.attainment import Movement, TargetState
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
    (Movement.CONTEXT, "décrit le contexte", "décrivent le contexte"),
    (Movement.MISSING, "est sans donnée", "sont sans donnée"),
]
COMPARED = (Movement.PROGRESS, Movement.SETBACK, Movement.STABLE)
NOT_COMPARED = tuple(movement for movement in Movement if movement not in COMPARED)

WITHIN = " (à moins de 5\u202f%)"  # what « presque » means
TARGETS = [
    (TargetState.REACHED, "atteinte", "atteintes", ""),
    (TargetState.NEAR, "presque atteinte", "presque atteintes", WITHIN),
    (TargetState.SHORT, "non atteinte", "non atteintes", ""),
    (TargetState.UNKNOWN, "sans chiffre", "sans chiffre", ""),
]
WELL = (TargetState.REACHED, TargetState.NEAR)
NONE = "–"  # in a table: there is nothing of which it would be a share
NO_TARGET = "Aucune cible n’est fixée."
NONE_COMPARABLE = "Aucun indicateur n’est comparable."
# How an indicator comes to be counted, for a reader.
COUNTING = (
    "Un indicateur est comparable s’il a un sens attendu, un chiffre de l’année et un d’avant, "
    "sans changement de définition entre les deux. Une cible est presque atteinte quand le chiffre "
    "en est à moins de 5\u202f%."
)


@dataclass(frozen=True)
class TargetCounts:
    """How many targets are in which state, of those to be reached by the end of ``year`` (of the
    term, if None), and of those for ``later``."""

    year: int | None = None
    due: Mapping[TargetState, int] = field(default_factory=dict)
    later: Mapping[TargetState, int] = field(default_factory=dict)

    @property
    def due_total(self) -> int:
        return sum(self.due.values())

    @property
    def later_total(self) -> int:
        return sum(self.later.values())

    @property
    def total(self) -> int:
        return self.due_total + self.later_total

    @property
    def due_share(self) -> str:
        """« 1 sur 3 »: those reached of those that are due; « – » where none is."""
        return _share(self.due.get(TargetState.REACHED, 0), self.due_total) or NONE

    @property
    def later_share(self) -> str:
        """« 2 sur 13 »: those reached of those for later; « – » without any."""
        return _share(self.later.get(TargetState.REACHED, 0), self.later_total) or NONE

    @property
    def figure(self) -> str:
        """« 1 sur 3 » of those that are due, « Aucune » where none is."""
        return self.due_share if self.due_total else "Aucune"

    @property
    def label(self) -> str:
        """The words behind ``figure``: « cibles de fin 2023 atteintes »; behind « Aucune », that
        none is due, or fixed."""
        if not self.total:
            return "cible fixée"
        if not self.due_total:
            return f"cible à atteindre {self.moment}"
        moment = f"de fin {self.year}" if self.year else "du terme"
        several = self.due_total >= 2
        return f"cibles {moment} atteintes" if several else f"cible {moment} atteinte"

    @property
    def note(self) -> str:
        """The rest of what ``figure`` says: « 1 presque atteinte ; 13 à atteindre plus tard, dont
        2 atteintes »; empty if that is nothing."""
        due = _describe_states(self.due, (TargetState.NEAR, TargetState.UNKNOWN))
        return _join(enumerate_words(due), self._describe_later()).replace(WITHIN, "")

    @property
    def sentence(self) -> str:
        """« 3 cibles à atteindre fin 2023 : 1 atteinte et 2 non atteintes ; 13 à atteindre plus
        tard, dont 2 atteintes »; or that no target is fixed."""
        if not self.total:
            return "aucune cible n’est fixée"
        if not self.due_total:
            return self._describe_later("cible,cibles")
        due = f"{plural(self.due_total, 'cible,cibles')} à atteindre {self.moment}"
        due += _detail(self.due_total, " : ", self.due, TargetState)
        return _join(due, self._describe_later())

    @property
    def moment(self) -> str:
        """« fin 2023 », « au terme »: by when those that are due are to be reached."""
        return f"fin {self.year}" if self.year else "au terme"

    def _describe_later(self, forms: str = "") -> str:
        """Return « 13 à atteindre plus tard, dont 2 atteintes », with the noun of ``forms``; empty
        without any."""
        if not self.later_total:
            return ""
        many = plural(self.later_total, forms) if forms else number(self.later_total)
        well = _detail(self.later_total, ", dont ", self.later, WELL)
        return f"{many} à atteindre plus tard{well}"


def _join(due: str, later: str) -> str:
    """Return what is said of targets as one text, which says what « presque » means once."""
    before, within, after = " ; ".join(filter(None, [due, later])).partition(WITHIN)
    return f"{before}{within}{after.replace(WITHIN, '')}"


def _share(part: int, whole: int) -> str:
    return f"{number(part)} sur {number(whole)}" if whole else ""


def _describe_states(counts: Mapping[TargetState, int], states: Iterable[TargetState]) -> list[str]:
    """Return « 1 atteinte », « 2 presque atteintes (à moins de 5 %) » for those of ``states`` in
    which a target is."""
    return [
        f"{plural(counts[state], f'{singular},{many}')}{remark}"
        for state, singular, many, remark in TARGETS
        if state in states and counts.get(state)
    ]


def _detail(
    total: int, link: str, counts: Mapping[TargetState, int], states: Iterable[TargetState]
) -> str:
    """Return « : 1 atteinte et 2 non atteintes », after ``link``; « , non atteinte » of a single
    target; empty if none is in these ``states``."""
    described = _describe_states(counts, states)
    if not described:
        return ""
    if total == 1:
        return f", {_without_number(described[0])}"
    return f"{link}{enumerate_words(described)}"


def _without_number(counted: str) -> str:
    """Return « reculent » of « 4 reculent »."""
    return counted.partition("\u00a0")[2]


@dataclass(frozen=True)
class IndicatorCounts:
    """How many of the indicators followed in a year moved which way, or why they cannot be
    compared; and their targets."""

    by_movement: Mapping[Movement, int]
    targets: TargetCounts = TargetCounts()

    def __getitem__(self, movement: str) -> int:
        # A name that is no movement is refused, so that templates read it as an attribute.
        return self.by_movement.get(Movement(movement), 0)

    @property
    def followed(self) -> int:
        """The number of indicators that were asked for in the year."""
        return sum(self.by_movement.values())

    @property
    def comparable(self) -> int:
        """The number of those with a wanted direction, a figure of the year and one before, and no
        break between the two: all that progress, recede or are stable."""
        return self._count(COMPARED)

    @property
    def progress(self) -> int:
        return self[Movement.PROGRESS]

    @property
    def setback(self) -> int:
        return self[Movement.SETBACK]

    @property
    def stable(self) -> int:
        return self[Movement.STABLE]

    @property
    def missing(self) -> int:
        """The number of those without a number for the year, whatever the reason, unless masked."""
        return self[Movement.MISSING]

    @property
    def other(self) -> int:
        """The number of those that have a figure, masked or not, and are not comparable."""
        return self.followed - self.comparable - self.missing

    @property
    def expects_targets(self) -> bool:
        """Whether there is something to say of targets: not where all describe the context."""
        return self.targets.total > 0 or self[Movement.CONTEXT] < self.followed

    @property
    def share(self) -> str:
        """« 11 sur 16 »: those in progress of those comparable; « – » if none is, empty if none is
        followed."""
        return (_share(self.progress, self.comparable) or NONE) if self.followed else ""

    @property
    def figure(self) -> str:
        """« 11 sur 16 » of those comparable, « Aucun » where none is."""
        return self.share if self.comparable else "Aucun"

    @property
    def label(self) -> str:
        """The words behind ``figure``: « indicateurs comparables en progrès »; behind « Aucun »,
        that none is comparable."""
        if not self.comparable:
            return "indicateur n’est comparable"
        several = self.comparable >= 2
        return f"{'indicateurs comparables' if several else 'indicateur comparable'} en progrès"

    @property
    def headline(self) -> str:
        """The clause of a title: « 11 des 16 indicateurs comparables progressent »; that none
        is followed, has a figure or can be compared, where that is so."""
        if not self.followed:
            return "aucun indicateur n’est suivi"
        if self.followed == 1:
            return f"le seul indicateur suivi {self._verb}"
        if self.missing == self.followed:
            return f"les {number(self.followed)} indicateurs suivis sont sans donnée"
        if not self.comparable:
            return f"aucun des {number(self.followed)} indicateurs suivis n’est comparable"
        return self._progress

    @property
    def note(self) -> str:
        """The rest of what ``headline`` says, without reasons where there are several: « 4 reculent
        et 1 est stable ; 20 ne sont pas comparables »; empty if that is nothing."""
        others = enumerate_words(self._others_compared)
        not_compared = self.reasons.partition(" : ")[0] if self.comparable else self.reasons
        return " ; ".join(filter(None, [others, not_compared]))

    @property
    def sentence(self) -> str:
        """``headline``, the others and ``reasons`` as one sentence, without a capital or a full
        stop."""
        compared = self._with_others(self.headline)
        link = " ; " if self.comparable else " : "
        return link.join(filter(None, [compared, self.reasons]))

    @property
    def short(self) -> str:
        """The words for a line of a list: « 2 progressent, 1 recule »; why none can be compared;
        empty if none is followed."""
        return enumerate_words(self._describe(COMPARED) or self._describe(NOT_COMPARED))

    @property
    def _verb(self) -> str:
        """The verb of the first way that any went, in the singular."""
        return next(verb for movement, verb, _ in VERBS if self[movement])

    @property
    def _progress(self) -> str:
        """« 11 des 16 indicateurs comparables progressent »; where one can be compared, which way
        it went."""
        if self.comparable == 1:
            return f"le seul indicateur comparable {self._verb}"
        compared = f"{number(self.comparable)}\u00a0indicateurs comparables"
        if not self.progress:
            return f"aucun des {compared} ne progresse"
        if self.progress == self.comparable:
            return f"les {compared} progressent"
        verb = "progressent" if self.progress >= 2 else "progresse"
        return f"{number(self.progress)} des {compared} {verb}"

    @property
    def _others_compared(self) -> list[str]:
        """« 4 reculent », « 1 est stable »; none if ``headline`` says it."""
        return self._describe((Movement.SETBACK, Movement.STABLE)) if self.comparable > 1 else []

    def _with_others(self, progress: str) -> str:
        """Return how many progress, then how many went each other way."""
        others = self._others_compared
        if others and not self.progress:
            return f"{progress} : {enumerate_words(others)}"
        return enumerate_words([progress, *others])

    @property
    def reasons(self) -> str:
        """« 20 ne sont pas comparables : 18 décrivent le contexte et 2 sont sans donnée »; the
        reason alone where it is one; empty if ``headline`` says it."""
        many = self.followed - self.comparable
        if not many or self.followed in (1, self.missing):
            return ""
        described = self._describe(NOT_COMPARED)
        if not self.comparable:
            if len(described) == 1:
                return f"tous {_without_number(described[0])}"
            return enumerate_words(described)
        if len(described) == 1:
            return described[0].replace("\u00a0", " autre " if many == 1 else " autres ", 1)
        return f"{number(many)} ne sont pas comparables : {enumerate_words(described)}"

    def _describe(self, movements: Iterable[Movement]) -> list[str]:
        """Return « 4 reculent », « 1 est stable » for those of ``movements`` that any went, in the
        order of ``VERBS``."""
        return [
            plural(self[movement], f"{verb},{verbs}")
            for movement, verb, verbs in VERBS
            if movement in movements and self[movement]
        ]

    def _count(self, movements: Iterable[Movement]) -> int:
        return sum(self[movement] for movement in movements)


def count(series: Iterable[Series], year: int, *, from_start: bool = False) -> IndicatorCounts:
    """Return the counts of the indicators that were collected in ``year``, compared with the last
    figure before it; ``from_start``, for the whole term: with the baseline, and with all targets
    due by the end of the convention."""
    moved: Counter[Movement] = Counter()
    due: Counter[TargetState] = Counter()
    later: Counter[TargetState] = Counter()
    for row in series:
        if year not in row.by_year or not row.by_year[year].is_collected:
            continue
        moved[row.movement(year, from_start=from_start)] += 1
        state = row.target_state(year)
        if state is not None:
            end = row.indicator.convention.end.year
            is_due = row.target_year(year) <= (end if from_start else year)
            (due if is_due else later)[state] += 1
    targets = TargetCounts(None if from_start else year, dict(due), dict(later))
    return IndicatorCounts(dict(moved), targets)


def sum_counts(counts: Iterable[IndicatorCounts]) -> IndicatorCounts:
    """Return the counts of several lots of indicators in the same year as one."""
    counts = list(counts)
    moved: Counter[Movement] = Counter()
    due: Counter[TargetState] = Counter()
    later: Counter[TargetState] = Counter()
    for lot in counts:
        moved.update(lot.by_movement)
        due.update(lot.targets.due)
        later.update(lot.targets.later)
    year = counts[0].targets.year if counts else None
    return IndicatorCounts(dict(moved), TargetCounts(year, dict(due), dict(later)))
