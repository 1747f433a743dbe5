"""What the clock does for the evaluation."""

from django.utils import timezone

from evaluation.models import Report
from evaluation.report.events import hand_out_again


def sweep_reports() -> None:
    """Hand out once more the reports whose worker was killed, or that no worker took."""
    for report in Report.objects.abandoned(timezone.now()):
        hand_out_again(report)
