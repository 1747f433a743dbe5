"""Records of a file on their way to figures, and where those go."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from conventions.models import Commune
from conventions.territory.naming import FormerCommune
from ctg_portal.rules import Refusal
from ctg_portal.search.rows import fold
from indicators.definitions.adding_up import is_summable
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value
from indicators.values.figure import Figure
from indicators.values.files import headings as named
from indicators.values.files.figures import (
    Slot,
)
from indicators.values.files.knowledge import KnowledgeOfValues
from indicators.values.plausibility import EarlierFigure
from indicators.values.tables import definition_for_commune
from spreadsheets.columns.doubts import Doubt
from spreadsheets.columns.habits import Reading
from spreadsheets.columns.records import Record
from spreadsheets.importing.preview import Line, Preview
from spreadsheets.importing.rows import Box, Row, RowState
from spreadsheets.reading.cells import Cell

MEAN = ("moyen", "median")


class Target(ABC):
    """Where the figures of a file go: what may be given of which year, and what is there."""

    knowledge: KnowledgeOfValues
    convention: object

    @abstractmethod
    def entry(self, indicator: str, year: int) -> CampaignIndicator | None:
        """Return what is asked of an indicator in a year; None where nothing is."""

    @abstractmethod
    def takes(self, year: int) -> bool:
        """Return whether figures of a year are read."""

    @abstractmethod
    def value(self, slot: Slot) -> Value | None:
        """Return what is there, as far as the person may be shown it."""

    @abstractmethod
    def before(self, slot: Slot) -> EarlierFigure | None:
        """Return the last figure given before."""

    @abstractmethod
    def line(self, reading: "Read", result: Preview) -> Line | Refusal | None:
        """Return what a figure changes, or why the person gives none; None where that waits."""

    def key(self, slot: Slot) -> str:
        """Return the key of the row of the portal that a figure is about."""
        return slot.key

    def prepare(self, reads: Sequence["Read"]) -> None:  # noqa: B027  (most need none)
        """Note what all records together say."""


@dataclass
class Read:
    """A record on its way to a figure."""

    record: Record
    row: Row
    year: int | None = None
    entry: CampaignIndicator | None = None
    commune: Commune | None = None
    former: FormerCommune | None = None
    is_commune_chosen: bool = False
    readings: dict[str, Reading] = field(default_factory=dict)
    doubts: list[tuple[Doubt, str]] = field(default_factory=list)
    note: str = ""
    figure: Figure | None = None

    @property
    def matched(self) -> CampaignIndicator:
        """The indicator, of a record that was matched with one."""
        if self.entry is None:
            raise LookupError(self.row.place)
        return self.entry

    @property
    def slot(self) -> Slot:
        return Slot(self.matched, self.commune)

    @property
    def is_left(self) -> bool:
        return self.row.standing == RowState.LEFT

    @property
    def is_open(self) -> bool:
        return self.row.standing != RowState.LEFT and not self.row.yellow

    @property
    def cell(self) -> Cell:
        cells = self.record.cells
        return next((cells[name] for name in named.NUMBERS if name in cells), self.record.first)

    @property
    def definition(self) -> Definition:
        definition = Definition.of(self.matched.version)
        return definition if self.commune is None else definition_for_commune(definition)

    @property
    def number(self) -> Decimal | None:
        reading = self.readings.get(named.VALUE)
        return reading.number if reading else None

    def mark(self, box: Box, hint: str, name: str, facet: str = "", **more: str) -> None:
        """Make a cell of the line yellow, with its control."""
        box.is_yellow, box.hint, box.name, box.facet = True, hint, name, facet
        for attribute, text in more.items():
            setattr(box, attribute, text)

    def leave(self, why: str) -> None:
        self.row.standing, self.row.note = RowState.LEFT, why


def label_of_read(read: Read) -> str:
    title = read.entry.version.content["title"] if read.entry else read.row.boxes[0].text
    return f"{title} – {read.commune}" if read.commune else title


def adds_up(definition: Definition) -> bool:
    """Return whether the figures of communes make that of all: counts and amounts do."""
    is_sum = is_summable(definition.title, definition.unit, definition.content["calculation"])
    return is_sum and not any(word in fold(definition.title) for word in MEAN)
