"""Any interleaving of the acts of a session and of its minutes gives what the rules give.

The reference model (``reference``) says of each act whether it is taken; the portal does the same
on rows, and both are compared after each act.
"""

import datetime
from collections import defaultdict
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from agreements.answers.events import Received, Reply, answer
from agreements.answers.lights import point_of
from agreements.models import Agreement, Version
from committee.meetings import events
from committee.meetings.minutes.events import (
    begin_correction,
    seal_approved,
    submit_minutes,
    take_back_minutes,
)
from committee.meetings.minutes.models import minutes_of
from committee.meetings.session.events import confirm_for, record_voices
from committee.meetings.session.reading import entries_to_confirm
from committee.models import Meeting
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.meetings.reference import PARTIES, Rules
from tests.committee.meetings.scene import moved_to, row_of, session_about
from tests.databases import examples

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.postgresql]

PEOPLE = (*PARTIES, "advisory")
# How often each act is taken.
ACTS = {
    "people_come_and_go": 2,
    "what_a_member_says_is_recorded": 8,
    "what_a_member_says_of_an_earlier_text_is_refused": 1,
    "a_list_is_confirmed": 4,
    "a_member_answers_in_person": 1,
    "a_point_is_amended": 2,
    "the_night_falls": 0.3,
    "it_is_held": 4,
    "it_is_cancelled": 0.1,
    "minutes_are_submitted": 2,
    "minutes_are_taken_back": 2,
    "minutes_are_approved": 6,
    "half_an_hour_goes_by": 3,
    "minutes_are_corrected": 2,
}
STATES = {"none": "drafted", "submitted": "submitted", "approved": "approved",
          "sealed": "approved", "corrected": "corrected"}  # fmt: skip


# Whether each event was taken, refused, or both, in the whole run.
OUTCOMES: dict[str, set[bool]] = defaultdict(set)
# What a short run may see taken alone, or refused alone.
SELDOM = {"answer", "tick_present", "cancel_meeting"}


