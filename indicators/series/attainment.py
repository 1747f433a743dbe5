"""How far a figure has come: attainment of its target, and which way it moved."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices

from indicators.definitions.models import Direction


@dataclass(frozen=True)
class Attainment:
    """``share``: of the way from baseline to target, 1 = reached; not bounded.

    ``since``: the year of the baseline. ``has_way``: whether there was a way to go; where there was
    none, the target is kept or it is not.
    """

    share: Decimal
    since: int | None = None
    has_way: bool = True

    @property
    def percent(self) -> int:
        """The share in percent, as shown: within 0 and 100, never 100 before the target is
        reached."""
        bounded = min(max(self.share, Decimal(0)), Decimal(1)) * 100
        rounded = int(bounded.quantize(Decimal(1), ROUND_HALF_UP))
        return 99 if rounded == 100 and self.share < 1 else rounded

    @property
    def is_reached(self) -> bool:
        return self.share >= 1

    @property
    def is_regression(self) -> bool:
        """Whether the figure has moved away from its target since the baseline."""
        return self.share < 0

    @property
    def short(self) -> str:
        """The words « 81 % », for a place whose heading says of what; « atteinte » if the target is
        reached, « non tenue » if it is not and there was no way to go."""
        if self.is_reached:
            return "atteinte"
        return f"{self.percent}\u202f%" if self.has_way else "non tenue"

    @property
    def words(self) -> str:
        """The words « 81 % du chemin depuis 2019 », a share of the way and not of the target; those
        of ``short`` if the target is reached, or there was no way to go."""
        if self.is_reached or not self.has_way:
            return self.short
        since = self.since or "la situation initiale"
        return f"{self.short} du chemin depuis {since}"


class TargetState(TextChoices):
    """How near a figure is to its target."""

    REACHED = "reached", "atteinte"
    NEAR = "near", "presque atteinte"
    SHORT = "short", "non atteinte"
    UNKNOWN = "unknown", "sans chiffre à y comparer"  # missing, masked or partial


NEAR = Decimal("0.05")  # of the target


def target_state(value: Decimal | None, target: Decimal, direction: str) -> TargetState:
    """Return how near ``value`` is to ``target``: reached on the target or on its good side, which
    is below it if a decrease is wanted; near within ``NEAR`` of it."""
    if value is None:
        return TargetState.UNKNOWN
    if value >= target if direction == Direction.UP else value <= target:
        return TargetState.REACHED
    return TargetState.NEAR if abs(value - target) <= NEAR * abs(target) else TargetState.SHORT


def attainment(
    value: Decimal | None, baseline: Decimal | None, target: Decimal | None, direction: str
) -> Attainment | None:
    """Return (réalisé − situation initiale) / (cible − situation initiale).

    The share of the way from the baseline to the target that has been gone, the usual measure of
    results-based management; the evaluation that art. 7 asks for compares results with objectives.
    None, undefined, when a figure is missing or the direction is neutral. Where the target asks for
    no way to be gone, the baseline or less than it (a loss to be limited): 1 when the figure is on
    the target or on its good side, 0 otherwise. A target that is reached is so without a baseline.
    """
    if value is None or target is None or direction == Direction.NEUTRAL:
        return None
    is_reached = target_state(value, target, direction) == TargetState.REACHED
    if baseline is None:
        return Attainment(Decimal(1), has_way=False) if is_reached else None
    sense = 1 if direction == Direction.UP else -1
    way = (target - baseline) * sense
    if way > 0:
        return Attainment((value - baseline) * sense / way)
    return Attainment(Decimal(1 if is_reached else 0), has_way=False)


class Movement(TextChoices):
    """Which way a year's figure went from the last one known before it."""

    PROGRESS = "progress", "en progrès"
    SETBACK = "setback", "en recul"
    STABLE = "stable", "stable"
    CONTEXT = "context", "donnée de contexte"  # of this kind, or no direction is wanted
    BROKEN = "broken", "rupture de série"  # the definition has changed: the two are not compared
    FIRST = "first", "première donnée"  # no earlier figure to compare with
    MISSING = "missing", "sans donnée"  # no figure for the year
    PARTIAL = "partial", "partiel"  # a total of some communes only: it is compared with nothing
    SECRET = "secret", "couvert par le secret"  # one of the two is masked
    PENDING = "pending", "en attente"  # what is secret of it is not decided yet


MOVEMENT_WORDS = {movement: movement.label for movement in Movement}


def movement(value: Decimal, before: Decimal, direction: str) -> Movement:
    """Return which way ``value`` went from ``before``: progress, setback or stable by the direction
    that is wanted, context if none is."""
    if direction == Direction.NEUTRAL:
        return Movement.CONTEXT
    if value == before:
        return Movement.STABLE
    is_better = (value > before) == (direction == Direction.UP)
    return Movement.PROGRESS if is_better else Movement.SETBACK


def variation(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return the change from ``before`` to ``value`` in percent of the absolute ``before``; None
    without one of them, or from zero."""
    if value is None or not before:
        return None
    return (value - before) / abs(before) * 100
