"""Read the records of a file as figures: of which indicator, commune and year each is, what it
says, what is there, what is doubtful. Nothing is guessed: what is not known is a yellow cell.
"""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from conventions.models import Commune, Organisation
from conventions.territory.naming import FormerCommune
from ctg_portal.rules import Refusal, Refused
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import enumerate_words, plural
from ctg_portal.templatetags.french import number as in_french
from indicators.definitions.adding_up import is_summable
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Absence, Value
from indicators.values.figure import Figure, normalize
from indicators.values.files import headings as named
from indicators.values.files.figures import (
    FINAL,
    PROVISIONAL,
    SAID_PROVISIONAL,
    Slot,
    find_unit,
    source_if_other,
    told_figure,
)
from indicators.values.files.knowledge import WHOLE, KnowledgeOfValues
from indicators.values.plausibility import EarlierFigure, doubts
from indicators.values.tables import definition_for_commune
from spreadsheets.columns.corrections import LEFT as LEFT_OUT
from spreadsheets.columns.corrections import Corrections, key_of_cell, key_of_text
from spreadsheets.columns.doubts import Doubt, doubtful_columns, doubts_about
from spreadsheets.columns.habits import Reading, Unread, read_number
from spreadsheets.columns.kept import Columns, sample_of, to_remember
from spreadsheets.columns.records import Record, records_in
from spreadsheets.columns.roles import YEAR, SheetColumns
from spreadsheets.columns.years import is_part_of_year, year_in
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview
from spreadsheets.importing.rows import Box, Group, Row, RowDoubt, RowState, Sheetful
from spreadsheets.matching.questions import Asking
from spreadsheets.matching.tables import Told
from spreadsheets.matching.typed import ERASE
from spreadsheets.reading.cells import Book, Cell, Kind, spelled

NO_TABLE = Refusal(
    "Aucun tableau de données n’est reconnu : il faut une colonne d’indicateurs ou de communes, et "
    "une de valeurs. Dites ce que contiennent les colonnes, ou remplissez le classeur du portail."
)
ABSENCES = {"nd": Absence.NOT_AVAILABLE, "so": Absence.NOT_APPLICABLE}
UNEXPLAINED = "Une année close change : dites pourquoi."
MEAN = ("moyen", "median")
# From how many cells alike one answer is asked for all.
ALIKE = 2
TENFOLD, FEWEST, LEAST = 10, 4, 50
SHARE = "part"
NOT_ADDED = "des taux, des moyennes ou des médianes ne s’additionnent pas"


class Target(ABC):
    """Where the figures of a file go: what may be given of which year, and what is there."""

    knowledge: KnowledgeOfValues
    convention: object

    @abstractmethod
    def entry(self, indicator: str, year: int) -> CampaignIndicator | None:
        """Return what is asked of an indicator in a year; None where nothing is."""

    @abstractmethod
    def takes(self, year: int) -> bool:
        """Return whether figures of a year are read."""

    @abstractmethod
    def value(self, slot: Slot) -> Value | None:
        """Return what is there, as far as the person may be shown it."""

    @abstractmethod
    def before(self, slot: Slot) -> EarlierFigure | None:
        """Return the last figure given before."""

    @abstractmethod
    def line(self, reading: "Read", result: Preview) -> Line | Refusal | None:
        """Return what a figure changes, or why the person gives none; None where that waits."""

    def key(self, slot: Slot) -> str:
        """Return the key of the row of the portal that a figure is about."""
        return slot.key

    def prepare(self, reads: Sequence["Read"]) -> None:  # noqa: B027  (most need none)
        """Note what all records together say."""


