"""The files of a report that are made for who works with them: texts to be edited, figures to be
counted with. They say what the report would say now."""

from django.urls import reverse
from django.utils import timezone

from conventions.documents import ConventionDocument
from conventions.models import Convention
from documents.drawing.kinds import Asked, Drawn
from documents.uploads import clean_name
from evaluation.report.content import FORMAT
from evaluation.report.data import csv_of, workbook_of
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.rights import may_take_files
from evaluation.report.word import docx_of
from indicators.models import Campaign

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
    """A file of a ``year``, of one ``extension``."""

    name = "evaluation.report_file"
    format = FORMAT

    def readers(self, convention: Convention, parameters: dict, user) -> str | None:
        return None if may_take_files(user, convention) else "members"

    def ask_of(self, convention: Convention, parameters: dict, user, audience: str) -> Asked | None:
        year, extension = parameters["year"], parameters["extension"]
        campaign = Campaign.objects.of(convention).of_year(year).first()
        if campaign is None:
            return None
        return Asked(
            title=f"Évaluation {year} : {LABELS[extension]}",
            name=clean_name(f"evaluation-{year}-{convention.slug}.{extension}"),
            audience=audience,
            origin=reverse("evaluation:report", args=[convention.slug, year]),
            content=[read_report(convention, campaign), timezone.localdate()],
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
