"""The golden lists: taken from the code as it is, kept in files, compared with them."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from django.core import mail

from tests.golden import demonstration, mails, routes
from tests.golden.bare import digest
from tests.golden.stage import on_stage

FOLDER = Path(__file__).parent / "kept"


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

    def differences(self) -> list[str]:
        """The lines that are no longer, and those that are new."""
        return [
            f"{name}: {line}"
            for name, lines in self.lists.items()
            for line in difflib.unified_diff(kept(name), lines, n=0, lineterm="")
            if not line.startswith(("---", "+++", "@@"))
        ]


def kept(name: str) -> list[str]:
    path = FOLDER / f"{name}.txt"
    return path.read_text().splitlines() if path.exists() else []


def take() -> Taken:
    """In a database that is empty; nothing of it stays there."""
    with on_stage() as clock:
        pages = {"routes": routes.take()}
        mail.outbox.clear()
        demonstration.build()
        versions = demonstration.take_versions()
        pages["pages"], names = demonstration.take_pages()
        messages = mails.take(clock, names)
    lists = {name: [_line(key, lines) for key, lines in sorted(found.items())]
             for name, found in pages.items()}  # fmt: skip
    return Taken(pages, lists | {"versions": versions, "mails": messages})


def _line(key: str, lines: list[str]) -> str:
    """What is shown, by its digest; where one is sent to, in clear."""
    status, *shown = lines
    told = shown[0] if len(shown) == 1 and shown[0].startswith("->") else digest(shown)
    return f"{key} {status} {told}"
