"""What is kept of the plan is read again after an event, and shown to nobody who may not know."""

import pytest
from django.urls import reverse

from agreements.answers import events as answers
from agreements.answers.events import Reply
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from tests.actions.factories import draft_action, proposed_action
from tests.actions.ways.scene import WAYS, action_row, reading  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def test_lights_follow_an_answer(committee, get):
    version = proposed_action(committee, title="Ouvrir un relais")
    changed(committee.convention, *Subject)
    assert "d’accord" not in get("")
    answers.answer(Reply(version), by=committee.caf_member)
    assert "d’accord" in get("")


@pytest.mark.parametrize("address", ["", *WAYS[:2]])
def test_a_draft_that_one_has_read_is_shown_to_nobody_else(committee, get, address):
    action_row(committee, "Tenir un relais")
    draft_action(committee, title="Y penser encore")
    changed(committee.convention, *Subject)
    assert "Y penser encore" in get(address)
    assert "Y penser encore" not in get(address, committee.caf_member)
    assert "Y penser encore" in get(address)


def test_the_sheet_of_a_draft_that_one_has_read_is_unknown_to_others(committee, client):
    action = draft_action(committee, title="Y penser encore").subject
    changed(committee.convention, *Subject)
    page = reverse("actions:action", args=[committee.convention.slug, action.pk])
    for user, status in ((committee.coordinator, 200), (committee.caf_member, 404)):
        client.force_login(user)
        assert client.get(page).status_code == status
