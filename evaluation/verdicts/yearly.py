"""The verdicts of each year on the objectives, for the evaluation of the term."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Min
from django.utils import timezone

from committee.reclassifications.reading import natures_agreed
from conventions.models import Convention, Objective
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from evaluation.editions.models import Edition, EditionState
from evaluation.editions.years import as_published
from evaluation.verdicts.models import Appreciation

Verdicts = dict[int, dict[int | None, str]]  # by primary key of the objective, and year


def verdicts_of_years(convention: Convention) -> Verdicts:
    """Return the verdicts of years, not of the term: as published, else as now, without those on
    what is no objective. Two queries, and two for each year that is not published."""
    published = as_published(convention)
    verdicts: Verdicts = defaultdict(dict)
    written = Appreciation.objects.of(convention).without_term().given().order_by()
    rows = written.exclude(year__in=published).select_related("objective")
    for row in those_on_objectives(rows, convention):
        verdicts[row.objective_id][row.year] = row.verdict
    for year, published_year in published.items():
        for objective, verdict in published_year.verdicts.items():
            verdicts[objective][year] = verdict
    return dict(verdicts)


def count_appreciations(convention: Convention, objectives: Iterable[int]) -> list[tuple[int, str]]:
    """Return how many appreciations of any of these objectives have a verdict. One query."""
    given = Appreciation.objects.of(convention).given().filter(objective__in=set(objectives))
    return [(given.count(), "appréciation,appréciations")]


def those_on_objectives(rows: Iterable[Appreciation], convention: Convention) -> list[Appreciation]:
    """Return the appreciations that are on objectives, and not on passages that are only texts in
    the evaluation of their year, or of the term. Two queries for each of these."""
    rows = list(rows)
    natures = {year: natures_in(convention, year) for year in {row.year for row in rows}}
    return [row for row in rows if is_objective_in(row.objective, natures[row.year])]


def is_objective_in(passage: Objective, natures: dict[int, bool]) -> bool:
    """Return whether a passage is an objective by these ``natures``; without, as it came in."""
    return natures.get(passage.pk, passage.came_as_objective)


@cached(Subject.COMMITTEE, Subject.EVALUATION)
def natures_in(convention: Convention, year: int | None) -> dict[int, bool]:
    """Return what was agreed on passages of the signed text (``natures_agreed``) when the
    evaluation of a year, or of the term, was submitted for its first version; by now while it is
    still written. One query where nothing was agreed, else three."""
    if not natures_agreed(convention, before=timezone.now()):
        return {}
    submitted = Edition.objects.of(convention).for_year(year).exclude(state=EditionState.RETURNED)
    first = submitted.aggregate(first=Min("submitted_at"))["first"]
    return natures_agreed(convention, before=first)


def rewritten_years(convention: Convention) -> list[int]:
    """Return, in order, the published years whose verdicts (not reasons) are written otherwise now:
    who writes is warned that readers still see the published ones. Two queries."""
    published = as_published(convention)
    written: dict[int, dict[int, str]] = {year: {} for year in published}
    rows = Appreciation.objects.of(convention).filter(year__in=published).given().order_by()
    for row in rows:
        written[row.year][row.objective_id] = row.verdict
    return sorted(year for year, content in published.items() if content.verdicts != written[year])
