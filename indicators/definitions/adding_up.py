"""Check the sums that indicators are declared to make: which indicators may be added up, and
whether baselines reveal a secret one by subtraction (disclosure by differencing).
Girls, boys and children: whoever knows two of them knows the third.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import QuerySet

from agreements.models import Version
from conventions.models import Organisation
from ctg_portal.rules import Refusal
from ctg_portal.search.rows import fold
from indicators.definitions.definition import decimal
from indicators.definitions.faults import describe_rule
from indicators.definitions.models import Calculation, Grain, Indicator

# What a rate is counted in: of a hundred, for something; an amount of a year or a month is none.
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
    """Return whether figures of this kind may be added up: counts and amounts may; ratios, shares,
    rates and medians may not."""
    is_rate = RATE.search(unit.lower()) or NO_SUM.search(fold(title))
    return calculation == Calculation.DIRECT and not is_rate


def summable_indicators(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Return those of the indicators whose figures may be added up; all are read for it."""
    rows = indicators.values_list("pk", "title", "unit", "calculation")
    return indicators.filter(pk__in=[pk for pk, *kind in rows if is_summable(*kind)])


def refuse_parts(content: dict, row: Indicator | None) -> Refusal | None:
    """Return why an indicator with this content cannot be the total of the parts that it names, or
    a part of the totals that name it; None if it can. ``row``: the indicator, None for a new one.
    """
    named = [link["id"] for link in content["parts"]]
    parts = Indicator.objects.filter(pk__in=named).order_by("pk")
    totals = row.totals.not_withdrawn() if row else []
    if not is_summable(content["title"], content["unit"], content["calculation"]):
        if named:
            return NO_TOTAL
        for total in totals:
            return Refusal(f"« {total} » en est un total : il reste un effectif ou un montant.")
    for part in parts:
        if row and row.pk in _keys_with_parts(part):
            return Refusal(f"« {part} » est lui-même un total de cet indicateur.")
        if not is_summable(part.title, part.unit, part.calculation):
            reason = f"« {part} » n’est ni un effectif ni un montant : il ne s’additionne pas."
            return Refusal(reason)
    return next(filter(None, (_refuse_unlike(other, content) for other in (*parts, *totals))), None)


def _refuse_unlike(other: Indicator, content: dict) -> Refusal | None:
    """Return why an indicator cannot stand in one sum with a content: another grain, unit or
    secrecy; None if it can."""
    if other.grain != content["grain"]:
        return Refusal(
            f"« {other} » est compté {COUNTED[other.grain]}, cet indicateur "
            f"{COUNTED[content['grain']]} : ils ne s’additionnent pas."
        )
    if _normalize_unit(other.unit) != _normalize_unit(content["unit"]):
        return Refusal(
            f"« {other} » se compte en « {other.unit} », cet indicateur en « {content['unit']} » : "
            "on n’additionne que ce qui a la même unité."
        )
    if other.is_confidential != content["is_confidential"]:
        return Refusal(
            f"« {other} » et cet indicateur s’additionnent : ils sont soumis tous deux au secret "
            "statistique, ou aucun. L’un dirait l’autre."
        )
    return None


def _normalize_unit(unit: str) -> str:
    """Return a unit as two are compared: folded, in the singular; « Enfants » becomes « enfant
    »."""
    return " ".join(word.rstrip("s") for word in fold(unit).split())


def _keys_with_parts(total: Indicator) -> set[int]:
    """Return the primary keys of an indicator and of all its parts, at any depth."""
    known, fresh = set(), {total.pk}
    while fresh:
        known |= fresh
        parts = Indicator.objects.filter(totals__in=fresh).values_list("pk", flat=True)
        fresh = set(parts) - known
    return known


def refuse_revealing_baseline(content: dict, row: Indicator | None) -> Refusal | None:
    """Return why the baseline of a content may not be stated, or None: with the others of its year
    it would reveal one under its provider's threshold, among the contents in force or among those
    proposed. None without a baseline under secrecy, and for a new indicator (``row`` is None)
    without parts."""
    year = content["baseline_year"]
    if content["baseline_value"] is None or year is None or not content["is_confidential"]:
        return None
    named = [link["id"] for link in content["parts"]]
    indicator = row or Indicator.objects.filter(pk__in=named).first()
    if indicator is None:
        return None
    others = Indicator.objects.of(indicator.convention).not_withdrawn().exclude(pk=row and row.pk)
    live = list(Version.objects.about_rows(others).live().order_by("number"))
    now = {version.object_id: version.content for version in reversed(live)}
    soon = {version.object_id: version.content for version in live}
    # What is new has no key yet.
    own = {row.pk if row else 0: content}
    for standing in (now | own, soon | own):
        if pk := _revealed_baseline(standing, year):
            revealed = standing[pk]
            provider = Organisation.objects.get(pk=revealed["provider"]["id"])
            return Refusal(
                f"{describe_rule(provider)} Avec les situations initiales de ceux qui "
                f"s’additionnent, celle-ci donnerait celle de « {revealed['title']} » : laissez-la "
                "vide."
            )
    return None


def _revealed_baseline(contents: dict[int, dict], year: int) -> int | None:
    """Return the key of an indicator whose baseline, under its provider's threshold, follows from
    the others of the year by subtraction; None if none does. ``contents``: by the same key. What
    can be deduced is added to the known baselines until nothing new follows."""
    known_values = {
        pk: decimal(content["baseline_value"])
        for pk, content in contents.items()
        if content["baseline_year"] == year and content["baseline_value"] is not None
    }
    sums = {pk: [link["id"] for link in content["parts"]] for pk, content in contents.items()}
    thresholds = {provider.pk: provider.threshold for provider in Organisation.objects.all()}
    has_new = True
    while has_new:
        has_new = False
        for total, parts in ((total, parts) for total, parts in sums.items() if parts):
            left_out = [pk for pk in (total, *parts) if pk not in known_values]
            known = sum(known_values[pk] for pk in parts if pk in known_values)
            if not left_out or (total in left_out and len(left_out) > 1):
                continue
            left = known if total in left_out else known_values[total] - known
            if small := _first_below_threshold(
                left, [pk for pk in left_out if pk in contents], contents, thresholds
            ):
                return small
            if len(left_out) == 1 and left >= 0:
                known_values[left_out[0]], has_new = left, True
    return None


def _first_below_threshold(
    left: Decimal, keys: Iterable[int], contents: Mapping[int, dict],
    thresholds: Mapping[int, int | None],
) -> int | None:  # fmt: skip
    """Return the first key of an indicator whose provider would not show a number as small as
    ``left``; None if all would. ``thresholds``: by provider."""
    for pk in keys:
        provider = contents[pk]["provider"]
        threshold = provider and thresholds.get(provider["id"])
        if threshold and 0 < left < threshold:
            return pk
    return None
