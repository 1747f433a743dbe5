"""The demonstration's rows and files, kept from one journey to the next: they are long to write."""

import io
import shutil
from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction


class Kept:
    """What ``make()`` writes, made the first time and put back from then on.

    Where the database lets nobody do so (SQLite, a role with few rights), it is made each time.
    """

    def __init__(self, make, folder: Path):
        self.make, self.folder, self.rows = make, folder, None

    def put_back(self, media: Path) -> None:
        if self.rows is not None:
            self._restore()
            shutil.copytree(self.folder, media, dirs_exist_ok=True)
            return
        self.make()
        if _may_load_rows():
            media.mkdir(exist_ok=True)
            shutil.copytree(media, self.folder, dirs_exist_ok=True)
            self._keep()

    def _keep(self) -> None:
        self.rows = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.django_table_names(only_existing=True):
                file = io.StringIO()
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', file)
                self.rows[table] = file.getvalue()

    @transaction.atomic
    def _restore(self) -> None:
        names = ", ".join(f'"{table}"' for table in self.rows)
        with connection.cursor() as cursor:
            # Rows come table by table: whether each finds those it refers to is known already.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"TRUNCATE {names}")
            for table, rows in self.rows.items():
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(rows))
            models = apps.get_models(include_auto_created=True)
            for command in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(command)
        ContentType.objects.clear_cache()


def _may_load_rows() -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return cursor.fetchone()[0] == "on"
