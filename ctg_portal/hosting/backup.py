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
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import psycopg2
from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from ctg_portal.hosting.integrity import models_with_digest, noted_digests
from ctg_portal.hosting.saving import REASONS
from ctg_portal.hosting.space import is_full

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


class Failed(Exception):  # noqa: N818  (reads as what happened)
    """A backup is not taken, or not restored; the message says why in French, without a full
    stop."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn the errors of disks, databases and PostgreSQL's programs into ``Failed``."""
    try:
        yield
    except subprocess.CalledProcessError as error:
        reason = f"{error.cmd[0]} a échoué (code {error.returncode}), son message est plus haut"
        raise Failed(reason) from error
    except (Error, psycopg2.Error) as error:
        [answer, *_] = str(error).strip().splitlines() or [""]
        raise Failed(f"la base a répondu « {answer} »") from error
    except OSError as error:
        if is_full(error):
            raise Failed("le disque est plein") from error
        reason = REASONS.get(error.errno or 0, f"le disque a répondu « {error.strerror} »")
        raise Failed(f"{error.filename} : {reason}" if error.filename else reason) from error


def take(folder: Path) -> tuple[Backup, list[str]]:
    """Write a new backup into ``folder``, then remove those of more than thirty days; return it,
    and a French line for each file that is missing or altered, by the digest of its row.

    Nothing is removed while there is such a file: the last copy of it may be in an old backup.
    Raises Failed; then nothing new is left, and nothing is removed.
    """
    with explained():
        backup, faults = _write(folder)
        # By the day in their name: a copy from elsewhere is as old as it was.
        oldest = (timezone.localtime() - KEPT_FOR).strftime(STAMP)
        for path in [] if faults else folder.iterdir():
            if (match := OURS.fullmatch(path.name)) and match[1] < oldest:
                path.unlink()
    return backup, faults


def _write(folder: Path) -> tuple[Backup, list[str]]:
    """Write the three files of a backup, or none; return it and the faults of its files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = os.umask(0o077)
    backup = Backup(folder, timezone.localtime().strftime(STAMP))
    paths = [backup.dump, backup.files, backup.note]
    parts = [path.with_name(f"{path.name}.part") for path in paths]
    try:
        counts, noted = dump(parts[0])
        digests = pack(parts[1])
        gone = sorted(noted.keys() - noted_digests().keys())
        note = {"counts": counts, "files": digests, "gone": gone}
        parts[2].write_text(json.dumps(note, indent=1))
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    except BaseException:
        for part in parts:
            part.unlink(missing_ok=True)
        raise
    finally:
        os.umask(before)
    return backup, _faults(noted, digests, gone)


def _faults(noted: dict[str, str], digests: dict[str, str], gone: Iterable[str]) -> list[str]:
    """Return a French line for each stored file that is not there, or has another digest than its
    row; ``gone``: those that were deleted while they were packed."""
    faults = []
    for place in sorted(noted.keys() - set(gone)):
        if place not in digests:
            faults.append(f"fichier {place} : absent ou illisible")
        elif digests[place] != noted[place]:
            faults.append(f"fichier {place} : son empreinte n’est pas celle qui est notée")
    return faults


def dump(path: Path) -> tuple[dict[str, int], dict[str, str]]:
    """Dump the database; return how many rows each table has in the dump, and the SHA-256 that its
    rows hold of stored files."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        tables = connection.introspection.table_names(cursor)
        left_out = [table for table in tables if LEFT_OUT.fullmatch(table)]
        counts, noted = _count(cursor, set(tables) - set(left_out)), noted_digests()
        arguments = [f"--exclude-table-data={table}" for table in left_out]
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}", *arguments)
    return counts, noted


def pack(path: Path) -> dict[str, str]:
    """Pack the stored files, without those of mail; return their SHA-256 by path inside. A file
    that cannot be read is left out."""
    root, digests = Path(settings.MEDIA_ROOT), {}
    with tarfile.open(path, "w:gz", compresslevel=6) as packed:
        for file in sorted(root.rglob("*")):
            name = file.relative_to(root)
            if not file.is_file() or name.parts[0] == ATTACHED_TO_MAIL:
                continue
            try:
                content = file.read_bytes()
                info = packed.gettarinfo(file, str(name))
            except OSError:
                continue  # erased meanwhile, or damaged: it is compared with what its row says
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
    """Run a program of PostgreSQL on ``database`` or ours. Raises CalledProcessError, and Failed
    where it is not installed."""
    database_settings = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    account = {
        name: str(database_settings[key])
        for name, key in names.items()
        if database_settings.get(key)
    }
    name = database or database_settings["NAME"]
    try:
        subprocess.run(  # noqa: S603 (PostgreSQL's own programs, and no shell)
            [program, *arguments], check=True, env=os.environ | account | {"PGDATABASE": name}
        )
    except FileNotFoundError as error:
        raise Failed(f"le programme {program} de PostgreSQL n’est pas installé") from error


