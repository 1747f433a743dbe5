"""What is written of a year, and the documents made of it."""

from evaluation.report.models import Report, ReportTransition
from evaluation.writing.models import Narrative, Part, YearText

__all__ = [
    "Narrative",
    "Part",
    "Report",
    "ReportTransition",
    "YearText",
]