class Sessions(RuleBasedStateMachine):
    """One meeting, held or cancelled, and its minutes; thrown away at the end."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.rules = Rules()
        self.committee = committee = committee_of()
        adviser = SeatFactory(organisation=committee.caf, advisory=True)
        versions = [committee.proposed(f"Ouvrir le lieu {n}") for n in range(3)]
        self.meeting = session_about(committee, versions)
        # So that it has begun, whatever the hour of the test.
        Meeting.objects.filter(pk=self.meeting.pk).update(begins_at=datetime.time())
        self.shown, self.keys = list(versions), [version.pk for version in versions]
        self.users = {
            "caf": committee.caf_member, "epci": committee.epci_member, "advisory": adviser.user,
        }  # fmt: skip
        self.parties = {"caf": committee.caf, "epci": committee.epci}
        self.rows = {person: row_of(self.meeting, user) for person, user in self.users.items()}
        self.by = {"by": committee.coordinator}
        self.entries = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def play(self, is_taken: bool, act, *args, **kwargs) -> None:
        """Do an act on the rows: it is taken or refused, as the rules say."""
        try:
            act(*args, **kwargs)
            was_taken = True
        except Refused:
            was_taken = False
        assert was_taken == is_taken
        OUTCOMES[act.__name__].add(was_taken)
        self.meeting.refresh_from_db()

    def version(self, n: int) -> Version:
        version = Version.objects.get(pk=self.keys[n])
        version.convention = self.committee.convention
        return version

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed):
        # One seed for the run: hypothesis likes dice that it rolls itself to show little.
        self.dice = Random(seed)  # noqa: S311

    @rule()
    def something_happens(self):
        """One of the acts, taken by lot; some are tried where they are to be refused."""
        [act] = self.dice.choices([*ACTS], [*ACTS.values()])
        note(act)
        getattr(self, act)()

    def some_points(self) -> set[int]:
        return {n for n in range(3) if self.dice.random() < 0.5}

    # In session -------------------------------------------------------------------------------

    def people_come_and_go(self):
        rows = {person: row.pk for person, row in self.rows.items()}
        shown = [rows[person] for person in self.rules.present]
        present = {person for person in PEOPLE if self.dice.random() < 0.8}
        self.play(
            self.rules.tick(present), events.tick_present, self.meeting, shown=shown,
            present=[rows[person] for person in present], **self.by,
        )  # fmt: skip

    def what_a_member_says_is_recorded(self):
        speaker, chosen = self.dice.choice([*PARTIES, *PEOPLE]), self.some_points()
        self.record(speaker, chosen, [self.version(n) for n in chosen], is_stale=False)

    def what_a_member_says_of_an_earlier_text_is_refused(self):
        if self.shown[0].pk != self.keys[0]:
            self.record(self.dice.choice(PARTIES), {0}, [self.shown[0]], is_stale=True)

    def record(self, speaker, chosen, versions, *, is_stale):
        organisation = self.parties["caf" if speaker == "advisory" else speaker]
        ranks = [point_of(version).last_entered.get(organisation.pk) for version in versions]
        received = [
            Received(version, last_rank=entry.rank if entry else 0)
            for version, entry in zip(versions, ranks, strict=True)
        ]
        self.play(
            self.rules.record(speaker, chosen, is_stale=is_stale), record_voices, self.meeting,
            self.rows[speaker], received, **self.by,
        )  # fmt: skip

    def a_list_is_confirmed(self):
        party = self.dice.choice(PARTIES)
        person = self.dice.choice([party, party, *PEOPLE])
        organisation = self.parties[party]
        self.play(
            self.rules.confirm(person, party), confirm_for, self.meeting, organisation,
            entries_to_confirm(self.meeting, organisation), by=self.users[person],
        )  # fmt: skip

    def a_member_answers_in_person(self):
        party, n = self.dice.choice(PARTIES), self.dice.randrange(3)
        point = self.rules.points[n]
        if point.is_in_force or party not in point.agreed:
            self.play(
                self.rules.answer(party, n), answer, Reply(self.version(n)), by=self.users[party]
            )

    def a_point_is_amended(self):
        n = self.dice.randrange(3)
        if not self.rules.points[n].is_in_force:
            self.rules.amend(n)
            amended = self.committee.edited(self.version(n), title=f"Autrement {self.keys[n]}")
            self.keys[n] = amended.pk

    def the_night_falls(self):
        if self.rules.is_today:
            self.rules.is_today = False
            moved_to(self.meeting, -1)

    # The meeting and its minutes --------------------------------------------------------------

    def it_is_held(self):
        self.play(self.rules.hold(), events.hold, self.meeting, **self.by)

    def it_is_cancelled(self):
        self.play(
            self.rules.cancel(), events.cancel_meeting, self.meeting, reason="Neige.", **self.by
        )

    def minutes_are_submitted(self):
        self.play(self.rules.submit(), submit_minutes, self.meeting, **self.by)

    def minutes_are_taken_back(self):
        self.play(
            self.rules.take_back(), take_back_minutes, self.meeting, reason="Un nom.", **self.by
        )

    def minutes_are_approved(self):
        party = self.dice.choice(PARTIES)
        if self.rules.minutes == "submitted" and party not in self.rules.approved_by:
            version = minutes_of(self.meeting).version
            self.play(self.rules.approve(party), answer, Reply(version), by=self.users[party])

    def half_an_hour_goes_by(self):
        if self.rules.minutes == "approved":
            self.rules.seal()
            approved = timezone.now() - datetime.timedelta(minutes=31)
            version = minutes_of(self.meeting).version
            Version.objects.filter(pk=version.pk).update(in_force_at=approved)
            seal_approved()

    def minutes_are_corrected(self):
        self.play(self.rules.correct(), begin_correction, self.meeting, reason="Un nom.", **self.by)

    # What is looked at ------------------------------------------------------------------------

    @invariant()
    def the_rows_are_what_the_rules_give(self):
        for point, n in zip(self.rules.points, range(3), strict=True):
            version = self.version(n)
            read = point_of(version)
            names = {party.pk: name for name, party in self.parties.items()}
            assert {names[light.organisation.pk] for light in read.lights
                    if light.state == "ok"} == point.agreed  # fmt: skip
            assert {names[pk] for pk in read.recorded} == point.recorded
            assert version.is_in_force == point.is_in_force
        assert self.meeting.state == self.rules.state
        assert minutes_of(self.meeting).state == STATES[self.rules.minutes]
        present = {row.pk for row in self.meeting.attendees.filter(is_present=True)}
        assert {who for who, row in self.rows.items() if row.pk in present} == self.rules.present

    @invariant()
    def nobody_but_its_own_member_has_confirmed_for_a_party(self):
        confirmed = Agreement.objects.recorded().filter(confirmation__isnull=False)
        for entry in confirmed.select_related("confirmation", "organisation"):
            [party] = [name for name, row in self.parties.items() if row == entry.organisation]
            assert entry.confirmation.by == self.users[party]

    @invariant()
    def no_entry_is_ever_deleted(self):
        count = Agreement.objects.count()
        assert count >= self.entries
        self.entries = count


# ``make test-all`` looks further than each run of the tests does.
BOUNDED = settings(
    max_examples=examples(15), stateful_step_count=60,
    deadline=None, derandomize=True, database=None, report_multiple_bugs=False,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_any_interleaving_gives_what_the_rules_of_meetings_give():
    OUTCOMES.clear()
    run_state_machine_as_test(Sessions, settings=BOUNDED)
    seen = {name for name, outcomes in OUTCOMES.items() if outcomes == {True, False}}
    # A run that never came to an act, or to its refusal, would have compared nothing.
    assert OUTCOMES.keys() - seen <= SELDOM
    assert {"confirm_for", "begin_correction", "take_back_minutes"} <= seen
