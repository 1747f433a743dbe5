"""Addresses that nobody was given, and days on which few people come: a page every time.

A route of the role table has its place here without being named: its numbers are replaced one by
one, and whoever may open it does so on the odd days of a convention without dates.
"""

import datetime
from collections.abc import Iterator

import pytest
from django.urls import reverse

from conventions.models import Convention
from tests.golden.stage import PARIS, on_stage, undone
from tests.role_table import ROUTES
from tests.routes import PERSONAS
from tests.walk import RAISED, WIDEST, Visits, report

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ODD_KEYS = (0, 10**18)
# No year at all, one that no day has, years without a collection, the term.
ODD_YEARS = ("0000", "1999", "9999", "finale")
LAST_DAY, LEAP_DAY = datetime.date(2026, 12, 31), datetime.date(2028, 2, 29)
DAY = datetime.timedelta(days=1)
# It fails by itself, for whoever watches the portal to see it.
WATCH = "watch"
CHAPTERS = ("conventions:", "committee:", "actions:", "indicators:", "evaluation:", "spreadsheets:")
# Where each chapter begins, and what reads the dates of the term.
FIRST = (
    "conventions:list", "conventions:dashboard", "conventions:text", "conventions:territory",
    "conventions:cooperation", "committee:composition", "actions:plan", "actions:timeline",
    "indicators:campaigns", "indicators:prepare_campaign", "evaluation:final",
    "evaluation:public_conventions",
)  # fmt: skip


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), on_stage() as clock:
        yield Visits(), clock


def odd_addresses(visits: Visits) -> Iterator[tuple[str, str]]:
    """Each route with each of its numbers replaced in turn."""
    for name, keywords in visits.keywords.items():
        for key, value in keywords.items():
            if key == "year":
                written = f"/{value or 'finale'}/"
                for year in ODD_YEARS:
                    yield name, visits.urls[name].replace(written, f"/{year}/")
            elif isinstance(value, int):
                for number in ODD_KEYS:
                    yield name, reverse(name, kwargs=keywords | {key: number})


def opener_of(name: str) -> str:
    """The one who may open a page and most others."""
    allowed = [who for who in PERSONAS if ROUTES[name].expected(who) == 200]
    return WIDEST if WIDEST in allowed or not allowed else allowed[-1]


def faults_at(visits: Visits, asked: Iterator[tuple[str, str, str]], when: str = "") -> list[str]:
    """The addresses where somebody gets no answer: of a route, an address, how it is asked."""
    faults = []
    for name, address, method in asked:
        answer = visits.ask(opener_of(name), address, method)
        if (answer.status == RAISED or answer.status >= 500) and name != WATCH:
            faults.append(f"{when}{name} {address}: {answer.fault or answer.status}")
    return faults


def test_an_address_with_an_unknown_number_is_answered(stage):
    visits, _ = stage
    asked = [(name, address, ROUTES[name].method) for name, address in odd_addresses(visits)]
    assert len(asked) > 500
    report(faults_at(visits, asked))


def of_the_term(visits: Visits) -> Iterator[tuple[str, str, str]]:
    """Every page that is read, and that of the term where it is one of a year."""
    for name, route in ROUTES.items():
        if route.method == "get" and name.startswith(CHAPTERS):
            address = visits.urls[name]
            year = visits.keywords[name].get("year")
            yield name, address.replace(f"/{year}/", "/finale/") if year else address, "get"


def dated(visits: Visits, **dates) -> None:
    Convention.objects.filter(pk=visits.scene.convention.pk).update(**dates)


def test_a_project_without_dates_is_read_after_its_last_day(stage):
    visits, clock = stage
    with undone():
        dated(visits, signed_on=None, start=None, end=LAST_DAY)
        clock.move_to(datetime.datetime(2027, 1, 4, 9, tzinfo=PARIS))
        report(faults_at(visits, of_the_term(visits)))


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ({"signed_on": None, "start": None, "end": LAST_DAY}, [LAST_DAY, LAST_DAY + DAY, LEAP_DAY]),
        ({"signed_on": None, "start": LEAP_DAY, "end": LEAP_DAY}, [LEAP_DAY, LEAP_DAY + DAY]),
        ({"signed_on": LEAP_DAY, "start": LEAP_DAY, "end": LEAP_DAY}, [LEAP_DAY, LEAP_DAY + DAY]),
    ],
    ids=["without dates", "one day", "one signed day"],
)
def test_chapters_are_read_on_odd_days(stage, dates, days):
    visits, clock = stage
    faults = []
    with undone():
        dated(visits, **dates)
        for day in days:
            clock.move_to(datetime.datetime.combine(day, datetime.time(9), PARIS))
            asked = [(name, visits.urls[name], "get") for name in FIRST]
            faults += faults_at(visits, asked, f"{day} ")
    report(faults)
