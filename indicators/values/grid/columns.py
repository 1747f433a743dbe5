"""Recognise the columns of a pasted block: names of lines, figures, texts beside."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ctg_portal.search.rows import fold
from ctg_portal.text.numbers import NotANumber, parse_number
from indicators.values.files import headings as named
from indicators.values.files.headings import vocabulary
from indicators.values.files.lookup import Lookup
from indicators.values.forms import match_absence
from spreadsheets.columns.headings import YEARS, Meaning
from spreadsheets.reading.cells import Cell, Kind

READ = (named.CODE, named.LABEL, *named.NUMBERS, *named.TEXTS)
SAMPLE = 3


@dataclass(frozen=True)
class Question:
    """A question that a block leaves open. ``name``: that of the form field of its answer, heading
    or column; ``choices``: the answers, each with its label."""

    name: str
    text: str
    choices: Sequence[tuple[str, str]]


@dataclass
class Columns:
    """The columns of a block.

    ``places``: the column of each meaning, counted from zero; ``has_heading``: whether the first
    line is a heading; ``remarks``: what was not read, or how; ``question``: asked before anything
    is placed; ``figure_heading``: the heading of the column of figures.
    """

    places: dict[str, int] = field(default_factory=dict)
    has_heading: bool = False
    remarks: list[str] = field(default_factory=list)
    question: Question | None = None
    figure_heading: str = ""

    def cell(self, line: list[str], name: str) -> str:
        """Return what a line has in the column of a meaning; empty if there is none."""
        place = self.places.get(name)
        return line[place] if place is not None and place < len(line) else ""


def columns_of(
    lines: list[list[str]],
    year: int,
    lookup: Lookup,
    *,
    heading: str,
    column: int | None,
    title: str = "",
) -> Columns:
    """Return what the columns of a block with figures of ``year`` mean, with the question that is
    left open, if any: is the first line a heading, which column has the figures. ``heading``: the
    answer to the first (« yes », « no », empty for none); ``column``: to the second, counted from
    one; ``title``: a heading by which the column of figures is known."""
    columns, words = Columns(), vocabulary([year - 1, year])
    meanings = [words.meaning(_cell(text)) for text in lines[0]]
    is_heading = _is_heading(lines, meanings, lookup)
    if is_heading is None and not heading:
        first_cell = next(filter(None, lines[0]))
        columns.question = Question(
            "heading",
            f"La première ligne, « {first_cell} », est-elle le titre de la colonne, ou une "
            "valeur ?",
            [("yes", "C’est un titre"), ("no", "C’est une valeur")],
        )
        return columns
    columns.has_heading = heading == "yes" if is_heading is None else is_heading
    rest = lines[1:] if columns.has_heading else lines
    unread: dict[int, str] = {}
    if columns.has_heading:
        unread = _read_heading(columns, lines[0], meanings, year, lookup.heading)
        if not any(meaning.name for meaning in meanings):
            first_cell = next(filter(None, lines[0]))
            columns.remarks.append(f"La première ligne, « {first_cell} », est lue comme un titre.")
    width = max(map(len, rest), default=0)
    is_named = bool({named.CODE, named.LABEL} & columns.places.keys())
    if not is_named and sum(bool(_cells(rest, place)) for place in range(width)) > 1:
        _read_names(columns, rest, lookup)
    if not any(name in columns.places for name in named.NUMBERS):
        head = lines[0] if columns.has_heading else []
        if column is None and title:
            matching = [place for place, text in enumerate(head, 1) if fold(text) == fold(title)]
            column = matching[0] if len(matching) == 1 else None
        _find_figures(columns, rest, head, column)
    if not columns.has_heading and columns.question is None:
        _read_comments(columns, rest)
    if columns.has_heading:
        columns.figure_heading = columns.cell(lines[0], named.VALUE)
    read = columns.places.values()
    columns.remarks += [remark for place, remark in unread.items() if place not in read]
    return columns


def _cell(text: str) -> Cell:
    """Return a text as a cell of a sheet, a number if it reads as one."""
    try:
        number = parse_number(text)
    except NotANumber:
        return Cell("", 1, 1, Kind.TEXT, text, text)
    return Cell("", 1, 1, Kind.NUMBER, text, text, number)


def _is_heading(lines: list[list[str]], meanings: list[Meaning], lookup: Lookup) -> bool | None:
    """Return whether the first line is a heading, by its words and what stands below; None if
    nobody can tell."""
    filled = [(text, meaning) for text, meaning in zip(lines[0], meanings, strict=True) if text]
    if len(lines) < 2 or not filled or any(lookup.named(text) for text, _ in filled):
        return False
    words = [text for text, meaning in filled if meaning.name and not is_figure(text)]
    others = [text for text, meaning in filled if is_figure(text) and not meaning.name]
    if words:
        return not others
    # « 2023 » alone is the year, or a figure.
    if all(_is_year(text) for text, _ in filled):
        return None
    has_figures = any(is_figure(text) for line in lines[1:] for text in line if text)
    if any(is_figure(text) for text, _ in filled) or not has_figures:
        return False
    # « Accueil de loisirs » above lines that are named is their title; above figures that land by
    # their order it may be one that is mistyped.
    is_named = any(lookup.named(text) for line in lines[1:] for text in line if text)
    return True if is_named else None


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) in YEARS


def _read_heading(
    columns: Columns, line: list[str], meanings: list[Meaning], year: int, key: str
) -> dict[int, str]:
    """Place the columns that a heading names for ``year`` or no year, the first of two alike, and
    return, by column, the remark on each other column with a heading. ``key``: the meaning of the
    column that names the lines."""
    unread = {}
    for place, (text, meaning) in enumerate(zip(line, meanings, strict=True)):
        is_of_year = meaning.year in (None, year)
        name = named.LABEL if meaning.name == key else meaning.name
        if name in READ and is_of_year and name not in columns.places:
            columns.places[name] = place
        elif name in READ and is_of_year:
            columns.remarks.append(
                f"Deux colonnes disent la même chose : « {text} » n’est pas lue."
            )
        elif text:
            unread[place] = f"La colonne « {text} » n’est pas lue."
    return unread


def _read_names(columns: Columns, lines: list[list[str]], lookup: Lookup) -> None:
    """Place the columns that name the lines: those with names known to ``lookup``, else the first
    of several if it holds words only."""
    free = set(range(max(map(len, lines)))) - set(columns.places.values())
    for place in sorted(free):
        cells = _cells(lines, place)
        coded = sum(map(lookup.is_code, cells))
        named_here = sum(bool(lookup.named(text)) for text in cells)
        # A figure may look like a code: a column is one of codes when most of it is.
        if named_here and (coded < named_here or 2 * coded > len(cells)):
            name = named.CODE if 2 * coded > named_here else named.LABEL
            columns.places.setdefault(name, place)
    first = _cells(lines, 0)
    is_words = first and not any(map(is_figure, first))
    if not columns.places and is_words and max(map(len, lines)) > 1:
        columns.places[named.LABEL] = 0


def _find_figures(
    columns: Columns, lines: list[list[str]], heading: list[str], column: int | None
) -> None:
    """Place the column of figures: the one chosen by ``column`` (from one), else the only one of
    numbers, or the only one left; ask which it is if there are several; do nothing without any."""
    taken = set(columns.places.values())
    width = max(map(len, lines), default=0)
    free = [place for place in range(width) if place not in taken and _cells(lines, place)]
    filled = {place: _cells(lines, place) for place in free}
    # Half of it at least are numbers.
    counted = [
        place for place in free if 2 * sum(map(is_figure, filled[place])) >= len(filled[place])
    ]
    chosen = column - 1 if column else None
    if chosen in free:
        columns.places[named.VALUE] = chosen
        return
    candidates = counted or free
    if len(candidates) > 1:
        choices = []
        for place in candidates:
            title = heading[place] if place < len(heading) else ""
            name = f"« {title} »" if title else f"colonne {place + 1}"
            choices.append((str(place + 1), f"{name} : {_sample(filled[place])}"))
        text = "Plusieurs colonnes pourraient être celle des valeurs : laquelle faut-il lire ?"
        columns.question = Question("column", text, choices)
    elif candidates:
        columns.places[named.VALUE] = candidates[0]


def _read_comments(columns: Columns, lines: list[list[str]]) -> None:
    """Place the first column of words behind those placed as comments, and remark on it and on all
    columns that are not read."""
    last = max(columns.places.values(), default=-1)
    for place in range(max(map(len, lines))):
        cells = _cells(lines, place)
        if place in columns.places.values() or not cells:
            continue
        is_words = not any(map(is_figure, cells))
        if place > last and is_words and named.COMMENT not in columns.places:
            columns.places[named.COMMENT] = place
            columns.remarks.append(f"La colonne {place + 1} est lue comme commentaire, ou motif.")
        else:
            columns.remarks.append(f"La colonne {place + 1} n’est pas lue : {_sample(cells)}.")


def is_figure(text: str) -> bool:
    """Return whether a text is a number, an absence, or « 12 / 50 »."""
    try:
        parse_number(text)
    except NotANumber:
        return bool(match_absence(text)) or bool(terms_of(text))
    return True


def terms_of(text: str) -> list[str]:
    """Return the texts of numerator and denominator in « 12 / 50 » or « 12 sur 50 »; nothing for
    another text."""
    terms = [term.strip() for term in text.replace(" sur ", "/").split("/")]
    if len(terms) != 2:
        return []
    try:
        return terms if all(parse_number(term) is not None for term in terms) else []
    except NotANumber:
        return []


def _cells(lines: list[list[str]], place: int) -> list[str]:
    """Return what stands in a column, without the empty cells."""
    return [line[place] for line in lines if place < len(line) and line[place]]


def _sample(cells: list[str]) -> str:
    """Return the beginning of the first three cells."""
    more = "…" if len(cells) > SAMPLE else ""
    return ", ".join(cell[:20] for cell in cells[:SAMPLE]) + more
