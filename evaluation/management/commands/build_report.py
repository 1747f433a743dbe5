"""Compose the evaluation of a convention, of a year or of its term, into a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conventions.models import Convention
from ctg_portal.hosting.saving import save
from ctg_portal.templatetags.french import plural
from evaluation.period import FINAL, TERM, Period
from evaluation.report.document import draw, draw_sections, file_name, refuse_failed_sections, write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from indicators.models import Campaign


def _period(text: str) -> Period:
    """Return the period that a word of the command line names; ValueError for others."""
    return TERM if text == FINAL else Period(int(text))


class Command(BaseCommand):
    help = "Compose une évaluation d’une convention en PDF : celle d’une année, ou la finale."

    def add_arguments(self, parser):
        """Take a convention's identifier, a year or « finale », and optionally the file to
        write."""
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument(
            "year", type=_period, metavar="année", help="année observée, ou « finale »"
        )
        parser.add_argument(
            "-o", "--output", type=Path, metavar="FICHIER",
            help="où l’enregistrer (par défaut evaluation-ANNÉE-IDENTIFIANT.pdf, ici)",
        )  # fmt: skip

    def handle(self, *, slug: str, year: Period, output: Path | None, **options):
        """Write the PDF, marked as a project of today, and print its length; why a section could
        not be drawn goes to standard error. Raises CommandError for an unknown convention, or a
        year without a collection."""
        convention = Convention.objects.filter(slug=slug).first()
        if convention is None:
            raise CommandError(f"Aucune convention n’a l’identifiant {slug}.")
        campaign = year.campaign(convention)
        if campaign is None:
            campaigns = Campaign.objects.of(convention)
            years = ", ".join(str(c.year) for c in campaigns.order_by("year"))
            reason = (
                f"les recueils sont ceux de {years}" if years else "elle n’a encore aucun recueil"
            )
            raise CommandError(f"Cette convention n’a pas de recueil pour {year} : {reason}.")

        now = timezone.now()
        content = read_report(convention, campaign, year)
        mark = Mark.project(timezone.localdate(now))
        sections = draw_sections(content)
        document = draw(write(content, mark, sections), content, mark, now)
        path = output or Path(file_name(slug, year.year))
        save(path, document.content)
        pages = plural(document.pages, "page,pages")
        indicators = plural(len(content.definitions), "indicateur,indicateurs")
        self.stdout.write(f"{path} : {pages}, {indicators}.")
        if refusal := refuse_failed_sections(sections):
            self.stderr.write(refusal.reason)
