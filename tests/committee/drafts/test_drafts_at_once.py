"""The same form sent twice at the same moment, or from two tabs, on PostgreSQL."""

import pytest

from agreements.models import Version
from agreements.versions import events as drafts
from committee.amendments import events as talk
from committee.models import AmendmentProposal
from committee.objectives import events as objectives
from conventions.models import Objective
from ctg_portal.rules import Refused
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once

pytestmark = ON_POSTGRESQL


@pytest.fixture
def committee():
    return committee_of()


def test_a_new_objective_sent_twice_is_one(committee):
    def add():
        return objectives.add_objective(
            committee.orientation, committee.content(), once=True, by=committee.coordinator
        )

    first, second = at_once(add, add)
    assert first == second == Version.objects.drafts().get()
    assert Objective.objects.filter(origin="committee").count() == 1


def test_of_two_tabs_the_second_is_shown_the_first(committee):
    version = committee.in_force("Deux")

    def save(title):
        return lambda: drafts.save_draft(
            Objective.objects.get(pk=version.object_id), version.content | {"title": title},
            by=committee.coordinator, revision=0,
        )  # fmt: skip

    _first, second = at_once(save("Trois"), save("Quatre"))
    assert isinstance(second, Refused)
    assert isinstance(second.refusal, drafts.Rewritten)
    assert Version.objects.drafts().get().title == "Trois"


def test_a_proposal_for_an_amendment_sent_twice_is_one(committee):
    def propose():
        return talk.propose_amendment(
            committee.orientation, wording="Autre", reason="Mieux", by=committee.caf_member
        )

    first, second = at_once(propose, propose)
    assert first == second == AmendmentProposal.objects.get()
