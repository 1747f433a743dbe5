"""A figure as somebody gives it, before it is a value: a number, or a stated absence (rule 5)."""

import datetime
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from agreements.commitments.canonical import plain
from ctg_portal.rules import Refusal, Refused
from indicators.definitions.definition import Definition
from indicators.definitions.models import FINEST
from indicators.figures.values import Absence, Value

LARGEST = Decimal(10) ** 12  # 18 digits, six of them decimals
FIELDS = ("number", "numerator", "denominator", "absence", "reason", "comment", "provisional",
          "observed_from", "observed_until", "source")  # fmt: skip
LONGEST_SOURCE = 300


# What a text begins with that was said of another year, until somebody says it of this one.
TAKEN_OVER = re.compile(r"Repris de \d{4}\s*: ?")


def taken_from(year: int, text: str) -> str:
    """A text of an earlier year, marked with it: « Repris de 2023 : … »."""
    return f"Repris de {year}\u00a0: {TAKEN_OVER.sub('', text, count=1)}"


def is_taken_over(text: str) -> bool:
    """Whether a text still says that it is of another year."""
    return bool(TAKEN_OVER.match(text))


@dataclass(frozen=True)
class Figure:
    """What is given for one indicator and one year. ``absence``: an ``Absence``, with ``reason``.

    For a ratio ``numerator`` and ``denominator`` are given, and ``number`` follows. The period
    observed is the year unless told; the source is the provider's mention unless told.
    """

    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    absence: str = ""
    reason: str = ""
    comment: str = ""
    provisional: bool = False
    observed_from: datetime.date | None = None
    observed_until: datetime.date | None = None
    source: str = ""

    @classmethod
    def of(cls, value: Value) -> "Figure":
        return cls(**{name: getattr(value, name) for name in FIELDS})

    @property
    def is_empty(self) -> bool:
        """Whether it says neither a number nor why there is none."""
        numbers = (self.number, self.numerator, self.denominator)
        return not self.absence and all(number is None for number in numbers)


TOO_LARGE = Refusal("Ce nombre est trop grand : vérifiez ce qui est compté, et l’unité.")
ZERO_DENOMINATOR = Refusal(
    "Le dénominateur est nul : le rapport n’existe pas. Choisissez « sans objet », avec le motif."
)


def settled(figure: Figure, definition: Definition, observed: tuple) -> Figure:
    """The figure as it is kept: the ratio computed, the period filled in, six decimals.

    ``observed``: the first and last day of the year. Raises Refused for what cannot be kept.
    """
    figure = replace(
        figure,
        reason=plain(figure.reason).strip(),
        comment=plain(figure.comment).strip(),
        source=plain(figure.source).strip(),
        observed_from=figure.observed_from or observed[0],
        observed_until=figure.observed_until or observed[1],
    )
    if figure.observed_from > figure.observed_until:
        raise refused("La période observée finit avant de commencer.")
    if len(figure.source) > LONGEST_SOURCE:
        raise refused(f"La source tient en {LONGEST_SOURCE} caractères.")
    return _absent(figure) if figure.absence else _counted(figure, definition)


def refused(reason: str) -> Refused:
    return Refused(Refusal(reason))


def _absent(figure: Figure) -> Figure:
    if figure.absence not in Absence.values:
        raise refused("Dites si la donnée est non disponible ou sans objet.")
    if any(n is not None for n in (figure.number, figure.numerator, figure.denominator)):
        raise refused("Donnez un nombre, ou dites pourquoi il n’y en a pas : pas les deux.")
    if not figure.reason:
        raise refused(f"Dites pourquoi la donnée est {Absence(figure.absence).label}.")
    return replace(figure, provisional=False)


def _counted(figure: Figure, definition: Definition) -> Figure:
    figure = replace(figure, reason="")
    if not definition.is_ratio:
        if figure.number is None:
            raise refused("Donnez un nombre.")
        return replace(figure, number=_kept(figure.number), numerator=None, denominator=None)
    if figure.numerator is None or figure.denominator is None:
        lacks = "numérateur" if figure.numerator is None else "dénominateur"
        raise refused(f"Il manque le {lacks} : un rapport se calcule de deux nombres.")
    numerator, denominator = _kept(figure.numerator), _kept(figure.denominator)
    if denominator == 0:
        raise Refused(ZERO_DENOMINATOR)
    if denominator < 0:
        raise refused("Le dénominateur est négatif : vérifiez-le, un rapport divise un compte.")
    number = _kept(numerator / denominator * definition.factor)
    return replace(figure, number=number, numerator=numerator, denominator=denominator)


def _kept(number: Decimal | int) -> Decimal:
    """The number to six decimals; raises Refused when it is too large to be kept, or no number."""
    number = Decimal(number)
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Refused(TOO_LARGE)
    rounded = number.quantize(FINEST, ROUND_HALF_UP)
    if abs(rounded) >= LARGEST:
        raise Refused(TOO_LARGE)
    return rounded
