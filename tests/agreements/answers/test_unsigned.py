"""What was proposed while a convention was held for signed comes into force by nobody's answer."""

import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import State, Version
from agreements.versions import events as drafts
from conventions.models import Convention
from ctg_portal.rules import Refused
from tests.agreements.clock import days
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


def signed(committee, day) -> Convention:
    """As a corrected file says it."""
    Convention.objects.filter(pk=committee.convention.pk).update(signed_on=day)
    return Convention.objects.get(pk=committee.convention.pk)


def read(version) -> Version:
    return Version.objects.get(pk=version.pk)


def test_nobody_answers_while_the_convention_is_a_project(committee):
    version = committee.proposed()
    committee.agree(version, committee.caf_member)
    day = committee.convention.signed_on
    signed(committee, None)
    with pytest.raises(Refused, match="pas signée"):
        answers.answer(Reply(read(version)), by=committee.epci_member)
    signed(committee, day)
    answers.answer(Reply(read(version)), by=committee.epci_member)
    assert read(version).state == State.IN_FORCE


def test_a_draft_is_proposed_within_the_term_of_a_project_without_a_first_day(committee):
    """Nobody answers it either; a day after the last one is refused as ever."""
    drafted, late = committee.draft(), committee.draft(due_on=committee.convention.end + days(1))
    Convention.objects.update(signed_on=None, start=None)
    with pytest.raises(Refused, match="pendant la convention, jusqu’au"):
        drafts.propose(read(late), by=committee.coordinator)
    assert drafts.propose(read(drafted), by=committee.coordinator).is_proposed
