"""Bring the organisations and people of a file into a convention."""

from conventions.directory.importing import ImportOfOrganisations
from spreadsheets.importing.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Ajoute à une convention les organismes et les personnes sans compte d’un fichier (.xlsx, "
        ".ods, .csv). Chaque erreur est écrite avec sa cellule ; rien n’est enregistré tant qu’il "
        "en reste, sauf avec --valid-rows."
    )

    def add_arguments(self, parser):
        """Declare the convention, before the arguments of every import."""
        parser.add_argument("slug", help="identifiant de la convention")
        super().add_arguments(parser)

    def handle(self, *, slug, **options):
        self.act(ImportOfOrganisations(), slug, options)
