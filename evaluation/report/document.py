"""The annual evaluation as a document: accessible PDF of what ``ReportContent`` says."""

import datetime

from django.utils import timezone

from documents.drawing.kinds import DocumentKind, Drawn
from documents.pdf import draw_pdf, render_html
from evaluation.models import Report
from evaluation.report.content import ReportContent
from evaluation.report.reading import read_report
from indicators.models import Campaign


def write(content: ReportContent, day: datetime.date) -> str:
    """The HTML of the report; ``day`` is when it was asked for, told on its cover."""
    foot = f"{content.convention} – {content.territory}"
    if content.is_fictional:
        foot += " – données fictives"
    context = {"report": content, "day": day, "foot": foot}
    return render_html("evaluation/report/pdf/report.html", context, title=content.title)


def draw(html: str, content: ReportContent, moment: datetime.datetime) -> Drawn:
    """The PDF of that HTML. ``moment``, aware, is told in its properties."""
    return draw_pdf(html, title=content.title, date=moment)


def file_name(slug: str, year: int) -> str:
    """Under which name it is saved: « evaluation-2023-grand-chatellerault.pdf »."""
    return f"evaluation-{year}-{slug}.pdf"


class ReportDocument(DocumentKind):
    """The report as the worker draws it."""

    name = Report.kind

    def read(self, row: Report) -> tuple[ReportContent, str]:
        campaign = Campaign.objects.get(convention=row.convention, year=row.year)
        content = read_report(row.convention, campaign)
        return content, content.digest

    def write(self, content: ReportContent, row: Report) -> str:
        return write(content, timezone.localdate(row.requested_at))

    def draw(self, written: str, content: ReportContent, row: Report) -> Drawn:
        return draw(written, content, row.requested_at)
