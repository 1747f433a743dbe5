"""The texts about a whole year, written."""

from evaluation.writing.events import write_year_text
from evaluation.writing.models import AWAITED


def whole_told(committee, year: int) -> None:
    """What an evaluation is expected to have."""
    for part in AWAITED:
        by = committee.coordinator
        write_year_text(committee.convention, year, part, f"{part.label}.", seen=0, by=by)
