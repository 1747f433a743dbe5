"""The money of a year, by funder: what was planned, what is known to be spent; and with it that of
the years before."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.utils import timezone

from actions.models import Action, Funding
from actions.plan.as_agreed import sheets_agreed_on
from actions.ways.budget import Sums, SumsRow, agree_in_number, format_short_euros
from conventions.models import Convention
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
        """The sums of each funder, those that planned most first. Case and accents do not count."""
        by_name: dict[str, list[Funding]] = {}
        for line in self.lines:
            by_name.setdefault(fold(line.who), []).append(line)
        rows = [SumsRow(lines[0].who, Sums.of(lines)) for lines in by_name.values()]
        return sorted(rows, key=lambda row: (-row.sums.planned.total, fold(row.label)))

    @property
    def figure(self) -> str:
        """The sum spent, « 2,4 M€ »; the sum planned where no line says what was spent."""
        spent = self.total.spent
        return format_short_euros(spent.total if spent.known else self.total.planned.total)

    @property
    def label(self) -> str:
        """The word for ``figure``: « dépensés », or « prévus »."""
        spent, planned = self.total.spent, self.total.planned
        return (
            agree_in_number("dépensé", spent.total)
            if spent.known
            else agree_in_number("prévu", planned.total)
        )

    @property
    def comparison(self) -> str:
        """The share of the planned with its terms; else on how many lines spending is known."""
        if not self.total.spent.known:
            return "aucune dépense renseignée"
        if share := self.total.share:
            return share.text
        return f"dépenses connues pour {self.known}"

    @property
    def known(self) -> str:
        """The number of lines whose expenditure is known: « 12 lignes sur 20 »."""
        known = self.total.spent.known
        return f"{plural(known, 'ligne,lignes')} sur {number(known + self.total.spent.unknown)}"


@dataclass(frozen=True)
class MeansReading:
    """``lines``: of all actions that were agreed to when a year ended, in the years before; of the
    actions of the year, in it. Of the term, all of its actions."""

    lines: list[Funding]

    @cached_property
    def by_year(self) -> list[SumsRow]:
        """The sums of each year that has lines, the earliest first."""
        years = sorted({line.year for line in self.lines})
        return [
            SumsRow(str(year), Sums.of(line for line in self.lines if line.year == year))
            for year in years
        ]

    @cached_property
    def by_funder_and_year(self) -> list[tuple[str, int, list[Funding]]]:
        """The lines of each funder and year, those that planned most first, then the earliest year.
        Names that differ in case or accents alone are one funder, called as in its first line."""
        by_funder: dict[str, list[Funding]] = defaultdict(list)
        for line in self.lines:
            by_funder[fold(line.who)].append(line)
        planned = {name: Sums.of(lines).planned.total for name, lines in by_funder.items()}
        return [
            (by_funder[name][0].who, year, [line for line in by_funder[name] if line.year == year])
            for name in sorted(by_funder, key=lambda name: (-planned[name], name))
            for year in sorted({line.year for line in by_funder[name]})
        ]


def read_means(convention: Convention, year: int, year_lines: list[Funding]) -> MeansReading:
    """Read the funding, before ``year``, of the actions that were agreed to when it ended (today
    while it goes on), and add ``year_lines``, the lines of that year itself. Five queries."""
    end = min(datetime.date(year, 12, 31), timezone.localdate())
    rows = Funding.objects.filter(year__lt=year).select_related("funder")
    actions = Action.objects.of(convention).select_related("theme__axis")
    actions = actions.prefetch_related(Prefetch("fundings", rows, to_attr="fundings_before"))
    lines = []
    for agreed in sheets_agreed_on(convention, end, actions):
        lines += agreed.fundings_in(agreed.action.fundings_before, range(year))
    return MeansReading(lines + year_lines)
