"""Group the lines of a file by action; remark on what else it contains."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from actions.files.coming_in import headings as named
from actions.files.coming_in.lookup import (
    NEW,
    ActionLookup,
    new_key,
    number_and_title,
    number_in,
    title_of,
)
from actions.files.coming_in.places import Context, Places
from actions.plan.models import Action
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import plural
from spreadsheets.columns.headings import Meaning, years_in
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.tables import Row, Table, Told
from spreadsheets.importing.lines import LineOfFile
from spreadsheets.importing.preview import Mistake, Preview
from spreadsheets.reading.cells import Cell

LISTED_SECTIONS = 8
# What several lines of one action enumerate; in all else they agree.
TOGETHER = {
    named.LEADS, named.LEAD_NAME, named.PARTNERS, named.OBJECTIVES, named.COMMUNES, named.MEANS,
    named.PLANS, named.FUNDER, named.YEAR, named.NATURE, named.SCHEME, *named.AMOUNTS,
}  # fmt: skip


@dataclass
class ActionOfFile:
    """What a file says of one action: its lines, their cells by meaning, and its lines in tables of
    funding, milestones and notes. ``context`` is what stands above its first line."""

    key: str
    action: Action | None
    title: str
    context: Context
    rows: list[Row] = field(default_factory=list)
    cells: dict[Meaning, list[Cell]] = field(default_factory=dict)
    fundings: list[Row] = field(default_factory=list)
    milestones: list[Row] = field(default_factory=list)
    notes: list[Row] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Return the number that the file gives the action; empty without one."""
        return number_and_title(self.rows[0])[0] if self.rows else ""

    @property
    def place(self) -> str:
        first = self.all_rows[0]
        return first.place_of(named.TITLE if first.text(named.TITLE) else named.NUMBER)

    @property
    def all_rows(self) -> list[Row]:
        return [*self.rows, *self.fundings, *self.milestones, *self.notes]

    def as_line(self) -> LineOfFile:
        return LineOfFile(self.key, self.label, self.place, self.all_rows)

    @property
    def label(self) -> str:
        return str(self.action) if self.action else self.title

    def cell(self, name: str, year: int | None = None) -> Cell | None:
        cells = self.cells.get(Meaning(name, year))
        return cells[0] if cells else None


