"""Two who keep the list of organisations and people at the same moment, on PostgreSQL."""

import pytest

from conventions.directory import events
from conventions.models import Contact, Organisation
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once

pytestmark = ON_POSTGRESQL

PERSON = {"name": "Awa Diop", "capacity": "Directrice", "email": "awa@minimes.example"}


@pytest.fixture(name="committee")
def a_committee():
    return committee_of()


@pytest.fixture
def added(committee) -> Organisation:
    values = {"name": "Centre social", "acronym": "", "kind": "association", "town": "",
              "contact_email": ""}  # fmt: skip
    return events.add_organisation(committee.convention, values, by=committee.coordinator)


@pytest.fixture
def person(committee, added) -> Contact:
    return events.add_contact(added, PERSON, by=committee.coordinator)


def again(row):
    """As another request reads it."""
    return type(row).objects.get(pk=row.pk)


def correcting(committee, row):
    return lambda: events.correct_contact(
        again(row), PERSON | {"capacity": "Présidente"}, seen=events.token_of(row),
        by=committee.coordinator,
    )  # fmt: skip


def test_who_was_withdrawn_does_not_come_back_by_a_correction(committee, person):
    read = again(person)
    _, refused = at_once(
        lambda: events.withdraw_contact(again(person), by=committee.coordinator),
        lambda: events.correct_contact(
            read, PERSON, seen=events.token_of(read), by=committee.coordinator
        ),
    )
    assert isinstance(refused, Refused)
    assert refused.refusal is events.GONE
    assert not Contact.objects.exists()


def test_who_was_corrected_meanwhile_is_withdrawn_all_the_same(committee, person):
    at_once(
        correcting(committee, person),
        lambda: events.withdraw_contact(again(person), by=committee.coordinator),
    )
    assert not Contact.objects.exists()


def test_an_account_that_ends_takes_its_person_from_the_list_for_good(committee, person):
    user = f.UserFactory(email=person.email)
    read = again(person)
    _, refused = at_once(
        lambda: events.forget_contacts_of(user),
        lambda: events.correct_contact(
            read, PERSON, seen=events.token_of(read), by=committee.coordinator
        ),
    )
    assert not Contact.objects.exists()
    assert refused.refusal is events.GONE


def test_nobody_is_added_to_an_organisation_that_was_just_withdrawn(committee, added):
    read = again(added)
    _, refused = at_once(
        lambda: events.withdraw_organisation(again(added), by=committee.coordinator),
        lambda: events.add_contact(read, PERSON, by=committee.coordinator),
    )
    assert isinstance(refused, Refused)
    assert refused.refusal is events.GONE


def test_an_organisation_that_was_just_withdrawn_is_not_corrected(committee, added):
    read = again(added)
    _, refused = at_once(
        lambda: events.withdraw_organisation(again(added), by=committee.coordinator),
        lambda: events.correct_organisation(
            read, {"name": "Autre"}, seen=events.token_of(read), by=committee.coordinator
        ),
    )
    assert isinstance(refused, Refused)
    assert refused.refusal is events.GONE


def test_an_organisation_withdrawn_twice_at_once_goes_once(committee, added):
    read = again(added)
    done, refused = at_once(
        lambda: events.withdraw_organisation(again(added), by=committee.coordinator),
        lambda: events.withdraw_organisation(read, by=committee.coordinator),
    )
    assert done is None
    assert refused.refusal is events.GONE
    assert Organisation.history.filter(id=added.pk, history_type="-").count() == 1
