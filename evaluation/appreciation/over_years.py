"""What became of the objectives, year after year: for the evaluation of the whole convention."""

from collections import defaultdict
from dataclasses import dataclass

from accounts.models import User
from conventions.models import Convention, Objective
from evaluation.appreciation.words import YearCell, cells_of
from evaluation.appreciation.yearly import Verdicts, verdicts_of_years
from evaluation.models import Appreciation
from evaluation.publication.published import published_texts
from evaluation.publication.rights import may_read_drafts
from evaluation.publication.years import as_published


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


def verdicts_for(user: User, convention: Convention) -> Verdicts:
    """What was said of all years, and of the term, as ``user`` may read it: as published for who
    reads no draft."""
    found: Verdicts = defaultdict(dict)
    if may_read_drafts(user, convention) is None:
        found.update(verdicts_of_years(convention))
        written = Appreciation.objects.of(convention).of_year(None).given().order_by()
        term = {row.objective_id: row.verdict for row in written}
    else:
        for year, told in as_published(convention).items():
            for objective, verdict in told.verdicts.items():
                found[objective][year] = verdict
        said = published_texts(convention, None).objectives
        term = {objective: row.verdict for objective, row in said.items()}
    for objective, verdict in term.items():
        found[objective][None] = verdict
    return dict(found)


def read_over_years(convention: Convention, found: Verdicts) -> OverYears:
    """The objectives of which something was said, in reading order. One query."""
    word = convention.words.objective
    told = {year for verdicts in found.values() for year in verdicts}
    years = sorted(told - {None})
    objectives = Objective.objects.filter(pk__in=found)
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
