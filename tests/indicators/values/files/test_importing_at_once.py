"""Two people keep a file at the same moment, on PostgreSQL: the second looks again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.drawing.composition import compose
from indicators.models import Value, ValueTransition
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
        upload = SimpleUploadedFile("a.xlsx", xlsx(["Code", "Valeur"], ["1.1", number]))
        row = events.bring("indicators.values", office.scope, upload, by=by)
        seen = preview_of(row, by).digest
        made.append(events.ask_to_apply(row, seen=seen, is_partial=True, by=by))
    return made


def test_two_files_of_one_value_at_once(scene):
    office, people = scene
    first, second = applications(office, people)
    assert at_once(lambda: compose(first), lambda: compose(second)) == [True, False]
    assert Value.objects.get(campaign_indicator=office.entry("1.1")).number == 1
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
