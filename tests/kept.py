"""The demonstration, which is long to write: made once for a run, in a database of its own that
serves as a template; a journey works in a copy of it.
"""

import fcntl
import functools
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from unittest import mock

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test.utils import override_settings

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
from tests.databases import empty_all_but, is_ours, look_at_the_rows

ONE_PAGE = "<title>{0}</title><html lang='fr'><h1>{0}</h1><p>{1}. Démonstration."


class Template:
    """A database that ``make()`` has filled, and the files it has written. It is made the first
    time that it is asked for, by whichever process of the run comes first: they share the folder
    and the server. It begins with a copy of ``before``, if any. Where there is no server (SQLite),
    ``make()`` is called each time instead.
    """

    def __init__(self, name: str, make: Callable, folder: Path, before: "Template | None" = None):
        self.name, self.folder, self.before = name, folder / name, before
        self._make = make
        self.folder.mkdir(exist_ok=True)

    def make(self) -> None:
        if self.before:
            self.before.make()
        self._make()

    @contextmanager
    def copied(self, media: Path) -> Iterator[None]:
        """Let this process, in all its threads, work in a copy of the database, dropped
        afterwards; its files are copied into ``media``."""
        if connection.vendor != "postgresql":
            self.make()
            yield
            return
        copy = f"{connection.settings_dict['NAME']}_{self.name}"
        with self._template() as template:
            _execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
            _execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}"')
        self._copy_files(media)
        with _pointed_at(copy):
            yield
        _execute(f'DROP DATABASE "{copy}" WITH (FORCE)')

    def put_back(self, media: Path) -> None:
        """Write its rows into the database of the test, within its transaction, and its files into
        ``media``."""
        if not is_ours():
            self.make()
            return
        with self._template() as template:
            _copy_rows(template)
        self._copy_files(media)

    @contextmanager
    def _template(self) -> Iterator[str]:
        """Its name, for as long as this process alone may use it: nobody copies a database to
        which somebody is connected."""
        name = f"template_{self.name}"
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.folder / "made").exists():
                # Whatever a test has begun and not committed is no part of it.
                _in_a_thread(self._fill, name)
                (self.folder / "made").touch()
            yield name

    def _fill(self, name: str) -> None:
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        files = self.folder / "media"
        if self.before:
            with self.before._template() as template:
                _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            self.before._copy_files(files)
        else:
            _execute(f'CREATE DATABASE "{name}"')
        with _pointed_at(name), override_settings(MEDIA_ROOT=files):
            if not self.before:
                call_command("migrate", run_syncdb=True, verbosity=0)
            self._make()
            look_at_the_rows()

    def _copy_files(self, media: Path) -> None:
        # None is written to once it is there: a link to it is as good as a copy.
        shutil.copytree(self.folder / "media", media, copy_function=os.link, dirs_exist_ok=True)


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
        draw=one_page,
    ):
        while row := next_row():
            assert compose(row)
            publication.play(Convention.objects.get(slug=REAL))


def one_page(kind, written, content, row: Printing) -> Drawn:
    """Return what stands for the document of an edition; it says of itself what that would."""
    title = str(row.edition)
    return draw_pdf(ONE_PAGE.format(title, mark_of(row).sentence), title=title)


@functools.cache
def demonstration() -> Template:
    """One for all processes of a run."""
    folder = Path(os.environ["TESTS_KEPT"])
    return Template("demonstration", draw_documents, folder, before=undrawn_demonstration())


@functools.cache
def undrawn_demonstration() -> Template:
    """All its steps; the worker has drawn nothing yet."""
    return Template("undrawn", run_steps, Path(os.environ["TESTS_KEPT"]))


def _execute(statement: str) -> None:
    """Run what is about whole databases, from none of ours."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _in_a_thread(work: Callable, *args: object) -> None:
    errors = []

    def run() -> None:
        try:
            work(*args)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


@contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    """Have each connection that this process opens reach the database of that name."""
    settings, before = connection.settings_dict, connection.settings_dict["NAME"]
    connection.close()
    settings["NAME"] = name
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = before
        ContentType.objects.clear_cache()


@transaction.atomic
def _copy_rows(template: str) -> None:
    empty_all_but(set())
    source = connection.copy()
    source.settings_dict["NAME"] = template
    with source.cursor() as reader, connection.cursor() as writer:
        # Rows come table by table: whether each finds those it refers to is known already.
        writer.execute("SET LOCAL session_replication_role = replica")
        for table in connection.introspection.django_table_names(only_existing=True):
            rows = io.StringIO()
            reader.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            rows.seek(0)
            writer.copy_expert(f'COPY "{table}" FROM STDIN', rows)
        models = apps.get_models(include_auto_created=True)
        writer.execute("\n".join(connection.ops.sequence_reset_sql(no_style(), models)))
    source.close()
    ContentType.objects.clear_cache()
