"""What was proposed while a convention was held for signed comes into force by nobody's answer."""

import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import State, Version
from conventions.models import Convention
from ctg_portal.rules import Refused
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
