"""What is kept is read again once its marks, or the day, are others; and is nobody's."""

import pytest
import time_machine

from conventions.access.viewer import Viewer
from ctg_portal.marks import cache
from ctg_portal.marks.cache import Memory, cached, cached_each, caching, memory
from ctg_portal.marks.events import changed, changing, share_changed
from ctg_portal.marks.models import STATISTICS, Mark, Subject
from tests.factories import ConventionFactory, UserFactory

pytestmark = pytest.mark.django_db

READ = []


@cached(Subject.PLAN, Subject.TEXT)
def read(convention, what="plan"):
    READ.append(what)
    return {"convention": convention, "lines": [what]}


@cached(Subject.TEXT)
def name_of(convention):
    return type(convention).objects.get(pk=convention.pk).territory


def rename(convention, name):
    with changing():
        type(convention).objects.filter(pk=convention.pk).update(territory=name)
        changed(convention, Subject.TEXT)


@pytest.fixture
def convention():
    memory.clear()
    READ.clear()
    convention = ConventionFactory()
    changed(convention, *Subject)
    return convention


def test_a_reading_is_read_once_by_all_requests(convention):
    for _ in range(3):
        with caching():
            assert read(convention)["lines"] == ["plan"]
    assert READ == ["plan"]


def test_a_reading_is_read_apart_for_each_argument_and_convention(convention):
    other = ConventionFactory()
    changed(other, *Subject)
    with caching():
        asked = [(convention, "plan"), (convention, "calendar"), (other, "plan")]
        for which, what in [*asked, *asked]:
            assert read(which, what)["convention"] == which
    assert READ == ["plan", "calendar", "plan"]


@pytest.mark.parametrize("subject", [Subject.PLAN, Subject.TEXT])
def test_a_reading_is_read_again_after_an_event_of_its_subject(convention, subject):
    with caching():
        read(convention)
    changed(convention, subject)
    with caching():
        read(convention)
    assert len(READ) == 2


def test_a_reading_stays_after_an_event_of_another_subject(convention):
    with caching():
        read(convention)
    changed(convention, Subject.FIGURES)
    with caching():
        read(convention)
    assert len(READ) == 1


def test_a_reading_is_read_again_within_the_request_of_an_event(convention):
    with caching():
        read(convention)
        changed(convention, Subject.PLAN)
        read(convention)
    assert len(READ) == 2


def test_a_reading_is_read_again_the_next_day(convention):
    for day in ("2026-11-25", "2026-11-26"):
        with time_machine.travel(f"{day} 12:00Z", tick=False), caching():
            read(convention)
    assert len(READ) == 2


def test_a_reading_is_never_cached_outside_of_a_request_or_within_an_event(convention):
    read(convention)
    read(convention)
    with caching(), changing():
        read(convention)
        read(convention)
    assert len(READ) == 4


def test_a_reading_of_an_unmarked_convention_is_not_cached():
    READ.clear()
    convention = ConventionFactory()
    for _ in range(2):
        with caching():
            read(convention)
    assert len(READ) == 2


def test_each_request_has_its_own_copy_of_a_reading(convention):
    with caching():
        read(convention)["lines"].append("typed")
        assert read(convention)["lines"] == ["plan"]


def test_a_reading_has_no_viewer_and_refers_to_the_convention_of_the_caller(convention):
    viewers = []

    @cached(Subject.PLAN)
    def read_whose(convention):
        viewers.append(convention.viewer)
        return [convention]

    convention.viewer = Viewer(UserFactory(), [convention])
    with caching():
        for _ in range(2):
            [owner] = read_whose(convention)
            assert owner is convention
    assert viewers == [None]


def test_only_conventions_without_a_cached_reading_are_read(convention):
    @cached_each(Subject.PLAN)
    def read_each(conventions):
        READ.append([one.pk for one in conventions])
        return {one.pk: str(one.pk) for one in conventions}

    other = ConventionFactory()
    changed(other, *Subject)
    with caching():
        read_each([convention])
        both = read_each([convention, other])
    assert both == {one.pk: str(one.pk) for one in (convention, other)}
    assert [[convention.pk], [other.pk]] == READ


def test_a_reading_with_a_shared_key_is_read_again_when_that_changes(convention):
    @cached(Subject.PLAN, shared=(STATISTICS,))
    def read_beside(convention):
        READ.append("beside")

    share_changed(STATISTICS)
    for _ in range(2):
        with caching():
            read_beside(convention)
    share_changed(STATISTICS)
    with caching():
        read_beside(convention)
    assert len(READ) == 2


def test_the_reading_asked_for_longest_ago_goes_when_memory_is_full(convention, settings):
    settings.KEPT_BYTES = 2_000
    for what in ["a" * 700, "b" * 700, "c" * 700, "a" * 700]:
        with caching():
            read(convention, what)
    assert [what[0] for what in READ] == ["a", "b", "c", "a"]


def test_a_restored_database_finds_no_reading_cached_after_its_backup(convention):
    """Counted marks would be the same for an event before and after the restoration."""

    def read_name():
        with caching():
            return name_of(convention)

    backup = list(Mark.objects.all())
    rename(convention, "Après la sauvegarde")
    assert read_name() == "Après la sauvegarde"
    Mark.objects.all().delete()
    Mark.objects.bulk_create(backup)
    rename(convention, "Après la reprise")
    assert read_name() == "Après la reprise"


def test_two_processes_agree_whichever_has_answered_the_event(convention, monkeypatch):
    """Two releases have a memory each while one replaces the other."""
    memories = [Memory(), Memory()]

    def names():
        read = []
        for own in memories:
            monkeypatch.setattr(cache, "memory", own)
            with caching():
                read.append(name_of(convention))
        return read

    rename(convention, "Avant")
    assert names() == ["Avant", "Avant"]
    rename(convention, "Après")
    assert names() == ["Après", "Après"]
