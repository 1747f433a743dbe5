"""Draw « L’essentiel », the four pages that are sent first, and the annex of data, from the same
content as the report."""

import datetime

from documents.drawing.kinds import Drawn
from documents.pdf import draw_pdf, render_html
from evaluation.report.content import ReportContent
from evaluation.report.data import attached_to
from evaluation.report.document import document_context
from evaluation.report.marks import Mark
from evaluation.report.pages.annex import Annex
from evaluation.report.pages.essential import DETAILS, PAGES, Detail, Essential


def write_essential(content: ReportContent, mark: Mark, detail: Detail = DETAILS[0]) -> str:
    """Return its HTML, for ``draw_essential``."""
    essential = Essential(content, detail)
    context = document_context(content, mark, []) | {"essential": essential}
    template = "evaluation/report/pdf/essential.html"
    return render_html(template, context, title=essential.full_title)


def draw_essential(
    html: str, content: ReportContent, mark: Mark, moment: datetime.datetime
) -> Drawn:
    """Return the PDF of that HTML, its figures within; with less detail where it has more pages."""
    title = Essential(content).full_title
    attached = attached_to(content, mark)
    drawn = draw_pdf(html, attached=attached, title=title, date=moment)
    for detail in DETAILS[1:]:
        if (drawn.pages or 0) <= PAGES:
            break
        shorter = write_essential(content, mark, detail)
        drawn = draw_pdf(shorter, attached=attached, title=title, date=moment)
    return drawn


def write_annex(content: ReportContent, mark: Mark) -> str:
    """Return the HTML of the annex, for ``draw_annex``."""
    annex = Annex(content)
    context = document_context(content, mark, []) | {"annex": annex}
    return render_html("evaluation/report/pdf/annex.html", context, title=annex.full_title)


def draw_annex(html: str, content: ReportContent, mark: Mark, moment: datetime.datetime) -> Drawn:
    """Return the PDF of that HTML, its figures within."""
    title = Annex(content).full_title
    return draw_pdf(html, title=title, date=moment, attached=attached_to(content, mark))
