"""What is written of a year, or of the whole term, and the documents made of it."""

from evaluation.comments.models import TextComment
from evaluation.cooperation.models import PostYear, PostYearFunding, PostYearShare
from evaluation.editions.models import (
    Edition,
    EditionState,
    EditionTransition,
    EditionVerb,
    Evaluation,
    Printing,
    PrintingTransition,
    Rendition,
    Snapshot,
    Validation,
    ValidationWord,
)
from evaluation.images.models import Illustration
from evaluation.layout.models import Highlight, HighlightKind, Layout
from evaluation.opening.models import PublicPage
from evaluation.report.models import Report, ReportTransition
from evaluation.stakes.models import StakeAppreciation, Trend
from evaluation.texts.models import CriterionText, Narrative, OwnDraft, Part, Writer, YearText
from evaluation.verdicts.models import Appreciation, Verdict

__all__ = [
    "Appreciation",
    "CriterionText",
    "Edition",
    "EditionState",
    "EditionTransition",
    "EditionVerb",
    "Evaluation",
    "Highlight",
    "HighlightKind",
    "Illustration",
    "Layout",
    "Narrative",
    "OwnDraft",
    "Part",
    "PostYear",
    "PostYearFunding",
    "PostYearShare",
    "Printing",
    "PrintingTransition",
    "PublicPage",
    "Rendition",
    "Report",
    "ReportTransition",
    "Snapshot",
    "StakeAppreciation",
    "TextComment",
    "Trend",
    "Validation",
    "ValidationWord",
    "Verdict",
    "Writer",
    "YearText",
]
