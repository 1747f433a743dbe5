"""The texts about a whole year, or the whole term, written."""

from evaluation.period import Period
from evaluation.texts.models import awaited_of
from evaluation.writing.events import write_year_text


def whole_told(committee, year: int | None) -> None:
    """What an evaluation is expected to have."""
    for part in awaited_of(Period(year)):
        by = committee.coordinator
        write_year_text(committee.convention, year, part, f"{part.label}.", revision=0, by=by)
