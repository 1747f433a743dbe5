"""Which lines of a file are about which actions; what else it holds is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from actions.files.coming_in import headings as named
from actions.files.coming_in.lookup import NEW, Lookup, new_key, number_in, parted, title_of
from actions.files.coming_in.where import Context, Where
from actions.plan.models import Action
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import plural
from spreadsheets.columns.headings import Meaning, years_in
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.tables import Row, Table, Told
from spreadsheets.importing.lines import LineOfFile
from spreadsheets.importing.preview import Mistake, Preview
from spreadsheets.reading.cells import Cell

TOLD_SECTIONS = 8
# What several lines of one action say together; of all else they say the same.
TOGETHER = {
    named.LEADS, named.LEAD_NAME, named.PARTNERS, named.OBJECTIVES, named.COMMUNES, named.MEANS,
    named.PLANS, named.FUNDER, named.YEAR, named.NATURE, named.SCHEME, *named.AMOUNTS,
}  # fmt: skip


@dataclass
class Said:
    """What a file says of one action: its cells by meaning, the lines it stands in, those of the
    tables beside it; ``context``: what stands above its first line."""

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
        """As the file numbers it."""
        return parted(self.rows[0])[0] if self.rows else ""

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
        found = self.cells.get(Meaning(name, year))
        return found[0] if found else None


class Lines:
    """The lines of a file, by action; what is wrong with the others, and what they are, goes into
    ``result``."""

    def __init__(self, lookup: Lookup, where: Where, asking: Asking, result: Preview):
        self.lookup, self.where, self.asking, self.result = lookup, where, asking, result
        self.found: dict[str, Said] = {}
        self.sections: list[str] = []

    def read(self, tables: Iterable[Table]) -> list[Said]:
        """One for each action that the tables tell of."""
        beside = []
        for table in tables:
            kind = kind_of(table)
            self._tell_unread(table, kind)
            if kind:
                beside.append((kind, table))
            else:
                self._actions_in(table)
        for kind, table in beside:
            self._beside_in(kind, table)
        for said in self.found.values():
            self._check_together(said)
        if self.sections:
            count = plural(len(self.sections), "ligne,lignes")
            more = "…" if len(self.sections) > TOLD_SECTIONS else ""
            places = ", ".join(self.sections[:TOLD_SECTIONS])
            self._told("", f"titres et textes sans action : {count} ({places}{more}).")
        return list(self.found.values())

    def _told(self, place: str, text: str) -> None:
        self.result.told.append(Told(place, text))

    def _tell_unread(self, table: Table, kind: str) -> None:
        """What a column holds that is understood, and has no place in its table."""
        for column in table.columns:
            name = column.meaning.name
            if name in named.OF_TODAY and column.heading and years_in(column.heading.text):
                text = f"colonne « {column.heading.text.strip()[:60]} » : elle est lue comme ce qui"
                self._told(column.heading.address, f"{text} vaut aujourd’hui.")
            if not name or name in named.READ[kind]:
                continue
            beside = "" if kind else " ; les jalons se donnent dans une feuille « Jalons », avec le"
            title = "" if kind else " titre de l’action, le jalon et son échéance"
            text = f"colonne « {column.heading.text.strip()[:60]} » : elle n’est pas lue ici"
            self._told(column.heading.address, f"{text}{beside}{title}.")

    # Tables of actions --------------------------------------------------------------------------

    def _actions_in(self, table: Table) -> None:
        context = Context()
        if (place := self.where.place(table.sheet.name)) is not None:
            context.follow(place)
        for row in table.rows:
            if row.is_total and not self.lookup.is_known(row):
                self._told(
                    row.first.address, f"« {row.first.text[:80]} » : ligne de total, non lue."
                )
            elif title := self._title_in(row):
                self._go_beneath(context, title)
                self.sections.append(row.first.address)
            elif not self._is_without_action(row):
                self._follow_cells(context, row)
                self._take(row, context)

    def _is_without_action(self, row: Row) -> bool:
        """Whether a row only repeats, or only says, where the next actions stand."""
        own = [cell for cell in row.cells.values() if cell.row == row.number]
        names = {
            row.table.understood[c.column].name for c in own if c.column in row.table.understood
        }
        if names and not names - {named.AXIS, named.THEME}:
            return not title_of(row)
        return False

    def _title_in(self, row: Row) -> str:
        """The text of a row that is the title of a section, or a note; else empty."""
        own = [cell for cell in row.cells.values() if cell.row == row.number]
        text = " – ".join(number_in(cell) for cell in sorted(own, key=lambda cell: cell.column))
        meanings = [row.table.understood.get(cell.column) for cell in own]
        if not row.is_alone:
            names = {meaning.name for meaning in meanings if meaning}
            is_title = self.where.is_title(number_in(own[0])) and not self.lookup.is_known(row)
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
        if self.where.place(text) or self.where.is_title(text):
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
            told = "Ce texte est seul sur sa ligne : dites si c’est une action."
            self.result.mistakes.append(Mistake(row.first.address, told, text))
        return answer != NEW

    def _go_beneath(self, context: Context, text: str) -> None:
        """Note in which part of the convention the next lines stand."""
        if place := self.where.place(text):
            context.follow(place)
        else:
            if self.where.begins(text, self.where.of_axes):
                context.axis = context.theme = context.objective = None
            if context.axis is None or not self.where.begins(text, self.where.of_objectives):
                context.said = text

    def _follow_cells(self, context: Context, row: Row) -> None:
        """The same, told in a column, which need not repeat it on each line."""
        if text := number_in(row.cell(named.AXIS)):
            axis = self.where.axis(text)
            if axis is None:
                context.axis = context.theme = context.objective = None
                context.said = text
            elif axis != context.axis:
                context.follow(axis)
        if text := number_in(row.cell(named.THEME)):
            theme = self.where.theme(text, context.axis)
            if theme is not None:
                context.follow(theme)
            elif (axis := self.where.axis(text)) and not row.text(named.AXIS):
                context.follow(axis)
            else:
                context.theme, context.said = None, text

    def _take(self, row: Row, context: Context) -> None:
        found = self.lookup.find(row, context)
        if isinstance(found, Mistake):
            self.result.mistakes.append(found)
            return
        if found == LEFT:
            text = f"« {title_of(row)[:80]} » : ligne laissée de côté."
            self._told(row.first.address, text)
            return
        said = self._said_of(row, None if found == NEW else found, context)
        said.rows.append(row)
        for column, cell in row.cells.items():
            meaning = row.table.understood.get(column)
            if meaning is not None:
                meaning = self._meant(meaning, row.table)
                held = said.cells.setdefault(meaning, [])
                if all(cell.text.strip() != other.text.strip() for other in held):
                    held.append(cell)

    def _meant(self, meaning: Meaning, table: Table) -> Meaning:
        """In a table of actions, an « échéance » is their last day, an « année » their period; a
        note on the sheet of a year is of that year."""
        of_sheet = years_in(table.sheet.name)
        if meaning.name in named.NOTES and meaning.year is None and len(of_sheet) == 1:
            return Meaning(meaning.name, of_sheet[0])
        if meaning.name == named.DUE and not table.has(named.ENDS):
            return Meaning(named.ENDS)
        if meaning.name == named.YEAR and not (table.has(named.PERIOD) or table.has(named.FUNDER)):
            return Meaning(named.PERIOD)
        return meaning

    def _said_of(self, row: Row, action: Action | None, context: Context) -> Said:
        key = str(action.pk) if action else new_key(title_of(row), context)
        if key not in self.found:
            self.found[key] = Said(key, action, title_of(row), replace(context))
        return self.found[key]

    def _check_together(self, said: Said) -> None:
        """Several lines of an action say the same of what is one."""
        for meaning, cells in said.cells.items():
            if meaning.name in TOGETHER:
                continue
            for cell in cells[1:]:
                told = (
                    f"Deux lignes de cette action le disent autrement : voyez {cells[0].address}."
                )
                self.result.mistakes.append(Mistake(cell.address, told, said.label))

    # Tables beside --------------------------------------------------------------------------------

    def _beside_in(self, kind: str, table: Table) -> None:
        titled = {fold(one.title): one for one in self.found.values() if one.action is None}
        for row in table.rows:
            if row.is_total or row.is_alone:
                self.sections.append(row.first.address)
                continue
            said = titled.get(fold(title_of(row)))
            if said is None:
                found = self.lookup.find(row, Context())
                if found == LEFT:
                    self._told(row.first.address, f"« {title_of(row)[:80]} » : laissée de côté.")
                    continue
                if found == NEW:
                    text = "L’action de cette ligne n’est ni dans le plan, ni dans ce fichier."
                    found = Mistake(row.place_of(named.TITLE), text, title_of(row))
                if isinstance(found, Mistake):
                    self.result.mistakes.append(found)
                    continue
                said = self._said_of(row, found, Context())
            getattr(said, kind).append(row)


def kind_of(table: Table) -> str:
    """What the lines of a table are beside those of the actions; empty for these."""
    if table.names & named.OF_ACTIONS:
        return ""
    if table.has(named.MILESTONE) and table.has(named.DUE):
        return "milestones"
    if not table.has(named.YEAR):
        return ""
    if table.has(named.FUNDER):
        return "fundings"
    return "notes" if table.has(named.NOTE) else ""
