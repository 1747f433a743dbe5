"""Bring the actions of a file into a plan."""

from django.core.management.base import CommandError

from accounts.models import User
from actions.files.coming_in.importing import ImportOfPlan
from spreadsheets.importing.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Importe un plan d’actions (.xlsx, .ods, .csv) dans une convention : les actions nouvelles "
        "et ce qui change de ce qui est convenu deviennent des brouillons, le suivi est enregistré "
        "aussitôt. Chaque erreur est écrite avec sa cellule ; rien n’est enregistré tant qu’il en "
        "reste, sauf avec --valid-rows."
    )

    def add_arguments(self, parser):
        """Take the slug, what every import takes, and the address of whose drafts they are
        (``--by``)."""
        parser.add_argument("slug", help="identifiant de la convention")
        super().add_arguments(parser)
        parser.add_argument(
            "--by", default="", metavar="ADRESSE",
            help="de qui sont les brouillons, et avec quels droits ; par défaut, du portail",
        )  # fmt: skip

    def handle(self, *, slug, by: User, **options):
        """Import the file, or undo an import, as the person of the address ``by``; as the portal
        for an empty one. Raises CommandError for an address without account."""
        person = User.objects.filter(email__iexact=by).first() if by else None
        if by and person is None:
            raise CommandError(f"{by} : cette adresse n’a pas de compte.")
        self.act(ImportOfPlan(), slug, options, by=person)
