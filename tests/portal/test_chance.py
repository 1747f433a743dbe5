"""Nothing that one test does shows in another, whatever their order."""

import datetime

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from tests import factories as f
from tests.stories import told_once

# Whichever comes first, there are others before those that follow.
in_any_turn = pytest.mark.parametrize("turn", range(3))


@told_once
def convention(db):
    return f.ConventionFactory()


@told_once
def neighbour(convention):
    return f.ConventionFactory()


@in_any_turn
def test_sequences_begin_with_a_test(db, turn):
    assert f.ConventionFactory().slug == "territoire-0"


@in_any_turn
def test_without_a_database_too(turn):
    assert f.ConventionFactory.build().slug == "territoire-0"


@in_any_turn
def test_or_go_on_from_the_stories_that_are_held(convention, turn):
    assert f.ConventionFactory().slug == "territoire-1"


@in_any_turn
def test_however_many_they_are(convention, neighbour, turn):
    assert [convention.slug, neighbour.slug] == ["territoire-0", "territoire-1"]
    assert f.ConventionFactory().slug == "territoire-2"


def test_no_day_ends_before_the_run():
    assert timezone.localtime().hour >= 12


def test_rows_are_of_the_same_day():
    joined = User._meta.get_field("date_joined").default()
    assert timezone.now() - joined < datetime.timedelta(seconds=1)


@in_any_turn
def test_attempts_are_counted_anew(turn):
    assert cache.get_or_set("attempts", turn) == turn
