"""Sheets that tell of one thing, or of a few side by side: labels in a column, their texts beside.

They are given as tables of one line, whose cells keep the places where they stand in the sheet.
"""

import re
from dataclasses import dataclass, field, replace

from ctg_portal.search.rows import fold
from spreadsheets.matching.headings import NOTHING, Meaning, Vocabulary, bare
from spreadsheets.matching.questions import LEFT, Asking, Choice
from spreadsheets.matching.tables import Column, Row, Table, Tables, Told, find_tables
from spreadsheets.reading.cells import Book, Cell, Sheet

MOST_CELLS, LONGEST_LABEL, FEWEST = 2_000, 80, 3
LABELLED = re.compile(r"(?P<label>[^:\n]{2,60}?)\s*:\s*(?P<said>\S.*)", re.DOTALL)
NUMBERED = re.compile(r"\b(?:n\s*[°o]\s*)?\d+(?:[.-]\d+)*\b", re.IGNORECASE)
MAX_CHOICES, MAX_TEXT = 6, 100


def find_forms_and_tables(book: Book, vocabulary: Vocabulary, asking: Asking) -> Tables:
    """The same as ``find_tables``, for a book whose sheets may be forms."""
    result = Tables(told=[Told("", note) for note in book.notes])
    for sheet in book.sheets:
        form = _Form(sheet, vocabulary, asking, result.told)
        if form.is_one:
            result.found += form.tables()
        else:
            one = find_tables(replace(book, sheets=[sheet], notes=[]), vocabulary, asking)
            result.found += one.found
            result.told += one.told
    return result


@dataclass
class Label:
    """A label, what it means, and the cells that say it."""

    cell: Cell
    meaning: Meaning
    said: list[Cell] = field(default_factory=list)


