"""Why a collection is no longer taken back: something that is told from it is written or submitted;
why a figure is not: it is published."""

from django.db.models import Model

from conventions.models import Convention
from documents.drawing.models import CompositionState
from evaluation.models import (
    Appreciation,
    CriterionText,
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
    """Why a collection stays: the evaluation of its year is begun, or that of the term, where it is
    told from no other."""
    if not isinstance(row, Campaign):
        return None
    convention = row.convention
    others = Campaign.objects.of(convention).up_to(convention.end.year).exclude(pk=row.pk)
    told = "l’évaluation de cette année"
    return _begun(convention, row.year, told) or (
        None if others.exists() else _begun(convention, None, "l’évaluation finale")
    )


def _begun(convention: Convention, year: int | None, told: str) -> str | None:
    """How far the evaluation of a year is, or of the term (None), which ``told`` names."""
    if Edition.objects.of(convention).for_year(year).exists():
        return f"{told} a été soumise"
    given_up = [CompositionState.FAILED, CompositionState.CANCELLED]
    begun = [
        Narrative.objects.of(convention).filter(year=year).exclude(text=""),
        YearText.objects.of(convention).of_year(year).written(),
        Appreciation.objects.of(convention).of_year(year).written(),
        StakeAppreciation.objects.of(convention).of_year(year).written(),
        PostYear.objects.of(convention).of_year(year),
        TextComment.objects.of(convention).of_year(year).standing(),
        Highlight.objects.of(convention).of_year(year),
        Report.objects.of(convention).of_year(year).exclude(state__in=given_up),
    ]
    if year is None:
        begun.append(CriterionText.objects.of(convention).written())
    return f"{told} est commencée" if any(rows.exists() for rows in begun) else None


def published_since(row: Model) -> str | None:
    """Also by the evaluation of a later year, which tells those before it."""
    if not isinstance(row, Value) or not row.submitted_at:
        return None
    campaign = row.campaign_indicator.campaign
    told = Edition.objects.of(campaign.convention).including_year(campaign.year).published()
    if told.filter(submitted_at__gte=row.submitted_at).exists():
        return "une évaluation publiée la dit"
    return None
