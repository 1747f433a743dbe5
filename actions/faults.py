"""What is wrong with an action sheet: one answer for form, version and proposal.

``content`` is canonical. Each fault is the field of the commitment it is told beside, and why.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from actions.models.funding import FIRST_YEAR, LAST_YEAR

Fault = tuple[str, str]

TITLE = 200
MOST_FTE = 1000
MOST_EUROS = Decimal(10) ** 10 - 1


def lacking(content: dict) -> Iterator[Fault]:
    """What the parties need to know before they can agree (art. 4). A draft may lack it."""
    for name, reason in [
        ("title", "Une fiche action a un titre."),
        ("theme", "Une fiche action relève d’une partie de la convention : laquelle ?"),
        ("objectives", "Dites ce que l’action sert : un objectif au moins."),
        ("description", "Décrivez l’action : ce qui sera fait."),
        ("leads", "Une action a un pilote : qui la conduit ?"),
        ("starts_on", "Donnez le début de l’action."),
    ]:
        value = content[name]
        if not (value.strip() if isinstance(value, str) else value):
            yield name, reason
    if content["starts_on"] and not content["ends_on"] and not content["is_continuous"]:
        yield "ends_on", "Donnez la fin de l’action, ou dites qu’elle est en continu."
    if not content["is_whole_territory"] and not content["communes"]:
        yield "communes", "Choisissez les communes concernées, ou tout le territoire."


def incoherent(content: dict) -> Iterator[Fault]:
    """What contradicts itself, and no draft may hold either."""
    if len(content["title"]) > TITLE:
        yield "title", f"Un titre a {TITLE} caractères au plus."
    starts_on, ends_on = content["starts_on"], content["ends_on"]
    if starts_on and ends_on and ends_on < starts_on:
        yield "ends_on", "La fin de l’action précède son début."
    if content["is_continuous"] and ends_on:
        yield "ends_on", "Une action en continu n’a pas de fin : effacez l’une des deux."
    if content["is_whole_territory"] and content["communes"]:
        yield (
            "communes",
            (
                "Des communes sont choisies : décochez « tout le territoire », ou ne choisissez "
                "aucune commune."
            ),
        )
    if any(theme == content["theme"] for theme in content["other_themes"]):
        yield "other_themes", "Ceci est déjà ce dont l’action relève d’abord."
    yield from _of_people(content)
    for line in content["fundings"]:
        yield from _of_funding(line)
    if _is_repeated(_line_key(line) for line in content["fundings"]):
        yield (
            "fundings",
            (
                "Deux lignes ont le même financeur, la même année, la même nature et le même "
                "dispositif : réunissez-les."
            ),
        )


def _of_people(content: dict) -> Iterator[Fault]:
    if any(lead["organisation"] is None for lead in content["leads"]):
        yield "leads", "Un pilote a un organisme."
    if _is_repeated((lead["organisation"], lead["name"]) for lead in content["leads"]):
        yield "leads", "Ce pilote est nommé deux fois."
    for means in content["means"]:
        if means["organisation"] is None or means["fte"] is None:
            yield "means", "Un moyen humain a un organisme et un nombre d’ETP."
        elif not 0 < Decimal(means["fte"]) <= MOST_FTE:
            yield "means", f"Un nombre d’ETP est au-dessus de 0, et de {MOST_FTE} au plus."


def _of_funding(line: dict) -> Iterator[Fault]:
    if (line["funder"] is None) == (not line["funder_name"].strip()):
        yield "fundings", "Un financement a un financeur : un organisme de la liste, ou un autre."
    if line["year"] is None or not FIRST_YEAR <= line["year"] <= LAST_YEAR:
        yield "fundings", f"Une année de financement va de {FIRST_YEAR} à {LAST_YEAR}."
    if line["planned"] is None:
        yield "fundings", "Donnez le montant prévu ; 0 s’il n’y en a pas."
    else:
        reason = amount_fault(Decimal(line["planned"]))
        if reason:
            yield "fundings", reason


def amount_fault(amount: Decimal | None) -> str:
    """Why an amount in euros is not taken; empty where it is."""
    if amount is None:
        return ""
    if amount < 0:
        return "Un montant n’est pas négatif."
    if amount > MOST_EUROS:
        return "Un montant a dix chiffres au plus."
    if amount != amount.quantize(Decimal("0.01")):
        return "Un montant a deux décimales au plus."
    return ""


def _line_key(line: dict) -> tuple:
    funder = (line["funder"] or {}).get("id")
    return funder, line["funder_name"], line["year"], line["nature"], line["scheme"]


def _is_repeated(keys) -> bool:
    return any(count > 1 for count in Counter(map(repr, keys)).values())


def faults(content: dict) -> Iterator[Fault]:
    """All of it: what is to be mended before a proposal."""
    yield from lacking(content)
    yield from incoherent(content)
