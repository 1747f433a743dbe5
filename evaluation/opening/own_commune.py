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
        """The communes that may be chosen, by name."""
        names = {line.name for table in self.report.communes for line in table.lines}
        return sorted(names, key=fold)

    @property
    def name(self) -> str:
        """The chosen commune; empty without one, or if it is not of the territory."""
        return self.asked if self.asked in self.names else ""

    @property
    def figures(self) -> list[tuple[CommunesSnapshot, PlaceLine]]:
        """The table of each indicator that has a line of the chosen commune, and that line."""
        return [
            (table, line)
            for table in self.report.communes
            for line in table.lines
            if line.name == self.name
        ]