@dataclass
class Read:
    """A record on its way to a figure."""

    record: Record
    row: Row
    year: int | None = None
    entry: CampaignIndicator | None = None
    commune: Commune | None = None
    former: FormerCommune | None = None
    is_commune_chosen: bool = False
    readings: dict[str, Reading] = field(default_factory=dict)
    doubts: list[tuple[Doubt, str]] = field(default_factory=list)
    note: str = ""
    figure: Figure | None = None

    @property
    def matched(self) -> CampaignIndicator:
        """The indicator, of a record that was matched with one."""
        if self.entry is None:
            raise LookupError(self.row.place)
        return self.entry

    @property
    def slot(self) -> Slot:
        return Slot(self.matched, self.commune)

    @property
    def is_left(self) -> bool:
        return self.row.state == RowState.LEFT

    @property
    def is_open(self) -> bool:
        return self.row.state != RowState.LEFT and not self.row.yellow

    @property
    def cell(self) -> Cell:
        cells = self.record.cells
        return next((cells[name] for name in named.NUMBERS if name in cells), self.record.first)

    @property
    def definition(self) -> Definition:
        definition = Definition.of(self.matched.version)
        return definition if self.commune is None else definition_for_commune(definition)

    @property
    def number(self) -> Decimal | None:
        reading = self.readings.get(named.VALUE)
        return reading.number if reading else None

    def mark(self, box: Box, hint: str, name: str, facet: str = "", **more: str) -> None:
        """Make a cell of the line yellow, with its control."""
        box.is_yellow, box.hint, box.name, box.facet = True, hint, name, facet
        for attribute, text in more.items():
            setattr(box, attribute, text)

    def leave(self, why: str) -> None:
        self.row.state, self.row.note = RowState.LEFT, why


