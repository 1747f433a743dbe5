"""Keep a database that each later release must be able to migrate:

    scripts/with-postgresql python -m tests.upgrades.keep NAME [--hard-lives]

writes ``kept/NAME.sqlite.sql.gz`` and ``kept/NAME.postgresql.sql.gz``, the whole of it but its
files: the demonstration of a release, or with ``--hard-lives`` what ``hard_lives`` plays, and the
list of its cases, ``kept/NAME.md``. Who changes models keeps the demonstration once it has landed;
what is kept is never written again, since whoever has installed that release holds the like of it.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.upgrades.cases import KEPT, Case, file_of_cases, write_cases
from tests.upgrades.databases import a_database

VENDORS = ["sqlite", "postgresql"]


def file_of(name: str, vendor: str, folder: Path = KEPT) -> Path:
    return folder / f"{name}.{vendor}.sql.gz"


def kept() -> list[str]:
    """The databases that are kept, oldest first."""
    return sorted({file.name.split(".")[0] for file in KEPT.glob("*.sql.gz")})


def releases() -> list[str]:
    """Those that are the demonstration of a release."""
    return [name for name in kept() if not file_of_cases(name).exists()]


def hard_lives() -> list[str]:
    """Those of which a list of cases is kept."""
    return [name for name in kept() if file_of_cases(name).exists()]


def keep(name: str, folder: Path = KEPT, *, is_hard: bool = False) -> None:
    """Write the demonstration, or the hard lives, on each database, and dump them."""
    files = {vendor: file_of(name, vendor, folder) for vendor in VENDORS}
    if any(file.exists() for file in files.values()):
        raise SystemExit(f"{name} is kept already, and is never written again.")
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit(f"Without PostgreSQL half of it is missing: {__doc__.splitlines()[2]}")
    folder.mkdir(exist_ok=True)
    write = write_hard_lives if is_hard else write_demonstration
    with ThreadPoolExecutor() as side_by_side:
        written = dict(
            zip(VENDORS, side_by_side.map(partial(dump_of, write), VENDORS), strict=True)
        )
    lists = {vendor: cases for vendor, (cases, _) in written.items()}
    if is_hard:
        if lists["sqlite"] != lists["postgresql"]:
            raise SystemExit("The two databases have not the same cases.")
        write_cases(name, lists["sqlite"], folder)
    for vendor, file in files.items():
        file.write_bytes(gzip.compress(written[vendor][1].encode(), mtime=0))


def dump_of(write: Callable, vendor: str) -> tuple:
    """What ``write`` tells of a database that it has filled, and that database as SQL."""
    with a_database(vendor) as database, tempfile.TemporaryDirectory() as media:
        told = write({"DEBUG": "on", "DATABASE_URL": database.url, "MEDIA_ROOT": media,
                      "CACHE_URL": "locmemcache://"})  # fmt: skip
        return told, database.dump()


def write_demonstration(environment: dict[str, str]) -> None:
    """Play the demonstration; what follows from a document, once the worker has drawn it."""
    for command in (["demo"], ["worker", "--batch"]) * 2:
        manage = [sys.executable, "manage.py", *command]
        subprocess.run(manage, env=os.environ | environment, check=True)


def write_hard_lives(environment: dict[str, str]) -> dict[str, list[Case]]:
    """Play them in a process of its own; their cases, by chapter."""
    command = [sys.executable, "-m", "tests.upgrades.hard_lives"]
    # Sets are gone through in one order, and nobody else on the machine holds the lock of the mail.
    alone = {"PYTHONHASHSEED": "0", "TMPDIR": environment["MEDIA_ROOT"]}
    environment = os.environ | environment | alone
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    chapters = json.loads(done.stdout)
    return {chapter: [Case(**case) for case in cases] for chapter, cases in chapters.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--hard-lives", action="store_true")
    arguments = parser.parse_args()
    keep(arguments.name, is_hard=arguments.hard_lives)
