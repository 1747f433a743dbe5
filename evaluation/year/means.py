"""The money of the plan up to a year, or over the term: by funder and year, as agreed to then."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch
from django.utils import timezone

from actions.models import Action, Funding
from actions.plan.as_agreed import sheets_agreed_on
from actions.ways.budget import Sums, SumsRow
from conventions.models import Convention
from ctg_portal.search.rows import fold


@dataclass(frozen=True)
class MeansReading:
    """``lines``: of all actions that were agreed to when a year ended, in the years before; of the
    actions of the year, in it. Of the term, all of its actions."""

    lines: list[Funding]

    @cached_property
    def by_year(self) -> list[SumsRow]:
        years = sorted({line.year for line in self.lines})
        return [
            SumsRow(str(year), Sums.of(line for line in self.lines if line.year == year))
            for year in years
        ]

    @cached_property
    def by_funder_and_year(self) -> list[tuple[str, int, list[Funding]]]:
        """The lines by funder, under the name of its first line, and year; those that planned most
        first. One name is one funder, however typed."""
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
    """Read the money of a convention up to a year; ``year_lines``: the lines of that year, as it
    was read. Five queries."""
    end = min(datetime.date(year, 12, 31), timezone.localdate())
    rows = Funding.objects.filter(year__lt=year).select_related("funder")
    actions = Action.objects.of(convention).select_related("theme__axis")
    actions = actions.prefetch_related(Prefetch("fundings", rows, to_attr="fundings_before"))
    lines = []
    for agreed in sheets_agreed_on(convention, end, actions):
        lines += agreed.fundings_in(agreed.action.fundings_before, range(year))
    return MeansReading(lines + year_lines)
