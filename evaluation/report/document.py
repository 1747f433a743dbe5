"""An evaluation as a document: accessible PDF of what ``ReportContent`` says."""

import datetime

from django.utils import timezone

from documents.drawing.kinds import DocumentKind, Drawn
from documents.pdf import draw_pdf, render_html
from evaluation.images.image import carried
from evaluation.models import Report
from evaluation.period import Period
from evaluation.report.content import ReportContent
from evaluation.report.data import attached_to
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report


def write(content: ReportContent, mark: Mark) -> str:
    """The HTML of the report; ``mark``: what it says of itself, on its cover and on every page."""
    foot = mark.sentence
    if content.is_fictional:
        foot += " – données fictives"
    note = content.collection
    if mark.is_project:
        note += f" {content.confidentiality}"
    pictures = carried(content.images)
    context = {"report": content, "pictures": pictures, "mark": mark, "foot": foot, "note": note}
    return render_html("evaluation/report/pdf/report.html", context, title=content.full_title)


def draw(html: str, content: ReportContent, mark: Mark, moment: datetime.datetime) -> Drawn:
    """The PDF of that HTML, with its figures as files within. ``moment``, aware, is told in its
    properties."""
    attached = attached_to(content, mark)
    return draw_pdf(html, title=content.full_title, date=moment, attached=attached)


def file_name(slug: str, year: int | None) -> str:
    """Under which name it is saved: « evaluation-2023-grand-chatellerault.pdf »."""
    return f"evaluation-{Period(year).slug}-{slug}.pdf"


def mark_of(row: Report) -> Mark:
    return Mark.project(timezone.localdate(row.requested_at))


class ReportDocument(DocumentKind):
    """The report as the worker draws it."""

    name = Report.kind

    def read(self, row: Report) -> tuple[ReportContent, str]:
        period = Period(row.year)
        content = read_report(row.convention, period.campaign(row.convention), period)
        return content, content.digest

    def write(self, content: ReportContent, row: Report) -> str:
        return write(content, mark_of(row))

    def draw(self, written: str, content: ReportContent, row: Report) -> Drawn:
        return draw(written, content, mark_of(row), row.requested_at)
