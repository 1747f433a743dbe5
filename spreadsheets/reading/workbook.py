"""XLSX: one pass over each sheet gives what is stored, how it is shown, and whether it was
calculated (decision record 61)."""

import datetime
import posixpath
import re
from dataclasses import dataclass

from spreadsheets.reading.cells import Area, Book, Kind, Sheet, numbered, raised
from spreadsheets.reading.formats import LONGEST_FORMAT, Shown, shown_by, unit_of
from spreadsheets.reading.parts import elements, get, let_go, name_of
from spreadsheets.reading.refusals import Unreadable

FILLED = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
BOOLEANS = {"1": "VRAI", "0": "FAUX"}
# Programs that calculate what they write; others leave a zero beside each formula.
CALCULATING = re.compile(rb"<Application>[^<]*(LibreOffice|OpenOffice|Collabora)", re.IGNORECASE)
ON_LOAD = re.compile(rb"""fullCalcOnLoad\s*=\s*["'](?:1|true)""")
LAST_DAY = 2_958_465  # 31/12/9999


@dataclass
class Workbook:
    """What all sheets of a workbook share."""

    strings: list[tuple[str, bool]]
    styles: list[tuple[Shown, str]]
    struck: list[bool]
    epoch: datetime.date
    calculates: bool


def read(parts: dict[str, bytes], most: int) -> Book:
    """Return the sheets of an XLSX workbook, by its parts. Raises Unreadable, also beyond ``most``
    cells."""
    root = _main_part(parts)
    content = parts[root]
    targets = _targets(parts, root)
    sheets = []
    for sheet in elements(content, "sheet"):
        path = targets.get(get(sheet, "id"), "")
        if path in parts and "chartsheet" not in path and "dialogsheet" not in path:
            sheets.append((get(sheet, "name"), get(sheet, "state"), path))
    if not sheets:
        raise Unreadable("damaged")
    if sum(1 for _, _, path in sheets for _ in FILLED.finditer(parts[path])) > most:
        raise Unreadable("too_many")
    folder = posixpath.dirname(root)
    common = Workbook(
        strings=_strings(_part(parts, targets, folder, "sharedstrings.xml")),
        styles=_formats(_part(parts, targets, folder, "styles.xml")),
        struck=_struck_styles(_part(parts, targets, folder, "styles.xml")),
        epoch=_epoch(content),
        calculates=_calculates(parts, content),
    )
    book = Book("", "classeur Excel")
    for name, state, path in sheets:
        sheet = Sheet(name, is_hidden=state in ("hidden", "veryHidden"))
        _read_sheet(sheet, parts[path], common)
        book.sheets.append(sheet)
    return book


def _main_part(parts: dict[str, bytes]) -> str:
    for relation in elements(parts.get("_rels/.rels", b"<r/>"), "Relationship"):
        if get(relation, "Type").endswith("/officeDocument"):
            path = get(relation, "Target").lstrip("/").lower()
            if path in parts:
                return path
    if "xl/workbook.xml" in parts:
        return "xl/workbook.xml"
    raise Unreadable("not_a_table")


def _targets(parts: dict[str, bytes], root: str) -> dict[str, str]:
    """Return the parts that the workbook refers to, by the name of the relation."""
    folder, name = posixpath.split(root)
    paths = {}
    relations = parts.get(f"{folder}/_rels/{name}.rels", b"<r/>")
    for relation in elements(relations, "Relationship"):
        target = get(relation, "Target").lower()
        path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        paths[get(relation, "Id")] = posixpath.normpath(path)
    return paths


def _part(parts: dict[str, bytes], targets: dict[str, str], folder: str, name: str) -> bytes:
    """Return a part that there is one of, wherever it lies; an empty one where there is none."""
    paths = [path for path in targets.values() if path.endswith(name)]
    return next((parts[p] for p in [*paths, f"{folder}/{name}"] if parts.get(p)), b"<r/>")


def _strings(content: bytes) -> list[tuple[str, bool]]:
    """Return the texts that cells share, each with whether all of it is struck out."""
    strings = []
    for item in elements(content, "si"):
        strings.append((_text_of(item), _is_struck_out(item)))
        let_go(item)
    return strings


