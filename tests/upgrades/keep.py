"""Keep the demonstration of a release, which each later one must be able to migrate:

    scripts/with-postgresql python -m tests.upgrades.keep NAME

writes ``kept/NAME.sqlite.sql.gz`` and ``kept/NAME.postgresql.sql.gz``, the whole of it but its
files. Who changes models keeps the demonstration once it has landed; what is kept is never written
again, since whoever has installed that release holds the like of it.
"""

import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.upgrades.databases import a_database

KEPT = Path(__file__).parent / "kept"
VENDORS = ["sqlite", "postgresql"]


def file_of(name: str, vendor: str, folder: Path = KEPT) -> Path:
    return folder / f"{name}.{vendor}.sql.gz"


def kept() -> list[str]:
    """The releases whose demonstration is kept."""
    return sorted({file.name.split(".")[0] for file in KEPT.glob("*.sql.gz")})


def keep(name: str, folder: Path = KEPT) -> None:
    files = {vendor: file_of(name, vendor, folder) for vendor in VENDORS}
    if any(file.exists() for file in files.values()):
        raise SystemExit(f"{name} is kept already, and is never written again.")
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit(f"Without PostgreSQL half of it is missing: {__doc__.splitlines()[2]}")
    folder.mkdir(exist_ok=True)
    for vendor, file in files.items():
        with a_database(vendor) as database, tempfile.TemporaryDirectory() as media:
            told = {"DEBUG": "on", "DATABASE_URL": database.url, "MEDIA_ROOT": media,
                    "CACHE_URL": "locmemcache://"}  # fmt: skip
            # What follows from a document is played once the worker has drawn it.
            for command in (["demo"], ["worker", "--batch"]) * 2:
                manage = [sys.executable, "manage.py", *command]
                subprocess.run(manage, env=os.environ | told, check=True)
            text = database.dump()
        file.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    [name] = sys.argv[1:]
    keep(name)
