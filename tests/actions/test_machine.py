"""Any sequence of agreements and follow-up leaves the action that the rules give.

A reference, written from the rules alone, says of each act whether it is taken and what becomes of
the action; the portal does the same on real rows, and both are compared after each act.
"""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action, JournalEntry
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer, Version
from agreements.versions import endings
from agreements.versions import events as drafts
from ctg_portal.rules import Refusal, Refused
from tests.actions.factories import action_content, funding, proposed_action, text_of
from tests.actions.follow_up.saving import line, state
from tests.agreements.factories import committee_of
from tests.databases import examples
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

YEAR = 2025
SAID_ALREADY = Refusal("Elle le dit déjà.")
FUNDERS = ["Région", "État"]
PARTIES = ["caf", "epci"]
# Who is planned to pay how much, by the second part of an act.
PLANS = [{}, {"Région": 1}, {"État": 2}, {"État": 1, "Région": 2}]


@dataclass
class Wording:
    """A version as the rules know it."""

    plan: dict
    ends: bool = False
    state: str = "proposed"
    agreed: set = field(default_factory=set)
    before: "Wording | None" = None


class Rules:
    """The reference: one action, from its first proposal on."""

    def __init__(self):
        self.versions = [Wording(PLANS[1])]
        self.shown, self.standing = self.versions[0], "proposed"
        self.planned, self.spent = dict(PLANS[1]), {}
        self.state, self.told = "to_come", 0

    def play(self, verb: str, *how) -> bool:
        """Whether the act is taken."""
        return getattr(self, f"_{verb}")(*how)

    def _standing(self, state) -> Wording | None:
        return next((one for one in self.versions if one.state == state), None)

    @property
    def discussed(self):
        return self._standing("proposed")

    @property
    def in_force(self):
        return self._standing("in_force")

    def _show(self, version: Wording, standing: str) -> None:
        self.shown, self.standing = version, standing
        self.planned = dict(version.plan)

    def _propose(self, choice, ends=False) -> bool:
        new = Wording(self.shown.plan if ends else PLANS[choice], ends)
        current = self.discussed or self.in_force
        if current and (current.plan, current.ends) == (new.plan, new.ends):
            return False
        if self.discussed:
            self.discussed.state = "replaced"
        self.versions.append(new)
        if not self.in_force:
            self._show(new, "proposed")
        return True

    def _end(self, _) -> bool:
        return self.standing == "in_force" and self._propose(0, ends=True)

    def _agree(self, choice) -> bool:
        version, party = self.discussed, PARTIES[choice % 2]
        if version is None or party in version.agreed:
            return False
        version.agreed.add(party)
        if version.agreed == set(PARTIES):
            version.before = self.in_force
            if version.before:
                version.before.state = "replaced"
            version.state = "in_force"
            self._show(version, "withdrawn" if version.ends else "in_force")
        return True

    def _retract(self, choice) -> bool:
        version, party = self.in_force or self.discussed, PARTIES[choice % 2]
        if version is None or party not in version.agreed:
            return False
        version.agreed.remove(party)
        if version.state == "in_force":
            later, former = self.discussed, version.before
            version.state, version.before = "replaced" if later else "proposed", None
            if former:
                former.state = "in_force"
                self._show(former, "withdrawn" if former.ends else "in_force")
            else:
                self._show(later or version, "proposed")
        return True

    def _withdraw(self, _) -> bool:
        version = self.discussed
        if version is None:
            return False
        version.state = "withdrawn"
        if not self.in_force:
            self.standing = "withdrawn"
        return True

    def _tell(self, choice) -> bool:
        if self.standing != "in_force":
            return False
        chosen = ["to_come", "in_progress", "done", "in_progress"][choice]
        self.told += chosen != self.state
        self.state = chosen
        return True

    def _spend(self, choice) -> bool:
        if self.standing != "in_force":
            return False
        funder, amount = FUNDERS[choice % 2], choice // 2 or None
        self.told += self.spent.get(funder) != amount
        self.spent[funder] = amount
        return True

    @property
    def lines(self) -> dict:
        """(planned, spent) by funder; of what is neither, there is no line."""
        by_funder = {who: (self.planned.get(who), self.spent.get(who)) for who in FUNDERS}
        return {who: amounts for who, amounts in by_funder.items() if amounts != (None, None)}