class _Form:
    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, asking: Asking, told: list[Told]):
        self.sheet, self.vocabulary, self.asking, self.told = sheet, vocabulary, asking, told
        self.rows = list(sheet.rows()) if len(sheet.cells) <= MOST_CELLS else []
        self.column, known = 0, set()
        columns = sorted({cell.column for _, cells in self.rows for cell in cells.values()})
        for column in columns:
            names = {self._meaning(cells[column]).name for _, cells in self.rows if column in cells}
            if len(names - {""}) > len(known):
                self.column, known = column, names - {""}
        widest = max((self._known_in(cells) for _, cells in self.rows), default=0)
        self.is_one = len(known) >= FEWEST and len(known) > widest

    def _known_in(self, cells: dict[int, Cell]) -> int:
        return len({self._meaning(cell).name for cell in cells.values()} - {""})

    def _meaning(self, cell: Cell) -> Meaning:
        """What a label means, with what it says behind its colon or without."""
        if not cell.is_text:
            return NOTHING
        found = LABELLED.fullmatch(cell.text.strip())
        label = found["label"] if found else cell.text.strip().rstrip(" :")
        meaning = self.vocabulary.meaning(replace(cell, text=label))
        is_ours = meaning.name and self.vocabulary.headings[meaning.name].is_ours
        return NOTHING if len(label) > LONGEST_LABEL or is_ours else meaning

    # What it says ---------------------------------------------------------------------------------

    def tables(self) -> list[Table]:
        """One for each thing that the sheet tells of."""
        self._tell_hidden()
        labels, above = self._labels()
        titles = [one for one in labels if one.meaning.name in self.vocabulary.keys]
        abreast = next((one.said for one in titles if len(one.said) > 1), [])
        abreast = abreast if len({cell.row for cell in abreast}) == 1 else []
        if abreast:
            return [self._table(self._of_column(labels, cell.column)) for cell in abreast]
        if not titles and (title := self._title(above)):
            labels.insert(0, Label(title, Meaning(self._key), [title]))
        else:
            self._tell_unread(above)
        return [self._table(labels)]

    @property
    def _key(self) -> str:
        return self.vocabulary.keys[-1]

    def _labels(self) -> tuple[list[Label], list[Cell]]:
        """The labels with what they say, and the texts above the first of them."""
        labels: list[Label] = []
        above: list[Cell] = []
        years: dict[int, int] = {}
        for _, cells in self.rows:
            own = cells.get(self.column)
            beside = [cells[column] for column in cells if column > self.column]
            self._tell_unread([cells[column] for column in cells if column < self.column])
            meaning = self._meaning(own) if own else NOTHING
            if beside and all(map(self.vocabulary.is_bare_year, beside)) and self._parts(meaning):
                years = {cell.column: self.vocabulary.meaning(cell).year for cell in beside}
            elif years and meaning.name == self.vocabulary.yearly and meaning.year is None:
                labels += [Label(own, replace(meaning, year=years.get(cell.column)), [cell])
                           for cell in beside]  # fmt: skip
            elif meaning.name:
                years = {}
                labels += self._in_row(own, meaning, beside)
            elif not labels:
                above += [*([own] if own else []), *beside]
            elif own is None or (not beside and not labels[-1].said):
                labels[-1].said += beside or [own]
            elif beside:
                labels.append(Label(own, self._asked(own), beside))
            else:
                self._tell_unread([own])
        return labels, above

    def _parts(self, meaning: Meaning) -> bool:
        """Whether years may stand beside a label as headings of what follows."""
        return not meaning.name or bool(self.vocabulary.headings[meaning.name].parts)

    def _in_row(self, own: Cell, meaning: Meaning, beside: list[Cell]) -> list[Label]:
        """A label with what is beside it, up to the next label of its row."""
        found = LABELLED.fullmatch(own.text.strip())
        labels = [Label(own, meaning, [replace(own, text=found["said"])] if found else [])]
        for place, cell in enumerate(beside):
            following = beside[place + 1 : place + 2]
            other = self._meaning(cell) if labels[-1].said else NOTHING
            is_labelled = LABELLED.fullmatch(cell.text.strip()) if cell.is_text else None
            if other.name and is_labelled:
                labels.append(Label(cell, other, [replace(cell, text=is_labelled["said"])]))
            elif other.name and following and not self._meaning(following[0]).name:
                labels.append(Label(cell, other))
            else:
                labels[-1].said.append(cell)
        return labels

    def _asked(self, cell: Cell) -> Meaning:
        """What a label means that is not known: told, and asked as a column is."""
        said = cell.text.strip()[:60]
        choices = [
            Choice(heading.name, heading.label)
            for heading in self.vocabulary.headings.values()
            if not heading.is_ours
        ]
        answer = self.asking.ask(
            f"colonne:{fold(cell.text[:300])}",
            f"La ligne « {said} » n’est pas reconnue : que contient-elle ?",
            cell.address,
            [Choice(LEFT, "la laisser de côté"), *choices],
            is_required=False,
        )
        if answer in ("", LEFT):
            self.told.append(Told(cell.address, f"ligne « {said} » non reconnue : pas lue."))
            return NOTHING
        return Meaning(answer)

    def _title(self, above: list[Cell]) -> Cell | None:
        """The text above the labels that is the title, asked where that is not plain."""
        texts = [cell for cell in above if cell.is_text]
        plain = [cell for cell in texts if self._is_titled(cell)]
        if len(plain) == 1:
            self._tell_unread([cell for cell in above if cell is not plain[0]])
            return plain[0]
        name = self.sheet.name
        answer = self.asking.ask(
            f"titre:{fold(name)}",
            f"Feuille « {name} » : quel est le titre ?",
            f"{name}!A1",
            [
                *(Choice(one.place, one.text.strip()[:MAX_TEXT]) for one in texts[:MAX_CHOICES]),
                Choice("feuille", f"le nom de la feuille, « {name} »"),
            ],
        )
        chosen = next((cell for cell in texts if cell.place == answer), None)
        self._tell_unread([cell for cell in above if cell is not chosen])
        if chosen is None and answer == "feuille":
            first = self.rows[0][1]
            return replace(first[min(first)], text=name, raw=name, number=None)
        return chosen

    def _is_titled(self, cell: Cell) -> bool:
        """« Fiche action n° 3 : Créer un relais »."""
        head, rest = re.split(r"\s*[:–—]\s*|\s-\s", f"{cell.text.strip()}: ", maxsplit=1)
        is_key = self.vocabulary.known.get(bare(NUMBERED.sub(" ", head))) in self.vocabulary.keys
        return is_key and bool(rest.strip(" :"))

    def _of_column(self, labels: list[Label], column: int) -> list[Label]:
        """What is said in a column, or in a merged cell that reaches over it."""
        wide = {
            (area.top, area.left) for area in self.sheet.merged if area.left <= column <= area.right
        }
        return [
            replace(one, said=[
                c for c in one.said if c.column == column or (c.row, c.column) in wide
            ])
            for one in labels
        ]  # fmt: skip

    def _table(self, labels: list[Label]) -> Table:
        columns, cells = [], {}
        for one in labels:
            for cell in self._one_of(one):
                number = len(columns) + 1
                columns.append(Column(number, one.cell, one.meaning))
                cells[number] = cell
        first = min((cell.row for cell in cells.values()), default=1)
        keys = [one.number for one in columns if one.meaning.name in self.vocabulary.keys]
        table = Table(self.sheet, first, columns, keys, [], is_form=True)
        if cells:
            table.rows.append(Row(self.sheet.name, first, cells, table))
        return table

    def _one_of(self, label: Label) -> list[Cell]:
        """The cells of a label; of several of an amount, the one that was chosen."""
        if not label.meaning.name or len(label.said) < 2:
            return label.said if label.meaning.name else []
        heading = self.vocabulary.headings[label.meaning.name]
        if not (heading.is_yearly or (heading.parts and heading.parts == heading.name)):
            return label.said
        if not any(cell.number is not None for cell in label.said):
            return label.said
        said = label.cell.text.strip()[:60]
        answer = self.asking.ask(
            f"double:{fold(self.sheet.name)}:{label.cell.place}",
            f"Plusieurs montants se lisent à côté de « {said} » : lequel est le bon ?",
            label.cell.address,
            [*(Choice(c.place, f"{c.place} : {c.text.strip()[:40]}") for c in label.said),
             Choice(LEFT, "aucun : les laisser de côté")],
        )  # fmt: skip
        found = [cell for cell in label.said if cell.place == answer]
        self._tell_unread([cell for cell in label.said if cell not in found])
        return found

    # What is told ---------------------------------------------------------------------------------

    def _tell_unread(self, cells: list[Cell]) -> None:
        for cell in cells:
            text = f"« {cell.text.strip()[:60]} » : ce texte n’a pas de libellé reconnu ; pas lu."
            self.told.append(Told(cell.address, text))

    def _tell_hidden(self) -> None:
        if self.sheet.is_hidden:
            text = "cette feuille est masquée ; elle est lue aussi."
            self.told.append(Told(self.sheet.name, text))
        if self.sheet.hidden_rows:
            told = ", ".join(map(str, sorted(self.sheet.hidden_rows)[:12]))
            self.told.append(Told(self.sheet.name, f"lignes masquées, lues aussi : {told}."))
