"""``python -m tests.bench --load``: how long fifty people wait who read and think five seconds,
while an agent saves figures and a report is drawn again and again.

The portal runs as in production, with two processes of gunicorn, on the database of the bench; who
asks and the database run on the same machine. Each person goes through the pages of their role.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import cycle, islice
from pathlib import Path
from subprocess import DEVNULL

from django.conf import settings

from tests.bench.acts import a_value
from tests.bench.pages import PAGES, address_of
from tests.golden.demonstration import client_of

PEOPLE, THOUGHT, SECONDS, WARMING = 50, 5, 120, 30
AS_THE_WORKER = ["nice", "-n", "10"]  # what it draws gives way to people (documents/drawing)


class Load:
    """People at work until a moment; what they have ``waited`` for is noted after ``WARMING``."""

    def __init__(self, port: int):
        self.port = port
        self.waited: list[tuple[str, float]] = []
        self.counts_from = time.monotonic() + WARMING
        self.ends_at = self.counts_from + SECONDS
        self.rounds: dict[str, list[tuple[str, str]]] = {}
        for name, address, account in PAGES:
            if account:
                self.rounds.setdefault(account, []).append((name, address_of(address)))

    def run(self) -> None:
        work = [threading.Thread(target=self.read, args=[person]) for person in range(PEOPLE)]
        work += [threading.Thread(target=self.save_figures)]
        work += [threading.Thread(target=self.draw_reports)]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()

    def read(self, person: int) -> None:
        """Read the pages of a role one after the other, each person from another one on."""
        account = list(self.rounds)[person % len(self.rounds)]
        cookie = client_of(account).cookies[settings.SESSION_COOKIE_NAME].value
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "Accept-Encoding": "gzip"}
        pages = self.rounds[account]
        time.sleep(THOUGHT * person / PEOPLE)
        for name, address in islice(cycle(pages), person % len(pages), None):
            if time.monotonic() > self.ends_at:
                return
            started = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", address, headers=headers)
            response = connection.getresponse()
            response.read()
            assert response.status == http.HTTPStatus.OK, (address, response.status)
            if started > self.counts_from:
                self.waited.append((name, time.monotonic() - started))
            time.sleep(THOUGHT)

    def save_figures(self) -> None:
        number = 0
        while time.monotonic() < self.ends_at:
            number += 1
            assert a_value(str(number))().status_code == http.HTTPStatus.OK
            time.sleep(THOUGHT)

    def draw_reports(self) -> None:
        file = Path(tempfile.mkdtemp()) / "rapport.pdf"
        command = [sys.executable, "manage.py", "build_report", "grand-chatellerault", "2023"]
        while time.monotonic() < self.ends_at:
            subprocess.run([*AS_THE_WORKER, *command, "-o", str(file)], check=True, stdout=DEVNULL)


def bench_load() -> None:
    """Print how long people wait: median, p95 and the longest, of all pages and of each."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "ctg_portal.wsgi"],
        env=os.environ | {"PORT": str(port), "WEB_CONCURRENCY": "2"},
    )
    try:
        _wait_for(port)
        load = Load(port)
        load.run()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    _report(load.waited)


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("gunicorn has not started.")


def _report(waited: list[tuple[str, float]]) -> None:
    print(f"\n{PEOPLE} people, {THOUGHT} s of thought: seconds waited")  # noqa: T201
    print(f"{'page':18}{'asked':>7}{'median':>8}{'p95':>8}{'longest':>9}")  # noqa: T201
    names = ["All pages", *dict.fromkeys(name for name, _ in waited)]
    for name in names:
        times = sorted(took for page, took in waited if name in (page, "All pages"))
        p95 = times[int(len(times) * 0.95)]
        median = statistics.median(times)
        print(f"{name:18}{len(times):7}{median:8.2f}{p95:8.2f}{times[-1]:9.2f}")  # noqa: T201
