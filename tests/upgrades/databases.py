"""A database of its own for a copy, on SQLite or on the server of ``DATABASE_URL``."""

import os
import re
import secrets
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.db.backends.sqlite3 import _functions


class SQLite:
    def __init__(self, file: Path):
        self.url, self._file = f"sqlite:///{file}", file

    @contextmanager
    def connect(self):
        with closing(sqlite3.connect(self._file)) as connection:
            _functions.register(connection)  # constraints call them
            yield connection

    def dump(self) -> str:
        with self.connect() as connection:
            return "\n".join(connection.iterdump())

    def restore(self, text: str) -> None:
        with self.connect() as connection:
            connection.executescript(text)


class PostgreSQL:
    def __init__(self, url: str):
        self.url = url

    @contextmanager
    def connect(self):
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        with closing(connection):
            yield connection

    def dump(self) -> str:
        command = max(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), key=_release)
        options = ["--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=100"]
        process = subprocess.run(
            [command, *options, self.url], check=True, capture_output=True, text=True
        )
        # What comes before is said to one release of psql and its server.
        return re.sub(r"\n\\unrestrict .*", "", process.stdout[process.stdout.index("CREATE ") :])

    def restore(self, text: str) -> None:
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(text)


def _release(command: Path) -> float:
    return float(command.parts[-3])


@contextmanager
def a_database(vendor: str):
    """An empty one, thrown away afterwards."""
    if vendor == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield SQLite(Path(folder) / "copy.sqlite3")
        return
    server = PostgreSQL(os.environ["DATABASE_URL"])
    name = f"portal_copy_{secrets.token_hex(4)}"
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield PostgreSQL(urlsplit(server.url)._replace(path=f"/{name}").geturl())
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
