"""What the demonstration shows to its accounts and asks for it, what was agreed there and what it
sends by mail is as it was; what the scene of the tests shows: ``tests/portal/test_routes.py``."""

import pytest

from tests.golden.lists import take_demonstration
from tests.golden.stage import on_stage

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def taken(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), on_stage() as clock:
        return take_demonstration(clock)


@pytest.mark.parametrize("name", ["pages", "versions", "queries", "mails"])
def test_pages_and_mails_of_the_demonstration_are_as_stored(taken, name):
    taken.compare(name)
