"""The annual evaluation as a document: accessible PDF of what ``ReportContent`` says."""

import datetime

from documents.pdf import Drawn, draw_pdf, render_html
from evaluation.report.content import ReportContent


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
