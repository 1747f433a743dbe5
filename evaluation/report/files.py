"""The files of a report that are made for who works with them: texts to be edited, figures to be
counted with. They say what the report would say now."""

from django.urls import reverse
from django.utils import timezone

from conventions.documents import ConventionDocument
from conventions.models import Convention
from documents.drawing.kinds import Asked, Drawn
from documents.uploads import clean_name
from evaluation.period import Period
from evaluation.report.content import FORMAT
from evaluation.report.data import csv_of, workbook_of
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.rights import may_take_files
from evaluation.report.word import docx_of

WRITERS = {
    "xlsx": lambda content, mark: workbook_of(content),
    "csv": lambda content, mark: csv_of(content),
    "docx": docx_of,
}
LABELS = {
    "xlsx": "Chiffres et financements (classeur)",
    "csv": "Chiffres (CSV)",
    "docx": "Textes et tableaux (Word)",
}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ReportFile(ConventionDocument):
    """A file of a ``year``, None for the term, of one ``extension``."""

    name = "evaluation.report_file"
    format = FORMAT

    def readers(self, convention: Convention, parameters: dict, user) -> str | None:
        return None if may_take_files(user, convention) else "members"

    def ask_of(self, convention: Convention, parameters: dict, user, audience: str) -> Asked | None:
        period, extension = Period(parameters["year"]), parameters["extension"]
        campaign = period.campaign(convention)
        if campaign is None:
            return None
        return Asked(
            title=f"{period.name} : {LABELS[extension]}",
            name=clean_name(f"evaluation-{period.slug}-{convention.slug}.{extension}"),
            audience=audience,
            origin=reverse("evaluation:report", args=[convention.slug, period]),
            content=[read_report(convention, campaign, period), timezone.localdate()],
        )

    def write(self, asked: Asked, row):
        content, day = asked.content
        return content, Mark.project(day)

    def draw(self, written, asked: Asked, row) -> Drawn:
        return Drawn(WRITERS[row.parameters["extension"]](*written))

    def content_type(self, parameters: dict) -> str:
        if parameters["extension"] == "docx":
            return WORD
        return super().content_type(parameters)
