"""Indicators that add up to another one: what is said of girls, of boys and of children tells the
third where two are known, and secrecy heeds it."""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet

from agreements.models import Version
from conventions.models import Organisation
from ctg_portal.rules import Refusal
from ctg_portal.search import fold
from indicators.definitions.definition import decimal
from indicators.definitions.faults import rule_told
from indicators.definitions.models import Calculation, Grain, Indicator

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


def told_by_baselines(content: dict, row: Indicator | None) -> Refusal | None:
    """Why a baseline is not told: with those of the same year that add up with it, it would tell
    one that its provider's rule does not show. What is proposed is read as what is in force is."""
    year = content["baseline_year"]
    if content["baseline_value"] is None or year is None or not content["is_confidential"]:
        return None
    named = [link["id"] for link in content["parts"]]
    one = row or Indicator.objects.filter(pk__in=named).first()
    if one is None:
        return None
    others = Indicator.objects.of(one.convention).not_withdrawn().exclude(pk=row and row.pk)
    live = list(Version.objects.about_rows(others).live().order_by("number"))
    now = {version.object_id: version.content for version in reversed(live)}
    soon = {version.object_id: version.content for version in live}
    # What is new has no key yet.
    own = {row.pk if row else 0: content}
    for standing in (now | own, soon | own):
        if found := _told_beside(standing, year):
            return _told_of(standing[found])
    return None


def _told_beside(contents: dict[int, dict], year: int) -> int | None:
    """The one that the baselines of a year tell, and that is small by the rule of its provider, or
    of which they tell that what several are together is."""
    told = {
        pk: decimal(content["baseline_value"])
        for pk, content in contents.items()
        if content["baseline_year"] == year and content["baseline_value"] is not None
    }
    sums = {pk: [link["id"] for link in one["parts"]] for pk, one in contents.items()}
    thresholds = {one.pk: one.threshold for one in Organisation.objects.all()}
    is_more = True
    while is_more:
        is_more = False
        for total, parts in ((total, parts) for total, parts in sums.items() if parts):
            left_out = [pk for pk in (total, *parts) if pk not in told]
            known = sum(told[pk] for pk in parts if pk in told)
            if not left_out or (total in left_out and len(left_out) > 1):
                continue
            left = known if total in left_out else told[total] - known
            if small := _small(
                left, [pk for pk in left_out if pk in contents], contents, thresholds
            ):
                return small
            if len(left_out) == 1 and left >= 0:
                told[left_out[0]], is_more = left, True
    return None


def _small(left: Decimal, of: Iterable[int], contents, thresholds) -> int | None:
    """Which of these has a provider that would not show so few."""
    for pk in of:
        provider = contents[pk]["provider"]
        threshold = provider and thresholds.get(provider["id"])
        if threshold and 0 < left < threshold:
            return pk
    return None


def _told_of(content: dict) -> Refusal:
    provider = Organisation.objects.get(pk=content["provider"]["id"])
    return Refusal(
        f"{rule_told(provider)} Avec les situations initiales de ceux qui s’additionnent, celle-ci "
        f"donnerait celle de « {content['title']} » : laissez-la vide."
    )
