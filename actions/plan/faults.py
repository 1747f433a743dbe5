"""Find what is wrong with an action sheet, for form, version and proposal alike.

``content`` is canonical. A fault is the field of the commitment beside which it is shown, and the
reason.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db.models import Model

from actions.plan.models import (
    FIRST_YEAR,
    LAST_YEAR,
    Action,
    Funding,
    Lead,
    Means,
    Nature,
    Priority,
)
from ctg_portal.templatetags.french import long_date

Fault = tuple[str, str]

TITLE = Action._meta.get_field("title").max_length
MOST_FTE = 1000
CENT = Decimal("0.01")
MOST_EUROS = Decimal(10) ** 10 - CENT
YEAR_MISTYPED = f"Vérifiez l’année : elle va de {FIRST_YEAR} à {LAST_YEAR}."
LINE_TWICE = (
    "Deux lignes ont le même financeur, la même année, la même nature et le même dispositif : "
    "réunissez-les."
)


def faults(content: dict) -> Iterator[Fault]:
    """Yield all that has to be corrected before the sheet is proposed: empty fields, then
    contradictions."""
    yield from missing_fields(content)
    yield from incoherent(content)


def missing_fields(content: dict) -> Iterator[Fault]:
    """Yield the empty fields that the parties need to agree (art. 4); a draft may lack them."""
    for name, reason in [
        ("title", "Une fiche action a un titre."),
        ("theme", "Une fiche action relève d’une partie de la convention : laquelle ?"),
        ("objectives", "Dites ce que l’action sert, dans la convention."),
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
    """Yield the fields that contradict each other or fit no row; no draft has them either."""
    yield from overlong(Action, content)
    if content["priority"] not in Priority.values:
        yield "priority", "Une priorité est haute, moyenne ou basse."
    yield from _calendar_faults(content)
    if content["is_whole_territory"] and content["communes"]:
        yield (
            "communes",
            (
                "Des communes sont choisies : décochez « tout le territoire », ou ne choisissez "
                "aucune commune."
            ),
        )
    if _id(content["theme"]) in map(_id, content["other_themes"]):
        yield "other_themes", "Ceci est déjà ce dont l’action relève d’abord."
    yield from _lead_faults(content["leads"])
    yield from _means_faults(content["means"])
    for line in content["fundings"]:
        for reason in line_faults(line):
            yield "fundings", reason
        if line["planned"] is None:
            yield "fundings", "Donnez le montant prévu ; 0 s’il n’y en a pas."
        elif reason := amount_fault(Decimal(line["planned"])):
            yield "fundings", reason
    if _is_repeated(line_key(line) for line in content["fundings"]):
        yield "fundings", LINE_TWICE


def _calendar_faults(content: dict) -> Iterator[Fault]:
    """Yield mistyped years, an end before the start, and an end of what goes on continuously."""
    starts_on, ends_on = content["starts_on"], content["ends_on"]
    for name in ("starts_on", "ends_on"):
        if is_mistyped(content[name]):
            yield name, YEAR_MISTYPED
    if starts_on and ends_on and ends_on < starts_on:
        yield "ends_on", "La fin de l’action précède son début."
    if content["is_continuous"] and ends_on:
        yield (
            "ends_on",
            "Une action en continu n’a pas de fin : effacez la date, ou décochez « En continu ».",
        )


def _lead_faults(leads: list[dict]) -> Iterator[Fault]:
    """Yield leads without an organisation, named twice, or with a text too long."""
    if any(lead["organisation"] is None for lead in leads):
        yield "leads", "Un pilote a un organisme."
    if _is_repeated((_id(lead["organisation"]), lead["name"]) for lead in leads):
        yield "leads", "Ce pilote est nommé deux fois."
    for lead in leads:
        for _, reason in overlong(Lead, lead):
            yield "leads", reason


def _means_faults(rows: list[dict]) -> Iterator[Fault]:
    """Yield staff without organisation, or whose number is missing, out of range, too precise."""
    for means in rows:
        for _, reason in overlong(Means, means):
            yield "means", reason
        if means["organisation"] is None or means["fte"] is None:
            yield "means", "Un moyen humain a un organisme et un nombre d’ETP."
            continue
        fte = Decimal(means["fte"])
        if not 0 < fte <= MOST_FTE:
            yield "means", f"Un nombre d’ETP est au-dessus de 0, et de {MOST_FTE} au plus."
        elif fte != fte.quantize(CENT):
            yield "means", "Un nombre d’ETP a deux décimales au plus."


def line_faults(line: dict) -> Iterator[str]:
    """Yield what is wrong with the key of a funding line: funder, year, nature, scheme."""
    funder, name = line["funder"], line["funder_name"]
    if (funder and name) or not (funder or name.strip()):
        yield "Un financement a un financeur : un organisme de la liste, ou un autre."
    if line["year"] is None or not FIRST_YEAR <= line["year"] <= LAST_YEAR:
        yield f"Une année de financement va de {FIRST_YEAR} à {LAST_YEAR}."
    if line["nature"] not in Nature.values:
        yield "Un financement est de fonctionnement ou d’investissement."
    yield from (reason for _, reason in overlong(Funding, line))


def period_faults(action: Action, title: str, due_on: str) -> Iterator[str]:
    """Yield why a milestone cannot be due on a day (ISO): before the action begins, or after."""
    if action.starts_on and due_on < action.starts_on.isoformat():
        yield f"« {title} » est avant le début de l’action, le {long_date(action.starts_on)}."
    if action.ends_on and due_on > action.ends_on.isoformat():
        yield f"« {title} » est après la fin de l’action, le {long_date(action.ends_on)}."


def amount_fault(amount: Decimal | None) -> str:
    """Return why an amount in euros is refused; empty where it is accepted, or absent."""
    if amount is None:
        return ""
    if amount < 0:
        return "Un montant n’est pas négatif."
    if amount > MOST_EUROS:
        return "Un montant a dix chiffres au plus."
    if amount != amount.quantize(CENT):
        return "Un montant a deux décimales au plus."
    return ""


def overlong(model: type[Model], values: dict) -> Iterator[tuple[str, str]]:
    """Yield the fields whose text is too long for the column of ``model``, with the reason."""
    for column in model._meta.concrete_fields:
        value, longest = values.get(column.name), column.max_length
        if longest and isinstance(value, str) and len(value) > longest:
            label = str(column.verbose_name)
            yield column.name, f"{label[0].upper()}{label[1:]} : {longest} caractères au plus."


def is_mistyped(day: str | None) -> bool:
    """Return whether an ISO date lies outside the years that a plan may have: browsers send
    « 0202 » while a year is typed. An empty one does not."""
    return bool(day) and not FIRST_YEAR <= int(day[:4]) <= LAST_YEAR


def line_key(line: dict) -> tuple[int | str | None, ...]:
    """Return the key that identifies a funding line within its action."""
    return (
        _id(line["funder"]), line["funder_name"], line["year"], line["nature"], line["scheme"]
    )  # fmt: skip


def _id(link: dict | None) -> int | None:
    return link and link["id"]


def _is_repeated(keys: Iterable[tuple]) -> bool:
    return any(count > 1 for count in Counter(keys).values())
