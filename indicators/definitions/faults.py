"""What is wrong with the definition of an indicator: one answer for form, version and proposal.

``content`` is canonical. Each fault is a field of the commitment, beside which it shows, and why.
"""

import re
from collections.abc import Iterator

from conventions.models import Organisation
from ctg_portal.search.rows import fold
from ctg_portal.text.numbers import NEVER_BELOW_ZERO
from indicators.definitions.definition import counts_people, decimal
from indicators.definitions.models import Aggregation, Calculation, Grain

PER_HUNDRED = re.compile(r"\bpour (100|cent)\b(?! \d{3}\b)")
LARGEST_FACTOR = 1_000_000
FIRST_YEAR = 1900

WHY_OPEN = (
    "Il compte des personnes ou des foyers : dites pourquoi le secret statistique ne s’y applique "
    "pas, ou soumettez-le au secret."
)
# How the figures of communes make one.
NOT_OF_COMMUNES = "Le chiffre du territoire se calcule à partir de chiffres par commune."
NOT_SO_AGGREGATED = (
    "Des valeurs directes s’additionnent ; des rapports donnent le rapport de leurs sommes."
)
AGGREGATIONS = {Calculation.DIRECT: Aggregation.SUM, Calculation.RATIO: Aggregation.RATIO}

Fault = tuple[str, str]


def lacking(content: dict) -> Iterator[Fault]:
    """Yield, for each field that is not filled in, what the parties must know before they can agree
    (art. 7), and a factor that does not suit the unit. A draft may have these faults."""
    for name, reason in [
        ("title", "Un indicateur a un libellé."),
        ("unit", "Un indicateur a une unité."),
        ("definition", "Un indicateur a une définition : ce qui est compté, et comment."),
        ("theme", "Un indicateur relève d’une partie de la convention : laquelle ?"),
        ("provider", "Un indicateur a un fournisseur : l’organisme qui a le chiffre."),
    ]:
        value = content[name]
        if not (value.strip() if isinstance(value, str) else value):
            yield name, reason
    is_about_people = counts_people(content["unit"], content["title"], content["calculation"])
    is_open = not content["is_confidential"] and not content["not_confidential_reason"].strip()
    if is_about_people and is_open:
        yield "not_confidential_reason", WHY_OPEN
    if content["calculation"] == Calculation.RATIO:
        for name in ("numerator", "denominator"):
            if not content[name].strip():
                yield name, "Un rapport a un numérateur et un dénominateur, décrits tous les deux."
        if is_per_hundred(content["unit"]) and content["factor"] != 100:
            yield "factor", "Une unité en % ou « pour 100 » est un rapport multiplié par 100."


def is_per_hundred(unit: str) -> bool:
    """Return whether a unit is « % » or « places pour 100 enfants »; « pour 100 000 habitants » is
    not."""
    return unit.strip().startswith("%") or bool(PER_HUNDRED.search(fold(unit)))


def incoherent(content: dict) -> Iterator[Fault]:
    """Yield the contradictions of a content, which not even a draft may hold."""
    minimum, maximum = decimal(content["minimum"]), decimal(content["maximum"])
    if minimum is not None and maximum is not None and minimum > maximum:
        yield "maximum", "La valeur plausible la plus basse dépasse la plus haute."
    yield from _below_zero(content)
    if content["baseline_value"] is not None and content["baseline_year"] is None:
        yield "baseline_year", "Une situation initiale est celle d’une année : laquelle ?"
    aggregation, wanted = content["aggregation"], AGGREGATIONS[content["calculation"]]
    if aggregation != Aggregation.NONE and content["grain"] != Grain.COMMUNE:
        yield "aggregation", NOT_OF_COMMUNES
    elif aggregation not in (wanted, Aggregation.NONE):
        yield "aggregation", NOT_SO_AGGREGATED
    if content["parts"] and content["calculation"] == Calculation.RATIO:
        yield "parts", "Un rapport n’est le total de rien : ses termes s’additionnent, pas lui."
    if not 1 <= content["factor"] <= LARGEST_FACTOR:
        yield "factor", "Le rapport est multiplié par un nombre de 1 à un million."
    if not 0 <= content["decimals"] <= 6:
        yield "decimals", "Un indicateur a six décimales au plus."
    years = [target["year"] for target in content["targets"]]
    if len(years) != len(set(years)):
        yield "targets", "Une année a une cible, et une seule."


def _below_zero(content: dict) -> Iterator[Fault]:
    """Yield the baseline, targets and bounds below zero of what may not be."""
    if content["allows_negative"]:
        return
    for name in ("baseline_value", "minimum", "maximum"):
        if (decimal(content[name]) or 0) < 0:
            yield name, f"Ce nombre {NEVER_BELOW_ZERO}"
    if any((decimal(target["value"]) or 0) < 0 for target in content["targets"]):
        yield "targets", f"Le nombre d’une cible {NEVER_BELOW_ZERO}"


def secret_baseline(content: dict, provider: Organisation | None) -> Iterator[Fault]:
    """Yield the fault of a baseline that the provider's secrecy rule (art. 5) would mask or round;
    nothing for ratios, and without secrecy, baseline or provider. What the parties agree to is read
    by everybody and never changes, so it is refused before."""
    baseline = decimal(content["baseline_value"])
    is_count = content["is_confidential"] and content["calculation"] == Calculation.DIRECT
    if provider is None or baseline is None or not is_count:
        return
    if provider.threshold and 0 < baseline < provider.threshold:
        yield "baseline_value", f"{describe_rule(provider)} Laissez la situation initiale vide."
    if provider.rounding_base and baseline % provider.rounding_base:
        yield "baseline_value", f"{describe_rule(provider)} Arrondissez la situation initiale."


def describe_rule(provider: Organisation) -> str:
    """Return the sentence that names a provider's secrecy rule, said beside what it refuses."""
    return f"Effectifs {provider.genitive} : {provider.secrecy}."


def faults(content: dict) -> Iterator[Fault]:
    """Yield what must be mended before a proposal: what is lacking, then what is incoherent."""
    yield from lacking(content)
    yield from incoherent(content)
