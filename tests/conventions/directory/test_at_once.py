"""Two who keep the list of organisations and people at the same moment, on PostgreSQL."""

import pytest

from actions.plan.events import add_action
from agreements.models import SeatKind
from agreements.seats import events as seats
from agreements.versions import events as drafts
from conventions.access import events as access
from conventions.directory import events
from conventions.models import Contact, Organisation, Role
from ctg_portal.rules import Refused
from indicators.definitions.events import add_indicator
from tests import factories as f
from tests.actions.factories import action_content, action_in_force
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.indicators.factories import indicator_content

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
        again(row), PERSON | {"capacity": "Présidente"}, revision=row.revision,
        by=committee.coordinator,
    )  # fmt: skip


def test_a_contact_withdrawn_meanwhile_is_not_corrected(committee, person):
    read = again(person)
    _, refused = at_once(
        lambda: events.withdraw_contact(again(person), by=committee.coordinator),
        lambda: events.correct_contact(
            read, PERSON, revision=read.revision, by=committee.coordinator
        ),
    )
    assert isinstance(refused, Refused)
    assert refused.refusal is events.GONE
    assert not Contact.objects.exists()


def test_a_contact_corrected_meanwhile_is_withdrawn(committee, person):
    at_once(
        correcting(committee, person),
        lambda: events.withdraw_contact(again(person), by=committee.coordinator),
    )
    assert not Contact.objects.exists()


def test_a_contact_of_an_account_erased_meanwhile_is_not_corrected(committee, person):
    user = f.UserFactory(email=person.email)
    read = again(person)
    _, refused = at_once(
        lambda: events.forget_contacts_of(user),
        lambda: events.correct_contact(
            read, PERSON, revision=read.revision, by=committee.coordinator
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
            read, {"name": "Autre"}, revision=read.revision, by=committee.coordinator
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


def test_a_correction_sent_twice_at_once_is_written_once(committee, added, person):
    for row, correct, values in (
        (added, events.correct_organisation, {"name": "Centre des Minimes"}),
        (person, events.correct_contact, PERSON | {"capacity": "Présidente"}),
    ):
        seen = again(row).revision
        act = lambda c=correct, r=row, v=values, s=seen: c(  # noqa: E731
            again(r), v, revision=s, by=committee.coordinator
        )
        assert at_once(act, act) == [row, row]
    assert Organisation.history.filter(id=added.pk, history_type="~").count() == 1


def inviting(committee, row):
    return lambda: access.invite(
        email="a@minimes.example", organisation=row, roles=[Role.READER], by=committee.coordinator
    )


def seating(committee, row):
    return lambda: seats.name_to_seat(
        row, kind=SeatKind.ADVISORY, capacity="Directrice", name="Awa Diop",
        by=committee.coordinator,
    )  # fmt: skip


def leading(committee, row):
    leads = [{"organisation": row, "name": "Awa Diop", "capacity": "Directrice"}]
    content = action_content(committee, leads=leads)
    return lambda: add_action(committee.convention, content, by=committee.coordinator)


def redrafting(committee, row):
    action = action_in_force(committee)
    leads = [{"organisation": row, "name": "Awa Diop", "capacity": "Directrice"}]
    content = action_content(committee, leads=leads)
    return lambda: drafts.save_draft(action, content, by=committee.coordinator)


def providing(committee, row):
    content = indicator_content(committee, provider=row)
    return lambda: add_indicator(committee.convention, content, by=committee.coordinator)


NAMING = [inviting, seating, leading, providing]


@pytest.mark.parametrize("naming", NAMING, ids=lambda naming: naming.__name__)
def test_an_act_that_names_an_organisation_withdrawn_meanwhile_is_refused(committee, added, naming):
    name = naming(committee, again(added))
    withdrawn, refused = at_once(
        lambda: events.withdraw_organisation(again(added), by=committee.coordinator), name
    )
    assert withdrawn is None
    assert isinstance(refused, Refused), refused


@pytest.mark.parametrize("naming", NAMING, ids=lambda naming: naming.__name__)
def test_an_organisation_that_was_just_named_is_not_withdrawn(committee, added, naming):
    name = naming(committee, again(added))
    named, refused = at_once(
        name, lambda: events.withdraw_organisation(again(added), by=committee.coordinator)
    )
    assert not isinstance(named, Exception), named
    assert isinstance(refused, Refused), refused
    assert Organisation.objects.filter(pk=added.pk).exists()


def test_a_draft_that_names_a_withdrawn_organisation_is_not_proposed(committee, added):
    """Nobody was shown the draft: it keeps no organisation in the list."""
    redraft = redrafting(committee, again(added))
    draft, withdrawn = at_once(
        redraft, lambda: events.withdraw_organisation(again(added), by=committee.coordinator)
    )
    assert withdrawn is None
    with pytest.raises(Refused, match="n’est plus dans la convention"):
        drafts.propose(draft, by=committee.coordinator)
