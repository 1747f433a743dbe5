"""Read the records of a file: of which indicator, commune and year each is, and what it says.
Nothing is guessed: what is not known is a yellow cell.
"""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from conventions.models import Commune, Organisation
from ctg_portal.search.rows import fold
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator
from indicators.values.files import headings as named
from indicators.values.files.figures import (
    find_unit,
)
from indicators.values.files.knowledge import WHOLE
from indicators.values.files.places import Places
from indicators.values.files.reads import Read, Target
from spreadsheets.columns.corrections import AT, Corrections, key_of_cell, key_of_text
from spreadsheets.columns.corrections import LEFT as LEFT_OUT
from spreadsheets.columns.doubts import Doubt, doubts_about
from spreadsheets.columns.habits import Reading, Unread, read_number
from spreadsheets.columns.records import Record, records_in
from spreadsheets.columns.roles import YEAR, SheetColumns
from spreadsheets.columns.typed import ERASE
from spreadsheets.columns.years import is_part_of_year, year_in
from spreadsheets.importing.rows import Box, Group, Row, RowState
from spreadsheets.reading.cells import Book, Cell, Kind, spelled

# From how many cells alike one answer is asked for all.
ALIKE = 2
SHARE = "part"


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
                self._doubt_source(read)
                self._read_figures(read)
        places = Places(self.target, self.corrections)
        places.settle(reads)
        places.doubt_columns([read for read in reads if read.entry is not None])
        return reads

    # Of what a record is ------------------------------------------------------------------------

    def _match(self, record: Record) -> Read:
        read = Read(record, Row(record.sheet.name, record.place, []))
        self._match_indicator(read)
        self._match_commune(read)
        if read.row.standing != RowState.LEFT:
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
            name = key_of_cell(YEAR, record.sheet.name)
            box = Box(YEAR, record.sheet.name)
            self.asked[name].append((read, box))
            answer = self.corrections.answers.get(name, "")
            if not answer.isdecimal():
                read.row.boxes.append(box)
                read.mark(box, "de quelle année ?", name, YEAR)
                return
            year = int(answer)
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
            match
            for named_by in (code, name)
            if named_by and (match := gazetteer.find(named_by.text)) is not None
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

    def _doubt_source(self, read: Read) -> None:
        """Doubt a line of another organisation than that of its indicator, and a sheet that says
        what is to be reached."""
        entry, text = read.matched, read.record.text(named.ORGANISATION)
        organisations = self.knowledge.named_organisations(text) if text else set()
        if organisations and not organisations & {entry.provider_id, entry.enterer_id}:
            words = f"le fichier dit « {text[:60]} », et cette donnée vient de {entry.provider.the}"
            read.doubts.append((Doubt("organisation", words), read.cell.address))
        if named.is_of_targets(read.record.sheet.name):
            words = f"la feuille s’appelle « {read.record.sheet.name} » : est-ce bien réalisé ?"
            read.doubts.append((Doubt("target", words), read.cell.address))

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
            box = Box(name, there.text.strip(), value=typed, is_number=True)
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

    # What it becomes ------------------------------------------------------------------------------

    def groups(self) -> list[Group]:
        """Return what is answered once for all cells alike: those of one text on several lines."""
        groups = []
        for key, cells in self.asked.items():
            waiting = [(read, box) for read, box in cells if read.row.standing != RowState.LEFT]
            facet = YEAR if key.startswith(f"{YEAR}{AT}") else key.partition(":")[0]
            answer = self.corrections.answers.get(key, "")
            alike = waiting or (cells if answer else [])
            if len(alike) >= ALIKE:
                read, box = alike[0]
                source = read.record.cells.get(facet) or read.record.cells.get(named.INSEE)
                text = source.text.strip() if source else box.text
                places = [r.row.place for r, _ in alike]
                groups.append(
                    Group(key, text[:80], facet, places, answer, box.hint, box.suggestion)
                )
        return groups
