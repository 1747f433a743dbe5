"""Storage of files: only whole ones, and only those that a row refers to."""

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
    """A storage that deletes a file which does not fit on the disk, or whose transaction is undone.

    Django drops the on-commit callbacks of a transaction that is undone; when ours is dropped, the
    file is deleted. Where the connection was lost, nobody knows whether the transaction was
    committed: the file stays then, for its row or for the sweep.
    """

    def _save(self, name, content):
        """Save a file; delete it again where it does not fit, or where the transaction is undone
        (``_undo``). Return the name under which it is stored."""
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
    """Delete a file whose transaction was undone; leave it where the connection was lost."""
    session = transaction.get_connection().connection
    is_lost = session is None or getattr(session, "closed", False)
    if not is_lost:
        path.unlink(missing_ok=True)


def find_orphans() -> tuple[list[Path], int]:
    """Return the files, older than a day, to which no row of any model refers, and the number of
    those to which one does."""
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
    """Yield the names of the files to which the rows of all models refer."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.exclude(**{field.name: ""})
                yield from rows.values_list(field.name, flat=True).iterator()


def sweep() -> None:
    """Delete the files to which no row refers. If they are most of the files, the database must be
    a wrong one: nothing is deleted then, and an error is logged."""
    lost, referred_to = find_orphans()
    if len(lost) > max(referred_to, FEW):
        logger.error(
            "%s files of %s are in no row: not removed; see manage.py sweep_files --dry-run",
            len(lost), len(lost) + referred_to,
        )  # fmt: skip
        return
    delete_files(lost)


def delete_files(paths: list[Path]) -> None:
    """Delete files that no row refers to, each with a line in the log; one that is gone already is
    no error."""
    for path in paths:
        path.unlink(missing_ok=True)
        logger.info("A file that no row refers to was removed: %s", path)
