"""Write the annexes of the report: figures missing or provisional, by provider; definitions;
method."""

from collections import defaultdict
from collections.abc import Callable

from conventions.models import Organisation
from evaluation.editions.years import as_published
from evaluation.report.content import DefinitionLine, Means
from evaluation.report.corrected import describe_corrected_money, describe_corrected_years
from evaluation.year.action_lines import Gap, GapsOf
from evaluation.year.reading import FigureReading, YearReading
from indicators.disclosure import is_masked_or_rounded
from indicators.disclosure.words import RULE_REFERENCE, SECRET_EXPLAINED, TOTALS_EXPLAINED
from indicators.models import Kind
from indicators.series.counts import COUNTING


def missing_of(reading: YearReading) -> list[GapsOf]:
    return _by_provider(reading.missing, lambda figure: figure.why_missing)


def provisional_of(reading: YearReading) -> list[GapsOf]:
    return _by_provider(
        reading.provisional,
        lambda row: ", ".join(filter(None, [row.cell.figure.words, " et ".join(row.notes)])),
    )


def _by_provider(
    figures: list[FigureReading], describe: Callable[[FigureReading], str]
) -> list[GapsOf]:
    gaps: dict[Organisation, list[Gap]] = defaultdict(list)
    for figure in figures:
        gaps[figure.cell.entry.provider].append(Gap(figure.title, describe(figure)))
    return [GapsOf(provider.name, of_provider) for provider, of_provider in gaps.items()]


def definitions_of(reading: YearReading) -> list[DefinitionLine]:
    lines = []
    for definition, source in ((row.cell.definition, row.cell.source) for row in reading.figures):
        details = [f"{Kind(definition.kind).label.capitalize()}, en {definition.unit}."]
        if definition.is_ratio:
            times = f" × {definition.factor}" if int(definition.factor) != 1 else ""
            details.append(f"Calcul : {definition.numerator} / {definition.denominator}{times}.")
        if definition.scope:
            details.append(f"Champ : {definition.scope.strip().rstrip('.')}.")
        if definition.limits:
            details.append(f"Limites : {definition.limits.strip().rstrip('.')}.")
        details.append(f"{source.rstrip('.')}.")
        text = definition.definition.strip()
        lines.append(DefinitionLine(definition.title, text, " ".join(details)))
    return lines


def _describe_states(reading: YearReading) -> str:
    """Return how the states, the progress and the money of the actions are to be read."""
    is_term = reading.period.is_term
    when = "la convention" if is_term else "l’année"
    money = (
        "Les montants sont ceux des financements de toutes les années. Les bilans des actions se "
        "lisent dans les évaluations annuelles."
        if is_term
        else f"Les montants sont ceux des financements de {reading.year}. Un bilan est attendu de "
        "chaque action commencée, jusqu’à l’année où elle est terminée ou abandonnée."
    )
    return (
        f"L’état et l’avancement d’une action sont ceux de la fin de {when}, ou du jour de la "
        f"composition si {when} n’est pas finie, tels que ses pilotes les ont indiqués. "
        f"{reading.plan.late_word.rule} "
        "L’avancement est estimé par les pilotes ou, à défaut, calculé : la part des jalons "
        f"atteints, selon leur poids. {money}"
    )


def method_of(reading: YearReading, means: Means) -> list[str]:
    """Return how the document is to be read, in paragraphs."""
    is_term = reading.period.is_term
    compared = (
        f"L’évolution compare le chiffre de {reading.year}, dernière année dont le recueil est "
        "clos, à la situation initiale, à défaut au premier chiffre connu,"
        if is_term
        else "L’évolution compare le chiffre de l’année au dernier chiffre connu avant lui, à "
        "défaut à la situation initiale,"
    )
    paragraphs = [
        "Chaque indicateur est suivi selon la définition que les parties ont acceptée et qui était "
        "en vigueur à l’ouverture du recueil de l’année. Une année mesurée selon une autre "
        "définition ne se compare pas aux précédentes : c’est une rupture de série.",
        f"{compared} dans le sens que les parties souhaitent. Une donnée de contexte n’a pas de "
        f"sens souhaité. {COUNTING}",
        "Le chemin vers une cible est la part parcourue depuis la situation initiale : "
        "(réalisé − situation initiale) / (cible − situation initiale), ramenée entre 0 et 100 %. "
        "Une cible qui demande de rester où l’on est, ou de limiter une perte, est atteinte ou "
        "n’est pas tenue. Le chemin n’est pas calculé quand il manque un de ces chiffres, "
        "ni pour une donnée de contexte. Des indicateurs différents "
        "ne sont pas additionnés ni moyennés : ils sont comptés.",
        "La source de chaque chiffre est indiquée à côté de lui, comme la convention le demande. "
        "Un chiffre absent n’est jamais compté comme zéro.",
    ]
    if reading.series:
        paragraphs.append(
            "Les chiffres de toutes les années, avec leur unité, leur source, la situation "
            "initiale et la cible, sont joints au fichier PDF de ce document, pour un tableur "
            "(CSV) et pour des programmes (JSON), avec les financements."
        )
    if is_term and reading.series:
        paragraphs.append(
            f"Sont montrés les indicateurs que l’année {reading.year} suit, avec leurs chiffres de "
            "toutes les années ; ceux qui ont été abandonnés avant se lisent dans les évaluations "
            "annuelles."
        )
    published = as_published(reading.convention)
    money = describe_corrected_money(reading, published, means.data)
    paragraphs += filter(None, [describe_corrected_years(reading, published), money])
    if reading.actions:
        paragraphs.append(_describe_states(reading))
    if any(row.cell.is_protected for row in reading.figures):
        paragraphs.append(f"{SECRET_EXPLAINED} {TOTALS_EXPLAINED} {RULE_REFERENCE}")
    rules = {
        cell.entry.provider: cell.entry.rule.secrecy
        for cell in (row.cell for row in reading.figures)
        if is_masked_or_rounded(cell.definition, cell.entry.rule)
    }
    paragraphs += [f"Effectifs {o.genitive} : {rule}." for o, rule in rules.items()]
    return paragraphs
