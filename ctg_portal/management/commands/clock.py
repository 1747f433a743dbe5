import logging
import time
from datetime import timedelta

from django.core.management import BaseCommand
from django.db import Error, close_old_connections, connections

from ctg_portal.clock.heartbeats import beat
from ctg_portal.clock.runner import Clock
from ctg_portal.house import house

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Runs what happens by itself: late mail, expired sessions, clean-up."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run every job once, then stop")

    def handle(self, *args, once, **options):
        """Run the jobs that are due, write a heartbeat, wait 15 seconds, for ever; survive a
        database that does not answer. ``once``: run all jobs once, without a heartbeat."""
        clock = Clock(house().jobs)
        while True:
            clock.run_due(time.monotonic())
            if once:
                return
            try:
                beat("clock")
            except Error:
                logger.warning("The database does not answer")
                connections.close_all()
            close_old_connections()
            time.sleep(timedelta(seconds=15).total_seconds())
