"""Composing a report that was asked for: read, written, drawn, kept, telling how far it is."""

import logging

from django.utils import timezone

from evaluation.models import Report, Stage
from evaluation.report.document import draw, write
from evaluation.report.events import LeaseLost, keep, put_back, reach, take
from evaluation.report.reading import read_report
from indicators.models import Campaign

logger = logging.getLogger(__name__)


def compose(report_pk: int) -> bool:
    """Compose a report unless it is another's, or done; False when this attempt made nothing.

    A mistake is logged, and the report is put back to be tried again.
    """
    attempt = take(report_pk)
    if attempt is None:
        return False
    try:
        report = Report.objects.select_related("convention").get(pk=report_pk)
        campaign = Campaign.objects.get(convention=report.convention, year=report.year)
        content = read_report(report.convention, campaign)
        reach(report_pk, attempt, Stage.WRITING, digest=content.digest)
        html = write(content, timezone.localdate(report.requested_at))
        reach(report_pk, attempt, Stage.DRAWING)
        document = draw(html, content, report.requested_at)
        reach(report_pk, attempt, Stage.KEEPING)
        keep(report_pk, attempt, document.content, document.pages)
    except LeaseLost:
        return False
    except Exception:
        logger.exception("Report %s could not be composed", report_pk)
        put_back(report_pk, attempt)
        return False
    return True