class Reader:
    """The reading of one book for one target."""

    def __init__(self, target: Target, corrections: Corrections):
        self.target, self.corrections = target, corrections
        self.knowledge = target.knowledge
        self.asked: dict[str, list[tuple[Read, Box]]] = defaultdict(list)
        self.closest: dict[tuple[str, str], str] = {}
        self.organisations: list[Organisation] | None = None

    def read(self, book: Book, columns: dict[str, SheetColumns]) -> list[Read]:
        """Return all records of a book, matched and read."""
        reads = [self._match(record) for record in records_in(book, columns, self.knowledge)]
        for read in reads:
            if read.is_open:
                self._read_figures(read)
        reads = self._settle_places(reads)
        self._doubt_columns([read for read in reads if read.entry is not None])
        return reads

    # Of what a record is ------------------------------------------------------------------------

    def _match(self, record: Record) -> Read:
        read = Read(record, Row(record.sheet.name, record.place, []))
        self._match_indicator(read)
        self._match_commune(read)
        if read.row.state != RowState.LEFT:
            self._match_year(read)
        return read

    def _answer(self, read: Read, facet: str, cell: Cell, box: Box, hint: str) -> str:
        """Return the key that somebody has chosen for a cell; else make it yellow."""
        answer = self.corrections.thing(facet, cell)
        key = key_of_text(facet, cell.text)
        self.asked[key].append((read, box))
        if answer:
            return answer
        is_each = self.corrections.is_each(facet, cell.text)
        name = key_of_cell(facet, cell.address) if is_each else key
        read.mark(box, hint, name, facet, suggestion=self._closest(facet, cell.text))
        return ""

    def _closest(self, facet: str, text: str) -> str:
        """Return the label of the thing that a text resembles most; empty without any."""
        key = (facet, fold(text))
        if key not in self.closest:
            closest = ""
            if facet == named.LABEL:
                alike = self.knowledge.lookup.close_to(text[:300])[:2]
                closest = " ou ".join(map(self.knowledge.title, alike))
            elif facet == named.COMMUNE and (commune := self._closest_commune(text)):
                closest = commune.name
            self.closest[key] = closest
        return self.closest[key]

    def _closest_commune(self, text: str) -> Commune | None:
        """Return the commune that a text resembles most, or the only one whose name has it, as
        « Senillé-Saint-Sauveur » has « Saint-Sauveur »."""
        gazetteer = self.knowledge.gazetteer
        named_so = [one for one in gazetteer.communes if f" {fold(text)}" in f" {fold(one.name)}"]
        return gazetteer.closest(text) or (named_so[0] if len(named_so) == 1 else None)

    def _match_indicator(self, read: Read) -> None:
        record = read.record
        code, label = record.cells.get(named.CODE), record.cells.get(named.LABEL)
        cell = label or code
        box = Box(named.LABEL, cell.text.strip() if cell else "")
        read.row.boxes.append(box)
        if cell is None:
            self._match_unnamed(read, box)
            return
        named_by = [self._entries(one.text) if one else [] for one in (code, label)]
        keys = [{str(entry.indicator_id) for entry in entries} for entries in named_by]
        both = keys[0] & keys[1] if keys[0] and keys[1] else keys[0] | keys[1]
        if len(both) == 1:
            self._found_indicator(read, box, both.pop())
            self._doubt_label(read, code, label, keys[1])
            return
        if keys[0] and keys[1] and not both and code is not None:
            hint = f"le code « {code.text.strip()} » et le libellé se contredisent"
        elif len(keys[0] | keys[1]) > 1:
            hint = "plusieurs indicateurs ont ce nom"
        elif self.knowledge.is_whole(cell.text) and not code:
            read.leave("ligne de total")
            return
        elif fold(cell.text) in self.knowledge.discussed:
            hint = "cet indicateur est encore en discussion : il n’est pas demandé"
        else:
            hint = "indicateur inconnu"
        if answer := self._answer(read, named.LABEL, cell, box, hint):
            self._chosen_indicator(read, box, answer)

    def _doubt_label(
        self, read: Read, code: Cell | None, label: Cell | None, by_label: set[str]
    ) -> None:
        """Doubt a code beside a label that is unlike the title of its indicator."""
        if code is None or label is None or by_label or read.entry is None:
            return
        if self.knowledge.lookup.is_unlike(read.entry, label.text[:300]):
            title = read.entry.version.content["title"]
            text = f"le code est celui de « {title} », et le libellé dit « {label.text.strip()} »"
            read.doubts.append((Doubt("label", text), read.cell.address))

    def _match_unnamed(self, read: Read, box: Box) -> None:
        """Match a record that names no indicator by what its sheet says, or what was chosen."""
        if constant := read.record.constants.get(named.LABEL):
            self._found_indicator(read, box, constant)
        elif answer := self.corrections.thing(named.LABEL, read.cell):
            self._chosen_indicator(read, box, answer)
        else:
            name = key_of_cell(named.LABEL, read.cell.address)
            read.mark(box, "aucun indicateur sur cette ligne", name, named.LABEL)

    def _entries(self, text: str) -> list[CampaignIndicator]:
        return self.knowledge.lookup.named(text)

    def _chosen_indicator(self, read: Read, box: Box, answer: str) -> None:
        if answer == LEFT_OUT:
            read.leave("laissée de côté")
        else:
            self._found_indicator(read, box, answer)

    def _found_indicator(self, read: Read, box: Box, key: str) -> None:
        entry = self.knowledge.lookup.by_key.get(key)
        if entry is None:
            read.mark(box, "indicateur inconnu", key_of_cell(named.LABEL, read.cell.address),
                      named.LABEL)  # fmt: skip
            return
        read.entry, box.text = entry, entry.version.content["title"]

    def _match_year(self, read: Read) -> None:
        record, cell = read.record, read.record.cells.get(YEAR)
        constant = record.constants.get(YEAR, "")
        year = year_in(cell) if cell else int(constant) if constant.isdecimal() else None
        if cell is not None and year is None:
            box = Box(YEAR, cell.text.strip())
            read.row.boxes.append(box)
            is_part = is_part_of_year(cell.text)
            hint = "une partie d’année seulement" if is_part else "année inconnue"
            answer = self._answer(read, YEAR, cell, box, hint)
            if answer == LEFT_OUT:
                read.leave("laissée de côté")
                return
            year = int(answer) if answer.isdecimal() else None
            if year is None:
                return
        if year is None:
            if self.knowledge.year is None:
                name = key_of_cell(YEAR, record.sheet.name)
                answer = self.corrections.answers.get(name, "")
                if not answer.isdecimal():
                    box = Box(YEAR, "")
                    read.row.boxes.append(box)
                    read.mark(box, "de quelle année ?", name, YEAR)
                    return
                year = int(answer)
            else:
                year = self.knowledge.year
        read.year = year
        if not self.target.takes(year):
            read.leave(f"de {year}, une autre année")
            return
        if read.entry is not None:
            entry = self.target.entry(str(read.entry.indicator_id), year)
            if entry is None:
                read.leave(f"cet indicateur n’est pas demandé en {year}")
            else:
                read.entry = entry

    def _match_commune(self, read: Read) -> None:
        record = read.record
        name, code = record.cells.get(named.COMMUNE), record.cells.get(named.INSEE)
        cell = name or code
        constant = record.constants.get(named.COMMUNE)
        if cell is None:
            if constant and constant != WHOLE:
                self._found_commune(read, Box(named.COMMUNE, ""), constant)
            return
        box = Box(named.COMMUNE, cell.text.strip())
        read.row.boxes.append(box)
        gazetteer = self.knowledge.gazetteer
        matches = [
            match for one in (code, name) if one and (match := gazetteer.find(one.text)) is not None
        ]
        if name is not None and self.knowledge.is_whole(name.text):
            box.text = "Tout le territoire"
            return
        if len({match.commune.pk for match in matches}) == 1:
            read.commune, read.former = matches[-1].commune, matches[-1].former
            box.text = read.commune.name
            return
        if matches:
            hint = "le nom et le code sont de deux communes"
        elif gazetteer.namesakes(cell.text):
            hint = "plusieurs communes ont ce nom"
        else:
            hint = "cette commune n’est pas du territoire"
        if answer := self._answer(read, named.COMMUNE, cell, box, hint):
            self._found_commune(read, box, answer)

    def _found_commune(self, read: Read, box: Box, answer: str) -> None:
        if answer == LEFT_OUT:
            read.leave("laissée de côté")
        elif answer == WHOLE:
            box.text = "Tout le territoire"
        else:
            communes = {str(one.pk): one for one in self.knowledge.gazetteer.communes}
            read.commune, read.is_commune_chosen = communes.get(answer), True
            box.text = read.commune.name if read.commune else box.text

    # What it says ---------------------------------------------------------------------------------

    def _read_figures(self, read: Read) -> None:
        """Read the cells of figures of a record, as typed anew where somebody has."""
        definition = read.definition
        cells = {name: cell for name in named.NUMBERS if (cell := read.record.cells.get(name))}
        if not cells:
            return
        if named.VALUE in cells and len(cells) > 1:
            del cells[named.VALUE if definition.is_ratio else named.NUMERATOR]
            cells = {n: c for n, c in cells.items() if definition.is_ratio or n == named.VALUE}
        labels = {named.VALUE: "Valeur", named.NUMERATOR: "Numérateur",
                  named.DENOMINATOR: "Dénominateur"}  # fmt: skip
        for name, there in cells.items():
            typed = self.corrections.typed(there)
            box = Box(name, there.text.strip(), value=typed)
            read.row.boxes.append(box)
            cell = replace(there, kind=Kind.TEXT, text=typed, number=None) if typed else there
            if not typed:
                for doubt in doubts_about(read.record, there, there.number):
                    read.doubts.append((doubt, there.address))
            try:
                self._read_cell(read, name, cell, definition)
            except Unread as why:
                address = key_of_cell("typed", there.address)
                read.mark(box, str(why), address, value=typed or there.text.strip())
                box.role = labels[name]

    def _read_cell(self, read: Read, name: str, cell: Cell, definition: Definition) -> None:
        if fold(cell.text) in ERASE:
            read.readings[named.VALUE] = Reading(absence="effacer")
            return
        words = f"{definition.title} {definition.unit}"
        if definition.is_ratio and name == named.VALUE:
            terms = [term.strip() for term in cell.text.replace(" sur ", "/").split("/")]
            if len(terms) == 2:
                for term, text in zip((named.NUMERATOR, named.DENOMINATOR), terms, strict=True):
                    part = Cell(cell.sheet, cell.row, cell.column, Kind.TEXT, text, text)
                    read.readings[term] = read_number(part, definition.asked(term), words)
                return
            reading = read_number(cell, definition.asked(named.NUMERATOR), words)
            if not reading.absence:
                raise Unread("ce rapport se calcule de deux nombres : écrivez « 12 / 50 »")
            read.readings[named.NUMERATOR] = reading
            return
        field_name = "figure" if name == named.VALUE else name
        reading = read_number(cell, definition.asked(field_name), words)
        if name == named.VALUE and reading.number is not None:
            reading = self._in_unit(read, cell, reading, definition)
        read.readings[name] = reading

    def _in_unit(self, read: Read, cell: Cell, reading: Reading, definition: Definition) -> Reading:
        """Return a number in the unit of its indicator: thousands of euros in euros; a share of one
        and a unit of another kind are doubts."""
        number = reading.number or Decimal()
        unit_cell = read.record.cells.get(named.UNIT)
        unit = read.record.text(named.UNIT) or find_unit(
            read.record.text(named.LABEL), read.record.heading, definition
        )
        words = fold(unit.replace("€", " euro ").replace("%", " pourcent "))
        ours = fold(definition.unit.replace("€", " euro ").replace("%", " pourcent "))
        if "euro" in ours and ("k" in words.split() or "millier" in words):
            return replace(reading, number=number * 1000)
        if "euro" in ours and ("m" in words.split() or "million" in words):
            return replace(reading, number=number * 1_000_000)
        roots = {word[:4] for word in words.split()}
        is_ours = not words or words in ("nb", "nombre", "nbre", "n", "u") or any(
            word[:4] in roots or any(word.startswith(root) for root in roots)
            for word in fold(f"{ours} {definition.title}").split()
        )  # fmt: skip
        if not is_ours:
            text = f"le fichier compte en « {unit} », l’indicateur en « {definition.unit} »"
            read.doubts.append((Doubt("unit", text), (unit_cell or cell).address))
        is_plain = cell.plain_number is not None and cell.kind != Kind.PERCENT
        if definition.is_percentage and is_plain and 0 < abs(number) <= 1:
            text = f"{spelled(number)} : est-ce {spelled(number * 100)} % ? Tapez-le alors ainsi"
            read.doubts.append((Doubt(SHARE, text), cell.address))
        return reading

    # Places: whole and parts, several lines for one -----------------------------------------------

    def _settle_places(self, reads: list[Read]) -> list[Read]:
        """Return the records with one for each slot: parts of a commune of today are added up,
        communes of what is counted for the whole are left unless somebody adds them."""
        by_entry: dict[int, list[Read]] = defaultdict(list)
        for read in reads:
            if read.is_open and read.entry is not None:
                by_entry[id(read.entry)].append(read)
        for group in by_entry.values():
            is_by_commune = group[0].entry is not None and group[0].entry.is_by_commune
            if not is_by_commune:
                self._settle_whole(group)
            by_slot: dict[str, list[Read]] = defaultdict(list)
            for read in group:
                if read.is_open:
                    by_slot[self.target.key(read.slot)].append(read)
            for twins in by_slot.values():
                self._settle_twins(twins)
            if is_by_commune:
                self._doubt_whole([read for read in group if read.is_open])
        return reads

    def _settle_whole(self, group: list[Read]) -> None:
        """Of an indicator of the territory, ask what lines that name a commune are."""
        parts = [read for read in group if read.commune is not None]
        if not parts:
            for read in group:
                self._doubt_unread_commune(read)
            return
        rule = f"sum-{parts[0].slot.entry.indicator_id}"
        whole = [read for read in group if read.commune is None and read.number is not None]
        if whole:
            for read in parts:
                read.leave("une commune : le chiffre du territoire est dans le fichier")
            return
        definition = parts[0].definition
        numbers = [read.number for read in parts]
        if not adds_up(definition) or None in numbers:
            why = NOT_ADDED if not adds_up(definition) else "il manque un chiffre"
            for read in parts:
                read.leave(f"une commune, là où le territoire entier est attendu ; {why}")
            return
        first, *rest = parts
        total = sum((n for n in numbers if n is not None), Decimal())
        count = plural(len(parts), "commune,communes")
        text = (
            f"le territoire entier est attendu : somme de {count}, {in_french(total)}"
            if rest
            else f"le territoire entier est attendu, et la ligne est de {first.commune}"
        )
        first.doubts.append((Doubt(rule, text), first.cell.address))
        first.note = f"Somme de {count}." if rest else f"{first.commune} seule."
        first.readings[named.VALUE] = Reading(total)
        first.commune = None
        for read in rest:
            read.leave(f"comptée dans la somme, ligne {first.row.place}")

    def _doubt_unread_commune(self, read: Read) -> None:
        """Doubt a figure of the territory whose line names a commune in a column that is not
        read."""
        for cell in read.record.unread:
            match = self.knowledge.gazetteer.find(cell.text) if cell.is_text else None
            if match is not None:
                text = f"la ligne nomme {match.commune}, dans une colonne qui n’est pas lue"
                read.doubts.append((Doubt("place", text), read.cell.address))

    def _settle_twins(self, twins: list[Read]) -> None:
        """Of several lines for one place and indicator: those that say the same are one; parts of a
        commune of today are added up; of others, one is chosen."""
        first, *rest = twins
        if not rest:
            if first.former is not None:
                text = (
                    f"{first.former.name} n’est plus qu’une partie de {first.commune} : ce chiffre "
                    "est-il celui de toute la commune ?"
                )
                first.doubts.append((Doubt("part", text), first.cell.address))
            return
        numbers = [read.number for read in twins]
        is_parts = all(read.former or read.is_commune_chosen for read in twins)
        if is_parts and None not in numbers and adds_up(first.definition):
            total = sum((n for n in numbers if n is not None), Decimal())
            names = [read.record.text(named.COMMUNE) or str(read.commune) for read in twins]
            listed = enumerate_words(names)
            text = f"{listed} font {first.commune} aujourd’hui : somme, {in_french(total)}"
            first.doubts.append((Doubt("merged", text), first.cell.address))
            first.readings[named.VALUE] = Reading(total)
            first.note = f"Somme de {listed}."
            for read in rest:
                read.leave(f"comptée dans la somme, ligne {first.row.place}")
            return
        if len({tuple(sorted(_texts(read).items())) for read in twins}) == 1:
            for read in rest:
                read.leave(f"la même que la ligne {first.row.place}")
            return
        chosen = [read for read in twins
                  if self.corrections.confirms("twin", read.cell.address)]  # fmt: skip
        for read in twins:
            others = ", ".join(r.row.place for r in twins if r is not read)
            if len(chosen) == 1 and read is not chosen[0]:
                read.leave(f"la ligne {chosen[0].row.place} a été retenue")
                continue
            text = f"la ligne {others} donne un autre chiffre : est-ce celui-ci qui compte ?"
            text = text.replace("la ligne", "les lignes").replace("donne", "donnent") if (
                len(twins) > 2) else text  # fmt: skip
            read.doubts.append((Doubt("twin", text), read.cell.address))

    def _doubt_whole(self, group: list[Read]) -> None:
        """Doubt a commune's figure that is more than the whole, or ten times that of all others."""
        parts = [read for read in group if read.commune is not None and read.number is not None]
        whole = [read for read in group if read.commune is None]
        if not parts or not adds_up(parts[0].definition):
            return
        totals = [read.number for read in whole if read.number is not None]
        for read in whole:
            if read.commune is None and len(parts) > 1:
                read.leave("le total : le portail le calcule des communes")
        numbers = sorted((read.number or Decimal() for read in parts), reverse=True)
        for read in parts:
            if totals and read.number is not None and read.number > totals[0]:
                text = f"plus que le territoire entier, {in_french(totals[0])}"
                read.doubts.append((Doubt("whole", text), read.cell.address))
            elif (len(numbers) >= FEWEST and read.number == numbers[0] and numbers[0] >= LEAST
                    and numbers[0] >= TENFOLD * numbers[1]):  # fmt: skip
                text = f"dix fois le plus grand des autres, {in_french(numbers[1])}"
                read.doubts.append((Doubt("column", text), read.cell.address))

    def _doubt_columns(self, reads: list[Read]) -> None:
        """Doubt what a column as a whole, or an earlier year of the file, makes improbable."""
        figures = [(read.record, read.cell, read.number, read) for read in reads
                   if read.is_open and read.number is not None]  # fmt: skip
        columns = doubtful_columns(
            [(record, cell, number) for record, cell, number, _ in figures if number is not None],
            [read.year for *_, read in figures],
        )
        series: dict[tuple[int, int], list[Read]] = defaultdict(list)
        for _, cell, _, read in figures:
            if doubt := columns.get(cell.address):
                read.doubts.append((doubt, cell.address))
            commune = read.commune.pk if read.commune else 0
            series[read.slot.entry.indicator_id, commune].append(read)
        for of_one in series.values():
            of_one.sort(key=lambda read: read.year or 0)
            for before, read in pairwise(of_one):
                numbers = (before.number or Decimal(), read.number or Decimal())
                low, high = sorted(map(abs, numbers))
                if before.year != read.year and high >= LEAST and high >= TENFOLD * low:
                    text = f"{in_french(before.number)} en {before.year} dans ce fichier"
                    read.doubts.append((Doubt("series", text), read.cell.address))

    # What it becomes ------------------------------------------------------------------------------

    def groups(self) -> list[Group]:
        """Return what is answered once for all cells alike: those of one text on several lines."""
        groups = []
        for key, cells in self.asked.items():
            boxes = [(read, box) for read, box in cells if read.row.state != RowState.LEFT]
            facet = key.partition(":")[0]
            answer = self.corrections.answers.get(key, "")
            if len(cells) >= ALIKE and (boxes or answer):
                read, box = cells[0]
                source = read.record.cells.get(facet) or read.record.cells.get(named.INSEE)
                text = source.text.strip() if source else box.text
                places = [r.row.place for r, _ in cells]
                groups.append(
                    Group(key, text[:80], facet, places, answer, box.hint, box.suggestion)
                )
        return groups


