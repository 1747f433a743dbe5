from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import connection

from ctg_portal.hosting import backup


class Command(BaseCommand):
    help = "Sauvegarde base et fichiers déposés, puis supprime les sauvegardes de plus de 30 jours."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DOSSIER")

    def handle(self, *args, folder, **options):
        """Write a backup into ``folder`` and print its name. Raises CommandError where it fails,
        where a stored file is missing or altered, and for a database other than PostgreSQL."""
        if connection.vendor != "postgresql":
            raise CommandError(
                "Seule une base PostgreSQL se sauvegarde ainsi ; celle de SQLite est un fichier."
            )
        try:
            taken, faults = backup.take(Path(folder))
        except backup.Failed as failed:
            raise CommandError(f"Rien n’a été sauvegardé : {failed}.") from failed
        self.stdout.write(f"Sauvegarde faite : {taken.note}")
        if faults:
            raise CommandError(
                f"Des fichiers du portail sont abîmés : {' ; '.join(faults)}. Aucune sauvegarde "
                "ancienne n’est supprimée tant qu’ils le sont : reprenez-les dans l’une d’elles."
            )
