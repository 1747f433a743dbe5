"""Where files lie: whole, and only those that something refers to."""

import logging
import weakref
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models, transaction
from django.utils import timezone

logger = logging.getLogger(__name__)

LEFT_FOR = timedelta(days=1)
FEW = 20


class WholeFiles(FileSystemStorage):
    """A file that finds no place to its end, or is written in a transaction that is undone, goes.

    What a transaction will do once it is committed is dropped with it when it is undone, and the
    file with that. Where the connection was lost nobody knows whether it was committed: the file
    stays then, for its row or for the sweep.
    """

    def _save(self, name, content):
        was_there = self.exists(name)
        try:
            name = super()._save(name, content)
        except OSError:
            if not was_there:
                Path(self.path(name)).unlink(missing_ok=True)
            raise
        removal = None

        def keep():
            removal.detach()

        removal = weakref.finalize(keep, _undo, Path(self.path(name)))
        transaction.on_commit(keep, robust=True)
        # Before all else that follows the commit: were that to fail, the rest would be dropped.
        follows = transaction.get_connection().run_on_commit
        if follows:
            follows.insert(0, follows.pop())
        return name


def _undo(path: Path) -> None:
    session = transaction.get_connection().connection
    is_lost = session is None or getattr(session, "closed", False)
    if not is_lost:
        path.unlink(missing_ok=True)


def orphans() -> tuple[list[Path], int]:
    """The files, older than a day, that no row of any model refers to; and how many are referred
    to."""
    root = Path(default_storage.location)
    known = {root / name for name in _names()}
    latest = (timezone.now() - LEFT_FOR).timestamp()
    files = [
        path
        for path in root.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    ]
    lost = [path for path in files if path not in known and path.stat().st_mtime < latest]
    return sorted(lost), len(known.intersection(files))


def _names() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.exclude(**{field.name: ""})
                yield from rows.values_list(field.name, flat=True).iterator()


def sweep() -> None:
    """Remove what no row refers to. Were that most of what is there, the database would be the
    wrong one: nothing is removed then, and the log says so."""
    lost, kept = orphans()
    if len(lost) > max(kept, FEW):
        logger.error(
            "%s files of %s are in no row: not removed; see manage.py sweep_files --dry-run",
            len(lost),
            len(lost) + kept,
        )
        return
    remove(lost)


def remove(lost: list[Path]) -> None:
    for path in lost:
        path.unlink(missing_ok=True)
        logger.info("A file that no row refers to was removed: %s", path)