def _texts(read: Read) -> dict[str, str]:
    return {name: str(reading.number) + reading.absence for name, reading in read.readings.items()}


def adds_up(definition: Definition) -> bool:
    """Return whether the figures of communes make that of all: counts and amounts do."""
    is_sum = is_summable(definition.title, definition.unit, definition.content["calculation"])
    return is_sum and not any(word in fold(definition.title) for word in MEAN)


def figure_of_read(read: Read, value: Value | None) -> Figure | None:
    """Return the figure that a record says, what it leaves empty kept as in ``value``; an empty one
    where it is to be erased, None where it says nothing. Raise Refused."""
    record, entry = read.record, read.slot.entry
    readings = read.readings
    if any(reading.absence == "effacer" for reading in readings.values()):
        return Figure()
    base = Figure.of(value) if value else Figure()
    comment, reason = record.text(named.COMMENT), record.text(named.REASON)
    state = fold(record.text(named.STATE))
    notes = [read.note, *(note for reading in readings.values() for note in reading.notes[:0])]
    figure = base
    if readings:
        absence = next((r for r in readings.values() if r.absence), None)
        numbers: dict[str, Any] = dict.fromkeys(("number", "numerator", "denominator"))
        if absence is None:
            for name, reading in readings.items():
                numbers["number" if name == named.VALUE else name] = reading.number
            beside = reason if not (value and value.absence and reason == value.reason) else ""
            comment = "\n".join(filter(None, [comment, beside, *notes]))
            figure = replace(base, **numbers, absence="", reason="")
        else:
            said = reason or comment or (value.reason if value and value.absence else "")
            comment = comment if reason else ""
            figure = replace(base, **numbers, absence=str(ABSENCES[absence.absence]),
                             reason=said or absence.reason)  # fmt: skip
    elif value is None:
        return None
    elif figure.absence and reason:
        figure = replace(figure, reason=reason)
    is_provisional = any(reading.is_provisional for reading in readings.values())
    is_provisional |= not state and bool(SAID_PROVISIONAL.search(fold(record.heading)))
    if state in PROVISIONAL | FINAL and state:
        is_provisional = state in PROVISIONAL
        figure = replace(figure, provisional=is_provisional)
    elif is_provisional:
        figure = replace(figure, provisional=True)
    source = source_if_other(record.text(named.SOURCE), entry.provider)
    figure = replace(figure, comment=comment or figure.comment, source=source or figure.source)
    return normalize(figure, Definition.of(entry.version), entry.campaign.observed)


