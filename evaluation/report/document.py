"""Draw ``ReportContent`` as a document, an accessible PDF."""

import datetime
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import enumerate_words
from documents.drawing.kinds import DocumentKind, Drawn
from documents.pdf import draw_pdf, render_html
from evaluation.images.image import carried
from evaluation.period import Period
from evaluation.report.content import ReportContent
from evaluation.report.data import attached_to
from evaluation.report.marks import Mark
from evaluation.report.models import Report
from evaluation.report.pages.whole import ReportPages
from evaluation.report.reading import read_period
from evaluation.report.sections import Section

logger = logging.getLogger(__name__)
NO_COLLECTION = Refusal("Cette période n’a plus de recueil : il n’y a pas de rapport à composer.")
UNDRAWN = (
    "tant que ce n’est pas réparé, l’évaluation ne peut être ni soumise ni publiée. Prévenez "
    "l’hébergeur du portail."
)


@dataclass(frozen=True)
class DrawnSection:
    """A section as HTML; one that ``has_failed`` says so in its place."""

    section: Section
    html: str
    has_failed: bool = False


def draw_sections(content: ReportContent) -> list[DrawnSection]:
    """Draw the sections of the document, each by itself: a mistake in one leaves the others
    whole, and is logged."""
    context = {
        "report": content,
        "pages": ReportPages(content),
        "pictures": carried(content.images),
    }
    return [_draw_section(section, content, context) for section in content.filled_sections]


def _draw_section(section: Section, content: ReportContent, context: dict) -> DrawnSection:
    try:
        return DrawnSection(section, render_to_string(section.paper, context))
    except Exception:
        logger.exception("Section %s of « %s » cannot be drawn", section.key, content.full_title)
    chapters = section.chapters_in(content)
    anchors = [line.anchor for chapter in chapters for line in (chapter, *chapter.below)]
    undrawn = {"section": section, "anchors": anchors}
    html = render_to_string("evaluation/report/pdf/undrawn.html", undrawn)
    return DrawnSection(section, html, has_failed=True)


def refuse_failed_sections(drawn: Iterable[DrawnSection]) -> Refusal | None:
    """Return why a document of these sections is neither submitted nor published; None where all
    could be drawn."""
    failed = [f"« {part.section.title} »" for part in drawn if part.has_failed]
    if not failed:
        return None
    fault = (
        f"La rubrique {failed[0]} ne peut pas être mise en page"
        if len(failed) == 1
        else f"Les rubriques {enumerate_words(failed)} ne peuvent pas être mises en page"
    )
    return Refusal(f"{fault} : {UNDRAWN}")


def document_context(content: ReportContent, mark: Mark, drawn: Iterable[DrawnSection]) -> dict:
    """Return the context of the template of the document."""
    note, running = content.collection, []
    if mark.is_project:
        note += f" {content.confidentiality}"
        running.append("PROJET · CONFIDENTIEL")
    if content.is_fictional:
        running.append("DONNÉES FICTIVES")
    return {
        "report": content,
        "pages": ReportPages(content),
        "running_mark": " · ".join(running),
        "mark": mark,
        "foot": mark.sentence,
        "note": note,
        "drawn": [mark_safe(section.html) for section in drawn],
    }


def write(content: ReportContent, mark: Mark, drawn: Iterable[DrawnSection] | None = None) -> str:
    """Return the HTML of the report. ``mark`` stands on its cover and on every page; ``drawn``: its
    sections, where they are drawn already."""
    context = document_context(content, mark, draw_sections(content) if drawn is None else drawn)
    return render_html("evaluation/report/pdf/report.html", context, title=content.full_title)


def draw(html: str, content: ReportContent, mark: Mark, moment: datetime.datetime) -> Drawn:
    """Return the PDF of that HTML, with its figures as files within; ``moment``, aware, is the date
    in its properties."""
    attached = attached_to(content, mark)
    return draw_pdf(html, title=content.full_title, date=moment, attached=attached)


def file_name(slug: str, year: int | None) -> str:
    """Return the name of the saved file: « evaluation-2023-grand-chatellerault.pdf »."""
    return f"evaluation-{Period(year).slug}-{slug}.pdf"


def mark_of(row: Report) -> Mark:
    return Mark.project(timezone.localdate(row.requested_at))


class ReportDocument(DocumentKind):
    """The report as the worker draws it."""

    name = Report.kind

    def read(self, row: Report) -> tuple[ReportContent, str]:
        content = read_period(row.convention, Period(row.year))
        if content is None:
            raise Refused(NO_COLLECTION)
        return content, content.digest

    def write(self, content: ReportContent, row: Report) -> str:
        return write(content, mark_of(row))

    def draw(self, written: str, content: ReportContent, row: Report) -> Drawn:
        return draw(written, content, mark_of(row), row.requested_at)
