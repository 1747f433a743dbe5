"""An evaluation as a document: accessible PDF of what ``ReportContent`` says."""

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
    """The sections of the document, each by itself: a mistake in one leaves the others whole."""
    context = {
        "report": content,
        "pages": ReportPages(content),
        "pictures": carried(content.images),
    }
    return [_draw_section(section, content, context) for section in content.told_sections]


def _draw_section(section: Section, content: ReportContent, context: dict) -> DrawnSection:
    try:
        return DrawnSection(section, render_to_string(section.paper, context))
    except Exception:
        logger.exception("Section %s of « %s » cannot be drawn", section.key, content.full_title)
    chapters = section.chapters_in(content)
    anchors = [one.anchor for chapter in chapters for one in (chapter, *chapter.below)]
    told = {"section": section, "anchors": anchors}
    html = render_to_string("evaluation/report/pdf/undrawn.html", told)
    return DrawnSection(section, html, has_failed=True)


def refusal_of(drawn: Iterable[DrawnSection]) -> Refusal | None:
    """Why a document of these sections is neither submitted nor published."""
    failed = [f"« {one.section.title} »" for one in drawn if one.has_failed]
    if not failed:
        return None
    told = (
        f"La rubrique {failed[0]} ne peut pas être mise en page"
        if len(failed) == 1
        else f"Les rubriques {enumerate_words(failed)} ne peuvent pas être mises en page"
    )
    return Refusal(f"{told} : {UNDRAWN}")


def shown(content: ReportContent, mark: Mark, drawn: Iterable[DrawnSection]) -> dict:
    """What the template of the document takes."""
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
        "drawn": [mark_safe(one.html) for one in drawn],
    }


def write(content: ReportContent, mark: Mark, drawn: Iterable[DrawnSection] | None = None) -> str:
    """The HTML of the report; ``mark``: what it says of itself, on its cover and on every page;
    ``drawn``: its sections, where they are drawn already."""
    context = shown(content, mark, draw_sections(content) if drawn is None else drawn)
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
        content = read_period(row.convention, Period(row.year))
        if content is None:
            raise Refused(NO_COLLECTION)
        return content, content.digest

    def write(self, content: ReportContent, row: Report) -> str:
        return write(content, mark_of(row))

    def draw(self, written: str, content: ReportContent, row: Report) -> Drawn:
        return draw(written, content, mark_of(row), row.requested_at)
