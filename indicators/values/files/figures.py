"""Read the unit, state and source that a line of a file gives of a figure; describe figures."""

import re
from typing import NamedTuple

from conventions.models import Commune, Organisation
from ctg_portal.search.rows import fold
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value
from indicators.values.entry_row import raw_text
from indicators.values.figure import Figure
from spreadsheets.columns.scales import BEFORE, MILLIONS, THOUSANDS

PROVISIONAL = {"provisoire", "prov", "p", "oui", "estime", "estimation", "non definitif"}
NAMED_PROVISIONAL = re.compile(r"\b(?:prov(?:isoires?)?|estim\w*)\b")  # of a column
FINAL = {"definitif", "def", "d", "non", "consolide", "valide", "final"}
# « Montant (en k€) », « Valeur en % », « Nombre (milliers) ».
NAMED_UNIT = re.compile(
    rf"{BEFORE}(?P<unit>{THOUSANDS}|{MILLIONS}|milliards?|€|euros?)(?!\w)|(?P<percent>%)",
    re.IGNORECASE,
)
NAMED_COUNT = re.compile(
    r"[(\[]\s*(?:en\s+)?(?:nombre|nb|nbre|effectifs?|valeur absolue)\s*[)\]]", re.IGNORECASE
)
TWO_NUMBERS = (
    "Cet indicateur se calcule de deux nombres : donnez le numérateur et le dénominateur, ou "
    "écrivez « 12 / 50 »."
)


class Slot(NamedTuple):
    """The place of a figure: an indicator of a collection, for the territory or a commune."""

    entry: CampaignIndicator
    commune: Commune | None = None

    @property
    def key(self) -> str:
        pk = self.entry.pk
        return f"{pk}-{self.commune.pk}" if self.commune else str(pk)


def find_unit(label: str, heading: str, definition: Definition) -> str:
    """Return the unit that a line's label names beyond the indicator's title, else that of its
    column; empty if none does."""
    unit = _unit_in(label)
    if unit and unit.casefold() != _unit_in(definition.title).casefold():
        return unit
    is_count = definition.is_percentage and NAMED_COUNT.search(label)
    return "effectif" if is_count else _unit_in(heading)


def _unit_in(text: str) -> str:
    """Return the unit that a heading or a title names, of those that change what its numbers are;
    empty if it names none."""
    match = NAMED_UNIT.search(text)
    return (match["unit"] or match["percent"]) if match else ""


def parse_provisional(state: str) -> bool | None:
    """Return whether the state of a figure says that it is provisional; None if it says nothing.
    Raise ValueError for another word."""
    if not state or fold(state) in PROVISIONAL | FINAL:
        return fold(state) in PROVISIONAL if state else None
    raise ValueError(f"« {state[:40]} » : écrivez « provisoire » ou « définitif ».")


def source_if_other(source: str, provider: Organisation) -> str:
    """Return the source of a figure, or an empty text if it is its provider's usual one."""
    known = {fold(text) for text in (provider.source, provider.acronym, provider.name)}
    return "" if fold(source) in known else source


def describe_figure(figure: Figure, definition: Definition) -> str:
    """Return a figure in the words of whoever types it, with its comment, reason and source;
    « rien » if it is empty."""
    if figure.is_empty:
        return "rien"
    number = raw_text(Value(number=figure.number, absence=figure.absence), definition)
    details = {
        "provisoire": figure.provisional,
        f"motif : {figure.reason}": figure.reason,
        f"« {figure.comment} »": figure.comment,
        f"source : {figure.source}": figure.source,
    }
    return ", ".join([number, *(text for text, is_given in details.items() if is_given)])
