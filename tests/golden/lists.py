"""The golden lists: taken from the code as it is, stored in files, compared with them."""

import difflib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.test import override_settings

from ctg_portal import settings as production
from tests.bench.pages import PAGES, queries_of_page, request_of, slower_pages
from tests.golden import demonstration, mails, routes
from tests.golden.bare import digest
from tests.golden.stage import Clock
from tests.kept import play_demonstration
from tests.walk import Walk

FOLDER = Path(__file__).parent / "kept"
HELP = """
Where this is meant:     python -m tests.golden --write
To see the two texts:    python -m tests.golden --pages build/after
                         git stash && python -m tests.golden --pages build/before && git stash pop
                         diff -r build/before build/after"""
# How many lines of a difference are shown; all of them: python -m tests.golden.
SHOWN = 60


@dataclass
class Taken:
    """What was seen: pages by list and key, and the lists themselves, line by line."""

    pages: dict[str, dict[str, list[str]]]
    lists: dict[str, list[str]]

    def write(self) -> None:
        FOLDER.mkdir(exist_ok=True)
        for name, lines in self.lists.items():
            (FOLDER / f"{name}.txt").write_text("\n".join(lines) + "\n")

    def write_pages(self, folder: Path) -> None:
        """Each page in a file, for two folders to be compared."""
        for name, pages in self.pages.items():
            for key, lines in pages.items():
                path = folder / name / (re.sub(r"[/ ]+", "_", key.strip("/"))[:200] + ".txt")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n".join(lines) + "\n")
        for name, lines in self.lists.items():
            (folder / f"{name}.txt").write_text("\n".join(lines) + "\n")

    def differences(self, name: str) -> list[str]:
        """The lines of a list that are no longer, and those that are new."""
        path = FOLDER / f"{name}.txt"
        stored = path.read_text().splitlines() if path.exists() else []
        return [
            f"{name}: {line}"
            for line in difflib.unified_diff(stored, self.lists[name], n=0, lineterm="")
            if not line.startswith(("---", "+++", "@@"))
        ]

    def compare(self, name: str) -> None:
        """Raise an AssertionError that says how a list differs from what is stored of it."""
        if differences := self.differences(name):
            more = len(differences) - SHOWN
            lines = [*differences[:SHOWN], *([f"… and {more} more"] if more > 0 else []), HELP]
            raise AssertionError("\n".join(lines))


def take_routes(walk: Walk) -> Taken:
    pages = routes.pages_of(walk)
    return Taken({"routes": pages}, {"routes": _lines_of(pages)})


def take_demonstration(clock: Clock) -> Taken:
    """In a database that is empty; where the mails are taken, some weeks go by."""
    play_demonstration()
    versions = demonstration.take_versions()
    pages, names = demonstration.take_pages()
    lists = {"pages": _lines_of(pages), "versions": versions, "queries": take_queries()}
    write_slower_pages()
    return Taken({"pages": pages}, lists | {"mails": mails.take(clock, names)})


def take_queries() -> list[str]:
    """Return how many queries each page of the bench asks: in a process that has read nothing,
    after an event, and again."""
    lines = []
    for name, address, account in PAGES:
        first, changed, again = queries_of_page(request_of(address, account))
        lines.append(f"{name}: {first}, {changed} after an event, then {again}")
    return lines


def write_slower_pages() -> None:
    """Write which pages have become slower, for ``scripts/check`` to print: the speed of a machine
    that does much else makes no test fail. They are asked with production's middleware, as the
    bench asks them: what the tests do to a page takes the longer, the longer the page."""
    if path := os.environ.get("TESTS_NOTICES"):
        with unwatched(), override_settings(MIDDLEWARE=production.MIDDLEWARE):
            lines = slower_pages()
        Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@contextmanager
def unwatched() -> Iterator[None]:
    """Take away what the tests have around each query."""
    wrappers, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        yield
    finally:
        connection.execute_wrappers = wrappers


def _lines_of(pages: dict[str, list[str]]) -> list[str]:
    return [_line_of(key, lines) for key, lines in sorted(pages.items())]


def _line_of(key: str, lines: list[str]) -> str:
    """What is shown, by its digest; where one is sent to, in clear."""
    status, *shown = lines
    is_sent = len(shown) == 1 and shown[0].startswith("->")
    return f"{key} {status} {shown[0] if is_sent else digest(shown)}"
