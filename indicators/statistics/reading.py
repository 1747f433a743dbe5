"""Read a publisher's file of a year, strictly by what its source says.

A column that is missing, or not known, is refused by its name: somebody must look at a file whose
form has changed before its figures count.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.figures.releases import PlaceKind
from indicators.statistics.source import Measure, Source
from spreadsheets.reading.text import decode

MAX_SIZE = 80 * 1024 * 1024
MAX_LINES = 2_000_000
MAX_COLUMNS = 1000
SEPARATORS = ";,\t"
CODES = {
    PlaceKind.COMMUNE: re.compile(r"\d{5}|2[AB]\d{3}"),
    PlaceKind.EPCI: re.compile(r"\d{9}"),
    PlaceKind.DEPARTMENT: re.compile(r"\d{2,3}|2[AB]"),
}
FRANCE = "FR"
# How Insee marks a figure under statistical secrecy, and one that is given.
SECRET, GIVEN = "C", {"A", "P"}
IsWanted = Callable[[str, str], bool]  # whether a place, by kind and code, is stored
Place = tuple[str, str]  # kind and code
Cells = dict[str, str]  # of a line, by column
LARGEST = Decimal(10) ** 12
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class PublishedFigure:
    """A figure of a file. ``number`` is None where its publisher keeps it secret."""

    place_kind: str
    place: str
    measure: str
    number: Decimal | None


@dataclass
class Reading:
    """The result of reading a file. ``unplaced``: how many lines have no place; ``elsewhere``: how
    many are of a place that is not wanted."""

    figures: list[PublishedFigure] = field(default_factory=list)
    unplaced: int = 0
    elsewhere: int = 0


def everywhere(_kind: str, _place: str) -> bool:
    return True


def read(source: Source, year: int, content: bytes, is_wanted: IsWanted = everywhere) -> Reading:
    """Return the figures of ``year`` and the wanted places; other lines are not parsed. Raise
    Refused, in French, for a file that does not fit its source or has nothing of the year,
    Unreadable for one that is no text."""
    if len(content) > MAX_SIZE:
        raise refused(f"Ce fichier dépasse {MAX_SIZE // 1024 // 1024}\xa0Mo.")
    if content.startswith(b"PK"):
        raise refused(
            "Ce fichier est une archive ou un classeur : sortez-en le fichier de données « .csv », "
            "tel qu’il est publié, sans l’enregistrer d’un tableur, qui ôte le zéro des codes."
        )
    text = decode(content)
    head = io.StringIO(text, newline=None).readline()
    separator = max(SEPARATORS, key=head.count)
    if head.count(separator) >= MAX_COLUMNS:
        raise refused("Ce fichier a plus de mille colonnes : ce n’est pas celui qui est publié.")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return _Reader(source, year, next(rows, []), is_wanted).read(rows)
    except csv.Error as error:
        raise refused(
            "Ce fichier est abîmé : un guillemet manque, ou une ligne est coupée."
        ) from error


def refused(reason: str) -> Refused:
    return Refused(Refusal(reason))


class _Reader:
    """A reader of one file, used once. Lines are counted as a text editor counts them."""

    def __init__(self, source: Source, year: int, header: list[str], is_wanted: IsWanted):
        self.source, self.wanted, self.is_wanted = source, year, is_wanted
        self.columns = _columns(source, [name.strip() for name in header])
        self.measures = {name: measure for measure in source.measures for name in measure.names}
        self.years: set[int] = set()
        self.reading, self.seen = Reading(), {}
        self.sums: dict[tuple[str, str, str], Decimal | None] = {}

    def read(self, rows: Iterator[list[str]]) -> Reading:
        """Return all that the lines say. Raise Refused if one is faulty, or none is of the year."""
        for line, row in enumerate(rows, start=2):
            if line > MAX_LINES:
                raise refused(
                    "Ce fichier a plus de deux millions de lignes : gardez l’année et les communes "
                    "utiles."
                )
            if any(cell.strip() for cell in row):
                self._read_line(line, row)
        self.reading.figures += [PublishedFigure(*key, sum_) for key, sum_ in self.sums.items()]
        if not self.reading.figures and not self.reading.elsewhere:
            reason = f"Ce fichier n’a aucun chiffre de {self.wanted}."
            if self.years and self.wanted not in self.years:
                years = enumerate_words([str(year) for year in sorted(self.years)])
                reason = f"Ce fichier n’a rien de {self.wanted} : ses lignes sont de {years}."
            raise refused(reason)
        return self.reading

    def _read_line(self, line: int, row: list[str]) -> None:
        """Add what a line says to the reading; a line of another year, or excluded by
        ``columns.only``, adds nothing. Raise Refused if it is malformed."""
        if len(row) != len(self.columns):
            raise refused(
                f"Ligne {line} : {plural(len(row), 'cellule,cellules')}, pour "
                f"{plural(len(self.columns), 'colonne,colonnes')}."
            )
        cells = {name: row[place].strip() for name, place in self.columns.items()}
        source = self.source
        if any(cells[name] != value for name, value in source.columns.only.items()):
            return
        column = source.year.column
        year = source.year.year_of(cells[column]) if column else self.wanted
        if year is None:
            raise refused(
                f"Ligne {line}, colonne « {column} » : "
                f"« {cells[column][:40]} » n’est pas {source.year.wanted}."
            )
        self.years.add(year)
        if year != self.wanted:
            return
        place = self._place_of(line, cells)
        if place is not None and not self.is_wanted(*place):
            self.reading.elsewhere += 1
        elif place is not None:
            for measure, column in self._measures_in(line, cells):
                self._store(line, cells, place, measure, column)

    def _place_of(self, line: int, cells: Cells) -> Place | None:
        """Return kind and code of a line's place; None for a kind that is not stored, another
        France or no place at all (counted as ``unplaced``). Raise Refused for a malformed code."""
        place_column = self.source.place
        code = cells[place_column.column]
        kind = place_column.kind or place_column.kinds.get(cells[place_column.kind_column])
        if kind is None:
            return None
        if kind == PlaceKind.FRANCE:
            return (kind, FRANCE) if code == place_column.france else None
        if code in place_column.none:
            self.reading.unplaced += 1
            return None
        if not CODES[PlaceKind(kind)].fullmatch(code):
            raise refused(
                f"Ligne {line}, colonne « {place_column.column} » : « {code[:40]} » n’est pas le "
                f"code {PlaceKind(kind).of}. Un tableur qui enregistre le fichier ôte le zéro des "
                "codes : reprenez-le tel qu’il est publié."
            )
        return kind, code

    def _measures_in(self, line: int, cells: Cells) -> Iterator[tuple[Measure, str]]:
        """Yield each measure of a line with the column of its figure; nothing for an ignored one.
        Raise Refused for one unknown."""
        long = self.source.columns
        if not long.is_long:
            yield from ((measure, measure.column) for measure in self.source.measures)
            return
        name = cells[long.measure]
        if measure := self.measures.get(name):
            yield measure, long.value
        elif not long.ignores_other_measures and name not in long.ignored_measures:
            raise refused(
                f"Ligne {line}, colonne « {long.measure} » : « {name[:40]} » est inconnu."
            )

    def _store(self, line: int, cells: Cells, place: Place, measure: Measure, column: str) -> None:
        """Add a figure to the reading, as None if it is secret; an empty or unpublished one is left
        out. A part of a figure is added to its sum, which is secret if one is. Raise Refused for
        the second of a place, measure and part."""
        long = self.source.columns
        is_secret = bool(long.confidentiality) and cells[long.confidentiality] == SECRET
        if not is_secret and long.status and cells[long.status] not in GIVEN:
            return
        number = None if is_secret else self._parse_number(line, column, cells[column])
        if number is None and not is_secret:
            return
        whole = (*place, measure.code)
        key: tuple[str, ...] = whole
        if measure.adds or long.parts:
            key = (*whole, cells[long.measure], *(cells[name] for name in long.parts))
        if key in self.seen:
            raise refused(
                f"Ligne {line} : {PlaceKind(place[0]).label} {place[1]} est déjà à la ligne "
                f"{self.seen[key]}, pour la même année et la même mesure (« {measure.title} »)."
            )
        self.seen[key] = line
        if key != whole:
            before = self.sums.get(whole, Decimal(0))
            self.sums[whole] = None if number is None or before is None else before + number
        else:
            self.reading.figures.append(PublishedFigure(*whole, number))

    def _parse_number(self, line: int, column: str, text: str) -> Decimal | None:
        """Return the number of a cell; None if it is empty, which is no zero. Raise Refused for a
        text, a negative or a huge number."""
        if not text:
            return None
        try:
            number = Decimal(text.replace(",", ".")) if NUMBER.fullmatch(text) else None
        except InvalidOperation:
            number = None
        if number is None or not 0 <= number < LARGEST:
            raise refused(
                f"Ligne {line}, colonne « {column} » : « {text[:40]} » n’est pas un nombre."
            )
        return number


def _columns(source: Source, header: list[str]) -> dict[str, int]:
    """Return positions by name. Raise Refused for a column missing, unknown or there twice."""
    missing = [name for name in source.required if name not in header]
    if missing:
        named = enumerate_words([f"« {name} »" for name in missing])
        many = len(missing) > 1
        raise refused(
            f"Il manque {'les colonnes' if many else 'la colonne'} {named} du jeu "
            f"« {source.dataset} » : ce fichier n’est pas le bon, ou il a été exporté avec des "
            "libellés, ou sa forme a changé."
        )
    for name in header:
        if not source.knows(name):
            raise refused(
                f"La colonne « {name[:60]} » est inconnue du jeu « {source.dataset} » : sa forme a "
                "changé, ou ce fichier n’est pas le bon. Retirez cette colonne, ou signalez-la à "
                "qui tient le portail."
            )
        if header.count(name) > 1:
            raise refused(f"La colonne « {name} » est deux fois dans ce fichier.")
    return {name: place for place, name in enumerate(header)}
