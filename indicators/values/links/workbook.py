"""Show a workbook that comes back through a link as a pasted block, so that there is one preview
and one way to save."""

from dataclasses import dataclass
from functools import cached_property

from conventions.models import Commune
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import number as in_french
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator
from indicators.values.entry_row import EntryRow
from indicators.values.figure import Figure
from indicators.values.files.importing import preview_values
from indicators.values.grid.block import LONGEST
from indicators.values.grid.forms import SIGNS
from indicators.values.grid.landing import Block
from indicators.values.links.visitor import Visitor
from spreadsheets.columns.questions import Asking
from spreadsheets.reading.open import is_large, open_book

HEADING = "Indicateur\tValeur\tCommentaire\tÉtat\tSource"
TOO_LARGE = Refusal(
    "Ce fichier est trop grand pour être lu ici : gardez les seules lignes et colonnes utiles, ou "
    "remplissez le classeur joint au message."
)
NOTHING_READ = "Aucune donnée à saisir n’est lue dans ce fichier."


@dataclass(frozen=True)
class WorkbookText:
    """The content of a workbook as the ``text`` of a block; ``remarks``: what of it was not
    read."""

    text: str
    remarks: list[str]


def read_workbook(visitor: Visitor, name: str, content: bytes) -> WorkbookText:
    """Return the content of a workbook for who brings it. Raise Refused if it has no table, or if
    only the worker could read it: nobody waits for it here."""
    enforce(TOO_LARGE if is_large(content) else None)
    preview = preview_values(visitor.link.campaign, open_book(name, content), Asking(), visitor)
    if preview.refusal:
        raise Refused(preview.refusal)
    lines = [_line(*line.about, line.content) for line in preview.lines]
    remarks = [f"{mistake.place} : {mistake.text}" for mistake in preview.mistakes]
    text = "\n".join([HEADING, *lines]) if lines else ""
    enforce(TOO_LARGE if len(text) > LONGEST else None)
    return WorkbookText(text, remarks or ([] if lines else [NOTHING_READ]))


def _line(entry: CampaignIndicator, commune: Commune | None, figure: Figure) -> str:
    """Return a figure as a line of the block, in the columns of ``HEADING``."""
    if figure.absence:
        value = SIGNS[figure.absence]
    elif Definition.of(entry.version).is_ratio:
        value = f"{in_french(figure.numerator)} / {in_french(figure.denominator)}"
    else:
        value = in_french(figure.number)
    cells = (
        name_of(entry, commune), value, figure.reason or figure.comment,
        "provisoire" if figure.provisional else "", figure.source,
    )  # fmt: skip
    return "\t".join(map(_quote, cells))


def _quote(cell: str) -> str:
    """Return a cell as a spreadsheet writes it to the clipboard."""
    if any(sign in cell for sign in '\t\r\n"'):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell


def name_of(entry: CampaignIndicator, commune: Commune | None) -> str:
    """Return the name of a figure in the block: « PE-01 – Places agréées – Archigny »."""
    content = entry.version.content
    return " – ".join(filter(None, (content["code"], content["title"], commune and commune.name)))


class Names:
    """The rows of many grids, as the lines of the block name them: the counterpart of ``Lookup``
    for indicators."""

    heading = ""

    def __init__(self, rows: list[EntryRow]):
        self.rows = {fold(name_of(row.entry, row.commune)): row for row in rows}

    def named(self, text: str) -> list[EntryRow]:
        """Return the row of that name, without regard to case and accents, in a list; empty if
        there is none."""
        row = self.rows.get(fold(text)) if text else None
        return [row] if row else []

    def is_code(self, text: str) -> bool:
        return False


@dataclass
class WorkbookBlock(Block):
    """The content of a workbook, beside all that is given by the link: figures of the territory and
    of each table."""

    @cached_property
    def rows(self) -> list[EntryRow]:
        """The rows of the territory's figures, then of each table."""
        tables = [row for table in self.page.table_pages for row in table.rows]
        return [*self.page.shown, *tables]

    @cached_property
    def lookup(self) -> Names:
        return Names(self.rows)

    def row_of(self, row: EntryRow) -> EntryRow:
        return row

    def title_of(self, row: EntryRow) -> str:
        return row.label
