import subprocess
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import connection

from ctg_portal.hosting import backup
from ctg_portal.hosting.space import is_full


class Command(BaseCommand):
    help = "Sauvegarde base et fichiers déposés, puis supprime les sauvegardes de plus de 30 jours."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DOSSIER")

    def handle(self, *args, folder, **options):
        """Write a backup into ``folder`` and print its name. Raises CommandError where it fails,
        and for a database other than PostgreSQL."""
        if connection.vendor != "postgresql":
            raise CommandError(
                "Seule une base PostgreSQL se sauvegarde ainsi ; celle de SQLite est un fichier."
            )
        try:
            taken = backup.take(Path(folder))
        except (OSError, subprocess.CalledProcessError) as error:
            why = "le disque est plein" if is_full(error) else str(error)
            raise CommandError(f"Rien n’a été sauvegardé : {why}.") from error
        self.stdout.write(f"Sauvegarde faite : {taken.note}")
