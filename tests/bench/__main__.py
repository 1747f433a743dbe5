"""``make bench``: what pages, saving a value and one « D'accord » cost (``pages.py``).

First with the demonstration's data, where annual reports and action plans of several sizes are
composed too, then with 600 more points under discussion, then beside a thousand other conventions
of the same size. Where there is a browser, the height of each page too; ``--heights [NAME …]``
measures that alone, of all pages or of those named; ``--imports`` what files of figures cost,
``--long-inputs`` what long inputs do; ``--load`` how long fifty people
wait; ``--pages`` what pages of the demonstration cost, and
``--write`` writes that down beside it, for the next run to say what has grown by a fifth.
The settings are those of production.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = tempfile.mkdtemp()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER}/bench.sqlite3")
os.environ["LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from conventions.models import Convention  # noqa: E402
from tests.bench.actions import bench_plans  # noqa: E402
from tests.bench.acts import a_value, an_answer  # noqa: E402
from tests.bench.committee import add_points  # noqa: E402
from tests.bench.heights import bench_heights  # noqa: E402
from tests.bench.idle import bench_idle  # noqa: E402
from tests.bench.imports import bench_imports  # noqa: E402
from tests.bench.load import bench_load  # noqa: E402
from tests.bench.long_inputs import bench_long_inputs  # noqa: E402
from tests.bench.others import add_conventions  # noqa: E402
from tests.bench.pages import (  # noqa: E402
    FIGURES,
    Cost,
    costs_of_pages,
    grown,
    milliseconds_of,
    queries_of,
    table_of,
)
from tests.bench.report import bench_reports  # noqa: E402
from tests.golden.stage import undone  # noqa: E402
from tests.kept import play_demonstration  # noqa: E402

OTHERS = int(os.environ.get("BENCH_OTHERS", "1000"))
POINTS = int(os.environ.get("BENCH_POINTS", "600"))


def measure(ask: Callable) -> tuple[int, float]:
    """(queries, median milliseconds of the processor) of an act, each time undone."""

    def once():
        with undone():
            return ask()

    once()
    return queries_of(once), milliseconds_of(once)


def report(title: str) -> dict[str, Cost]:
    """Print what pages and acts cost; return it of the pages."""
    costs = costs_of_pages()
    print(f"\n{title}\n{table_of(costs)}")  # noqa: T201
    for name, ask in {"Save a value": a_value(), "One « D'accord »": an_answer()}.items():
        queries, milliseconds = measure(ask)
        ratio = milliseconds / costs["Log-in"].milliseconds[-1]
        print(f"{name:18}{queries:9}{milliseconds:27.1f}{ratio:27.1f}")  # noqa: T201
    return costs


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if "--long-inputs" in sys.argv:
        bench_long_inputs()
        sys.exit()
    if "--imports" in sys.argv:
        bench_imports()
        sys.exit()
    call_command("collectstatic", interactive=False, verbosity=0)
    play_demonstration()
    if "--heights" in sys.argv:
        bench_heights(set(sys.argv[2:]))
        sys.exit()
    if "--load" in sys.argv:
        bench_load()
        sys.exit()
    costs = report(f"The demonstration alone ({connection.vendor})")
    if "--write" in sys.argv:
        FIGURES.write_text(table_of(costs), encoding="utf-8")
        sys.exit()
    for line in grown(costs):
        print(f"Costs a fifth more than was written down: {line}")  # noqa: T201
    if "--pages" in sys.argv:
        sys.exit()
    bench_heights()
    bench_reports("grand-chatellerault")
    bench_plans()
    bench_imports()
    bench_long_inputs()
    real = Convention.objects.get(slug="grand-chatellerault")
    if POINTS:
        with transaction.atomic():
            add_points(real, POINTS)
        report(f"With {POINTS} more points under discussion")
    if OTHERS:
        started = time.perf_counter()
        add_conventions(real, OTHERS)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does in time
        seconds = round(time.perf_counter() - started)
        report(f"Beside {OTHERS} conventions of the same size (added in {seconds} s)")
        bench_idle()
    for path in Path(FOLDER).iterdir():
        path.unlink()
