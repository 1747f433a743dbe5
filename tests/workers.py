"""A real worker, in a process of its own on the database of the test (PostgreSQL only): it is told
to stop, or killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

PATIENCE = 300  # seconds; ends a test that hangs, however loaded the machine is


@contextmanager
def processes(log: Path, **environment: str) -> Iterator[Callable]:
    """What starts a command of the portal, a worker where none is named; all of them have ended
    when it is left, and their log is shown where the test fails. What they write for a while lies
    in ``aside_of(log)``."""
    started, db = [], connection.settings_dict
    aside_of(log).mkdir()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.documents.drawing.worker_settings",
        "DATABASE_URL": f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}"
        f"/{db['NAME']}",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "TMPDIR": str(aside_of(log)),
    } | environment  # fmt: skip

    def start(*options: str, command: str = "worker") -> subprocess.Popen:
        quick = ["--interval", "0.2"] if command == "worker" else []
        started.append(
            subprocess.Popen(
                [sys.executable, "manage.py", command, *quick, *options],
                cwd=settings.BASE_DIR, env=environment, stderr=output, text=True,
            )
        )  # fmt: skip
        return started[-1]

    with log.open("w+") as output:
        try:
            yield start
        finally:
            for process in started:
                process.kill()
                process.wait()
            output.seek(0)
            print(output.read())  # noqa: T201


def aside_of(log: Path) -> Path:
    return log.with_name("aside")


def until(condition: Callable) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children_of(process: subprocess.Popen) -> list[int]:
    """What it has started: the process that draws, of a worker."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children")
            .read_text().split()]  # fmt: skip


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
