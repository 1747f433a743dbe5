"""Compose the annual evaluation of a convention into a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conventions.models import Convention
from ctg_portal.saving import save
from ctg_portal.templatetags.french import plural
from evaluation.report.document import draw, file_name, write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from indicators.models import Campaign


class Command(BaseCommand):
    help = "Compose l’évaluation annuelle d’une convention en PDF."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("year", type=int, metavar="année", help="année observée")
        parser.add_argument(
            "-o", "--output", type=Path, metavar="FICHIER",
            help="où l’enregistrer (par défaut evaluation-ANNÉE-IDENTIFIANT.pdf, ici)",
        )  # fmt: skip

    def handle(self, *, slug: str, year: int, output: Path | None, **options):
        convention = Convention.objects.filter(slug=slug).first()
        if convention is None:
            raise CommandError(f"Aucune convention n’a l’identifiant {slug}.")
        campaigns = Campaign.objects.of(convention)
        campaign = campaigns.of_year(year).first()
        if campaign is None:
            years = ", ".join(str(c.year) for c in campaigns.order_by("year"))
            told = (
                f"les recueils sont ceux de {years}" if years else "elle n’a encore aucun recueil"
            )
            raise CommandError(f"Cette convention n’a pas de recueil pour {year} : {told}.")

        now = timezone.now()
        content = read_report(convention, campaign)
        mark = Mark.project(timezone.localdate(now))
        document = draw(write(content, mark), content, mark, now)
        path = output or Path(file_name(slug, year))
        save(path, document.content)
        pages = plural(document.pages, "page,pages")
        indicators = plural(len(content.definitions), "indicateur,indicateurs")
        self.stdout.write(f"{path} : {pages}, {indicators}.")
