from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import connection

from ctg_portal.hosting import backup


class Command(BaseCommand):
    help = (
        "Restaure la dernière sauvegarde à côté du portail, et la compare à ce qu’elle avait noté."
    )

    def add_arguments(self, parser):
        """Take the folder of the backups, and an empty database to restore into
        (``--database``)."""
        parser.add_argument("folder", type=Path, metavar="DOSSIER")
        parser.add_argument(
            "--database", default="", metavar="NOM", help="une base vide ; sinon elle est créée"
        )

    def handle(self, *args, folder, database="", **options):
        """Restore the latest whole backup aside and print what was compared. Raises CommandError
        without one, where it does not restore, where it differs from its note or its files from
        their rows, and for a database other than PostgreSQL."""
        if connection.vendor != "postgresql":
            raise CommandError(
                "Seule une base PostgreSQL se restaure ainsi ; celle de SQLite est un fichier."
            )
        newest = backup.newest(Path(folder))
        if newest is None:
            raise CommandError(f"Aucune sauvegarde entière dans {folder}.")
        try:
            note, faults = backup.rehearse(newest, database=database)
        except backup.Failed as failed:
            message = f"{newest.note.name} ne se restaure pas : {failed}."
            raise CommandError(message) from failed
        if faults:
            raise CommandError(f"{newest.note.name} : " + " ; ".join(faults))
        hours = round(newest.age.total_seconds() / 3600)
        rows, files = sum(note["counts"].values()), len(note["files"])
        self.stdout.write(
            f"{newest.note.name}, il y a {hours} h : {len(note['counts'])} tables, {rows} lignes, "
            f"{files} fichier(s), tels qu’ils avaient été notés."
        )
