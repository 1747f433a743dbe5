"""Reasons to keep a collection, whose evaluation is begun, and a figure, which is published."""

from django.db.models import Model

from conventions.models import Convention
from documents.drawing.models import CompositionState
from evaluation.comments.models import TextComment
from evaluation.cooperation.models import PostYear
from evaluation.editions.models import Edition
from evaluation.layout.models import Highlight
from evaluation.report.models import Report
from evaluation.stakes.models import StakeAppreciation
from evaluation.texts.models import CriterionText, Narrative, YearText
from evaluation.verdicts.models import Appreciation
from indicators.models import Campaign, Value


def reason_to_keep_collection(row: Model) -> str | None:
    """Return why a collection may not be deleted: the evaluation of its year is begun; or that of
    the term, and no other collection could give it figures. None if it may, and for other rows."""
    if not isinstance(row, Campaign):
        return None
    convention = row.convention
    others = Campaign.objects.of(convention).up_to(convention.end.year).exclude(pk=row.pk)
    name = "l’évaluation de cette année"
    return _begun(convention, row.year, name) or (
        None if others.exists() else _begun(convention, None, "l’évaluation finale")
    )


def _begun(convention: Convention, year: int | None, name: str) -> str | None:
    """Return « … a été soumise » or « … est commencée » of the evaluation of a year, or of the term
    (None); None where nothing of it is stored. ``name``: the beginning of that sentence."""
    if Edition.objects.of(convention).for_year(year).exists():
        return f"{name} a été soumise"
    given_up = [CompositionState.FAILED, CompositionState.CANCELLED]
    begun = [
        Narrative.objects.of(convention).filter(year=year).exclude(text=""),
        YearText.objects.of(convention).for_year(year).written(),
        Appreciation.objects.of(convention).for_year(year).written(),
        StakeAppreciation.objects.of(convention).for_year(year).written(),
        PostYear.objects.of(convention).for_year(year),
        TextComment.objects.of(convention).for_year(year).standing(),
        Highlight.objects.of(convention).for_year(year),
        Report.objects.of(convention).for_year(year).exclude(state__in=given_up),
    ]
    if year is None:
        begun.append(CriterionText.objects.of(convention).written())
    return f"{name} est commencée" if any(rows.exists() for rows in begun) else None


def reason_to_keep_figure(row: Model) -> str | None:
    """Return why a figure may not be deleted: an evaluation that includes its year was published
    after it was submitted. None if it may, for a draft and for other rows."""
    if not isinstance(row, Value) or not row.submitted_at:
        return None
    campaign = row.campaign_indicator.campaign
    editions = Edition.objects.of(campaign.convention).including_year(campaign.year).published()
    if editions.filter(submitted_at__gte=row.submitted_at).exists():
        return "une évaluation publiée la dit"
    return None
