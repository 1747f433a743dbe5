"""Declare the files that are made of one content beside its document: for those who have little
time, compute, or edit. Projects and published editions have the same.
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from conventions.documents import CONTENT_TYPES
from ctg_portal.rules import Refusal
from documents.drawing.kinds import Drawn
from documents.uploads import clean_name
from evaluation.period import Period
from evaluation.report.content import ReportContent
from evaluation.report.data import csv_of, json_of, workbook_of
from evaluation.report.document import UNDRAWN
from evaluation.report.essential import draw_annex, draw_essential, write_annex, write_essential
from evaluation.report.marks import Mark
from evaluation.report.word import docx_of

logger = logging.getLogger(__name__)
JSON = "application/json"


def _as_it_is(content: ReportContent, mark: Mark) -> None:
    """Write nothing: the kind of a file that ``draw`` makes in one go."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file. ``write`` lays the content out, ``draw`` makes the file of it; ``ending``
    comes at the end of its name, before the extension. ``is_quick``: it is made while one waits."""

    label: str
    extension: str
    draw: Callable[[Any, ReportContent, Mark, datetime.datetime], Drawn]
    write: Callable[[ReportContent, Mark], Any] = _as_it_is
    ending: str = ""
    content_type: str = ""
    is_quick: bool = False

    def name(self, slug: str, period: Period) -> str:
        """Return « evaluation-2023-grand-chatellerault-essentiel.pdf »."""
        return clean_name(f"evaluation-{period.slug}-{slug}{self.ending}.{self.extension}")

    @property
    def served_as(self) -> str:
        return self.content_type or CONTENT_TYPES[self.extension]


# By the name that is stored, and that addresses have.
ESSENTIAL, ANNEX, WORKBOOK, CSV, DATA, WORD_FILE = (
    "essential", "annex", "xlsx", "csv", "json", "docx",
)  # fmt: skip
FILES = {
    ESSENTIAL: FileKind(
        "L’essentiel (PDF)", "pdf", draw_essential, write_essential,
        ending="-essentiel",
    ),
    ANNEX: FileKind(
        "Annexe statistique (PDF)", "pdf", draw_annex, write_annex, ending="-annexe",
    ),
    WORKBOOK: FileKind(
        "Chiffres et financements (classeur)", "xlsx",
        lambda written, content, mark, moment: Drawn(workbook_of(content)),
    ),
    CSV: FileKind(
        "Chiffres (CSV)", "csv",
        lambda written, content, mark, moment: Drawn(csv_of(content)), is_quick=True,
    ),
    DATA: FileKind(
        "Chiffres et financements (JSON)", "json",
        lambda written, content, mark, moment: Drawn(json_of(content, mark)),
        content_type=JSON, is_quick=True,
    ),
    WORD_FILE: FileKind(
        "Textes et tableaux (Word)", "docx",
        lambda written, content, mark, moment: Drawn(docx_of(content, mark)),
    ),
}  # fmt: skip


def refuse_failed_files(content: ReportContent) -> Refusal | None:
    """Return why a document is neither submitted nor published: a file that goes with it cannot be
    laid out, which is logged; None where all can be."""
    mark = Mark.project(timezone.localdate())
    for kind in FILES.values():
        try:
            kind.write(content, mark)
        except Exception:
            logger.exception("%s of « %s » cannot be laid out", kind.label, content.full_title)
            return Refusal(f"« {kind.label} » ne peut pas être mis en page : {UNDRAWN}")
    return None
