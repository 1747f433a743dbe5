"""The money of a year, by funder: what was planned, what is known to be spent."""

from dataclasses import dataclass
from functools import cached_property

from actions.models import Funding
from actions.ways.budget import Sums, SumsRow, agree_in_number, format_short_euros
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import number, plural


@dataclass(frozen=True)
class YearMoney:
    """``lines``: those of the actions of the year. What nobody has entered is no zero."""

    lines: list[Funding]

    @cached_property
    def total(self) -> Sums:
        return Sums.of(self.lines)

    @cached_property
    def by_funder(self) -> list[SumsRow]:
        """The sums of each funder, those that planned most first. One name is one funder, however
        typed."""
        by_name: dict[str, list[Funding]] = {}
        for line in self.lines:
            by_name.setdefault(fold(line.who), []).append(line)
        rows = [SumsRow(lines[0].who, Sums.of(lines)) for lines in by_name.values()]
        return sorted(rows, key=lambda row: (-row.sums.planned.total, fold(row.label)))

    @property
    def figure(self) -> str:
        """« 2,4 M€ »; of what is spent, else of what is planned."""
        spent = self.total.spent
        return format_short_euros(spent.total if spent.known else self.total.planned.total)

    @property
    def label(self) -> str:
        spent, planned = self.total.spent, self.total.planned
        return (
            agree_in_number("dépensé", spent.total)
            if spent.known
            else agree_in_number("prévu", planned.total)
        )

    @property
    def comparison(self) -> str:
        """« 85 % du prévu, pour 12 lignes sur 20 dont la dépense est connue »."""
        if not self.total.spent.known:
            return "aucune dépense renseignée"
        if self.total.share is None:
            return f"dépenses connues pour {self.known}"
        return f"{self.total.share}\u00a0% du prévu, pour {self.known} dont la dépense est connue"

    @property
    def known(self) -> str:
        """The number of lines whose expenditure is known: « 12 lignes sur 20 »."""
        known = self.total.spent.known
        return f"{plural(known, 'ligne,lignes')} sur {number(known + self.total.spent.unknown)}"
