"""Bring the figures of a file into a year's collection."""

from indicators.values.files.importing import ImportOfValues
from spreadsheets.importing.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Importe les données d’un fichier (.xlsx, .ods, .csv) dans le recueil d’une année. Chaque "
        "erreur est écrite avec sa cellule ; rien n’est enregistré tant qu’il en reste, sauf avec "
        "--valid-rows."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("year", type=int, help="année observée")
        super().add_arguments(parser)

    def handle(self, *, slug, year, **options):
        self.bring(ImportOfValues(), f"{slug}/{year}", options)