def read_preview(target: Target, book: Book, columns: Columns, asking: Asking) -> Preview:
    """Return what a book changes, line by line, with what is yellow, doubtful or left. Refused
    where no sheet of it is read."""
    reader, knowledge = Reader(target, Corrections(asking.answers)), target.knowledge
    result = Preview(told=[Told("", note) for note in book.notes])
    sheetful = result.sheetful = Sheetful(is_settled=columns.is_settled and columns.is_read)
    sheetful.options = knowledge.options
    for sheet in book.sheets:
        of_sheet = columns.sheets[sheet.name]
        sheetful.sheets.append(sample_of(sheet, of_sheet, knowledge))
        plain = to_remember(of_sheet, knowledge.year)
        sheetful.to_remember[columns.shapes[sheet.name]] = plain
    for facet in (named.LABEL, named.COMMUNE, YEAR):
        sheetful.choices[facet] = list(knowledge.choices(facet))
    if not columns.is_read:
        result.refusal = NO_TABLE
        return result
    reads = reader.read(book, columns.sheets)
    sheetful.groups = reader.groups()
    target.prepare(reads)
    for read in reads:
        _place(read, reader, result)
        sheetful.rows.append(read.row)
    for question in asking.questions:  # in words, about the file as a whole
        group = Group(question.key, question.text, "", [], question.answer)
        sheetful.groups.append(group)
    _tell_left(sheetful, result)
    result.sort([sheet.name for sheet in book.sheets])
    return result


