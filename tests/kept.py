"""The demonstration's rows and files, kept from one test to the next: they are long to write."""

import fcntl
import functools
import io
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction

from conventions.demo import REAL
from conventions.models import Convention
from ctg_portal.demo import run_steps
from documents.drawing.composition import compose
from documents.drawing.kinds import Drawn
from documents.drawing.press import next_row
from documents.pdf import draw_pdf
from evaluation.models import Printing
from evaluation.publication import demo as publication
from evaluation.publication.document import PrintingDocument, mark_of
from tests.databases import empty_all_but, is_ours

ONE_PAGE = "<title>{0}</title><html lang='fr'><h1>{0}</h1><p>{1}. Démonstration."


class Kept:
    """What ``make()`` writes, made the first time and put back from then on, by whichever process
    of the run comes first: they share the folder.

    Where the database lets nobody do so (SQLite, a role with few rights), it is made each time.
    """

    def __init__(self, make, folder: Path):
        self.make, self.rows, self.files = make, folder / "rows.json", folder / "media"
        self.lock = folder / "lock"

    def put_back(self, media: Path) -> None:
        if not is_ours():
            self.make()
            return
        with self._alone():
            if not self.rows.exists():
                self.make()
                self._keep(media)
                return
        self._restore()
        shutil.copytree(self.files, media, dirs_exist_ok=True)

    @contextmanager
    def _alone(self):
        with self.lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _keep(self, media: Path) -> None:
        media.mkdir(exist_ok=True)
        shutil.copytree(media, self.files)
        rows = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.django_table_names(only_existing=True):
                file = io.StringIO()
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', file)
                if file.getvalue():
                    rows[table] = file.getvalue()
        self.rows.write_text(json.dumps(rows), encoding="utf-8")

    @transaction.atomic
    def _restore(self) -> None:
        kept = json.loads(self.rows.read_text(encoding="utf-8"))
        empty_all_but(set())
        with connection.cursor() as cursor:
            # Rows come table by table: whether each finds those it refers to is known already.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, rows in kept.items():
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(rows))
            models = apps.get_models(include_auto_created=True)
            cursor.execute("\n".join(connection.ops.sequence_reset_sql(no_style(), models)))
        ContentType.objects.clear_cache()


def play_demonstration() -> None:
    """Play the demonstration to its end."""
    run_steps()
    draw_documents()


def draw_documents() -> None:
    """Draw what the demonstration asks for, in the order of the worker: documents of one page, for
    drawing a whole one takes ten seconds."""
    with mock.patch.multiple(
        PrintingDocument,
        read=lambda kind, row: (None, row.edition.snapshot.digest),
        write=lambda kind, content, row: None,
        draw=_one_page,
    ):
        while row := next_row():
            assert compose(row)
            publication.play(Convention.objects.get(slug=REAL))


def _one_page(kind, written, content, row: Printing) -> Drawn:
    title = str(row.edition)
    return draw_pdf(ONE_PAGE.format(title, mark_of(row).sentence), title=title)


@functools.cache
def demonstration() -> Kept:
    """One for all processes of a run."""
    folder = Path(os.environ["TESTS_KEPT"]) / "demonstration"
    folder.mkdir(exist_ok=True)
    return Kept(play_demonstration, folder)
