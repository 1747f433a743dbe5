"""The verdicts of each year on the objectives, for the evaluation of the term."""

from collections import defaultdict

from django.utils import timezone

from committee.reclassifications.reading import natures_on
from conventions.models import Convention
from evaluation.editions.years import as_published
from evaluation.period import Period
from evaluation.verdicts.models import Appreciation

Verdicts = dict[int, dict[int | None, str]]  # by primary key of the objective, and year


def verdicts_of_years(convention: Convention) -> Verdicts:
    """Return the verdicts of years, not of the term: as published, else as now, without those on
    what is no objective. Two queries, and one for each year that is not published."""
    published = as_published(convention)
    verdicts: Verdicts = defaultdict(dict)
    written = Appreciation.objects.of(convention).without_term().given().order_by()
    for row in written.select_related("objective"):
        if row.year not in published and is_on_objective(row, convention):
            verdicts[row.objective_id][row.year] = row.verdict
    for year, published_year in published.items():
        for objective, verdict in published_year.verdicts.items():
            verdicts[objective][year] = verdict
    return dict(verdicts)


def is_on_objective(row: Appreciation, convention: Convention) -> bool:
    """Return whether an appreciation is on what was an objective when its year, or the term,
    ended."""
    day = Period(row.year).end(convention, timezone.localdate())
    natures = natures_on(convention, day)
    return natures.get(row.objective_id, row.objective.came_as_objective)


def rewritten_years(convention: Convention) -> list[int]:
    """Return, in order, the published years whose verdicts (not reasons) are written otherwise now:
    who writes is warned that readers still see the published ones. Two queries."""
    published = as_published(convention)
    written: dict[int, dict[int, str]] = {year: {} for year in published}
    rows = Appreciation.objects.of(convention).filter(year__in=published).given().order_by()
    for row in rows:
        written[row.year][row.objective_id] = row.verdict
    return sorted(year for year, content in published.items() if content.verdicts != written[year])
