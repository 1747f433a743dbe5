"""What the bench measures of the annual report: time, pages, memory, queries, by its size.

Each report is composed in a process of its own, so that its peak memory is its own. ``ratio`` is
to WeasyPrint alone on the same HTML, in another process: what reading and writing add. Seconds are
those of the processor, of which composing takes one: those of a clock on a quiet machine.
"""

import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = [int(size) for size in os.environ.get("BENCH_REPORTS", "60 200 600").split()]
YEARS = range(2019, 2024)


def bench_reports(slug: str) -> None:
    """Print the measures for the demonstration's convention and for made-up ones, by size."""
    head = f"{'report':16}{'CPU s':>9}{'a piece':>9}{'pages':>7}{'MB':>6}{'queries':>9}{'ratio':>7}"
    print(f"\nAnnual reports, {len(YEARS)} years\n{head}")  # noqa: T201
    for name, of in [("Demonstration", slug), *((str(n), _made_up(n)) for n in SIZES)]:
        with tempfile.TemporaryDirectory() as folder:
            html = Path(folder) / "report.html"
            figures = run("tests.bench.report", "compose", of, str(html))
            alone = run("tests.bench.report", "alone", str(html))["seconds"]
        ratio = figures["seconds"] / alone
        each = f"{figures['seconds'] / figures['indicators'] * 1000:.0f} ms"
        print(  # noqa: T201
            f"{name:16}{figures['seconds']:9.2f}{each:>9}{figures['pages']:7}{figures['megabytes']:6.0f}"
            f"{figures['queries']:9}{ratio:7.2f}"
        )


def run(module: str, *command: str) -> dict:
    """What a process of its own measures."""
    done = subprocess.run(
        [sys.executable, "-m", module, *command],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _made_up(number: int) -> str:
    """The slug of a convention of four axes and eight themes with that many indicators, and a third
    as many actions."""
    from tests import factories as f  # noqa: PLC0415
    from tests.indicators.bulk import followed_actions, many_indicators  # noqa: PLC0415

    convention = f.ConventionFactory(slug=f"rapport-{number}")
    since = f.AmendmentFactory(convention=convention)
    for n in range(1, 5):
        axis = f.AxisFactory(convention=convention, number=n, since=since)
        for rank in (1, 2):
            theme = f.ThemeFactory(axis=axis, rank=rank, number=f"{n}.{rank}", since=since)
            f.ObjectiveFactory(theme=theme, since=since)
    for _ in range(3):
        f.PartyFactory(organisation__convention=convention)
    many_indicators(convention, number, YEARS)
    followed_actions(convention, number // 3, YEARS[-1])
    return convention.slug


def compose(slug: str, path: str) -> dict:
    """Read, write and draw the report of the last year that was closed, as the worker does."""
    from django.db import connection  # noqa: PLC0415

    from evaluation.report.document import draw, write  # noqa: PLC0415
    from evaluation.report.marks import Mark  # noqa: PLC0415
    from evaluation.report.reading import read_report  # noqa: PLC0415
    from indicators.models import Campaign  # noqa: PLC0415

    campaigns = Campaign.objects.filter(convention__slug=slug, year__lte=YEARS[-1])
    campaign = campaigns.select_related("convention").latest("year")
    queries = 0

    def count(execute, *args):
        nonlocal queries
        queries += 1
        return execute(*args)

    moment = datetime.datetime(2024, 4, 12, tzinfo=datetime.UTC)
    started = time.process_time()
    with connection.execute_wrapper(count):
        content = read_report(campaign.convention, campaign)
        mark = Mark.project(moment.date())
        html = write(content, mark)
        document = draw(html, content, mark, moment)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(path).write_text(html)
    return {"seconds": seconds, "pages": document.pages, "megabytes": peak, "queries": queries,
            "indicators": len(content.definitions)}  # fmt: skip


def alone(path: str) -> dict:
    """WeasyPrint on the same HTML, with the same files at hand."""
    from django.conf import settings  # noqa: PLC0415
    from weasyprint import HTML  # noqa: PLC0415

    from documents.archival import VARIANT  # noqa: PLC0415
    from documents.engine import OPTIONS, OwnFilesFetcher  # noqa: PLC0415

    html = Path(path).read_text()
    started = time.process_time()
    HTML(string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=OwnFilesFetcher()).write_pdf(
        pdf_variant=VARIANT, **OPTIONS
    )
    return {"seconds": time.process_time() - started}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"compose": compose, "alone": alone}[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
