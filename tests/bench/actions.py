"""What the bench measures of the action plan as a PDF: time, pages, memory, queries, by its size.

As for the annual report (``tests.bench.report``): seconds of the processor, each in a process of
its own; ``ratio`` is to WeasyPrint alone on the same HTML.
"""

import datetime
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.report import run

SIZES = [int(size) for size in os.environ.get("BENCH_PLANS", "1 40 300").split()]
DAY = datetime.date(2024, 4, 12)


def bench_plans() -> None:
    """Print the measures for made-up plans, by how many sheets they have."""
    head = f"{'sheets':16}{'CPU s':>9}{'a piece':>9}{'pages':>7}{'MB':>6}{'queries':>9}{'ratio':>7}"
    print(f"\nAction plans\n{head}")  # noqa: T201
    for size in SIZES:
        slug = _made_up(size)
        with tempfile.TemporaryDirectory() as folder:
            html = str(Path(folder) / "plan.html")
            figures = run("tests.bench.actions", slug, html)
            alone = run("tests.bench.report", "alone", html)["seconds"]
        each = f"{figures['seconds'] / size * 1000:.0f} ms"
        print(  # noqa: T201
            f"{size!s:16}{figures['seconds']:9.2f}{each:>9}{figures['pages']:7}"
            f"{figures['megabytes']:6.0f}{figures['queries']:9}{figures['seconds'] / alone:7.2f}"
        )


def _made_up(number: int) -> str:
    """The slug of a convention of four axes and eight themes with that many actions."""
    from tests import factories as f  # noqa: PLC0415
    from tests.actions.bulk import many_actions  # noqa: PLC0415

    convention = f.ConventionFactory(slug=f"plan-{number}")
    for n in range(1, 5):
        axis = f.AxisFactory(convention=convention, number=n)
        for rank in (1, 2):
            f.ThemeFactory(axis=axis, rank=rank, number=f"{n}.{rank}")
    for _ in range(3):
        f.PartyFactory(organisation__convention=convention)
    many_actions(convention, number)
    return convention.slug


def compose(slug: str, path: str) -> dict:
    """Read, write and draw the whole plan."""
    from django.db import connection  # noqa: PLC0415

    from actions.files.pdf import draw_plan, write_plan  # noqa: PLC0415
    from actions.files.plan import plan_of  # noqa: PLC0415
    from actions.files.reading import read_sheets  # noqa: PLC0415
    from actions.models import Action  # noqa: PLC0415
    from conventions.models import Convention  # noqa: PLC0415

    convention = Convention.objects.get(slug=slug)
    queries = 0

    def count(execute, *args):
        nonlocal queries
        queries += 1
        return execute(*args)

    started = time.process_time()
    with connection.execute_wrapper(count):
        rows = Action.objects.of(convention).readable().in_reading_order()
        plan = plan_of(convention, read_sheets(convention, rows, DAY), DAY)
    html = write_plan(plan)
    document = draw_plan(html, plan)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(path).write_text(html)
    return {"seconds": seconds, "pages": document.pages, "megabytes": peak, "queries": queries}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(compose(*sys.argv[1:])))  # noqa: T201
