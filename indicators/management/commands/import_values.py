"""Bring the figures of a file into a year's collection."""

from indicators.values.files.importing import ImportOfValues
from indicators.values.files.years import ImportOfYears
from spreadsheets.importing.command import ImportCommand

WHOLE = "toutes"


class Command(ImportCommand):
    help = (
        "Importe les données d’un fichier (.xlsx, .ods, .csv) dans le recueil d’une année, ou de "
        "toutes celles que le fichier donne. Chaque erreur est écrite avec sa cellule ; rien n’est "
        "enregistré tant qu’il en reste, sauf avec --valid-rows."
    )

    def add_arguments(self, parser):
        """Add convention and year to the arguments of every import (file, answers, ``--undo``…)."""
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("year", help=f"année observée, ou « {WHOLE} »")
        super().add_arguments(parser)

    def handle(self, *, slug, year, **options):
        """Import into the campaign of a year or, for « toutes », into all years that the file
        gives; or undo such an import."""
        if year == WHOLE:
            self.act(ImportOfYears(), slug, options)
        else:
            self.act(ImportOfValues(), f"{slug}/{year}", options)
