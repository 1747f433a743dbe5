"""The worker: it runs queued tasks, mail above all, and draws documents at the same time.

It survives its database: after a restart of PostgreSQL it goes on where it was.
"""

import logging
import time

from django.db import InterfaceError, OperationalError, connections
from django_tasks_db.management.commands.db_worker import Worker

from ctg_portal.clock.heartbeats import beat
from documents.drawing.press import Press

logger = logging.getLogger(__name__)

BEAT_EVERY = 15  # seconds
# Seconds that it waits for a database that does not answer: a little longer each time.
FIRST_WAIT, LONGEST_WAIT = 1, 15


class PortalWorker(Worker):
    """The worker of django-tasks, which runs once a round, with the press; until it is stopped."""

    def __init__(self, **options):
        self.ends = options["batch"]
        # A round ends when no task is left.
        super().__init__(**options | {"batch": True, "startup_delay": False})
        self.press = Press()
        self.beaten_at = None
        # It would log the beginning and end of each round.
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)

    def run(self) -> None:
        """Run round after round until it is stopped or over; while the database does not answer,
        wait a little longer each time. At the end stop what is being drawn."""
        wait = FIRST_WAIT
        try:
            while self.running:
                try:
                    self._round()
                    wait = FIRST_WAIT
                except (InterfaceError, OperationalError) as error:
                    logger.warning("The database does not answer: %s", type(error).__name__)
                    connections.close_all()
                    time.sleep(wait)
                    wait = min(2 * wait, LONGEST_WAIT)
                else:
                    is_last = self.max_tasks is not None and self._run_tasks >= self.max_tasks
                    if is_last or (self.ends and self.press.is_idle):
                        return
                    time.sleep(self.interval)
        finally:
            try:
                self.press.stop()
            except (InterfaceError, OperationalError):
                logger.warning("What was being drawn will be taken up when its lease is over")

    def _round(self) -> None:
        """Run the queued tasks, tend the press, and say from time to time that the worker lives."""
        super().run()
        self.press.tend()
        now = time.monotonic()
        if self.beaten_at is None or now - self.beaten_at >= BEAT_EVERY:
            beat("worker")
            beat(f"worker:{self.worker_id}")
            self.beaten_at = now
