"""Indicators that add up to another one: what is said of girls, of boys and of children tells the
third where two are known, and secrecy heeds it."""

import re

from django.db.models import QuerySet

from ctg_portal.rules import Refusal
from ctg_portal.search import fold
from indicators.models import Calculation, Grain, Indicator

# What a rate is told in: of a hundred, for something; an amount of a year or a month is none.
RATE = re.compile(
    r"%|‰|\b(?:pour|points?|indices?|ratios?)\b"
    r"|(?:/|\bpar\b)(?! ?(?:an|année|semestre|trimestre|mois|semaine|jour)\b)"
)
# What no sum is made of, by its name.
COUNTED = {Grain.TERRITORY: "pour tout le territoire", Grain.COMMUNE: "par commune"}
NO_SUM = re.compile(r"^(?:taux|parts?|pourcentages?|proportions?|ratios?|indices?)\b|\bmedian")
NO_TOTAL = Refusal(
    "Un taux, une part, un indice ou une médiane n’est le total de rien : seuls des effectifs et "
    "des montants s’additionnent."
)


def is_summable(title: str, unit: str, calculation: str) -> bool:
    """Whether two figures of this kind make a third: counts and amounts do; ratios, shares, rates
    and medians do not, whatever is added to them."""
    is_rate = RATE.search(unit.lower()) or NO_SUM.search(fold(title))
    return calculation == Calculation.DIRECT and not is_rate


def that_add_up(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Those of these whose figures may add up to another's."""
    told = indicators.values_list("pk", "title", "unit", "calculation")
    return indicators.filter(pk__in=[pk for pk, *kind in told if is_summable(*kind)])


def not_adding_up(content: dict, row: Indicator | None) -> Refusal | None:
    """Why an indicator is not the total of those that its content names, or would no longer be a
    part of those that name it."""
    named = [link["id"] for link in content["parts"]]
    parts = Indicator.objects.filter(pk__in=named).order_by("pk")
    totals = row.totals.not_withdrawn() if row else []
    if not is_summable(content["title"], content["unit"], content["calculation"]):
        if named:
            return NO_TOTAL
        for total in totals:
            return Refusal(f"« {total} » en est un total : il reste un effectif ou un montant.")
    for part in parts:
        if row and row.pk in _beneath(part):
            return Refusal(f"« {part} » est lui-même un total de cet indicateur.")
        if not is_summable(part.title, part.unit, part.calculation):
            told = f"« {part} » n’est ni un effectif ni un montant : il ne s’additionne pas."
            return Refusal(told)
    return next(filter(None, (_not_alike(one, content) for one in (*parts, *totals))), None)


def _not_alike(other: Indicator, content: dict) -> Refusal | None:
    """Why another is not counted as this one is, so that both may stand in one sum."""
    if other.grain != content["grain"]:
        return Refusal(
            f"« {other} » est compté {COUNTED[other.grain]}, cet indicateur "
            f"{COUNTED[content['grain']]} : ils ne s’additionnent pas."
        )
    if _spelled(other.unit) != _spelled(content["unit"]):
        return Refusal(
            f"« {other} » se compte en « {other.unit} », cet indicateur en « {content['unit']} » : "
            "on n’additionne que ce qui a la même unité."
        )
    return None if other.is_confidential == content["is_confidential"] else _one_alone(other)


def _spelled(unit: str) -> str:
    """A unit as two are compared: « Enfants » is « enfant »."""
    return " ".join(word.rstrip("s") for word in fold(unit).split())


def _one_alone(other: Indicator) -> Refusal:
    return Refusal(
        f"« {other} » et cet indicateur s’additionnent : ils sont soumis tous deux au secret "
        "statistique, ou aucun. L’un dirait l’autre."
    )


def _beneath(total: Indicator) -> set[int]:
    """It, and all that it is the total of, through others too."""
    found, fresh = set(), {total.pk}
    while fresh:
        found |= fresh
        parts = Indicator.objects.filter(totals__in=fresh).values_list("pk", flat=True)
        fresh = set(parts) - found
    return found
