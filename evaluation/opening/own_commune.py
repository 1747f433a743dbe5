"""« Et ma commune ? » on a public page: the figures of one commune, and where it is on the maps."""

from dataclasses import dataclass
from functools import cached_property

from ctg_portal.search.rows import fold
from evaluation.report.content import ReportContent
from indicators.by_commune.snapshot import CommunesSnapshot, PlaceLine


@dataclass(frozen=True)
class OwnCommune:
    """The commune that a reader has chosen (``asked``) among those of a report."""

    report: ReportContent
    asked: str = ""

    @cached_property
    def names(self) -> list[str]:
        """The communes that have a figure in the report, by name without accents."""
        names = {line.name for table in self.report.communes for line in table.lines}
        return sorted(names, key=fold)

    @property
    def name(self) -> str:
        """The chosen commune; empty without one, or if it is not of the territory."""
        return self.asked if self.asked in self.names else ""

    @property
    def figures(self) -> list[tuple[CommunesSnapshot, PlaceLine]]:
        """The pairs of a table and its line of the chosen commune, in the order of the report; none
        without a choice."""
        return [
            (table, line)
            for table in self.report.communes
            for line in table.lines
            if line.name == self.name
        ]
