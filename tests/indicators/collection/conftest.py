"""Build a convention of many years, and the moment at which its years are collected."""

import datetime

import pytest

from tests.agreements import clock
from tests.agreements.factories import Committee, committee_of
from tests.stories import told_once


@told_once
def committee(db) -> Committee:
    """Create a convention from 2019 to 2033."""
    return committee_of(signed_on=datetime.date(2019, 12, 31), end=datetime.date(2033, 12, 31))


@pytest.fixture
def in_january_2025(committee):
    """Set the clock before the days by which these tests expect figures."""
    with clock.on(datetime.date(2025, 1, 10)):
        yield
