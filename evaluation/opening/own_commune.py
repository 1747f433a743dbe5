"""« Et ma commune ? » on a public page: the figures of one commune, and where it is on the maps."""

from dataclasses import dataclass
from functools import cached_property

from ctg_portal.search import fold
from evaluation.report.content import ReportContent
from indicators.by_commune.snapshot import CommunesSnapshot, PlaceLine


@dataclass(frozen=True)
class OwnCommune:
    """The commune that a reader has chosen (``asked``) among those of a report."""

    report: ReportContent
    asked: str = ""

    @cached_property
    def names(self) -> list[str]:
        """Those that may be chosen, in the order of names."""
        found = {line.name for told in self.report.communes for line in told.lines}
        return sorted(found, key=fold)

    @property
    def name(self) -> str:
        """The one that is chosen; empty without one, or where it is not of the territory."""
        return self.asked if self.asked in self.names else ""

    @property
    def figures(self) -> list[tuple[CommunesSnapshot, PlaceLine]]:
        """What is told of it, by indicator."""
        return [
            (told, line)
            for told in self.report.communes
            for line in told.lines
            if line.name == self.name
        ]
