"""Why the collection of a year is no longer taken back: something of it is written or submitted;
why a figure is not: it is published."""

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
from indicators.models import Campaign, Value


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


def published_since(row: Model) -> str | None:
    """Also by the evaluation of a later year, which tells those before it."""
    if not isinstance(row, Value) or not row.submitted_at:
        return None
    campaign = row.campaign_indicator.campaign
    told = Edition.objects.of(campaign.convention).telling(campaign.year).published()
    if told.filter(submitted_at__gte=row.submitted_at).exists():
        return "une évaluation publiée la dit"
    return None
