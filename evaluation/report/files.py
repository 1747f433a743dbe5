"""Make the files of a report for those who work with it: its essentials to be read in ten minutes,
texts to edit, figures to compute with. They hold what the report would say now."""

import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.documents import ConventionDocument
from conventions.models import Convention
from documents.drawing.kinds import Asked, Drawn
from evaluation.editions.frozen import FORMAT
from evaluation.period import Period
from evaluation.report.marks import Mark
from evaluation.report.reading import read_period
from evaluation.report.renditions import ANNEX, CSV, ESSENTIAL, FILES, WORD_FILE, WORKBOOK
from evaluation.report.rights import may_take_files

LABELS = {name: FILES[name].label for name in (ESSENTIAL, ANNEX, WORKBOOK, CSV, WORD_FILE)}


class ReportFile(ConventionDocument):
    """A file of a ``year``, None for the term, of one kind, which ``extension`` names
    (``FILES``)."""

    name = "evaluation.report_file"
    format = FORMAT

    def readers(self, convention: Convention, parameters: dict, user: User) -> str | None:
        return None if may_take_files(user, convention) else "members"

    def ask_of(
        self, convention: Convention, parameters: dict, user: User, audience: str
    ) -> Asked | None:
        period, name = Period(parameters["year"]), parameters["extension"]
        content = read_period(convention, period)
        if content is None:
            return None
        return Asked(
            title=f"{period.name} : {LABELS[name]}",
            name=FILES[name].name(convention.slug, period),
            audience=audience,
            origin=reverse("evaluation:report", args=[convention.slug, period]),
            content=[name, content, timezone.localdate()],
        )

    def write(self, asked: Asked, row):
        name, content, day = asked.content
        return FILES[name].write(content, Mark.project(day))

    def draw(self, written, asked: Asked, row) -> Drawn:
        name, content, day = asked.content
        moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
        return FILES[name].draw(written, content, Mark.project(day), moment)

    def content_type(self, parameters: dict) -> str:
        return FILES[parameters["extension"]].served_as
