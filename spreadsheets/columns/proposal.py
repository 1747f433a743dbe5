"""Propose what the columns of a sheet contain: by their headings, then by what their cells name.

Two layouts are read: a table of lines, one record a line, and a cross table, whose headings say of
what their figures are. Anything else is left to the person who looks at the sheet.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import islice

from spreadsheets.columns.headings import RELATIVE, bare, fold, years_in
from spreadsheets.columns.headings import YEAR as YEAR_IN
from spreadsheets.columns.roles import IGNORED, YEAR, Assignment, Knowledge, SheetColumns
from spreadsheets.columns.totals import TOTAL
from spreadsheets.columns.years import is_part_of_year, with_whole_years, year_in
from spreadsheets.reading.cells import Cell, Kind, Sheet

Rows = list[tuple[int, dict[int, Cell]]]
SEARCHED, SAMPLE = 40, 200
# Of the cells of a column, the share that says what it contains.
MOST = 0.6


class KnowledgeOfRecords(Knowledge):
    """What a room reads of tables of records and of cross tables."""

    def propose(self, sheet: Sheet) -> SheetColumns:
        return propose(sheet, self)

    def assign(self, sheet: Sheet, head: Sequence[int]) -> SheetColumns:
        return assign(sheet, head, self)


def propose(sheet: Sheet, knowledge: Knowledge) -> SheetColumns:
    """Return what the columns of a sheet seem to contain; what is not sure is left to be chosen. A
    hidden sheet, and one without records, is off."""
    rows = list(islice(sheet.rows(), SEARCHED + SAMPLE))
    columns = assign(sheet, find_head(sheet, rows, knowledge), knowledge)
    roles = columns.assignments.values()
    has_values = any(role.name in knowledge.values for role in roles)
    says = {knowledge.facets.get(role.name, "") for role in roles} | set(columns.constants)
    says |= {facet for role in roles for facet in role.by_heading}
    key = knowledge.facets[knowledge.vocabulary.key]
    columns.is_read = not sheet.is_hidden and has_values and (key in says or bool(columns.head))
    return columns


def find_head(sheet: Sheet, rows: Rows, knowledge: Knowledge) -> list[int]:
    """Return the rows of the headings. The first row that names something known is data, unless it
    names several as only the head of a cross table does."""
    first = next((at for at, (_, cells) in enumerate(rows) if is_record(cells, knowledge)), None)
    if first is None:
        first = _first_below_a_heading(rows, knowledge)
    if not first or not _is_heading(rows[first - 1][1], knowledge):
        return []
    number, cells = rows[first - 1]
    if first > 1 and rows[first - 2][0] == number - 1:
        above = rows[first - 2][1]
        if is_group_above(sheet, above, cells) and _is_heading(above, knowledge, fewest=1):
            return [number - 1, number]
    return [number]


def is_group_above(sheet: Sheet, above: dict[int, Cell], cells: dict[int, Cell]) -> bool:
    """Return whether a row stands above the headings as what several of them are of, and not as
    the title of the whole table."""
    if len(above) > 1:
        return True
    is_spread = any(_is_across(sheet, cell) for cell in above.values())
    return is_spread and len(above) < len(cells) and not _spans_all(sheet, above, cells)


def is_record(cells: dict[int, Cell], knowledge: Knowledge) -> bool:
    """Return whether a row is one of data: it names something known beside a figure, or without
    any word of a heading."""
    known = {}
    for column, cell in cells.items():
        if cell.is_text and (thing := knowledge.recognise(cell.text)):
            known[column] = thing
    if not known or len(cells) < 2:  # a lone cell is a title
        return False
    others = [cell for column, cell in cells.items() if column not in known]
    has_value = any(knowledge.is_value(cell) and year_in(cell) is None for cell in others)
    by_facet: dict[str, set[str]] = {}
    for thing in known.values():
        by_facet.setdefault(knowledge.facets[thing.role], set()).add(thing.key)
    if not has_value and any(len(keys) > 1 for keys in by_facet.values()):
        return False
    return has_value or not any(knowledge.vocabulary.meaning(cell).name for cell in others)


def _first_below_a_heading(rows: Rows, knowledge: Knowledge) -> int | None:
    """Return the place of the first row below one whose words are those of headings, or else of the
    first that holds a figure; None without any."""
    for at, (_, cells) in enumerate(rows[:SEARCHED]):
        words = [knowledge.vocabulary.meaning(cell).name for cell in cells.values()]
        if len(set(filter(None, words))) > 1 and at + 1 < len(rows):
            return at + 1
    for at, (_, cells) in enumerate(rows[:SEARCHED]):
        if len(cells) > 1 and any(
            knowledge.is_value(cell) and year_in(cell) is None for cell in cells.values()
        ):
            return at
    return None


def _is_heading(cells: dict[int, Cell], knowledge: Knowledge, fewest: int = 2) -> bool:
    """Return whether a row may hold headings: some words or years, and no figure."""
    is_wide = len(cells) >= fewest
    return is_wide and not any(
        knowledge.is_value(cell) and year_in(cell) is None and not _has_letters(cell)
        for cell in cells.values()
    )


def _has_letters(cell: Cell) -> bool:
    return any(letter.isalpha() for letter in cell.text)


def _is_across(sheet: Sheet, cell: Cell) -> bool:
    return any(
        (area.top, area.left) == (cell.row, cell.column) and area.right > area.left
        for area in sheet.merged
    )


def _spans_all(sheet: Sheet, above: dict[int, Cell], cells: dict[int, Cell]) -> bool:
    """Return whether a lone cell above is the title of the whole table."""
    (cell,) = above.values()
    right = max(
        (a.right for a in sheet.merged if (a.top, a.left) == (cell.row, cell.column)),
        default=cell.column,
    )
    return cell.column <= min(cells) and right >= max(cells)


# The columns below a head ---------------------------------------------------------------------


def headings_of(sheet: Sheet, head: Sequence[int]) -> dict[int, list[Cell]]:
    """Return the headings of each column, from top to bottom; one that stands over several is that
    of each."""
    if not head:
        return {}
    *upper, last = [
        {column: cell for (row, column), cell in sheet.cells.items() if row == number}
        for number in head
    ]
    merged = {
        (area.top, column): area.left
        for area in sheet.merged
        if area.top in head and area.right - area.left < SAMPLE
        for column in range(area.left, area.right + 1)
    }
    headings: dict[int, list[Cell]] = {column: [cell] for column, cell in last.items()}
    for number, row in zip(head, upper, strict=False):
        across = sorted(row)
        for column in sorted({*headings, *row}):
            own = row.get(column) or row.get(merged.get((number, column), 0))
            if own is None and column in last:
                at = bisect_left(across, column)
                left = across[at - 1] if at else 0
                own = row[left] if left in last and (number, left) not in merged else None
            if own is not None:
                headings.setdefault(column, []).insert(0, own)
    return headings


def assign(sheet: Sheet, head: Sequence[int], knowledge: Knowledge) -> SheetColumns:
    """Return what each column below a head contains, with what the sheet says as a whole."""
    start = max(head, default=0)
    sample = sample_below(sheet, start)
    headings = headings_of(sheet, head)
    roles: dict[int, Assignment] = {}
    for column in sorted({*headings, *sample}):
        roles[column] = _by_heading(headings.get(column, []), sample.get(column, []), knowledge)
    _drop_totals(roles, headings, knowledge)
    sure = [column for column, role in roles.items() if role.name]
    _add_crossed(roles, headings, sample, knowledge)
    sure += [column for column, role in roles.items() if role.name and column not in sure]
    for column, role in roles.items():
        if not role.name and column not in sample:  # nothing stands below its heading
            roles[column] = Assignment(IGNORED)
            sure.append(column)
    for column in sorted(sample):
        if not roles[column].name:
            roles[column] = _by_cells(sample[column], roles.values(), knowledge)
    _find_values(roles, sample, knowledge)
    columns = SheetColumns(head=list(head), sure=sure)
    columns.roles = {column: str(role) for column, role in sorted(roles.items())}
    _read_constants(columns, sheet, knowledge)
    return columns


def _drop_totals(
    roles: dict[int, Assignment], headings: dict[int, list[Cell]], knowledge: Knowledge
) -> None:
    """Unassign what stands beside columns of years: a total is of none, the terms of a ratio are of
    the only one, and any other column of figures is to be chosen."""
    yearly = [column for column, role in roles.items() if YEAR in role.by_heading]
    years = {year for column in yearly for piece in headings[column]
             for year in years_in(with_whole_years(piece.text))}  # fmt: skip
    if not yearly:
        return
    for column, role in roles.items():
        if role.name in knowledge.values[1:] and not role.by_heading and len(years) == 1:
            roles[column] = Assignment(role.name, (), next(iter(years)))
        elif role.name in knowledge.values and not role.by_heading:
            is_sum = is_total(headings[column][-1].text) if column in headings else False
            roles[column] = Assignment(IGNORED if is_sum else "")


def sample_below(sheet: Sheet, start: int) -> dict[int, list[Cell]]:
    """Return the first cells of each column below a row."""
    sample: dict[int, list[Cell]] = {}
    for (row, column), cell in sheet.cells.items():
        if row > start and len(cells := sample.setdefault(column, [])) < SAMPLE:
            cells.append(cell)
    return sample


def _by_heading(pieces: list[Cell], sample: list[Cell], knowledge: Knowledge) -> Assignment:
    """Return what the headings of a column say that it contains; to be chosen where they do not."""
    facets: list[str] = []
    value = ""
    for piece in pieces:
        text = with_whole_years(piece.text.strip())
        if is_part_of_year(text) or RELATIVE.fullmatch(fold(text)):
            return Assignment()
        term, text = split_term(text, knowledge)
        known = knowledge.recognise(text) or knowledge.recognise(without_year(text))
        if known and knowledge.facets[known.role] in knowledge.crossed:
            facets.append(knowledge.facets[known.role])
            facets += [YEAR] if len(years_in(text)) == 1 and not knowledge.recognise(text) else []
            value = term or value or knowledge.values[0]
            continue
        plain = Cell(piece.sheet, piece.row, piece.column, Kind.TEXT, text, text)
        meaning = knowledge.vocabulary.meaning(plain if piece.is_text else piece)
        year = year_in(piece) or meaning.year
        if meaning.name in knowledge.vocabulary.apart:
            return Assignment(IGNORED)
        if meaning.name in knowledge.values or (year and not meaning.name):
            is_plain_year = meaning.name or year_in(piece)
            if not is_plain_year:
                return Assignment()
            facets += [YEAR] if year else []
            value = term or meaning.name or value or knowledge.values[0]
        elif meaning.name:
            is_offered = meaning.name in knowledge.texts or meaning.name in knowledge.facets
            return Assignment(meaning.name if is_offered else IGNORED)
        elif term:
            value = term
    return Assignment(value, tuple(dict.fromkeys(facets))) if value else Assignment()


def split_term(text: str, knowledge: Knowledge) -> tuple[str, str]:
    """Return the role that the last word of a heading names, of those that stand beside a first
    one (« – numérateur »), and the heading without it."""
    words = text.rstrip(" )").rsplit(maxsplit=1)
    for name in knowledge.values[1:]:
        if words and fold(words[-1]) == fold(knowledge.vocabulary.headings[name].label):
            return name, words[0].rstrip(" –—-:(") if len(words) > 1 else ""
    return "", text


def without_year(text: str) -> str:
    return YEAR_IN.sub(" ", text).strip(" -–—(),:")


def _add_crossed(
    roles: dict[int, Assignment],
    headings: dict[int, list[Cell]],
    sample: dict[int, list[Cell]],
    knowledge: Knowledge,
) -> None:
    """Assign the columns of figures beside those whose headings name communes or indicators: they
    are of one too, which is asked of their lines."""
    crossed = [role for role in roles.values() if set(role.by_heading) - {YEAR}]
    if len(crossed) < 2:
        return
    pattern = max(crossed, key=crossed.count)
    if any(knowledge.facets.get(r.name) in pattern.by_heading for r in roles.values()):
        return
    for column, role in roles.items():
        is_named = column in headings and _has_letters(headings[column][-1])
        is_bare = not role.name or (role.name == knowledge.values[0] and not role.by_heading)
        if is_named and is_bare and _share_of_values(sample.get(column, []), knowledge) >= MOST:
            roles[column] = pattern


def _by_cells(
    sample: list[Cell], assigned: Iterable[Assignment], knowledge: Knowledge
) -> Assignment:
    """Return what most cells of a column name; to be chosen where they name nothing known."""
    taken = {knowledge.facets.get(role.name) for role in assigned}
    taken |= {facet for role in assigned for facet in role.by_heading}
    if YEAR not in taken and YEAR in knowledge.facets.values():
        years = [year_in(cell) for cell in sample]
        if all(years) and (len(set(years)) < len(years) or len(years) == 1 or _are_near(years)):
            return Assignment(YEAR)
    names = [knowledge.recognise(cell.text) for cell in sample]
    known = [thing.role for thing in names if thing]
    if len(known) >= MOST * len(sample):
        role = max(set(known), key=known.count)
        is_figure = all(cell.kind == Kind.NUMBER for cell in sample)
        if not is_figure or len(set(names)) == len(names) or role == "insee":
            return Assignment(role)
    return Assignment()


def _are_near(years: Sequence[int | None]) -> bool:
    whole = [year for year in years if year]
    return max(whole) - min(whole) < 30


def _share_of_values(sample: list[Cell], knowledge: Knowledge) -> float:
    return sum(map(knowledge.is_value, sample)) / len(sample) if sample else 0


def _find_values(
    roles: dict[int, Assignment], sample: dict[int, list[Cell]], knowledge: Knowledge
) -> None:
    """Assign the only column of figures where no heading says which one holds the values."""
    if any(role.name in knowledge.values for role in roles.values()):
        return
    figures = [
        column
        for column, role in roles.items()
        if not role.name and _share_of_values(sample.get(column, []), knowledge) >= MOST
    ]
    if len(figures) == 1:
        roles[figures[0]] = Assignment(knowledge.values[0])


def _read_constants(columns: SheetColumns, sheet: Sheet, knowledge: Knowledge) -> None:
    """Note what the name and the titles of a sheet say of all of its records: a year, or the one
    thing of which a cross table is; and what is asked because they say two."""
    first = min(columns.head, default=1)
    titles = [cell.text for (row, _), cell in sheet.cells.items() if row < first]
    says = {knowledge.facets.get(role.name, "") for role in columns.assignments.values()}
    for role in columns.assignments.values():
        says.update(role.by_heading)
        says.update([YEAR] if role.year else [])
    if YEAR not in says:
        years = {
            year
            for text in (sheet.name, *titles)
            for year in years_in(with_whole_years(text))
            if not is_part_of_year(text)
        }
        if len(years) == 1:
            columns.constants[YEAR] = str(years.pop())
        elif not years and knowledge.year:
            columns.constants[YEAR] = str(knowledge.year)
        else:
            columns.asks.append(YEAR)
    for facet in knowledge.crossed:
        if facet in (YEAR, *says):
            continue
        things = [knowledge.recognise(text.strip()) for text in (*titles, sheet.name)]
        keys = {thing.key for thing in things if thing and knowledge.facets[thing.role] == facet}
        if len(keys) == 1:
            columns.constants[facet] = keys.pop()


def shape_of(sheet: Sheet, columns: SheetColumns) -> str:
    """Return a digest of what is alike in the sheets that an office sends year after year: their
    headings without their years; of a sheet without headings, how many columns it has."""
    headings = headings_of(sheet, columns.head)
    words = [
        " ".join(bare(YEAR_IN.sub(" ", with_whole_years(piece.text))) for piece in pieces)
        for _, pieces in sorted(headings.items())
    ]
    shape = "|".join(words) or f"{len(columns.roles)} colonnes"
    return hashlib.sha256(shape.encode()).hexdigest()


def is_total(text: str) -> bool:
    """Return whether a text names the total of what stands above it."""
    return bool(TOTAL.match(fold(text[:100])))