# The rehearsal ---------------------------------------------------------------------------------


def newest(folder: Path) -> Backup | None:
    """Return the latest backup that is whole; None without one."""
    notes = sorted(path.stem for path in folder.glob("*.json") if _is_moment(path))
    return Backup(folder, notes[-1]) if notes else None


def _is_moment(path: Path) -> bool:
    """Return whether a file is named as the note of a backup, by a moment that exists."""
    try:
        datetime.strptime(path.stem, STAMP)  # noqa: DTZ007 (it is not used)
    except ValueError:
        return False
    return OURS.fullmatch(path.name) is not None


def rehearse(backup: Backup, *, database: str = "") -> tuple[dict, list[str]]:
    """Restore a backup beside the portal and compare it with its note, and its files with what its
    rows say of them.

    Its rows go into ``database``, which is empty, or into one that is created and dropped; its
    files into a temporary folder. Returns the note and a French line for each difference. Raises
    Failed where a part of it is missing or damaged.
    """
    note = _read_note(backup.note)
    for part in (backup.dump, backup.files):
        if not part.is_file():
            raise Failed(f"{part.name} manque")
    with explained(), TemporaryDirectory() as aside:
        _unpack(backup.files, aside)
        digests = {place: _digest(Path(aside, place)) for place in _files_below(Path(aside))}
        with _empty_database(database) as name:
            _run(
                "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
                f"--dbname={name}", str(backup.dump), database=name,
            )  # fmt: skip
            with _connected(name) as restored, restored.cursor() as cursor:
                counts = _count(cursor, note["counts"])
                noted = _noted_in(cursor)
    faults = [
        f"table {table} : {counts[table]} lignes, {rows} notées"
        for table, rows in note["counts"].items()
        if counts[table] != rows
    ]
    gone = note.get("gone", [])
    faults += _faults(note["files"], digests, gone) + _faults(noted, digests, gone)
    return note, list(dict.fromkeys(faults))


def _read_note(path: Path) -> dict:
    """Return the note of a backup. Raises Failed where it is not one."""
    unusable = f"la note {path.name} est abîmée"
    try:
        note = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Failed(f"{unusable} : elle ne se lit pas") from error
    is_note = (
        isinstance(note, dict)
        and isinstance(counts := note.get("counts"), dict)
        and all(re.fullmatch(r"\w+", table) for table in counts)
        and all(isinstance(rows, int) for rows in counts.values())
        and isinstance(files := note.get("files"), dict)
        and all(isinstance(digest, str) for digest in files.values())
        and isinstance(gone := note.get("gone", []), list)
        and all(isinstance(place, str) for place in gone)
    )
    if not is_note:
        raise Failed(f"{unusable} : il y manque les tables ou les fichiers")
    return note


def _unpack(path: Path, aside: str) -> None:
    """Unpack the files of a backup. Raises Failed where they are not whole, or leave the folder."""
    try:
        with gzip.open(path) as content, tarfile.open(fileobj=content) as packed:
            packed.extractall(aside, filter="data")
            while content.read(1 << 20):  # to its end, where its checksum is
                pass
    except tarfile.FilterError as error:
        name = error.tarinfo.name
        raise Failed(f"{path.name} contient un fichier qui sort du dossier : {name}") from error
    except (gzip.BadGzipFile, EOFError, zlib.error, tarfile.TarError, ValueError) as error:
        what = "est vide" if not path.stat().st_size else "est abîmé ou incomplet"
        raise Failed(f"{path.name} {what}") from error


def _files_below(root: Path) -> Iterator[str]:
    """Yield the paths of the files below a folder, at any depth, relative to it."""
    for path in root.rglob("*"):
        if path.is_file():
            yield str(PurePosixPath(path.relative_to(root)))


def _noted_in(cursor) -> dict[str, str]:
    """Return the SHA-256 that a restored database holds of stored files; a table that its release
    did not have is left out."""
    noted: dict[str, str] = {}
    for table in sorted(model._meta.db_table for model in models_with_digest()):
        cursor.execute("SELECT to_regclass(%s)", [table])
        if cursor.fetchone()[0]:
            cursor.execute(
                f"SELECT file, sha256 FROM \"{table}\" WHERE file <> '' AND sha256 <> ''"  # noqa: S608
            )
            noted |= dict(cursor.fetchall())
    return noted


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


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
