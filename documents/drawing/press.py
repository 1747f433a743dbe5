"""The worker's press: it draws the requested documents, one after the other.

Each is drawn in a process of its own, which frees its memory by ending, may be stopped in the
middle, and leaves the worker free to deliver mail meanwhile.
"""

import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import Error, connections
from django.utils import timezone

from documents.drawing.composition import compose_taken
from documents.drawing.events import LEASE, LeaseLost, put_back, renew_lease_unless_locked, take
from documents.drawing.limits import limit
from documents.drawing.models import Composition, compositions

logger = logging.getLogger(__name__)

HOLD_EVERY = 3  # seconds
LONGEST = timedelta(minutes=15)
# The prefix of the temporary folder of a process that draws, before its process number.
FOLDER = "ctg-drawing-"
NEVER = datetime.min.replace(tzinfo=UTC)
assert timedelta(seconds=5 * HOLD_EVERY) < LEASE  # noqa: S101


def next_row() -> Composition | None:
    """Return the document to compose next, or None: the one requested first; but whoever has just
    been given one waits behind those who have requested meanwhile (round robin)."""
    rows = [
        row
        for model in compositions()
        for row in model.objects.first_of_each_person(timezone.now())
    ]
    if len(rows) > 1:
        last = last_finished_at({row.requested_by_id for row in rows})
        rows.sort(key=lambda row: max(row.requested_at, last.get(row.requested_by_id, NEVER)))
    return next(iter(rows), None)


def last_finished_at(people: set[int | None]) -> dict[int, datetime]:
    """Return when a document of each of these people was last finished, by their key."""
    last = {}
    for model in compositions():
        for person, day in model.objects.asked_by(people).last_finished():
            last[person] = max(day, last.get(person, day))
    return last


class Press:
    """The drawing of one document at a time. ``tend`` is called about every second, and returns at
    once."""

    def __init__(self):
        remove_stale_folders()
        self.process = self.row = self.attempt = None
        self.since = 0.0

    def tend(self) -> None:
        """Begin the next document, or look after the one that is being drawn: clear up once its
        process has ended, stop it after LONGEST."""
        if self.process is None:
            self._begin()
        elif not self.process.is_alive():
            self._end()
        elif time.monotonic() - self.since > LONGEST.total_seconds():
            logger.error("%s %s took too long", type(self.row).__name__, self.row.pk)
            self.stop()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being drawn, and nothing waits."""
        return self.process is None and next_row() is None

    def stop(self) -> None:
        """Stop what is being drawn and queue it again, so that the next worker begins at once."""
        if self.process is not None:
            self.process.kill()
            self._end()

    def _begin(self) -> None:
        """Take the next document and start a process that draws it; do nothing without one."""
        row = next_row()
        if row is None or (attempt := take(row)) is None:
            return
        # A connection of two processes would be closed by the one while the other uses it.
        connections.close_all()
        process = multiprocessing.get_context("fork").Process(
            target=_draw, args=(row, attempt, os.getpid()), daemon=True
        )
        process.start()
        self.process, self.row, self.attempt = process, row, attempt
        self.since = time.monotonic()

    def _end(self) -> None:
        """Wait for the end of the process, and delete its folder; queue again what it has not
        finished."""
        self.process.join()
        remove_folder(self.process.pid)
        put_back(self.row, self.attempt)  # if it has not done so, nor kept anything
        self.process.close()
        self.process = None


def _draw(row: Composition, attempt: int, worker: int) -> None:
    """Compose a document: the main function of the process, at a low priority, for pages come
    first."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker gets it too, and stops this process
    os.nice(10)
    _use_own_temporary_folder()
    limit(seconds=row.document.seconds, memory=row.document.memory)
    threading.Thread(target=_watch, args=(row, attempt, worker), daemon=True).start()
    try:
        compose_taken(row, attempt)
    except Error:
        logger.warning("The database is gone: %s %s", type(row).__name__, row.pk, exc_info=True)
    finally:
        connections.close_all()


def _watch(row: Composition, attempt: int, worker: int) -> None:
    """Renew the lease while the main thread draws; end the process when the document was cancelled
    or taken by another, or the worker was killed."""
    held_at = time.monotonic()
    while os.getppid() == worker:
        time.sleep(1)
        if time.monotonic() - held_at < HOLD_EVERY:
            continue
        try:
            renew_lease_unless_locked(row, attempt)
        except LeaseLost:
            break
        except Error:
            connections.close_all()  # it may come back before the lease is over
        held_at = time.monotonic()
    remove_folder(os.getpid())
    os._exit(1)


def _use_own_temporary_folder() -> None:
    """Create a temporary folder for this process, and use it: the process ends without clearing up,
    or is stopped, and would leave a megabyte of fonts for each PDF."""
    folder = _folder_of(os.getpid())
    try:
        folder.mkdir(mode=0o700)
    except OSError:
        logger.warning("%s could not be made", folder, exc_info=True)
    else:
        tempfile.tempdir = str(folder)


def _folder_of(pid: int) -> Path:
    """Return the temporary folder of the process ``pid``, which may be the current one."""
    folder = Path(tempfile.gettempdir())
    return folder if folder.name == f"{FOLDER}{pid}" else folder / f"{FOLDER}{pid}"


def remove_folder(pid: int) -> None:
    """Delete the temporary folder of a process that has drawn."""
    shutil.rmtree(_folder_of(pid), ignore_errors=True)


def remove_stale_folders() -> None:
    """Delete the temporary folders of processes that were killed with their worker."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        pid = folder.name.removeprefix(FOLDER)
        if pid.isdecimal() and has_ended(int(pid)):
            remove_folder(int(pid))


def has_ended(pid: int) -> bool:
    """Return whether a process does not exist, or is a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"
