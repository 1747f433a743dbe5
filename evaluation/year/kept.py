"""Why the collection of a year is no longer taken back: something of the year is written."""

from django.db.models import Model

from evaluation.models import Narrative, Report, ReportState
from indicators.models import Campaign


def evaluated(row: Model) -> str | None:
    if not isinstance(row, Campaign):
        return None
    written = Narrative.objects.of(row.convention).filter(year=row.year).exclude(text="")
    drawn = Report.objects.filter(convention=row.convention, year=row.year)
    if written.exists() or drawn.exclude(state=ReportState.FAILED).exists():
        return "l’évaluation de cette année est commencée"
    return None
