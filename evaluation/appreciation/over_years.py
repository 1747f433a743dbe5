"""What became of the objectives, year after year: for the evaluation of the whole convention."""

from dataclasses import dataclass

from conventions.models import Convention, Objective
from evaluation.appreciation.words import YearCell, cells_of
from evaluation.models import Appreciation, Edition
from evaluation.publication.published import published_texts
from evaluation.publication.rights import may_read_drafts
from evaluation.year.texts import by_objective


@dataclass(frozen=True)
class ObjectiveYears:
    """An objective, called as it is today, in each year of which something is said; ``final``: what
    the whole term made of it."""

    objective: Objective
    cells: list[YearCell]
    final: YearCell


@dataclass(frozen=True)
class OverYears:
    """``has_final``: whether something is said of the whole term."""

    years: list[int]
    rows: list[ObjectiveYears]
    has_final: bool


def given_for(user, convention: Convention) -> list[Appreciation]:
    """What was said of all years, as ``user`` may read it: as published for who reads no draft."""
    if may_read_drafts(user, convention) is None:
        return list(Appreciation.objects.of(convention).given().order_by())
    editions = Edition.objects.of(convention).published()
    years = set(editions.order_by().values_list("evaluation__year", flat=True))
    return [row for year in years for row in published_texts(convention, year).objectives.values()]


def read_over_years(convention: Convention, given: list[Appreciation]) -> OverYears:
    """The objectives of which something was said, in reading order. One query."""
    word, found = convention.words.objective, by_objective(given)
    told = {row.year for row in given}
    years = sorted(told - {None})
    objectives = Objective.objects.filter(pk__in={row.objective_id for row in given})
    objectives = objectives.select_related("theme__axis").order_by(
        "theme__axis__number", "theme__rank", "rank", "pk"
    )

    rows = [
        ObjectiveYears(
            objective,
            cells_of(found[objective.pk], word, years),
            *cells_of(found[objective.pk], word, [None]),
        )
        for objective in _nested(list(objectives))
    ]
    return OverYears(years, rows, None in told)


def _nested(objectives: list[Objective]) -> list[Objective]:
    """Each sub-objective behind its orientation, where that one is told too."""
    known = {one.pk for one in objectives}
    tops = [one for one in objectives if one.parent_id not in known]
    return [one for top in tops for one in [top, *(o for o in objectives if o.parent_id == top.pk)]]
