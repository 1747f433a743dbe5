"""What a page costs: in a process that has read nothing yet, after an event, and read again.

After an event of one subject, a page reads again what it keeps of that subject; the costliest of
them is told. Times are those of the processor, medians of several requests through the whole stack
of middleware in one process: other programs of the machine do not count, a database server neither.
They are also given as ratios to the log-in page of the same run.
"""

import gzip
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.test import Client

from accounts.models import User
from actions.models import Action
from agreements.models import Version
from committee.models import Dossier
from conventions.models import Convention
from ctg_portal.marks.cache import memory
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from indicators.models import Indicator

REPEATS = 7
# What the pages cost on the demonstration alone, on SQLite, when it was last written down. Their
# queries are compared by the tests (tests/golden/kept/queries.txt).
FIGURES = Path(__file__).with_name("figures.txt")
HEAD = (
    f"{'page':18}"
    + "".join(f"{what:>9}{'changed':>9}{'again':>9}" for what in ("queries", "ms", "ratio"))
    + f"{'kB':>6}"
)
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


class Cost(NamedTuple):
    """Queries, milliseconds of the processor and their ratio to the log-in page: each read for the
    first time, after an event and again; and compressed kilobytes."""

    queries: tuple[int, int, int]
    milliseconds: tuple[float, float, float]
    ratios: tuple[float, float, float]
    kilobytes: float

    def __str__(self) -> str:
        queries = "".join(f"{one:9}" for one in self.queries)
        times = "".join(f"{one:9.1f}" for one in (*self.milliseconds, *self.ratios))
        return f"{queries}{times}{self.kilobytes:6.0f}"


def request_of(address: str, account: str | None) -> Callable:
    """Return a request of a page of the demonstration."""
    client, address = Client(), address_of(address)
    if account:
        client.force_login(User.objects.get(email=f"{account}@demo.example"))
    return lambda: client.get(address)


def address_of(address: str) -> str:
    """Return the address of a page of ``PAGES`` with the rows that it is about."""
    real = Convention.objects.get(slug="grand-chatellerault")
    return address.format(
        point=Version.objects.from_committee().in_force().latest("number").pk,
        dossier=Dossier.objects.latest("pk").pk,
        action=Action.objects.of(real).latest("pk").pk,
        indicator=Indicator.objects.of(real).latest("pk").pk,
    )


def queries_of(ask: Callable) -> int:
    """Return how many queries a request asks, savepoints apart."""
    asked = []

    def note(execute, sql, *args):
        asked.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(note):
        response = ask()
    assert response.status_code < 400, response
    return sum("SAVEPOINT" not in sql for sql in asked)


def events() -> list[Callable]:
    """Return acts that mark one subject each of the demonstration's convention as changed."""
    real = Convention.objects.get(slug="grand-chatellerault")
    return [partial(changed, real, subject) for subject in Subject]


def queries_of_page(ask: Callable) -> tuple[int, int, int]:
    """Return how many queries a page asks when nothing of it is kept, at most after an event, and
    when nothing has changed."""
    ask()  # what each process reads once
    memory.clear()
    first, after = queries_of(ask), []
    for happen in events():
        happen()
        after.append(queries_of(ask))
    return first, max(after), queries_of(ask)


def milliseconds_of(
    ask: Callable, before: Callable = lambda: None, repeats: int = REPEATS
) -> float:
    """Return the median of what a request takes; ``before`` each of them is not counted."""
    times = []
    for _ in range(repeats):
        before()
        started = time.process_time()
        ask()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def costs_of_pages() -> dict[str, Cost]:
    """Return what each page costs, in the order of ``PAGES``, the log-in page before all."""
    costs: dict[str, Cost] = {}
    login = 0.0
    for name, address, account in PAGES:
        ask = request_of(address, account)
        queries = queries_of_page(ask)
        after = max(milliseconds_of(ask, happen) for happen in events())
        times = (milliseconds_of(ask, memory.clear), after, milliseconds_of(ask))
        login = login or times[-1]
        size = len(gzip.compress(b"".join(ask()))) / 1000
        first, after, again = (one / login for one in times)
        costs[name] = Cost(queries, times, (first, after, again), size)
    return costs


def table_of(costs: dict[str, Cost]) -> str:
    """Return costs as lines of text."""
    return "\n".join([HEAD, *(f"{name:18}{cost}" for name, cost in costs.items())]) + "\n"


def grown(costs: dict[str, Cost]) -> list[str]:
    """Return a line for each page that costs a fifth more than was written down."""
    before = _written_down()
    return [
        f"{name}: {what} {was:.1f} → {now:.1f}"
        for name, cost in costs.items()
        if name in before
        for what, was, now in _compared(before[name], cost)
        if now > was * 1.2
    ]


def slower_pages() -> list[str]:
    """Return a line for each page that takes a fifth longer than was written down, in a process
    that has read nothing or read again, as a ratio to the log-in page.

    Few requests of each: the tests print these lines, the bench measures.
    """
    lines, before = [], _written_down()
    login = milliseconds_of(request_of("/connexion/", None))
    for name, address, account in PAGES:
        ask, (was_first, _, was_again) = request_of(address, account), before[name].ratios
        first = milliseconds_of(ask, memory.clear, repeats=3) / login
        again = milliseconds_of(ask, repeats=3) / login
        for way, was, now in [("first", was_first, first), ("again", was_again, again)]:
            if now > was * 1.2:
                lines.append(f"{name}, read {way}: {was:.1f} → {now:.1f} times the log-in page")
    return lines


def _compared(before: Cost, now: Cost):
    ways = ["first", "after an event", "again"]
    names = [f"{what} {way}" for what in ("queries", "ratio") for way in ways]
    return zip(names, (*before.queries, *before.ratios), (*now.queries, *now.ratios), strict=True)


def _written_down() -> dict[str, Cost]:
    lines = FIGURES.read_text(encoding="utf-8").splitlines()[1:] if FIGURES.exists() else []
    costs = {}
    for line in lines:
        q, q2, q3, *rest = line[18:].split()
        ms, ms2, ms3, ratio, ratio2, ratio3, size = map(float, rest)
        costs[line[:18].strip()] = Cost(
            (int(q), int(q2), int(q3)), (ms, ms2, ms3), (ratio, ratio2, ratio3), size
        )
    return costs
