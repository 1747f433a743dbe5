"""The ``clock`` process: it runs the jobs of all rooms, each at its interval."""

import logging
from collections.abc import Iterable

from ctg_portal.house import Job

logger = logging.getLogger(__name__)

RETRY_AFTER = 60  # seconds


class Clock:
    """Runs each job when its interval has passed since it last ran in this process. A job that
    failed is tried again within a minute: the database may have been restarted."""

    def __init__(self, jobs: Iterable[Job]):
        self.jobs = list(jobs)
        self.last_runs: dict[str, float] = {}

    def run_due(self, now: float) -> list[str]:
        """Run the jobs due at ``now`` (monotonic seconds); return the names of the jobs that ran.

        A job that fails is logged, and not among them; it is due again after RETRY_AFTER at the
        latest.
        """
        done = []
        for job in self.jobs:
            last = self.last_runs.get(job.name)
            every = job.every.total_seconds()
            if last is not None and now - last < every:
                continue
            self.last_runs[job.name] = now
            try:
                job.run()
            except Exception:
                logger.exception("Job %s failed", job.name)
                self.last_runs[job.name] = now - max(every - RETRY_AFTER, 0)
            else:
                done.append(job.name)
        return done
