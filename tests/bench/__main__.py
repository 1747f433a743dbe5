"""``make bench``: queries and time of each page, of saving a value and of one « D'accord », as a
ratio to the log-in page of the same run.

First with the demonstration's data, where annual reports and action plans of several sizes are
composed too, then with 600 more points under discussion, then beside a thousand other conventions
of the same size. Where there is a browser, the height of each page too; ``--heights [NAME …]``
measures that alone, of all pages or of those named; ``--imports`` what files of figures cost,
``--long-inputs`` what long inputs do.
Times are those of the processor, medians of several requests through the whole stack of middleware
in one process: other programs of the machine do not count, a database server neither.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = tempfile.mkdtemp()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER}/bench.sqlite3")
os.environ["LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from actions.models import Action  # noqa: E402
from agreements.models import Version  # noqa: E402
from committee.models import Dossier  # noqa: E402
from conventions.models import Convention  # noqa: E402
from indicators.models import Indicator  # noqa: E402
from tests.bench.actions import bench_plans  # noqa: E402
from tests.bench.acts import a_value, an_answer  # noqa: E402
from tests.bench.committee import add_points  # noqa: E402
from tests.bench.heights import bench_heights  # noqa: E402
from tests.bench.imports import bench_imports  # noqa: E402
from tests.bench.long_inputs import bench_long_inputs  # noqa: E402
from tests.bench.others import add_conventions  # noqa: E402
from tests.bench.report import bench_reports  # noqa: E402
from tests.golden.stage import undone  # noqa: E402
from tests.kept import play_demonstration  # noqa: E402

REPEATS = 15
OTHERS = int(os.environ.get("BENCH_OTHERS", "1000"))
POINTS = int(os.environ.get("BENCH_POINTS", "600"))
REAL = "/conventions/grand-chatellerault/"
PAGES = [
    ("Log-in", "/connexion/", None),
    ("My conventions", "/conventions/", "coordination"),
    ("Dashboard", REAL, "coordination"),
    ("Text", f"{REAL}texte/", "coordination"),
    ("Axes", f"{REAL}axes/", "coordination"),
    ("Parties", f"{REAL}signataires/", "coordination"),
    ("Cooperation", f"{REAL}cooperation/", "coordination"),
    ("Territory", f"{REAL}territoire/", "coordination"),
    ("Commune", f"{REAL}territoire/86066/", "coordination"),
    ("Search", f"{REAL}recherche/?q=sante+familles", "coordination"),
    ("Access", f"{REAL}acces/", "coordination"),
    ("Points, member", f"{REAL}comite/", "copil-caf"),
    ("Points, coord.", f"{REAL}comite/", "coordination"),
    ("A point", f"{REAL}comite/points/{{point}}/", "copil-caf"),
    ("A dossier", f"{REAL}comite/dossiers/{{dossier}}/", "copil-caf"),
    ("Register", f"{REAL}comite/registre/", "copil-caf"),
    ("Register, CSV", f"{REAL}comite/registre/export/csv/", "copil-caf"),
    ("Composition", f"{REAL}comite/composition/", "copil-caf"),
    ("For amendment", f"{REAL}comite/avenant/", "copil-caf"),
    ("Plan", f"{REAL}plan-d-actions/", "copil-caf"),
    ("Plan, calendar", f"{REAL}plan-d-actions/calendrier/", "copil-caf"),
    ("Plan, states", f"{REAL}plan-d-actions/etats/", "copil-caf"),
    ("Plan, objectives", f"{REAL}plan-d-actions/objectifs/", "copil-caf"),
    ("Plan, communes", f"{REAL}plan-d-actions/communes/", "copil-caf"),
    ("Plan, budget", f"{REAL}plan-d-actions/budget/", "copil-caf"),
    ("Plan, XLSX", f"{REAL}plan-d-actions/export/xlsx/", "copil-caf"),
    ("An action", f"{REAL}plan-d-actions/{{action}}/", "agent-agglo"),
    ("My actions", f"{REAL}plan-d-actions/mes-actions/", "agent-agglo"),
    ("Indicators", f"{REAL}indicateurs/", "copil-caf"),
    ("An indicator", f"{REAL}indicateurs/{{indicator}}/", "copil-caf"),
    ("Library", f"{REAL}indicateurs/bibliotheque/", "coordination"),
    ("Years", f"{REAL}evaluations/", "coordination"),
    ("A year", f"{REAL}evaluations/2023/", "copil-caf"),
    ("Collection", f"{REAL}evaluations/2024/recueil/", "coordination"),
    ("Entry", f"{REAL}evaluations/2024/saisie/", "agent-caf"),
    ("Report's page", f"{REAL}evaluations/2023/rapport/", "coordination"),
]


def page(address: str, account: str | None) -> Callable:
    """A request of a page."""
    client = Client()
    real = Convention.objects.get(slug="grand-chatellerault")
    address = address.format(
        point=Version.objects.from_committee().in_force().latest("number").pk,
        dossier=Dossier.objects.latest("pk").pk,
        action=Action.objects.of(real).latest("pk").pk,
        indicator=Indicator.objects.of(real).latest("pk").pk,
    )
    if account:
        client.force_login(User.objects.get(email=f"{account}@demo.example"))
    assert client.get(address).status_code == 200, address
    return lambda: client.get(address)


def measure(ask: Callable) -> tuple[int, float]:
    """(queries, median milliseconds of the processor) of a request; what it writes is undone."""
    queries = 0

    def count(execute, sql, *args):
        nonlocal queries
        queries += "SAVEPOINT" not in sql
        return execute(sql, *args)

    with undone():
        assert ask().status_code < 400  # also warms caches up
    with undone(), connection.execute_wrapper(count):
        ask()
    times = []
    for _ in range(REPEATS):
        with undone():
            started = time.process_time()
            ask()
            times.append((time.process_time() - started) * 1000)
    return queries, statistics.median(times)


def report(title: str) -> None:
    print(f"\n{title}\n{'page':16}{'queries':>8}{'CPU ms':>9}{'ratio':>8}")  # noqa: T201
    login = None
    asked = {name: page(address, account) for name, address, account in PAGES}
    for name, ask in (asked | {"Save a value": a_value(), "One « D'accord »": an_answer()}).items():
        queries, milliseconds = measure(ask)
        login = login or milliseconds
        print(f"{name:16}{queries:8}{milliseconds:9.1f}{milliseconds / login:8.1f}")  # noqa: T201


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if "--long-inputs" in sys.argv:
        bench_long_inputs()
        sys.exit()
    if "--imports" in sys.argv:
        bench_imports()
        sys.exit()
    play_demonstration()
    if "--heights" in sys.argv:
        bench_heights(set(sys.argv[2:]))
        sys.exit()
    report(f"The demonstration alone ({connection.vendor})")
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
    for path in Path(FOLDER).iterdir():
        path.unlink()
