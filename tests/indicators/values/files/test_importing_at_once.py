"""Two people keep a file at the same moment, on PostgreSQL: the second looks again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ctg_portal.rules import Refused
from documents.drawing.composition import compose
from indicators.models import Value, ValueTransition
from indicators.values.events import save_value
from indicators.values.figure import Figure
from indicators.values.giving import submit_values
from spreadsheets.importing import events
from spreadsheets.importing.reading import preview_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.factories import MembershipFactory
from tests.indicators.values.files.office import office_of
from tests.spreadsheets.files import xlsx

pytestmark = ON_POSTGRESQL


@pytest.fixture
def scene(committee):
    people = [MembershipFactory(organisation=committee.caf).user for _ in range(2)]
    return office_of(committee), people


def applications(office, people) -> list:
    made = []
    for number, by in enumerate(people, start=1):
        upload = SimpleUploadedFile("a.xlsx", xlsx(["Code", "Valeur"], ["1.1", 400 + number]))
        row = events.bring("indicators.values", office.scope, upload, by=by)
        digest = preview_of(row, by).digest
        made.append(events.ask_to_apply(row, digest=digest, is_partial=True, by=by))
    return made


def test_two_files_of_one_value_at_once(scene):
    office, people = scene
    first, second = applications(office, people)
    assert at_once(lambda: compose(first), lambda: compose(second)) == [True, False]
    assert Value.objects.get(campaign_indicator=office.entry("1.1")).number == 401
    assert ValueTransition.objects.filter(verb="saved").count() == 1
    second.refresh_from_db()
    assert second.is_failed
    assert "a enregistré une autre valeur" in second.transitions.last().reason
    assert second.import_row.is_received


def test_one_file_kept_twice_at_once_is_kept_once(scene):
    office, people = scene
    [application] = applications(office, people[:1])
    assert at_once(lambda: compose(application), lambda: compose(application)).count(True) == 1
    assert ValueTransition.objects.filter(verb="saved").count() == 1


def test_a_file_is_not_abandoned_while_it_is_asked_to_be_kept(scene):
    office, people = scene
    upload = SimpleUploadedFile("a.xlsx", xlsx(["Code", "Valeur"], ["1.1", 401]))
    row = events.bring("indicators.values", office.scope, upload, by=people[0])
    digest = preview_of(row, people[0]).digest
    application, refused = at_once(
        lambda: events.ask_to_apply(row, digest=digest, is_partial=True, by=people[0]),
        lambda: events.abandon(row, by=people[0]),
    )
    assert isinstance(refused, Refused), refused
    assert compose(application)


def kept_first(office, people):
    [application] = applications(office, people[:1])
    assert compose(application)
    return application.import_row


def test_one_file_is_undone_once_by_two_clicks_at_once(scene):
    office, people = scene
    row = kept_first(office, people)
    done, refused = at_once(
        lambda: events.undo(row, by=people[0]), lambda: events.undo(row, by=people[0])
    )
    assert done == (1, [])
    assert isinstance(refused, Refused), refused
    assert not office.entry("1.1").values.exists()


def test_what_somebody_writes_while_a_file_is_undone_stays(scene):
    office, people = scene
    row = kept_first(office, people)
    entry = office.entry("1.1")
    saved, refused = at_once(
        lambda: save_value(entry, Figure(number=7), by=people[1]),
        lambda: events.undo(row, by=people[0]),
    )
    assert isinstance(refused, Refused), refused
    assert entry.values.get().number == saved.number == 7


def test_what_is_given_while_a_file_is_undone_stays(scene):
    office, people = scene
    row = kept_first(office, people)
    entry = office.entry("1.1")
    entry.values.update(comment="Recompté.")
    given, refused = at_once(
        lambda: submit_values([entry], by=people[1]), lambda: events.undo(row, by=people[0])
    )
    assert len(given.sent) == 1
    assert isinstance(refused, Refused), refused
    assert entry.values.get().is_submitted
