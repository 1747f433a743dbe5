"""Backups of database and uploaded files, and the rehearsal of their restoration; PostgreSQL only.

A backup is three files named by their moment: the dump, the files, and a note of what is in them,
which is put in place last. The dump and its note read one snapshot. Files are packed afterwards:
they never change, so that those which the dump refers to are there.
"""

import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

KEPT_FOR = timedelta(days=30)
STAMP = "%Y-%m-%dT%H%M%S"
OURS = re.compile(r"(\d{4}-\d\d-\d\dT\d{6})\.(json|dump|media\.tar\.gz)(\.part)?")
# Sessions, counts of log-in attempts, and messages, codes and links among them: what would open
# accounts.
LEFT_OUT = re.compile(r"django_session|portal_cache|post_office_.*")
ATTACHED_TO_MAIL = "post_office_attachments"


@dataclass(frozen=True)
class Backup:
    """The three files of a backup, named by the moment it was taken."""

    folder: Path
    stamp: str

    @property
    def age(self) -> timedelta:
        """The time since the moment in the name, which is one of the time zone of the portal."""
        here = timezone.get_current_timezone()
        return timezone.now() - datetime.strptime(self.stamp, STAMP).replace(tzinfo=here)

    @property
    def dump(self) -> Path:
        return self.folder / f"{self.stamp}.dump"

    @property
    def files(self) -> Path:
        return self.folder / f"{self.stamp}.media.tar.gz"

    @property
    def note(self) -> Path:
        return self.folder / f"{self.stamp}.json"


def take(folder: Path) -> Backup:
    """Write a new backup into ``folder``, then remove those of more than thirty days; return it.

    Raises OSError or CalledProcessError where it fails; then nothing new is left, and nothing is
    removed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = os.umask(0o077)
    backup = Backup(folder, timezone.localtime().strftime(STAMP))
    paths = [backup.dump, backup.files, backup.note]
    parts = [path.with_name(f"{path.name}.part") for path in paths]
    try:
        counts = dump(parts[0])
        digests = pack(parts[1])
        parts[2].write_text(json.dumps({"counts": counts, "files": digests}, indent=1))
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    except BaseException:
        for part in parts:
            part.unlink(missing_ok=True)
        raise
    finally:
        os.umask(before)
    # By the day in their name: a copy from elsewhere is as old as it was.
    oldest = (timezone.localtime() - KEPT_FOR).strftime(STAMP)
    for path in folder.iterdir():
        if (match := OURS.fullmatch(path.name)) and match[1] < oldest:
            path.unlink()
    return backup


def dump(path: Path) -> dict[str, int]:
    """Dump the database; return how many rows each table has in the dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        tables = connection.introspection.table_names(cursor)
        left_out = [table for table in tables if LEFT_OUT.fullmatch(table)]
        counts = _count(cursor, set(tables) - set(left_out))
        arguments = [f"--exclude-table-data={table}" for table in left_out]
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}", *arguments)
    return counts


def pack(path: Path) -> dict[str, str]:
    """Pack the uploaded files, without those of mail; return their SHA-256 by path inside."""
    root, digests = Path(settings.MEDIA_ROOT), {}
    with tarfile.open(path, "w:gz", compresslevel=6) as packed:
        for file in sorted(root.rglob("*")):
            name = file.relative_to(root)
            if not file.is_file() or name.parts[0] == ATTACHED_TO_MAIL:
                continue
            try:
                content = file.read_bytes()
                info = packed.gettarinfo(file, str(name))
            except FileNotFoundError:
                continue  # erased meanwhile
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
            digests[str(name)] = hashlib.sha256(content).hexdigest()
    return digests


def _count(cursor, tables) -> dict[str, int]:
    """Return the number of rows of each table."""
    counts = {}
    for table in sorted(tables):
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (a name of our database)
        counts[table] = cursor.fetchone()[0]
    return counts


def _run(program: str, *arguments: str, database: str = "") -> None:
    """Run a program of PostgreSQL on ``database`` or ours. Raises CalledProcessError."""
    database_settings = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    account = {
        name: str(database_settings[key])
        for name, key in names.items()
        if database_settings.get(key)
    }
    name = database or database_settings["NAME"]
    subprocess.run(  # noqa: S603 (PostgreSQL's own programs, and no shell)
        [program, *arguments], check=True, env=os.environ | account | {"PGDATABASE": name}
    )


# The rehearsal ---------------------------------------------------------------------------------


def newest(folder: Path) -> Backup | None:
    """Return the latest backup that is whole; None without one."""
    notes = sorted(path.stem for path in folder.glob("*.json") if OURS.fullmatch(path.name))
    return Backup(folder, notes[-1]) if notes else None


def rehearse(backup: Backup, *, database: str = "") -> tuple[dict, list[str]]:
    """Restore a backup beside the portal and compare it with its note.

    Its rows go into ``database``, which is empty, or into one that is created and dropped; its
    files into a temporary folder. Returns the note and a French line for each difference.
    """
    note = json.loads(backup.note.read_text())
    with TemporaryDirectory() as aside, _empty_database(database) as name:
        with gzip.open(backup.files) as content, tarfile.open(fileobj=content) as packed:
            packed.extractall(aside, filter="data")
        _run(
            "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
            f"--dbname={name}", str(backup.dump), database=name,
        )  # fmt: skip
        with _connected(name) as restored, restored.cursor() as cursor:
            counts = _count(cursor, note["counts"])
            cursor.execute("SELECT file, sha256 FROM documents_storedfile WHERE file <> ''")
            stored = dict(cursor.fetchall())
        digests = {place: _digest(Path(aside, place)) for place in {*note["files"], *stored}}
    faults = [
        f"table {table} : {counts[table]} lignes, {noted} notées"
        for table, noted in note["counts"].items()
        if counts[table] != noted
    ]
    for place, noted in sorted((stored | note["files"]).items()):
        if not digests[place]:
            faults.append(f"fichier {place} : absent")
        elif digests[place] != noted or digests[place] != stored.get(place, noted):
            faults.append(f"fichier {place} : son empreinte n’est pas celle qui est notée")
    return note, faults


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@contextmanager
def _connected(name: str) -> Iterator:
    """Open a connection to the database ``name``, and close it afterwards."""
    opened = psycopg2.connect(**connection.get_connection_params() | {"dbname": name})
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _empty_database(name: str) -> Iterator[str]:
    """Yield the database ``name``; for an empty name, create one and drop it afterwards."""
    if name:
        yield name
        return
    name = f"{settings.DATABASES['default']['NAME']}_drill_{os.getpid()}"
    _run("createdb", "--encoding=UTF8", "--template=template0", "--locale=C.UTF-8", name)
    try:
        yield name
    finally:
        _run("dropdb", name)
