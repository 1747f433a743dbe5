"""Any sequence of acts on a value gives the state that the rules give.

A reference, written from the rules alone, says of each act whether it is taken and what becomes of
the value; the portal does the same on real rows, and both are compared after each act.
"""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ctg_portal.rules import Refused
from indicators.collection import events as campaigns
from indicators.models import Campaign, CampaignIndicator, Value
from indicators.values import events, giving
from indicators.values.figure import Figure
from tests.agreements.factories import committee_of
from tests.databases import examples
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force, later
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

OWN = {"agent", "colleague"}  # of the organisation that provides and enters
PEOPLE = [*sorted(OWN), "coordinator", "other"]
VERBS = ["save", "empty", "submit", "verify", "return", "correct", "close", "reopen"]


@dataclass
class Rules:
    """The reference: one value in one collection."""

    is_open: bool = True
    state: str = ""
    number: int | None = None
    typed_by: str = ""
    was_given: bool = False
    on_behalf: bool = False  # typed by who coordinates
    # (verb, from, to, who) of all that was done to it.
    acts: list[tuple] = field(default_factory=list)

    def play(self, verb: str, who: str, number: int) -> bool:
        """Whether the act is taken."""
        return getattr(self, f"_{verb}")(who, number)

    def _become(self, state: str, act: str, who: str, **changes) -> bool:
        self.acts.append((act, self.state, state, who))
        self.state = state
        for name, value in changes.items():
            setattr(self, name, value)
        return True

    def _may_write(self, who) -> bool:
        """Its people; the coordinator on their behalf, but what they have typed themselves."""
        is_theirs = self.state not in ("", "returned") and not self.on_behalf
        return self.is_open and (who in OWN or (who == "coordinator" and not is_theirs))

    def _save(self, who, number):
        if not self._may_write(who):
            return False
        if self.state and self.number == number:
            return True  # the same again is no change
        return self._become(
            "draft", "saved", who, number=number, typed_by=who, on_behalf=who not in OWN
        )

    def _empty(self, who, number):
        if not self._may_write(who) or (self.state and self.was_given):
            return False
        self.state, self.number, self.typed_by, self.acts = "", None, "", []
        self.on_behalf = False
        return True

    def _submit(self, who, number):
        is_given = self.state in ("submitted", "verified")
        if not self._may_write(who) and not (self.is_open and who == "coordinator" and is_given):
            return False
        if self.state == "draft":
            self._become("submitted", "submitted", who, was_given=True)
        return True

    def _verify(self, who, number):
        if self.state != "submitted" or who not in OWN or who == self.typed_by:
            return False
        return self._become("verified", "verified", who)

    def _return(self, who, number):
        may = who in OWN or who == "coordinator"
        if not self.is_open or not may or self.state not in ("submitted", "verified"):
            return False
        return self._become("returned", "returned", who)

    def _correct(self, who, number):
        if self.is_open or who not in OWN:
            return False
        if self.state in ("submitted", "verified") and self.number == number:
            return True
        return self._become(
            "submitted", "corrected", who, number=number, typed_by=who, was_given=True,
            on_behalf=False,
        )  # fmt: skip

    def _close(self, who, number):
        if not self.is_open or who != "coordinator":
            return False
        self.is_open = False
        return True

    def _reopen(self, who, number):
        if self.is_open or who != "coordinator":
            return False
        self.is_open = True
        return True


class Portal:
    """The same on real rows."""

    def __init__(self, people, entry):
        self.people, self.entry = people, entry

    @property
    def value(self) -> Value | None:
        return Value.objects.filter(campaign_indicator=self.entry).first()

    @property
    def campaign(self) -> Campaign:
        return Campaign.objects.get(pk=self.entry.campaign_id)

    def play(self, verb: str, who: str, number: int) -> bool:
        entry, by = CampaignIndicator.objects.get(pk=self.entry.pk), self.people[who]
        calls = {
            "save": lambda: events.save_value(entry, Figure(number=number), by=by),
            "empty": lambda: events.save_value(entry, Figure(), by=by),
            "submit": lambda: giving.submit_values([entry], by=by),
            "verify": lambda: giving.verify_value(self.value, by=by),
            "return": lambda: giving.return_value(self.value, reason="Revoir", by=by),
            "correct": lambda: events.correct_value(
                entry, Figure(number=number), reason="Faute", by=by
            ),
            "close": lambda: campaigns.close_campaign(self.campaign, by=by),
            "reopen": lambda: campaigns.reopen_campaign(
                self.campaign, due_on=later(), reason="Tard", by=by
            ),
        }
        if verb in ("verify", "return") and self.value is None:
            return False
        try:
            calls[verb]()
        except Refused:
            return False
        return True


@told_once
def portal():
    committee = committee_of()
    people = {
        "agent": MembershipFactory(organisation=committee.caf).user,
        "colleague": MembershipFactory(organisation=committee.caf).user,
        "coordinator": committee.coordinator,
        "other": MembershipFactory(organisation=committee.epci).user,
    }
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee)])
    return Portal(people, campaign.campaign_indicators.get())


def compare(rules: Rules, portal: Portal) -> None:
    value = portal.value
    assert portal.campaign.is_open == rules.is_open
    assert (value.state if value else "") == rules.state
    if value is None:
        return
    assert value.number == rules.number
    assert value.entered_by == portal.people[rules.typed_by]
    names = {user.pk: name for name, user in portal.people.items()}
    log = value.transitions.values_list("verb", "from_state", "to_state", "by")
    assert [(*told, names[by]) for *told, by in log] == rules.acts
    assert bool(value.verified_at) == (rules.state == "verified")
    assert value.verified_by is None or value.verified_by != value.entered_by


# What people do most: their own work, in its order; now and then anything.
LIKELY = st.sampled_from(
    [("save", "agent"), ("submit", "agent"), ("verify", "colleague"), ("return", "coordinator"),
     ("close", "coordinator"), ("reopen", "coordinator"), ("correct", "agent")]
)  # fmt: skip
ANY = st.tuples(st.sampled_from(VERBS), st.sampled_from(PEOPLE))
ACTS = st.lists(st.tuples(LIKELY | ANY, st.integers(0, 2)), min_size=4, max_size=14)


# Each verb, taken and refused: that the random acts reach so far is not left to chance.
STORY = [
    ("verify", "agent"), ("return", "other"), ("reopen", "coordinator"), ("correct", "agent"),
    ("save", "other"), ("save", "agent"), ("empty", "colleague"), ("save", "agent"),
    ("submit", "coordinator"), ("submit", "agent"), ("empty", "agent"), ("verify", "colleague"),
    ("return", "coordinator"), ("save", "colleague"), ("submit", "colleague"), ("close", "agent"),
    ("close", "coordinator"), ("correct", "agent"), ("reopen", "coordinator"),
]  # fmt: skip


def test_any_acts_give_what_the_rules_give(portal):
    seen = set()

    @settings(
        max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck),
        database=None,
    )  # fmt: skip
    @given(ACTS)
    @example([(act, rank % 3) for rank, act in enumerate(STORY)])
    def play(acts):
        rules, undo = Rules(), transaction.savepoint()
        try:
            for (verb, who), number in acts:
                taken = rules.play(verb, who, number)
                assert portal.play(verb, who, number) == taken, (verb, who)
                compare(rules, portal)
                seen.add((verb, taken))
        finally:
            transaction.savepoint_rollback(undo)

    play()
    assert {verb for verb, taken in seen if taken} == set(VERBS)
    assert {verb for verb, taken in seen if not taken} == set(VERBS)
