"""What the clock takes of a processor while nothing is due: each job, by how often it runs."""

import statistics
import time

from ctg_portal.house import house

REPEATS = 5


def bench_idle() -> None:
    """Print milliseconds of each job of the clock, and what all take of a processor."""
    print(f"\n{'job of the clock':36}{'every, s':>10}{'ms':>9}{'% of a core':>13}")  # noqa: T201
    whole = 0.0
    for job in house().jobs:
        job.run()  # what was due
        times = []
        for _ in range(REPEATS):
            started = time.process_time()
            job.run()
            times.append(time.process_time() - started)
        took, every = statistics.median(times), job.every.total_seconds()
        whole += took / every
        print(f"{job.name:36}{every:10.0f}{took * 1000:9.1f}{took / every * 100:13.4f}")  # noqa: T201
    print(f"{'All jobs':36}{whole * 100:32.4f}")  # noqa: T201
