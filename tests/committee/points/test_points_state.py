"""Where a version stands, in a sentence."""

import datetime

import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from committee.points.words import state_of
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
FIRST = datetime.datetime(2024, 3, 1, 10, tzinfo=datetime.UTC)
AGAIN = datetime.datetime(2025, 1, 10, 10, tzinfo=datetime.UTC)


@told_once
def committee():
    return committee_of()


def told(version) -> str:
    version.refresh_from_db()
    return state_of(point_of(version)).replace("\u00a0", " ")


def test_what_is_in_force_again_says_since_when(committee):
    """It was not, while another version had replaced it."""
    version = committee.in_force_since(FIRST.date())
    type(version).objects.filter(pk=version.pk).update(in_force_at=FIRST)
    assert told(version).startswith("En vigueur depuis le 1er mars 2024, avec l’accord")
    second = committee.edited(version, title="Ouvrir trois espaces")
    committee.agree(second)
    assert "Remplacée depuis le" in told(version)
    answers.retract(second, reason="Trop.", by=committee.epci_member)
    version.transitions.filter(verb="restored").update(created_at=AGAIN)
    assert told(version).startswith("De nouveau en vigueur depuis le 10 janvier 2025, avec")
    version.refresh_from_db()
    assert version.in_force_at == FIRST
    answers.answer(Reply(second, seen=2), by=committee.epci_member)
    assert told(second).startswith("En vigueur depuis le")
