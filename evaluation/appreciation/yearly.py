"""What each year made of the objectives, of which the evaluation of the term is told."""

from collections import defaultdict

from conventions.models import Convention
from evaluation.appreciation.models import Appreciation
from evaluation.publication.years import as_published

Verdicts = dict[int, dict[int | None, str]]  # by primary key of the objective, and year


def verdicts_of_years(convention: Convention) -> Verdicts:
    """What each year made of each objective: a published one as it was published, the others as it
    is written now. Two queries."""
    published = as_published(convention)
    found: Verdicts = defaultdict(dict)
    for row in Appreciation.objects.of(convention).of_years().given().order_by():
        if row.year not in published:
            found[row.objective_id][row.year] = row.verdict
    for year, told in published.items():
        for objective, verdict in told.verdicts.items():
            found[objective][year] = verdict
    return dict(found)


def rewritten_years(convention: Convention) -> list[int]:
    """The published years of which something else is written now of an objective, in order: who
    writes is told that it is not told yet. Two queries."""
    published = as_published(convention)
    written: dict[int, dict[int, str]] = {year: {} for year in published}
    rows = Appreciation.objects.of(convention).filter(year__in=published).given().order_by()
    for row in rows:
        written[row.year][row.objective_id] = row.verdict
    return sorted(year for year, told in published.items() if told.verdicts != written[year])