def _is_struck_out(item) -> bool:
    """Return whether each run of a text is struck out; False for a text without runs."""
    runs = [run for run in item.iterchildren("{*}r") if "".join(run.itertext()).strip()]
    return bool(runs) and all(_is_on(run.find("{*}rPr/{*}strike")) for run in runs)


def _is_on(element) -> bool:
    return element is not None and get(element, "val") not in ("0", "false")


def _struck_styles(content: bytes) -> list[bool]:
    """Return whether each style of a cell strikes it out."""
    fonts: list[bool] = []
    styles: list[bool] = []
    for element in elements(content, "fonts", "cellXfs"):
        if name_of(element) == "fonts":
            fonts = [_is_on(font.find("{*}strike")) for font in element.iterchildren("{*}font")]
        else:
            keys = [_whole(get(style, "fontId")) for style in element.iterchildren("{*}xf")]
            styles = [key < len(fonts) and fonts[key] for key in keys]
    return styles


def _text_of(element) -> str:
    """Return what is written in a text that may have several faces, without how it is
    pronounced."""
    pieces = []
    for piece in element.iter("{*}t"):
        run = piece.getparent()
        if name_of(run) != "rPh":
            text = piece.text or ""
            pieces.append(raised(text) if _is_raised(run) else text)
    return _unescaped("".join(pieces))


def _is_raised(run) -> bool:
    place = run.find("{*}rPr/{*}vertAlign")
    return place is not None and get(place, "val") == "superscript"


def _formats(content: bytes) -> list[tuple[Shown, str]]:
    """Return how each style of a cell shows its number, and the unit it writes behind it."""
    own, known, styles = {}, {}, []
    for element in elements(content, "numFmt", "cellXfs"):
        if name_of(element) == "numFmt":
            code = get(element, "formatCode")
            if len(code) > LONGEST_FORMAT:
                raise Unreadable("damaged")
            own[get(element, "numFmtId")] = code
        else:
            for style in element.iterchildren("{*}xf"):
                number = get(style, "numFmtId")
                if number not in known:  # styles are many more than formats
                    known[number] = (shown_by(number, own.get(number)), unit_of(own.get(number)))
                styles.append(known[number])
    return styles


def _epoch(content: bytes) -> datetime.date:
    for element in elements(content, "workbookPr"):
        if get(element, "date1904") in ("1", "true"):
            return datetime.date(1904, 1, 1)
    return datetime.date(1899, 12, 30)


def _calculates(parts: dict[str, bytes], content: bytes) -> bool:
    """Return whether the program that wrote the workbook had calculated it: Excel keeps in which
    order."""
    if ON_LOAD.search(content):
        return False
    application = parts.get("docprops/app.xml", b"")
    return any(p.endswith("calcchain.xml") for p in parts) or bool(CALCULATING.search(application))


def _read_sheet(sheet: Sheet, content: bytes, common: Workbook) -> None:
    last_row = last_column = 0
    for element in elements(content, "row", "col", "mergeCell"):
        kind = name_of(element)
        if kind == "row":
            last_row = _row_number(element, last_row)
            if get(element, "hidden") in ("1", "true"):
                sheet.hidden_rows.add(last_row)
            _read_row(sheet, element, last_row, common)
            let_go(element)
        elif kind == "col" and get(element, "hidden") in ("1", "true"):
            first = max(_whole(get(element, "min")), last_column + 1)
            last_column = max(min(_whole(get(element, "max")), LAST_COLUMN), last_column)
            sheet.hidden_columns.update(range(first, last_column + 1))
        elif kind == "mergeCell" and (area := _area(get(element, "ref"))):
            sheet.merge(area)


def _row_number(element, last: int) -> int:
    number = _whole(get(element, "r")) or last + 1
    if not 0 < number <= LAST_ROW:
        raise Unreadable("damaged")
    return number


