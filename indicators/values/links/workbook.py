"""A workbook that comes back through a link is shown as a block that is pasted: one preview, one
way of keeping what it says."""

from dataclasses import dataclass
from functools import cached_property

from conventions.models import Commune
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search import fold
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
from spreadsheets.matching.questions import Asking
from spreadsheets.reading.open import is_large, open_book

HEADING = "Indicateur\tValeur\tCommentaire\tÉtat\tSource"
TOO_LARGE = Refusal(
    "Ce fichier est trop grand pour être lu ici : gardez les seules lignes et colonnes utiles, ou "
    "remplissez le classeur joint au message."
)
NOTHING_READ = "Aucune donnée à saisir n’est lue dans ce fichier."


@dataclass(frozen=True)
class Brought:
    """What a workbook says: as the ``text`` of a block; ``told``: what of it was not read."""

    text: str
    told: list[str]


def brought(visitor: Visitor, name: str, content: bytes) -> Brought:
    """What a workbook holds for who brings it. Raises Refused for one without any table, and for
    what only the worker would read: nobody waits for it here."""
    enforce(TOO_LARGE if is_large(content) else None)
    preview = preview_values(visitor.link.campaign, open_book(name, content), Asking(), visitor)
    if preview.refusal:
        raise Refused(preview.refusal)
    lines = [_line(*line.about, line.content) for line in preview.lines]
    told = [f"{mistake.place} : {mistake.text}" for mistake in preview.mistakes]
    text = "\n".join([HEADING, *lines]) if lines else ""
    enforce(TOO_LARGE if len(text) > LONGEST else None)
    return Brought(text, told or ([] if lines else [NOTHING_READ]))


def _line(entry: CampaignIndicator, commune: Commune | None, figure: Figure) -> str:
    if figure.absence:
        said = SIGNS[figure.absence]
    elif Definition.of(entry.version).is_ratio:
        said = f"{in_french(figure.numerator)} / {in_french(figure.denominator)}"
    else:
        said = in_french(figure.number)
    cells = (
        name_of(entry, commune), said, figure.reason or figure.comment,
        "provisoire" if figure.provisional else "", figure.source,
    )  # fmt: skip
    return "\t".join(map(_quoted, cells))


def _quoted(cell: str) -> str:
    """As a spreadsheet writes it to the clipboard."""
    if any(sign in cell for sign in '\t\r\n"'):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell


def name_of(entry: CampaignIndicator, commune: Commune | None) -> str:
    """What a line of the block calls a figure: « PE-01 – Places agréées – Archigny »."""
    content = entry.version.content
    return " – ".join(filter(None, (content["code"], content["title"], commune and commune.name)))


class Names:
    """The rows of many grids, as the lines of the block name them: what ``Lookup`` is to
    indicators."""

    heading = ""

    def __init__(self, rows: list[EntryRow]):
        self.rows = {fold(name_of(row.entry, row.commune)): row for row in rows}

    def named(self, text: str) -> list[EntryRow]:
        found = self.rows.get(fold(text)) if text else None
        return [found] if found else []

    def is_code(self, text: str) -> bool:
        return False


@dataclass
class BroughtBlock(Block):
    """What a workbook says, beside all that is given by the link: the figures of the territory and
    those of each table."""

    @cached_property
    def rows(self) -> list[EntryRow]:
        tables = [row for table in self.page.table_pages for row in table.rows]
        return [*self.page.shown, *tables]

    @cached_property
    def lookup(self) -> Names:
        return Names(self.rows)

    def row_of(self, found: EntryRow) -> EntryRow:
        return found

    def titled(self, found: EntryRow) -> str:
        return found.label