def _place(read: Read, reader: Reader, result: Preview) -> None:
    """Give a record its line, or its place among those that are put right."""
    row = read.row
    if row.state == RowState.LEFT:
        return
    if row.yellow:
        _tell_yellow(read, reader.target, result)
        return
    try:
        read.figure = figure_of_read(read, reader.target.value(read.slot))
    except Refused as refused:
        _refuse(read, refused.refusal, result, reader)
        return
    if read.figure is None:
        read.leave("rien à garder")
        result.empty += 1
        return
    line = reader.target.line(read, result)
    if isinstance(line, Refusal):
        _refuse(read, line, result, reader)
    elif line is None and not read.is_left:
        row.note = UNEXPLAINED
        key = reader.target.key(read.slot)
        result.mistakes.append(Mistake(read.cell.address, UNEXPLAINED, label_of_read(read), key))
    elif line is not None:
        _place_line(read, line, reader.corrections, result)


def _tell_yellow(read: Read, target: Target, result: Preview) -> None:
    """Say of each yellow cell of a line what it holds, and why it is not read."""
    key = target.key(read.slot) if read.entry is not None else ""
    for box in read.row.yellow:
        words = f"« {box.text[:60]} » : " if box.text else ""
        hint = box.hint.removeprefix(words).rstrip(".")
        near = f" Peut-être {box.suggestion}." if box.suggestion else ""
        text = f"{words}{hint}.{near}"
        result.mistakes.append(Mistake(read.cell.address, text, label_of_read(read), key))


