"""What happens by itself: jobs that the ``clock`` process runs, each every so often.

A job must be idempotent: it may run late, twice, or on two clocks at once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

logger = logging.getLogger(__name__)


@dataclass
class Job:
    """One job: ``run()`` is due when ``every`` has passed since it last ran in this process."""

    run: Callable[[], None]
    every: timedelta
    last_run: float | None = None

    def is_due(self, now: float) -> bool:
        return self.last_run is None or now - self.last_run >= self.every.total_seconds()


JOBS: dict[str, Job] = {}


def register_job(name: str, run: Callable[[], None], *, every: timedelta) -> None:
    """Have ``run()`` called by the clock; an application registers its jobs in ``ready``."""
    JOBS[name] = Job(run, every)


def run_due_jobs(now: float) -> list[str]:
    """Run the jobs due at ``now`` (seconds, monotonic). A job that fails is logged, not fatal.

    Returns the names of the jobs that ran without a mistake.
    """
    done = []
    for name, job in JOBS.items():
        if not job.is_due(now):
            continue
        job.last_run = now
        try:
            job.run()
        except Exception:
            logger.exception("Job %s failed", name)
        else:
            done.append(name)
    return done
