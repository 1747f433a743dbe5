"""Write the action plan of a convention into a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.files.export import EXTENSIONS, export_plan
from actions.plan.models import Action
from conventions.models import Convention
from ctg_portal.hosting.saving import save
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural


class Command(BaseCommand):
    help = (
        "Écrit tout le plan d’actions d’une convention, selon la fin du nom du fichier : en PDF, "
        "en plusieurs PDF de 100 fiches au plus (.zip), en classeur ou en CSV."
    )

    def add_arguments(self, parser):
        """Take the slug of the convention, and the file to write (``--output``, required)."""
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument(
            "-o", "--output", type=Path, metavar="FICHIER", required=True,
            help="où l’enregistrer ; son nom finit par .pdf, .zip, .xlsx ou .csv",
        )  # fmt: skip

    def handle(self, *, slug: str, output: Path, **options):
        """Write all actions in force or proposed, as they are today, in the format that the file's
        name ends with. Raises CommandError for an unknown slug or ending, and for too many
        sheets."""
        convention = Convention.objects.filter(slug=slug).first()
        if convention is None:
            raise CommandError(f"Aucune convention n’a l’identifiant {slug}.")
        extension = output.suffix.lower().removeprefix(".")
        if extension not in (*EXTENSIONS, "zip"):
            raise CommandError(f"{output} : le nom du fichier finit par .pdf, .zip, .xlsx ou .csv.")
        actions = list(Action.objects.of(convention).readable().in_reading_order())
        try:
            content = export_plan(convention, actions, timezone.localdate(), extension)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from None
        save(output, content)
        self.stdout.write(f"{output} : {plural(len(actions), 'fiche action,fiches action')}.")
