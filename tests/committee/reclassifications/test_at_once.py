"""Two people at the same moment: one corrects a passage as another does, or answers as she does."""

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import State, Version
from agreements.versions import events as drafts
from conventions.models import Objective
from ctg_portal.rules import Refused
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.committee.reclassifications.scene import drafted, proposed

pytestmark = ON_POSTGRESQL


def test_of_two_corrections_of_a_passage_one_is_proposed():
    committee = committee_of()
    sub = Objective.objects.create(
        theme=committee.orientation.theme, parent=committee.orientation, rank=1,
        title="Les moyens", since=committee.orientation.since,
    )  # fmt: skip
    alone = drafted(committee, committee.orientation)
    both = drafted(committee, committee.orientation, sub)
    outcomes = at_once(
        lambda: drafts.propose(alone, by=committee.coordinator),
        lambda: drafts.propose(both, by=committee.coordinator),
    )
    assert isinstance(outcomes[1], Refused)
    assert list(Version.objects.proposed().filter(kind="reclassification")) == [alone]


def test_a_passage_is_a_text_when_both_parties_agree_at_once():
    committee = committee_of()
    version = proposed(committee, committee.orientation)
    outcomes = at_once(
        lambda: answers.answer(Reply(version), by=committee.caf_member),
        lambda: answers.answer(Reply(version), by=committee.epci_member),
    )
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    version.refresh_from_db()
    assert version.state == State.IN_FORCE
    assert not Objective.objects.get(pk=committee.orientation.pk).is_objective
