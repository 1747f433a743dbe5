"""Lines of a file of figures: what each changes, what is yellow, doubtful or left."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ctg_portal.rules import Refusal, Refused
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import plural
from indicators.definitions.definition import Definition
from indicators.disclosure import is_masked_or_rounded
from indicators.figures.values import Absence, Value
from indicators.values.figure import Figure, normalize
from indicators.values.files import headings as named
from indicators.values.files.figures import (
    FINAL,
    NAMED_PROVISIONAL,
    PROVISIONAL,
    describe_figure,
    source_if_other,
)
from indicators.values.files.reader import Reader
from indicators.values.files.reads import Read, Target, label_of_read
from indicators.values.plausibility import EarlierFigure, doubts
from spreadsheets.columns.corrections import Corrections, key_of_cell
from spreadsheets.columns.doubts import Doubt
from spreadsheets.columns.kept import Columns, sample_of, to_remember
from spreadsheets.columns.questions import Asking
from spreadsheets.columns.roles import YEAR
from spreadsheets.columns.tables import Told
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview
from spreadsheets.importing.rows import Group, RowDoubt, RowState, Sheetful
from spreadsheets.reading.cells import Book

NO_TABLE = Refusal(
    "Aucun tableau de données n’est reconnu : il faut une colonne d’indicateurs ou de communes, et "
    "une de valeurs. Dites ce que contiennent les colonnes, ou remplissez le classeur du portail."
)
ABSENCES = {"nd": Absence.NOT_AVAILABLE, "so": Absence.NOT_APPLICABLE}
UNEXPLAINED = "Une année close change : dites pourquoi."


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
        before=describe_figure(earlier, definition),
        after=describe_figure(figure, definition),
        compared_with=str(value.revision) if value else "",
        doubts=() if figure.comment else tuple(
            doubts(figure.number, definition, before)
        ),
        about=read.slot,
        was=earlier,
        content=figure,
    )  # fmt: skip


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
            reason_aside = (
                reason if not (value and value.absence and reason == value.reason) else ""
            )
            comment = "\n".join(filter(None, [comment, reason_aside, *notes]))
            figure = replace(base, **numbers, absence="", reason="")
        else:
            stated = reason or comment or (value.reason if value and value.absence else "")
            comment = comment if reason else ""
            figure = replace(base, **numbers, absence=str(ABSENCES[absence.absence]),
                             reason=stated or absence.reason)  # fmt: skip
    elif value is None:
        return None
    elif figure.absence and reason:
        figure = replace(figure, reason=reason)
    is_provisional = any(reading.is_provisional for reading in readings.values())
    is_provisional |= not state and bool(NAMED_PROVISIONAL.search(fold(record.heading)))
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
        sheet_columns = columns.sheets[sheet.name]
        sheetful.sheets.append(sample_of(sheet, sheet_columns, knowledge))
        plain = to_remember(sheet_columns, knowledge.year)
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
    _tell_default_secrecy(reads, result)
    result.sort([sheet.name for sheet in book.sheets])
    return result


def _place(read: Read, reader: Reader, result: Preview) -> None:
    """Give a record its line, or its place among those that are put right."""
    row = read.row
    if row.standing == RowState.LEFT:
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
    state = read.record.text(named.STATE)
    if state and fold(state) not in PROVISIONAL | FINAL:
        notes.append(f"état « {state[:40]} » non repris")
    row.note = " ; ".join(filter(None, [*notes, read.note]))
    if line.outcome == Outcome.UNCHANGED:
        row.standing = RowState.UNCHANGED
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
        row.standing = RowState.NEW if line.outcome == Outcome.NEW else RowState.CHANGED
        result.lines.append(line)
        return
    for box in row.boxes:
        if box.role in named.NUMBERS and len(read.readings) == 1:
            box.is_yellow, box.name = True, key_of_cell("typed", read.cell.address)
            box.value = box.value or read.cell.text.strip()
    for doubt in row.open_doubts:
        text = f"« {read.cell.text.strip()[:60]} » : {doubt.text.rstrip('.')}."
        result.mistakes.append(Mistake(read.cell.address, text, line.label, line.key))


def _refuse(read: Read, refusal: Refusal, result: Preview, reader: Reader) -> None:
    """Leave a line that is not the person's to give, with why."""
    read.leave(refusal.reason)
    key = reader.target.key(read.slot)
    result.mistakes.append(Mistake(read.cell.address, refusal.reason, label_of_read(read), key))


def _tell_default_secrecy(reads: Sequence[Read], result: Preview) -> None:
    """Say which organisations state no disclosure rule for the counts of people that are kept, and
    what becomes of small ones then."""
    to_save = [read.matched for read in reads if read.row.is_to_save]
    unstated = {
        entry.provider: entry.rule
        for entry in to_save
        if is_masked_or_rounded(Definition.of(entry.version), entry.rule)
        and not entry.rule.states_secrecy
    }
    for provider, rule in unstated.items():
        text = f"Aucune règle de secret statistique n’est déclarée par {provider.the}"
        result.told.append(Told("", f"{text} ; petits effectifs : {rule.secrecy}."))


def _tell_left(sheetful: Sheetful, result: Preview) -> None:
    """Say how many lines are left, by why."""
    counts = Counter(row.note for row in sheetful.in_state(RowState.LEFT))
    for why, count in counts.most_common(20):
        result.told.append(Told("", f"{plural(count, 'ligne,lignes')} : {why}."))
