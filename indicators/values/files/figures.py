"""What a line of a file says of an indicator: a figure, read as one that is typed is read."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from conventions.models import Commune, Organisation
from ctg_portal.forms.revisions import revision_of
from ctg_portal.rules import Refused
from ctg_portal.search.rows import fold
from ctg_portal.text.numbers import SHORTEST
from indicators.definitions.definition import Definition
from indicators.disclosure import is_protected
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value
from indicators.values.entry_row import raw_text
from indicators.values.figure import Figure, normalize
from indicators.values.files import headings as named
from indicators.values.forms import DetailForm, match_absence
from indicators.values.tables import definition_for_commune
from spreadsheets.matching.questions import Asking, Choice
from spreadsheets.matching.scales import BEFORE, MILLIONS, THOUSANDS
from spreadsheets.matching.tables import Row, Table
from spreadsheets.matching.typed import ERASE, Wrong, typed_in
from spreadsheets.reading.cells import Cell, spelled

PROVISIONAL = {"provisoire", "prov", "p", "oui", "estime", "estimation", "non definitif"}
SAID_PROVISIONAL = re.compile(r"\b(?:prov(?:isoires?)?|estim\w*)\b")  # of a column
FINAL = {"definitif", "def", "d", "non", "consolide", "valide", "final"}
NO_UNIT = {"", "nb", "nbre", "nombre", "n", "u", "unite", "effectif", "valeur"}
# « Montant (en k€) », « Valeur en % », « Nombre (milliers) ».
UNIT_SAID = re.compile(
    rf"{BEFORE}(?P<unit>{THOUSANDS}|{MILLIONS}|milliards?|€|euros?)(?!\w)|(?P<percent>%)",
    re.IGNORECASE,
)
COUNT_SAID = re.compile(
    r"[(\[]\s*(?:en\s+)?(?:nombre|nb|nbre|effectifs?|valeur absolue)\s*[)\]]", re.IGNORECASE
)
SCALED_MONEY = re.compile(
    r"(?<!\w)(?:k ?€|m ?€|k ?euros?|(?:milliers?|millions?) d.euros?)(?!\w)", re.IGNORECASE
)
MOST_SHARE = 10  # a thousand per cent
TWO_NUMBERS = (
    "Cet indicateur se calcule de deux nombres : donnez le numérateur et le dénominateur, ou "
    "écrivez « 12 / 50 »."
)
ONE_NUMBER = "Cet indicateur est un seul nombre : donnez-le sous « Valeur »."
IN_THE_COLUMN = "Écrivez-le dans une colonne « Motif », sur la même ligne."
GIVEN_ALREADY = (
    "Cette valeur a déjà été transmise : elle ne s’efface plus. Corrigez-la, ou écrivez « n.d. », "
    "avec le motif."
)


class Slot(NamedTuple):
    """Where a figure goes: an indicator of a collection, of the territory or of a commune."""

    entry: CampaignIndicator
    commune: Commune | None = None

    @property
    def key(self) -> str:
        pk = self.entry.pk
        return f"{pk}-{self.commune.pk}" if self.commune else str(pk)


@dataclass(frozen=True)
class Given:
    """What a file says of an indicator, or of one commune: its cells by meaning, and in which line.
    ``note``: how the figure was come by, where it was computed here."""

    entry: CampaignIndicator
    row: Row
    cells: dict[str, Cell]
    note: str = ""
    commune: Commune | None = None

    @property
    def slot(self) -> "Slot":
        return Slot(self.entry, self.commune)

    @property
    def says_nothing(self) -> bool:
        """Whether its line leaves all cells empty that could change something."""
        return not any(name in self.cells for name in (*named.NUMBERS, *named.TEXTS))

    @property
    def place(self) -> str:
        cells = [self.cells[name] for name in named.NUMBERS if name in self.cells]
        return (cells or [self.row.first])[0].address

    @property
    def heading(self) -> str:
        """What the column of its figure is called in the file."""
        cell = self.cells.get(named.VALUE)
        column = cell and self.row.table.by_number.get(cell.column)
        return column.heading.text if column and column.heading else ""

    @property
    def label(self) -> str:
        title = self.entry.version.content["title"]
        return f"{title} – {self.commune}" if self.commune else title

    def text(self, name: str) -> str:
        cell = self.cells.get(name)
        return cell.text.strip() if cell else ""

    def place_of(self, field: str) -> str:
        """Where what a field of the form holds was written."""
        name = {"figure": named.VALUE, "provisional": named.STATE}.get(field, field)
        cell = self.cells.get(name)
        return cell.address if cell else self.place


def figure_of(given: Given, value: Value | None, asking: Asking) -> Figure | None:
    """The figure that a line says, what it leaves empty kept as in ``value``; an empty one where
    it is to be erased, None where the line says nothing. Raises Wrong."""
    definition = Definition.of(given.entry.version)
    if given.commune is not None:
        definition = definition_for_commune(definition)
    typed = _numbers_typed(given, definition, asking)
    if any(fold(text) in ERASE for text in typed.values()):
        if value is not None and (value.is_shown or value.is_returned):
            raise Wrong((given.place, GIVEN_ALREADY))
        return Figure()
    if not typed and value is None:
        return None
    _check_unit(given, definition)
    form = _form(given, value, definition, typed)
    if not form.is_valid():
        wrong = [
            (given.place_of(name), f"{text} {IN_THE_COLUMN}" if name == "reason" else text)
            for name, told in form.errors.items()
            for text in told
        ]
        raise Wrong(*dict.fromkeys(wrong))
    try:
        figure = form.given(Figure.of(value) if value else Figure())
        return normalize(figure, definition, given.entry.campaign.observed)
    except Refused as refused:
        raise Wrong((given.place, refused.refusal.reason)) from refused


def _numbers_typed(given: Given, definition: Definition, asking: Asking) -> dict[str, str]:
    """What stands where numbers are asked, by the name of the field."""
    typed = {
        name: text
        for name in named.NUMBERS
        if (text := typed_in(given.cells.get(name), given.label, asking)) is not None
    }
    whole = typed.pop(named.VALUE, None)
    if not definition.is_ratio:
        if whole is None and typed:
            raise Wrong((given.place, ONE_NUMBER))
        return {} if whole is None else {"figure": _as_share(whole, given, definition, asking)}
    if typed or whole is None:
        return typed
    if match_absence(whole) or fold(whole) in ERASE:
        return {named.NUMERATOR: whole}
    if not any(c.isdigit() for c in whole):
        return {named.NUMERATOR: whole}  # words, which are answered as such
    terms = [term.strip() for term in whole.replace(" sur ", "/").split("/")]
    if len(terms) != 2 or not all(any(c.isdigit() for c in term) for term in terms):
        raise Wrong((given.place, TWO_NUMBERS))
    return dict(zip((named.NUMERATOR, named.DENOMINATOR), terms, strict=True))


def _as_share(text: str, given: Given, definition: Definition, asking: Asking) -> str:
    """A percentage whose cell is a plain number up to one: as a share or not, as was answered for
    its column, or in a wide sheet for its indicator. So is a larger one beside shares: « 1,12 »
    below « 0,95 »."""
    cell = given.cells[named.VALUE]
    number = cell.plain_number if definition.is_percentage else None
    if not number or abs(number) >= MOST_SHARE:
        return text
    is_above = abs(number) > 1
    if is_above and not given.row.table.has_fraction_beside(cell):
        return text
    about = given.entry.indicator.code if given.row.table.sheet.is_rewritten else "colonne"
    percent = spelled(number * 100)
    answer = asking.ask(
        f"part:{about}{':plus' if is_above else ''}",
        f"{given.label} : {text} est-il une part (soit {percent} %), ou {text} % ?",
        cell.address,
        [Choice("part", f"une part : {percent} %"), Choice("pourcentage", f"{text} %")],
    )
    if not answer:
        raise Wrong((cell.address, f"{text} : dites si c’est {percent} % ou {text} %."))
    return f"{percent} %" if answer == "part" else text


def _check_unit(given: Given, definition: Definition) -> None:
    """What a file counts in: by a column of units, the heading of the figure, or the title above,
    « en k€ » of all that is counted in euros."""
    said = given.text(named.UNIT)
    place = given.cells[named.UNIT].address if said else given.place
    ours = _unit(definition.unit)
    if not said and not definition.is_ratio:
        said = find_unit(given.row.text(named.LABEL), given.heading, definition)
        if not said and "euro" in ours:
            scaled = SCALED_MONEY.search(given.row.table.title)
            said = scaled[0] if scaled else ""
    theirs = _unit(said)
    is_nothing = theirs in NO_UNIT and not (definition.is_percentage and theirs == "effectif")
    if is_nothing or _is_said_in(theirs, ours) or theirs.split()[:1] == ours.split()[:1]:
        return
    if set(NO_UNIT - {""}) & set(theirs.split()[:1]) and set(theirs.split()) & set(ours.split()):
        return  # « nb de places »
    text = (
        f"Le fichier compte en « {said} », l’indicateur en « {definition.unit} » : convertissez, "
        "ou corrigez l’unité."
    )
    raise Wrong((place, text))


def _is_said_in(theirs: str, ours: str) -> bool:
    """Whether each word of a unit is one of the other, or begins one: « enf. » is « enfant », an
    hour no inhabitant."""
    words = ours.split()
    return all(
        word in words or (len(word) >= SHORTEST and any(one.startswith(word) for one in words))
        for word in theirs.split()
    )


def find_unit(label: str, heading: str, definition: Definition) -> str:
    """Return the unit that a line's label names beyond the indicator's title, else that of its
    column; empty if none does."""
    said = _unit_said(label)
    if said and said.casefold() != _unit_said(definition.title).casefold():
        return said
    is_count = definition.is_percentage and COUNT_SAID.search(label)
    return "effectif" if is_count else _unit_said(heading)


def _unit_said(heading: str) -> str:
    """The unit that the heading of a column names, of those that change what its numbers are."""
    found = UNIT_SAID.search(heading)
    return (found["unit"] or found["percent"]) if found else ""


def _unit(text: str) -> str:
    words = fold(text.replace("€", " euro ").replace("%", " pourcent ")).split()
    return " ".join(word.rstrip("s") for word in words)


def _form(
    given: Given, value: Value | None, definition: Definition, typed: dict[str, str]
) -> DetailForm:
    """The form of a value as one would fill it in from this line."""
    data = {name: _spelled(held) for name, held in DetailForm.shown(value).items()}
    if typed:
        emptied = ("figure", "numerator", "denominator", "absence", "reason")
        data |= dict.fromkeys(emptied, "") | typed
        if value and value.absence in map(match_absence, typed.values()):
            data["reason"] = value.reason  # which it keeps, until another is said
    form = DetailForm(
        data | _texts(given, typed, value), definition=definition, value=value, entry=given.entry,
        revision=revision_of(value), is_protected=is_protected(definition, given.entry.rule),
    )  # fmt: skip
    for name in form.names:
        form.fields[name].provisionally = _provisionally(given.row.table)
    return form


def _provisionally(table: Table) -> str:
    """How one says in a file that a figure is provisional; empty where no column of it does."""
    if table.sheet.is_rewritten:
        return ""
    has_state = named.STATE in {place.name for place in table.places}
    return f"écrivez « provisoire » {'sous' if has_state else 'dans une colonne'} « État »"


def _spelled(held) -> str:
    if held is None or held is False:
        return ""
    if hasattr(held, "isoformat"):
        return held.isoformat()
    return "on" if held is True else str(held)


def _texts(given: Given, typed: dict[str, str], value: Value | None) -> dict[str, str]:
    """What is said beside the number, whose « motif » is a comment as well, but for that of the
    absence whose place it takes; of an absence, the comment is its reason where no other is
    given."""
    comment, reason = given.text(named.COMMENT) or given.note, given.text(named.REASON)
    was_absent = value is not None and bool(value.absence)
    is_absent = any(map(match_absence, typed.values())) if typed else was_absent
    if is_absent and typed and not reason:
        comment, reason = "", comment
    elif not is_absent and reason:
        beside = "" if was_absent and reason == value.reason else reason
        comment, reason = "\n".join(filter(None, [comment, beside])), ""
    source = source_if_other(given.text(named.SOURCE), given.entry.provider)
    told = {"comment": comment, "reason": reason, "source": source}
    data = {name: text for name, text in told.items() if text}
    state = given.text(named.STATE)
    is_said_above = typed and not state and SAID_PROVISIONAL.search(fold(given.heading))
    try:
        is_provisional = True if is_said_above else parse_provisional(state)
    except ValueError as wrong:
        raise Wrong((given.cells[named.STATE].address, str(wrong))) from wrong
    if is_provisional is not None:
        data["provisional"] = "on" if is_provisional else ""
    return data


def parse_provisional(state: str) -> bool | None:
    """Return whether the state of a figure says that it is provisional; None if it says nothing.
    Raise ValueError for another word."""
    if not state or fold(state) in PROVISIONAL | FINAL:
        return fold(state) in PROVISIONAL if state else None
    raise ValueError(f"« {state[:40]} » : écrivez « provisoire » ou « définitif ».")


def source_if_other(said: str, provider: Organisation) -> str:
    """Return the source of a figure, or an empty text if it is its provider's usual one."""
    known = {fold(text) for text in (provider.source, provider.acronym, provider.name)}
    return "" if fold(said) in known else said


def told_figure(figure: Figure, definition: Definition) -> str:
    """A figure as who types it reads it, with what is said of it."""
    if figure.is_empty:
        return "rien"
    number = raw_text(Value(number=figure.number, absence=figure.absence), definition)
    beside = {
        "provisoire": figure.provisional,
        f"motif : {figure.reason}": figure.reason,
        f"« {figure.comment} »": figure.comment,
        f"source : {figure.source}": figure.source,
    }
    return ", ".join([number, *(text for text, is_said in beside.items() if is_said)])
