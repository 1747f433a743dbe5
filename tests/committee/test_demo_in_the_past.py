"""What the demonstration puts in the past was so then: one version of a point after the other."""

import datetime

import pytest

from agreements.models import Version
from committee.demo import put_in_the_past
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


def test_a_replaced_version_is_in_force_until_the_next_one():
    committee = committee_of()
    first = committee.in_force_since(datetime.date(2021, 3, 1))
    second = committee.edited(first, title="Ouvrir trois espaces")
    committee.agree(second)
    put_in_the_past(second, datetime.date(2023, 5, 9))

    def in_force_on(*day) -> list[int]:
        in_force = Version.objects.about(first.subject).in_force_on(datetime.date(*day))
        return [version.number for version in in_force]

    assert in_force_on(2023, 5, 14) == [1]
    assert in_force_on(2023, 5, 15) == [2]
    assert in_force_on(2023, 12, 31) == [2]
