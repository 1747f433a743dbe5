"""What became of the objectives, year after year: for the evaluation of the whole convention."""

from dataclasses import dataclass

from conventions.models import Convention, Objective
from evaluation.appreciation.words import verdict_word
from evaluation.models import Appreciation, Edition
from evaluation.publication.published import published_texts
from evaluation.publication.rights import may_read_drafts


@dataclass(frozen=True)
class YearCell:
    """What a year made of an objective; both empty where nothing is said."""

    year: int
    verdict: str = ""
    word: str = ""


@dataclass(frozen=True)
class ObjectiveYears:
    """An objective, called as it is today, in each year of which something is said."""

    objective: Objective
    cells: list[YearCell]


@dataclass(frozen=True)
class OverYears:
    years: list[int]
    rows: list[ObjectiveYears]


def given_for(user, convention: Convention) -> list[Appreciation]:
    """What was said of all years, as ``user`` may read it: as published for who reads no draft."""
    if may_read_drafts(user, convention) is None:
        return list(Appreciation.objects.of(convention).given().order_by())
    editions = Edition.objects.of(convention).published()
    years = set(editions.order_by().values_list("evaluation__year", flat=True))
    return [
        row
        for year in sorted(years)
        for row in published_texts(convention, year).objectives.values()
    ]


def read_over_years(convention: Convention, given: list[Appreciation]) -> OverYears:
    """The objectives of which something was said, in reading order. One query."""
    word = convention.words.objective
    found = {(row.objective_id, row.year): row.verdict for row in given}
    years = sorted({row.year for row in given})
    objectives = Objective.objects.filter(pk__in={row.objective_id for row in given})
    objectives = objectives.select_related("theme__axis").order_by(
        "theme__axis__number", "theme__rank", "rank", "pk"
    )

    def cell(objective: Objective, year: int) -> YearCell:
        verdict = found.get((objective.pk, year), "")
        return YearCell(year, verdict, verdict_word(verdict, word) if verdict else "")

    rows = [
        ObjectiveYears(objective, [cell(objective, year) for year in years])
        for objective in _nested(list(objectives))
    ]
    return OverYears(years, rows)


def _nested(objectives: list[Objective]) -> list[Objective]:
    """Each sub-objective behind its orientation, where that one is told too."""
    known = {one.pk for one in objectives}
    tops = [one for one in objectives if one.parent_id not in known]
    return [one for top in tops for one in [top, *(o for o in objectives if o.parent_id == top.pk)]]