class Portal:
    """The same on real rows."""

    def __init__(self):
        self.committee = committee_of()
        self.agent = MembershipFactory(organisation=self.committee.caf).user
        self.members = {"caf": self.committee.caf_member, "epci": self.committee.epci_member}
        lines = self._lines(PLANS[1])
        self.pk = proposed_action(self.committee, fundings=lines).object_id

    @staticmethod
    def _lines(plan: dict) -> list[dict]:
        return [funding(who, YEAR, planned=amount) for who, amount in plan.items()]

    @property
    def action(self) -> Action:
        return Action.objects.get(pk=self.pk)

    @property
    def versions(self):
        return Version.objects.about(self.action)

    def play(self, verb: str, choice: int) -> bool:
        undo = transaction.savepoint()
        try:
            getattr(self, f"_{verb}")(choice)
        except Refused:
            transaction.savepoint_rollback(undo)
            return False
        return True

    def _propose(self, choice):
        content = action_content(self.committee, fundings=self._lines(PLANS[choice]))
        by = self.committee.coordinator
        drafts.propose(drafts.save_draft(self.action, content, by=by), by=by)

    def _end(self, _):
        by = self.committee.coordinator
        drafts.propose(endings.draft_ending(self.action, note="Fin", by=by), by=by)

    def _discussed(self) -> Version:
        return self.versions.proposed().first() or self.versions.latest("pk")

    def _agree(self, choice):
        version, party = self._discussed(), PARTIES[choice % 2]
        organisation = getattr(self.committee, party)
        last = version.agreements.filter(organisation=organisation).order_by("rank").last()
        if last and last.answer == Answer.AGREED:
            raise Refused(SAID_ALREADY)
        answers.answer(Reply(version, last_rank=last.rank if last else 0), by=self.members[party])

    def _retract(self, choice):
        version = self.versions.in_force().first() or self._discussed()
        answers.retract(version, reason="Non", by=self.members[PARTIES[choice % 2]])

    def _withdraw(self, _):
        drafts.withdraw_version(self._discussed(), reason="Non", by=self.committee.coordinator)

    def _tell(self, choice):
        chosen = ["to_come", "in_progress", "done", "in_progress"][choice]
        content = state(timezone.localdate(), state=chosen)
        self._follow(parts.STATE, content if chosen != self.action.state else None)

    def _spend(self, choice):
        funder, amount = FUNDERS[choice % 2], choice // 2 or None
        rows = parts.SPENDING.read(self.action)["fundings"]
        others = [row for row in rows if row["funder_name"] != funder]
        mine = line(funder, year=YEAR, spent=amount)
        self._follow(parts.SPENDING, {"fundings": [*others, mine]})

    def _follow(self, part, values):
        content = part.plain(values) if values else part.read(self.action)
        follow_up(self.action, part, content, by=self.agent)


def compare(rules: Rules, portal: Portal) -> None:
    action = portal.action
    assert action.standing == rules.standing
    lines = {one.who: (one.planned, one.spent) for one in action.fundings.all()}
    assert lines == rules.lines
    assert action.state == rules.state
    assert JournalEntry.objects.filter(action=action).count() == rules.told
    states = portal.versions.order_by("pk").values_list("state", flat=True)
    assert list(states) == [version.state for version in rules.versions]
    current = portal.versions.in_force().first() or portal.versions.proposed().first()
    if current and not current.ends:
        assert text_of(action) == current.text


VERBS = ["propose", "end", "agree", "retract", "withdraw", "tell", "spend"]
LIKELY = st.sampled_from(["agree", "agree", "agree", "spend", "tell", "propose", "retract"])
ACTS = st.lists(st.tuples(LIKELY | st.sampled_from(VERBS), st.integers(0, 3)), min_size=5,
                max_size=16)  # fmt: skip

# Each verb, taken and refused: that the random acts reach so far is not left to chance.
STORY = [
    ("spend", 2), ("tell", 1), ("end", 0), ("retract", 0), ("propose", 1), ("agree", 0),
    ("agree", 0), ("agree", 1), ("withdraw", 0), ("agree", 0), ("spend", 2), ("tell", 1),
    ("propose", 2), ("spend", 3), ("agree", 0), ("agree", 1), ("propose", 0), ("retract", 1),
    ("agree", 0), ("agree", 1), ("retract", 0), ("agree", 0), ("end", 0), ("agree", 0),
    ("agree", 1), ("spend", 0), ("tell", 2), ("retract", 0), ("spend", 0), ("withdraw", 0),
]  # fmt: skip


@pytest.fixture
def portal():
    return Portal()


def test_any_acts_give_what_the_rules_give(portal):
    seen = set()

    @settings(
        max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck),
        database=None,
    )  # fmt: skip
    @given(ACTS)
    @example(STORY)
    def play(acts):
        rules, undo = Rules(), transaction.savepoint()
        try:
            for verb, choice in acts:
                taken = rules.play(verb, choice)
                assert portal.play(verb, choice) == taken, (verb, choice)
                compare(rules, portal)
                seen.add((verb, taken))
        finally:
            transaction.savepoint_rollback(undo)

    play()
    assert {verb for verb, taken in seen if taken} == set(VERBS)
    assert {verb for verb, taken in seen if not taken} == set(VERBS)
