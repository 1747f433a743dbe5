"""Indicators that add up to another one: what is said of girls, of boys and of children tells the
third where two are known, and secrecy heeds it."""

from ctg_portal.rules import Refusal
from indicators.models import Calculation, Grain, Indicator


def not_adding_up(content: dict, row: Indicator | None) -> Refusal | None:
    """Why an indicator is not the total of those that its content names, or would no longer be a
    part of those that name it."""
    named = [link["id"] for link in content["parts"]]
    for part in Indicator.objects.filter(pk__in=named).order_by("pk"):
        if row and row.pk in _beneath(part):
            return Refusal(f"« {part} » est lui-même un total de cet indicateur.")
        if not Indicator.objects.that_add_up().filter(pk=part.pk).exists():
            return Refusal(f"« {part} » n’est pas compté par commune : il ne s’additionne pas.")
        if part.is_confidential != content["is_confidential"]:
            return _one_alone(part)
    for total in row.totals.not_withdrawn() if row else ():
        is_counted = content["calculation"] == Calculation.DIRECT
        if content["grain"] != Grain.COMMUNE or not is_counted:
            return Refusal(f"« {total} » en est un total : il reste un nombre compté par commune.")
        if total.is_confidential != content["is_confidential"]:
            return _one_alone(total)
    return None


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
