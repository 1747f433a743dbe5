"""Hold a figure as somebody gives it, before it is a value: a number, or a stated absence (rule
5)."""

import datetime
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from agreements.commitments.canonical import plain
from ctg_portal.rules import Refusal, Refused
from ctg_portal.text.numbers import NEVER_BELOW_ZERO
from indicators.definitions.definition import Definition
from indicators.definitions.models import FINEST
from indicators.figures.values import Absence, Value

LARGEST = Decimal(10) ** 12  # 18 digits, six of them decimals
FIELDS = ("number", "numerator", "denominator", "absence", "reason", "comment", "provisional",
          "observed_from", "observed_until", "source")  # fmt: skip
LONGEST_SOURCE = 300


# What a text begins with that was said of another year, until somebody says it of this one.
TAKEN_OVER = re.compile(r"Repris de \d{4}\s*: ?")


def mark_taken_over(year: int, text: str) -> str:
    """Return a text of an earlier year with its mark, « Repris de 2023 : … », in place of one that
    it has already."""
    return f"Repris de {year}\u00a0: {TAKEN_OVER.sub('', text, count=1)}"


def is_taken_over(text: str) -> bool:
    """Return whether a text still has the mark of another year."""
    return bool(TAKEN_OVER.match(text))


@dataclass(frozen=True)
class Figure:
    """A figure as somebody gives it, of one indicator and year. ``absence``: an ``Absence``, with
    its ``reason``; empty for a number. For a ratio ``numerator`` and ``denominator`` are given, and
    ``number`` follows. ``observed_from``, ``observed_until``: None for the whole year; ``source``:
    empty for the provider's usual one.
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
        """Whether it has neither a number nor an absence."""
        numbers = (self.number, self.numerator, self.denominator)
        return not self.absence and all(number is None for number in numbers)


TOO_LARGE = Refusal("Ce nombre est trop grand : vérifiez ce qui est compté, et l’unité.")
BELOW_ZERO = Refusal(f"Ce nombre {NEVER_BELOW_ZERO}")
ZERO_DENOMINATOR = Refusal(
    "Le dénominateur est nul : le rapport n’existe pas. Choisissez « sans objet », avec le motif."
)


def normalize(
    figure: Figure, definition: Definition, observed: tuple[datetime.date, datetime.date]
) -> Figure:
    """Return the figure as it is stored: texts cleaned, ratio computed, period filled in from
    ``observed`` (the first and last day of the year), six decimals. Raise Refused if it has both a
    number and an absence, or neither, an absence without a reason, or a number that cannot be.
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
        raise refused_because("La période observée finit avant de commencer.")
    if len(figure.source) > LONGEST_SOURCE:
        raise refused_because(f"La source tient en {LONGEST_SOURCE} caractères.")
    return _normalize_absence(figure) if figure.absence else _normalize_number(figure, definition)


def refused_because(reason: str) -> Refused:
    return Refused(Refusal(reason))


def _normalize_absence(figure: Figure) -> Figure:
    """Return a stated absence, never provisional. Raise Refused beside a number, or without a
    reason."""
    if figure.absence not in Absence.values:
        raise refused_because("Dites si la donnée est non disponible ou sans objet.")
    if any(n is not None for n in (figure.number, figure.numerator, figure.denominator)):
        raise refused_because("Donnez un nombre, ou dites pourquoi il n’y en a pas : pas les deux.")
    if not figure.reason:
        raise refused_because(f"Dites pourquoi la donnée est {Absence(figure.absence).label}.")
    return replace(figure, provisional=False)


def _normalize_number(figure: Figure, definition: Definition) -> Figure:
    """Return a number without a reason; for a ratio computed from its terms, else without terms."""
    figure = replace(figure, reason="")
    if not definition.is_ratio:
        if figure.number is None:
            raise refused_because("Donnez un nombre.")
        number = _quantize(figure.number)
        if number < 0 and not definition.allows_negative:
            raise Refused(BELOW_ZERO)
        return replace(figure, number=number, numerator=None, denominator=None)
    if figure.numerator is None or figure.denominator is None:
        lacks = "numérateur" if figure.numerator is None else "dénominateur"
        raise refused_because(f"Il manque le {lacks} : un rapport se calcule de deux nombres.")
    numerator, denominator = _quantize(figure.numerator), _quantize(figure.denominator)
    if denominator == 0:
        raise Refused(ZERO_DENOMINATOR)
    if denominator < 0:
        raise refused_because(
            "Le dénominateur est négatif : vérifiez-le, un rapport divise un compte."
        )
    if numerator < 0 and not definition.allows_negative:
        raise Refused(BELOW_ZERO)
    number = _quantize(numerator / denominator * definition.factor)
    return replace(figure, number=number, numerator=numerator, denominator=denominator)


def _quantize(number: Decimal | int) -> Decimal:
    """Return the number with six decimals. Raise Refused if it is too large, or no number."""
    number = Decimal(number)
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Refused(TOO_LARGE)
    rounded = number.quantize(FINEST, ROUND_HALF_UP)
    if abs(rounded) >= LARGEST:
        raise Refused(TOO_LARGE)
    return rounded
