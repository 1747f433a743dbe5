"""Verdicts on the objectives year after year, for the evaluation of the whole convention."""

from collections import defaultdict
from dataclasses import dataclass

from accounts.models import User
from conventions.models import Convention, Objective
from evaluation.editions.rights import may_read_drafts
from evaluation.editions.years import as_published
from evaluation.verdicts.models import Appreciation
from evaluation.verdicts.words import YearCell, cells_of
from evaluation.verdicts.yearly import Verdicts, those_on_objectives, verdicts_of_years
from evaluation.year.for_reader import published_texts


@dataclass(frozen=True)
class ObjectiveYears:
    """An objective, its cells of years, and that of the term (``final``)."""

    objective: Objective
    cells: list[YearCell]
    final: YearCell


@dataclass(frozen=True)
class OverYears:
    """The table of objectives and years; ``has_final``: whether the whole term has a verdict."""

    years: list[int]
    rows: list[ObjectiveYears]
    has_final: bool


def verdicts_for(user: User, convention: Convention) -> Verdicts:
    """Return the verdicts of each year and of the term (None) by objective: all as published for
    who reads no drafts; for others ``verdicts_of_years``, and the term as written now."""
    verdicts: Verdicts = defaultdict(dict)
    if may_read_drafts(user, convention) is None:
        verdicts.update(verdicts_of_years(convention))
        written = Appreciation.objects.of(convention).for_year(None).given().order_by()
        written = written.select_related("objective")
        term = {row.objective_id: row.verdict for row in those_on_objectives(written, convention)}
    else:
        for year, published_year in as_published(convention).items():
            for objective, verdict in published_year.verdicts.items():
                verdicts[objective][year] = verdict
        published_final = published_texts(convention, None).objectives
        term = {objective: row.verdict for objective, row in published_final.items()}
    for objective, verdict in term.items():
        verdicts[objective][None] = verdict
    return dict(verdicts)


def read_over_years(convention: Convention, verdicts_by_objective: Verdicts) -> OverYears:
    """Return the objectives that have verdicts, in reading order, by year. One query."""
    word = convention.words.objective
    years_with_verdict = {year for verdicts in verdicts_by_objective.values() for year in verdicts}
    years = sorted(years_with_verdict - {None})
    objectives = Objective.objects.filter(pk__in=verdicts_by_objective)
    objectives = objectives.select_related("theme__axis").order_by(
        "theme__axis__number", "theme__rank", "rank", "pk"
    )

    rows = [
        ObjectiveYears(
            objective,
            cells_of(verdicts_by_objective[objective.pk], word, years),
            *cells_of(verdicts_by_objective[objective.pk], word, [None]),
        )
        for objective in _nested(list(objectives))
    ]
    return OverYears(years, rows, None in years_with_verdict)


def _nested(objectives: list[Objective]) -> list[Objective]:
    """Put each sub-objective behind its orientation, if that is among them."""
    children = defaultdict(list)
    for objective in objectives:
        children[objective.parent_id].append(objective)
    known = {objective.pk for objective in objectives}
    tops = [objective for objective in objectives if objective.parent_id not in known]
    return [objective for top in tops for objective in (top, *children[top.pk])]
