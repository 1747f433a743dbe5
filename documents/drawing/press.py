"""The worker's press: it draws what was asked for, one document after the other.

Each is drawn in a process of its own, which gives its memory back by ending, may be stopped in the
middle, and leaves the worker free to deliver mail meanwhile, however long that takes.
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
from documents.drawing.events import LEASE, LeaseLost, go_on_holding, put_back, take
from documents.drawing.limits import limit
from documents.drawing.models import Composition, compositions

logger = logging.getLogger(__name__)

HOLD_EVERY = 3  # seconds
LONGEST = timedelta(minutes=15)
# Of the folder in which a process that draws writes what it needs for a while; then its number.
FOLDER = "ctg-drawing-"
NEVER = datetime.min.replace(tzinfo=UTC)
assert timedelta(seconds=5 * HOLD_EVERY) < LEASE  # noqa: S101


def next_row() -> Composition | None:
    """What was asked for first among all that nobody composes; but who has just been given one
    waits behind those who have asked meanwhile, so that nobody has the worker alone."""
    rows = [row for model in compositions() for row in model.objects.first_of_each(timezone.now())]
    if len(rows) > 1:
        given = given_at({row.requested_by_id for row in rows})
        rows.sort(key=lambda row: max(row.requested_at, given.get(row.requested_by_id, NEVER)))
    return next(iter(rows), None)


def given_at(people: set[int | None]) -> dict[int, datetime]:
    """When what each of them had asked for was finished last."""
    last = {}
    for model in compositions():
        for person, day in model.objects.of_people(people).last_finished():
            last[person] = max(day, last.get(person, day))
    return last


class Press:
    """``tend`` is called every second or so, and returns at once."""

    def __init__(self):
        forget_folders()
        self.process = self.row = self.attempt = None
        self.since = 0.0

    def tend(self) -> None:
        """Begin the next document, or look after the one that is being drawn."""
        if self.process is None:
            self._begin()
        elif self.process.is_alive():
            self._look_after()
        else:
            self._end()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being drawn, nor waits for it."""
        return self.process is None and next_row() is None

    def stop(self) -> None:
        """Put back what is being drawn: the next worker begins it again at once."""
        if self.process is not None:
            self.process.kill()
            self._end()

    def _begin(self) -> None:
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

    def _look_after(self) -> None:
        if time.monotonic() - self.since > LONGEST.total_seconds():
            logger.error("%s %s took too long", type(self.row).__name__, self.row.pk)
            self.stop()

    def _end(self) -> None:
        self.process.join()
        forget_folder(self.process.pid)
        put_back(self.row, self.attempt)  # if it has not done so, nor kept anything
        self.process.close()
        self.process = None


def _draw(row: Composition, attempt: int, worker: int) -> None:
    """What the process does. Nobody waits for it as one waits for a page: pages come first."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker is told too, and stops it
    os.nice(10)
    _write_aside()
    limit(seconds=row.document.seconds, memory=row.document.memory)
    threading.Thread(target=_watch, args=(row, attempt, worker), daemon=True).start()
    try:
        compose_taken(row, attempt)
    except Error:
        logger.warning("The database is gone: %s %s", type(row).__name__, row.pk, exc_info=True)
    finally:
        connections.close_all()


def _watch(row: Composition, attempt: int, worker: int) -> None:
    """Hold the lease while the rest of the process draws; end it all when the document was called
    off or is another's, or the worker was killed."""
    held_at = time.monotonic()
    while os.getppid() == worker:
        time.sleep(1)
        if time.monotonic() - held_at < HOLD_EVERY:
            continue
        try:
            go_on_holding(row, attempt)
        except LeaseLost:
            break
        except Error:
            connections.close_all()  # it may come back before the lease is over
        held_at = time.monotonic()
    forget_folder(os.getpid())
    os._exit(1)


def _write_aside() -> None:
    """Have this process write what it needs for a while into a folder of its own: it ends without
    clearing up, or is stopped, and fonts of a megabyte would stay of each PDF."""
    folder = _folder_of(os.getpid())
    try:
        folder.mkdir(mode=0o700)
    except OSError:
        logger.warning("%s could not be made", folder, exc_info=True)
    else:
        tempfile.tempdir = str(folder)


def _folder_of(pid: int) -> Path:
    """That of the process of this number; which itself may write there already."""
    folder = Path(tempfile.gettempdir())
    return folder if folder.name == f"{FOLDER}{pid}" else folder / f"{FOLDER}{pid}"


def forget_folder(pid: int) -> None:
    """Let go what a process that draws has left."""
    shutil.rmtree(_folder_of(pid), ignore_errors=True)


def forget_folders() -> None:
    """The same of all that are no longer there: they were killed, and their worker too."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        pid = folder.name.removeprefix(FOLDER)
        if pid.isdecimal() and has_ended(int(pid)):
            forget_folder(int(pid))


def has_ended(pid: int) -> bool:
    """Whether there is no such process, or nothing but its number, which nobody has asked for."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return True
    return told.rpartition(")")[2].split()[0] == "Z"