def _read_row(sheet: Sheet, row, number: int, common: Workbook) -> None:
    column = 0
    for cell in row.iterchildren("{*}c"):
        reference = REFERENCE.fullmatch(get(cell, "r"))
        column = numbered(reference[1]) if reference else column + 1
        if column > LAST_COLUMN:
            raise Unreadable("damaged")
        _read_cell(sheet, cell, number, column, common)
        formula = cell.find("{*}f")
        sheet.mark(
            number,
            column,
            formula="" if formula is None else (formula.text or "…"),
            is_struck=_is_struck(cell, common),
        )


def _is_struck(cell, common: Workbook) -> bool:
    """Return whether a line is drawn through a cell, by its style or all along its text."""
    style = _whole(get(cell, "s"))
    if style < len(common.struck) and common.struck[style]:
        return True
    value = cell.find("{*}v")
    if get(cell, "t") == "s" and value is not None:
        place = _whole(value.text or "", -1)
        return 0 <= place < len(common.strings) and common.strings[place][1]
    text = cell.find("{*}is")
    return get(cell, "t") == "inlineStr" and text is not None and _is_struck_out(text)


def _read_cell(sheet: Sheet, cell, row: int, column: int, common: Workbook) -> None:
    value, formula = cell.find("{*}v"), cell.find("{*}f")
    kind = get(cell, "t") or "n"
    raw = (value.text or "") if value is not None else ""
    if kind == "inlineStr" and value is None:
        sheet.keep_text(row, column, _text_of(cell))
    elif formula is not None and not raw:
        if kind != "str" or value is None:  # else its result is an empty text
            text = _formula_text(formula)
            sheet.keep(row, column, Kind.UNCALCULATED, text, text=text)
    elif kind in TEXTS:
        sheet.keep_text(row, column, TEXTS[kind](raw, common))
    elif kind == "e":
        sheet.keep(row, column, Kind.ERROR, raw)
    elif kind == "d":
        _keep_iso_day(sheet, row, column, raw)
    elif formula is not None and not common.calculates and _is_zero(raw):
        sheet.keep(row, column, Kind.DOUBTFUL, raw, text=_formula_text(formula))
    elif raw:
        _keep_number(sheet, row, column, raw, _style(cell, common), common)


def _shared(raw: str, common: Workbook) -> str:
    if not raw:
        return ""
    place = _whole(raw, -1)
    if not 0 <= place < len(common.strings):
        raise Unreadable("damaged")
    return common.strings[place][0]


def _unescaped(raw: str, common: Workbook | None = None) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw)


# How the text of a cell is told, by its type.
TEXTS = {
    "s": _shared,
    "str": _unescaped,
    "inlineStr": _unescaped,
    "b": lambda raw, common: BOOLEANS.get(raw, raw),
}


def _style(cell, common: Workbook) -> tuple[Shown, str]:
    style = _whole(get(cell, "s"))
    return common.styles[style] if style < len(common.styles) else (Shown.PLAIN, "")


def _keep_number(
    sheet: Sheet, row: int, column: int, raw: str, style: tuple[Shown, str], common: Workbook
) -> None:
    shown, unit = style
    if shown == Shown.DATE:
        try:
            days = float(raw)
        except ValueError:
            days = -1
        if 1 <= days <= LAST_DAY:
            day = common.epoch + datetime.timedelta(days=int(days))
            sheet.keep_day(row, column, raw, day)
            return
    sheet.keep_number(row, column, raw, is_percent=shown == Shown.PERCENT, unit=unit)


def _keep_iso_day(sheet: Sheet, row: int, column: int, raw: str) -> None:
    try:
        sheet.keep_day(row, column, raw, datetime.date.fromisoformat(raw[:10]))
    except ValueError:
        sheet.keep_text(row, column, raw)


def _formula_text(formula) -> str:
    return f"={formula.text or '…'}"


def _is_zero(raw: str) -> bool:
    try:
        return float(raw) == 0
    except ValueError:
        return False


def _area(reference: str) -> Area | None:
    ends = [REFERENCE.fullmatch(end) for end in reference.split(":")]
    if len(ends) != 2 or not all(ends):
        return None
    first, last = ends
    return Area(int(first[2]), numbered(first[1]), int(last[2]), numbered(last[1]))


def _whole(text: str, otherwise: int = 0) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise
