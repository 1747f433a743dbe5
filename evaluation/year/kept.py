"""Why the collection of a year is no longer taken back: something of it is written or submitted."""

from django.db.models import Model

from documents.drawing.models import CompositionState
from evaluation.models import (
    Appreciation,
    Edition,
    Highlight,
    Narrative,
    PostYear,
    Report,
    StakeAppreciation,
    TextComment,
    YearText,
)
from indicators.models import Campaign


def evaluated(row: Model) -> str | None:
    if not isinstance(row, Campaign):
        return None
    if Edition.objects.of(row.convention).of_year(row.year).exists():
        return "l’évaluation de cette année a été soumise"
    written = Narrative.objects.of(row.convention).filter(year=row.year).exclude(text="")
    whole = YearText.objects.of(row.convention).of_year(row.year).written()
    asked = Report.objects.of(row.convention).of_year(row.year)
    given_up = [CompositionState.FAILED, CompositionState.CANCELLED]
    objectives = Appreciation.objects.of(row.convention).of_year(row.year).written()
    stakes = StakeAppreciation.objects.of(row.convention).of_year(row.year).written()
    posts = PostYear.objects.of(row.convention).of_year(row.year)
    said = TextComment.objects.of(row.convention).of_year(row.year).standing()
    chosen = Highlight.objects.of(row.convention).of_year(row.year)
    texts = (written, whole, objectives, stakes, posts, said, chosen)
    is_written = any(rows.exists() for rows in texts)
    if is_written or asked.exclude(state__in=given_up).exists():
        return "l’évaluation de cette année est commencée"
    return None
