from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ctg_portal.hosting.migrating import Executor

# Django offers no other way to hand its command another.
migrate.MigrationExecutor = Executor


class Command(migrate.Command):
    help = f"{migrate.Command.help} Refuses one that was made before our rooms were founded anew."

    def handle(self, *args, **options):
        """Migrate; refuse a database of former migrations, without a change to it."""
        before = founded_before(connections[options["database"]])
        if before:
            raise CommandError(
                "Cette base de données date d’avant la refondation du portail "
                f"({', '.join(before)}) : elle ne peut pas être mise à niveau. Rien n’y a été "
                "changé.\n"
                "Gardez-en une copie, faites désigner par DATABASE_URL une base vide, puis lancez "
                "« python manage.py migrate » et rechargez la convention : "
                "« python manage.py load_convention FICHIER »."
            )
        return super().handle(*args, **options)


def founded_before(connection) -> list[str]:
    """Return the applied migrations of our rooms that no longer exist, as « room.name », sorted.

    Those of a higher number than all that exist are left out: a newer portal has applied them.
    """
    ours = {c.label for c in apps.get_app_configs() if Path(c.path).parent == settings.BASE_DIR}
    known = MigrationLoader(None).disk_migrations
    names = {*known, *(name for migration in known.values() for name in migration.replaces)}
    last = {}
    for room, name in names:
        last[room] = max(last.get(room, ""), name[:4])
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(
        f"{room}.{name}"
        for room, name in applied
        if room in ours and (room, name) not in names and name[:4] <= last.get(room, "9999")
    )
