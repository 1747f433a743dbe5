"""What happens by itself: the ``clock`` process runs the jobs of all rooms, each every so often."""

import logging
from collections.abc import Iterable

from ctg_portal.house import Job

logger = logging.getLogger(__name__)

AGAIN = 60  # seconds


class Clock:
    """Runs each job when ``every`` has passed since it last ran in this process; one that failed
    is tried again within a minute, for its database may have been restarted."""

    def __init__(self, jobs: Iterable[Job]):
        self.jobs = list(jobs)
        self.last_runs: dict[str, float] = {}

    def run_due(self, now: float) -> list[str]:
        """Run the jobs due at ``now`` (seconds, monotonic). A job that fails is logged, not fatal.

        Returns the names of the jobs that ran without a mistake.
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
                self.last_runs[job.name] = now - max(every - AGAIN, 0)
            else:
                done.append(job.name)
        return done