def _place_line(read: Read, line: Line, corrections: Corrections, result: Preview) -> None:
    """Put a line among those to keep, unless a doubt about it waits for an answer."""
    row = read.row
    row.key, row.before, row.after = line.key, line.before, line.after
    notes = [note for reading in read.readings.values() for note in reading.notes]
    row.note = " ; ".join(filter(None, [*notes, read.note]))
    if line.outcome == Outcome.UNCHANGED:
        row.state = RowState.UNCHANGED
        result.lines.append(line)
        return
    doubts_here = [*read.doubts, *((Doubt("change", t), read.cell.address) for t in line.doubts)]
    row.doubts = [
        RowDoubt(
            key_of_cell(f"sure-{doubt.rule}", address), key_of_cell("sure", doubt.rule),
            doubt.text, corrections.confirms(doubt.rule, address),
        )
        for doubt, address in doubts_here
    ]  # fmt: skip
    if not row.open_doubts:
        row.state = RowState.NEW if line.outcome == Outcome.NEW else RowState.CHANGED
        result.lines.append(line)
        return
    for box in row.boxes:
        if box.role in named.NUMBERS and len(read.readings) == 1:
            box.is_yellow, box.name = True, key_of_cell("typed", read.cell.address)
            box.value = box.value or read.cell.text.strip()
    for doubt in row.open_doubts:
        text = f"« {read.cell.text.strip()[:60]} » : {doubt.text.rstrip('.')}."
        result.mistakes.append(Mistake(read.cell.address, text, line.label, line.key))


