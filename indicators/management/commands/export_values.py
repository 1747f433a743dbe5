"""Write the figures of a convention into a table."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from conventions.models import Convention
from ctg_portal.hosting.saving import save
from ctg_portal.templatetags.french import plural
from documents.tables import to_csv, to_xlsx
from indicators.models import Campaign, Indicator
from indicators.series.files import figures_tables
from indicators.series.reading import read_series

MEMBERS, COORDINATION = "membres", "coordination"


class Command(BaseCommand):
    help = (
        "Écrit les chiffres d’une convention, une ligne par chiffre, en classeur ou en CSV, selon "
        "la fin du nom du fichier. Le secret statistique s’y applique pour tous."
    )

    def add_arguments(self, parser):
        """Take the convention and the file to write, in its place or as ``-o``; ``--year`` for one
        year alone; ``--audience``, by default all members."""
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("file", type=Path, metavar="FICHIER", nargs="?",
                            help="où l’enregistrer ; son nom finit par .xlsx ou .csv")  # fmt: skip
        parser.add_argument("-o", "--output", type=Path, metavar="FICHIER", help="de même")
        parser.add_argument("--year", type=int, help="une seule année observée")
        parser.add_argument(
            "--audience", choices=[MEMBERS, COORDINATION], default=MEMBERS,
            help="à qui il est destiné : seule la coordination y trouve les brouillons",
        )  # fmt: skip

    def handle(self, *, slug, file, output, year, audience, **options):
        """Write the figures as everybody reads them, of one year or of all; a .csv has no table of
        indicators. Indicators that are proposed or in force come in, withdrawn ones never, drafts
        for the coordination alone. Raise CommandError for an unknown convention, a year not asked
        for, or another kind of file."""
        path = output or file
        if path is None:
            raise CommandError("Dites où enregistrer le fichier.")
        convention = Convention.objects.filter(slug=slug).first()
        if convention is None:
            raise CommandError(f"Aucune convention n’a l’identifiant {slug}.")
        write = {".xlsx": lambda tables: to_xlsx(*tables), ".csv": lambda tables: to_csv(tables[0])}
        if path.suffix.lower() not in write:
            raise CommandError(f"{path} : le nom du fichier finit par .xlsx ou .csv.")
        campaigns = Campaign.objects.of(convention)
        if year and not campaigns.filter(year=year, opened_at__isnull=False).exists():
            raise CommandError(f"Aucun chiffre de {year} n’a été demandé dans cette convention.")
        rows = Indicator.objects.of(convention)
        rows = rows.not_withdrawn() if audience == COORDINATION else rows.readable()
        series = read_series(convention, rows.with_definition().in_reading_order())
        tables = figures_tables(convention, series, year=year)
        figures = sum(year in (None, cell.year) for one in series for cell in one.collected)
        save(path, write[path.suffix.lower()](tables))
        self.stdout.write(f"{path} : {plural(figures, 'chiffre,chiffres')}.")