class LineReader:
    """Reads the lines of a file by action. Mistakes in other lines, and remarks about them, are
    added to ``result``."""

    def __init__(self, lookup: ActionLookup, places: Places, asking: Asking, result: Preview):
        self.lookup, self.places, self.asking, self.result = lookup, places, asking, result
        self.by_key: dict[str, ActionOfFile] = {}
        self.sections: list[str] = []

    def read(self, tables: Iterable[Table]) -> list[ActionOfFile]:
        """Return the actions that the tables name, each with its lines."""
        details = []
        for table in tables:
            kind = kind_of(table)
            self._remark_on_unread(table, kind)
            if kind:
                details.append((kind, table))
            else:
                self._actions_in(table)
        for kind, table in details:
            self._details_in(kind, table)
        for file_action in self.by_key.values():
            self._check_together(file_action)
        if self.sections:
            count = plural(len(self.sections), "ligne,lignes")
            more = "…" if len(self.sections) > LISTED_SECTIONS else ""
            places = ", ".join(self.sections[:LISTED_SECTIONS])
            self._remark("", f"titres et textes sans action : {count} ({places}{more}).")
        return list(self.by_key.values())

    def _remark(self, place: str, text: str) -> None:
        self.result.told.append(Told(place, text))

    def _remark_on_unread(self, table: Table, kind: str) -> None:
        """Remark on columns that are understood but not read in this kind of table."""
        for column in table.columns:
            name = column.meaning.name
            if name in named.OF_TODAY and column.heading and years_in(column.heading.text):
                text = f"colonne « {column.heading.text.strip()[:60]} » : elle est lue comme ce qui"
                self._remark(column.heading.address, f"{text} vaut aujourd’hui.")
            if not name or name in named.READ[kind]:
                continue
            hint = "" if kind else " ; les jalons se donnent dans une feuille « Jalons », avec le"
            more = "" if kind else " titre de l’action, le jalon et son échéance"
            text = f"colonne « {column.heading.text.strip()[:60]} » : elle n’est pas lue ici"
            self._remark(column.heading.address, f"{text}{hint}{more}.")

    # Tables of actions --------------------------------------------------------------------------

    def _actions_in(self, table: Table) -> None:
        context = Context()
        if (place := self.places.place(table.sheet.name)) is not None:
            context.follow(place)
        for row in table.rows:
            if row.is_total and not self.lookup.is_known(row):
                self._remark(
                    row.first.address, f"« {row.first.text[:80]} » : ligne de total, non lue."
                )
            elif title := self._title_in(row):
                self._follow_title(context, title)
                self.sections.append(row.first.address)
            elif not self._is_without_action(row):
                self._follow_cells(context, row)
                self._take(row, context)

    def _is_without_action(self, row: Row) -> bool:
        """Return whether a row only names the part of the convention that the next actions are
        in."""
        own = [cell for cell in row.cells.values() if cell.row == row.number]
        names = {
            row.table.understood[c.column].name for c in own if c.column in row.table.understood
        }
        if names and not names - {named.AXIS, named.THEME}:
            return not title_of(row)
        return False

    def _title_in(self, row: Row) -> str:
        """Return the text of a row that is the title of a section, or a note; else an empty
        text."""
        own = [cell for cell in row.cells.values() if cell.row == row.number]
        text = " – ".join(number_in(cell) for cell in sorted(own, key=lambda cell: cell.column))
        meanings = [row.table.understood.get(cell.column) for cell in own]
        if not row.is_alone:
            names = {meaning.name for meaning in meanings if meaning}
            is_title = self.places.is_title(number_in(own[0])) and not self.lookup.is_known(row)
            return text if is_title and names <= {named.NUMBER, named.TITLE, named.AXIS} else ""
        if self.lookup.is_known(row):
            return ""
        name = meanings[0].name if meanings[0] else ""
        if name in (named.AXIS, named.THEME):
            return text
        if name == named.TITLE and not self._is_section(row, text):
            return ""
        return text

    def _is_section(self, row: Row, text: str) -> bool:
        if self.places.place(text) or self.places.is_title(text):
            return True
        across = [
            a for a in row.table.sheet.merged if (a.top, a.left) == (row.number, row.first.column)
        ]
        if any(area.right > area.left for area in across):
            return True
        answer = self.asking.ask(
            f"ligne:{fold(text)}",
            f"« {text[:100]} », seul sur sa ligne, est-il le titre d’une action ?",
            row.first.address,
            [Choice(NEW, "oui, une action"), Choice(LEFT, "non, un titre de partie ou une note")],
        )
        if not answer:
            question = "Ce texte est seul sur sa ligne : dites si c’est une action."
            self.result.mistakes.append(Mistake(row.first.address, question, text))
        return answer != NEW

    def _follow_title(self, context: Context, text: str) -> None:
        """Note the part of the convention that a title names for the next lines."""
        if place := self.places.place(text):
            context.follow(place)
        else:
            if self.places.begins(text, self.places.axis_words):
                context.axis = context.theme = context.objective = None
            if context.axis is None or not self.places.begins(text, self.places.objective_words):
                context.unknown_heading = text

    def _follow_cells(self, context: Context, row: Row) -> None:
        """Note the axis and the theme that cells of a row name; the next rows need not repeat
        them."""
        if text := number_in(row.cell(named.AXIS)):
            axis = self.places.axis(text)
            if axis is None:
                context.axis = context.theme = context.objective = None
                context.unknown_heading = text
            elif axis != context.axis:
                context.follow(axis)
        if text := number_in(row.cell(named.THEME)):
            theme = self.places.theme(text, context.axis)
            if theme is not None:
                context.follow(theme)
            elif (axis := self.places.axis(text)) and not row.text(named.AXIS):
                context.follow(axis)
            else:
                context.theme, context.unknown_heading = None, text

    def _take(self, row: Row, context: Context) -> None:
        match = self.lookup.find(row, context)
        if isinstance(match, Mistake):
            self.result.mistakes.append(match)
            return
        if match == LEFT:
            text = f"« {title_of(row)[:80]} » : ligne laissée de côté."
            self._remark(row.first.address, text)
            return
        file_action = self._action_of(row, None if match == NEW else match, context)
        file_action.rows.append(row)
        for column, cell in row.cells.items():
            meaning = row.table.understood.get(column)
            if meaning is not None:
                meaning = self._meaning_in(meaning, row.table)
                cells = file_action.cells.setdefault(meaning, [])
                if all(cell.text.strip() != other.text.strip() for other in cells):
                    cells.append(cell)

    def _meaning_in(self, meaning: Meaning, table: Table) -> Meaning:
        """Return the meaning of a column within its table: in a table of actions « échéance » is
        their last day and « année » their period; a note on the sheet of a year is of that year."""
        years = years_in(table.sheet.name)
        if meaning.name in named.NOTES and meaning.year is None and len(years) == 1:
            return Meaning(meaning.name, years[0])
        if meaning.name == named.DUE and not table.has(named.ENDS):
            return Meaning(named.ENDS)
        if meaning.name == named.YEAR and not (table.has(named.PERIOD) or table.has(named.FUNDER)):
            return Meaning(named.PERIOD)
        return meaning

    def _action_of(self, row: Row, action: Action | None, context: Context) -> ActionOfFile:
        key = str(action.pk) if action else new_key(title_of(row), context)
        if key not in self.by_key:
            self.by_key[key] = ActionOfFile(key, action, title_of(row), replace(context))
        return self.by_key[key]

    def _check_together(self, file_action: ActionOfFile) -> None:
        """Add a mistake where several lines of an action differ in what it has only once."""
        for meaning, cells in file_action.cells.items():
            if meaning.name in TOGETHER:
                continue
            for cell in cells[1:]:
                text = (
                    f"Deux lignes de cette action le disent autrement : voyez {cells[0].address}."
                )
                self.result.mistakes.append(Mistake(cell.address, text, file_action.label))

    # Tables of funding, milestones and notes ------------------------------------------------------

    def _details_in(self, kind: str, table: Table) -> None:
        titled = {fold(new.title): new for new in self.by_key.values() if new.action is None}
        for row in table.rows:
            if row.is_total or row.is_alone:
                self.sections.append(row.first.address)
                continue
            file_action = titled.get(fold(title_of(row)))
            if file_action is None:
                match = self.lookup.find(row, Context())
                if match == LEFT:
                    self._remark(row.first.address, f"« {title_of(row)[:80]} » : laissée de côté.")
                    continue
                if match == NEW:
                    text = "L’action de cette ligne n’est ni dans le plan, ni dans ce fichier."
                    match = Mistake(row.place_of(named.TITLE), text, title_of(row))
                if isinstance(match, Mistake):
                    self.result.mistakes.append(match)
                    continue
                file_action = self._action_of(row, match, Context())
            getattr(file_action, kind).append(row)


def kind_of(table: Table) -> str:
    """Return the kind of a table: « milestones », « fundings » or « notes »; empty for a table of
    actions."""
    if table.names & named.OF_ACTIONS:
        return ""
    if table.has(named.MILESTONE) and table.has(named.DUE):
        return "milestones"
    if not table.has(named.YEAR):
        return ""
    if table.has(named.FUNDER):
        return "fundings"
    return "notes" if table.has(named.NOTE) else ""