def label_of_read(read: Read) -> str:
    title = read.entry.version.content["title"] if read.entry else read.row.boxes[0].text
    return f"{title} – {read.commune}" if read.commune else title


def _refuse(read: Read, refusal: Refusal, result: Preview, reader: Reader) -> None:
    """Leave a line that is not the person's to give, with why."""
    read.leave(refusal.reason)
    key = reader.target.key(read.slot)
    result.mistakes.append(Mistake(read.cell.address, refusal.reason, label_of_read(read), key))


def _tell_left(sheetful: Sheetful, result: Preview) -> None:
    """Say how many lines are left, by why."""
    counts = Counter(row.note for row in sheetful.in_state(RowState.LEFT))
    for why, count in counts.most_common(20):
        result.told.append(Told("", f"{plural(count, 'ligne,lignes')} : {why}."))


def line_of_read(read: Read, value: Value | None, before: EarlierFigure | None) -> Line:
    """Return what a figure changes of what is there."""
    definition, earlier = read.definition, Figure.of(value) if value else Figure()
    figure = read.figure or Figure()
    outcome = Outcome.CHANGED if value else Outcome.NEW
    return Line(
        key=read.slot.key,
        label=label_of_read(read),
        place=read.cell.address,
        outcome=Outcome.UNCHANGED if figure == earlier else outcome,
        before=told_figure(earlier, definition),
        after=told_figure(figure, definition),
        compared_with=str(value.revision) if value else "",
        doubts=() if figure.comment else tuple(
            doubts(figure.number, definition, before)
        ),
        about=read.slot,
        was=earlier,
        content=figure,
    )  # fmt: skip
