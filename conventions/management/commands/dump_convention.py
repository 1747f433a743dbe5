"""Write the file of a convention."""

import sys
from pathlib import Path
from typing import NoReturn

from django.core.management.base import BaseCommand

from conventions.loading.content import content_of
from conventions.loading.dump import files_of, text_of
from conventions.models import Convention


class Command(BaseCommand):
    help = "Écrit le fichier d’une convention (docs/format-de-convention.md)."

    def add_arguments(self, parser):
        """Declare the convention, and the file to write."""
        parser.add_argument("identifiant", help="l’identifiant de la convention")
        parser.add_argument(
            "-o", dest="target", metavar="FICHIER", type=Path,
            help="le fichier à écrire, ses logos dans un dossier du même nom ; à défaut, le texte "
            "est affiché, sans les logos",
        )  # fmt: skip

    def handle(self, *, identifiant: str, target: Path | None = None, **options):
        """Write the file and its logos, or print the file; print why neither is possible, and exit
        with 1. Nothing that is there already is overwritten."""
        convention = Convention.objects.filter(slug=identifiant).first()
        if convention is None:
            self._refuse(f"Aucune convention n’a pour identifiant « {identifiant} ».")
        if target is None:
            self.stdout.write(text_of(content_of(convention, logos={})), ending="")
            return
        if target.suffix != ".yaml":
            self._refuse("Le nom du fichier finit par « .yaml ».")
        files = files_of(convention, target.stem)
        paths = {target.parent / name: content for name, content in files.items()}
        if present := next((path for path in paths if path.exists()), None):
            self._refuse(f"« {present} » existe déjà : choisir un autre nom.")
        try:
            for path, content in paths.items():
                if path.parent != target.parent:
                    path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
        except OSError as error:
            self._refuse(f"« {target} » ne peut pas être écrit : {error.strerror}.")
        self.stdout.write(f"« {convention} » est écrite dans {target}.")

    def _refuse(self, message: str) -> NoReturn:
        """Print a message to the standard error, and exit with 1."""
        self.stderr.write(message)
        sys.exit(1)
