"""Keep a database that each later release must be able to migrate:

    scripts/with-postgresql python -m tests.upgrades.keep NAME

writes ``kept/NAME.sqlite.sql.gz`` and ``kept/NAME.postgresql.sql.gz``, the whole of it but its
files: the demonstration of a release. Who changes models keeps it once it has landed; what is kept
is never written again, since whoever has installed that release holds the like of it. Beside them
stand hard lives, written by the events of their day, with the list of their cases, ``NAME.md``.
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.upgrades.cases import KEPT, file_of_cases
from tests.upgrades.databases import a_database

VENDORS = ["sqlite", "postgresql"]


def file_of(name: str, vendor: str, folder: Path = KEPT) -> Path:
    return folder / f"{name}.{vendor}.sql.gz"


def kept_databases() -> list[str]:
    """The databases that are kept, oldest first."""
    return sorted({file.name.split(".")[0] for file in KEPT.glob("*.sql.gz")})


def releases() -> list[str]:
    """Those that are the demonstration of a release."""
    return [name for name in kept_databases() if not file_of_cases(name).exists()]


def hard_lives() -> list[str]:
    """Those of which a list of cases is kept."""
    return [name for name in kept_databases() if file_of_cases(name).exists()]


def keep(name: str, folder: Path = KEPT) -> None:
    """Write the demonstration on each database, and dump it."""
    files = {vendor: file_of(name, vendor, folder) for vendor in VENDORS}
    if any(file.exists() for file in files.values()):
        raise SystemExit(f"{name} is kept already, and is never written again.")
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit(f"Without PostgreSQL half of it is missing: {__doc__.splitlines()[2]}")
    folder.mkdir(exist_ok=True)
    with ThreadPoolExecutor() as side_by_side:
        written = dict(zip(VENDORS, side_by_side.map(dump_of, VENDORS), strict=True))
    for vendor, file in files.items():
        file.write_bytes(gzip.compress(written[vendor].encode(), mtime=0))


def dump_of(vendor: str) -> str:
    """Return a database with the demonstration as SQL."""
    with a_database(vendor) as database, tempfile.TemporaryDirectory() as media:
        write_demonstration({"DEBUG": "on", "DATABASE_URL": database.url, "MEDIA_ROOT": media,
                      "CACHE_URL": "locmemcache://"})  # fmt: skip
        return database.dump()


def write_demonstration(environment: dict[str, str]) -> None:
    """Play the demonstration; what follows from a document, once the worker has drawn it."""
    for command in (["demo"], ["worker", "--batch"]) * 2:
        manage = [sys.executable, "manage.py", *command]
        subprocess.run(manage, env=os.environ | environment, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    keep(parser.parse_args().name)
