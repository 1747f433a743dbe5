"""Any interleaving of acts gives exactly the state that the rules give.

A reference model (``tests/committee/model``), written from the rules alone, says of each random act
whether it is taken and what becomes of it. The portal does the same on real rows; after each act
all rows are compared, and what the rules promise is looked up in the rows themselves.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Version
from agreements.versions import events as drafts
from committee.answers import events as noting
from committee.dossiers import events as dossiers
from committee.objectives import events as objectives
from conventions.models import Objective
from tests.agreements.model import world
from tests.agreements.model.mandates import Mandates
from tests.agreements.model.people import DAY
from tests.agreements.model.player import act
from tests.agreements.model.reference import TAKEN
from tests.databases import examples

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.postgresql]

WRITERS = ["cora", "carl", "aline", "claire", "otto"]
RECORDERS = ["cora", "mathieu", "denis", "aline", "eva", "otto"]
ADVISERS = ["aline", "perle", "claire", "simon", "otto"]
SPEAKERS = ["claire", "colette", "simon", "denis", "aline", "eva", "ernest", "paul", "nora", "otto"]
PARTIES = ["caf", "epci", "msa"]
ANSWERS = ["agreed"] * 4 + ["change_requested", "deliberation", "agenda"]
REASONS = ["Plus tôt", "Trop cher", "Trop tard", ""]
ROWS = ["A", "B", "C", "D"]
TITLES, MEASURES = ["Un espace d’été", "Deux espaces"], ["Le nombre", "La part"]


class Machine(Mandates):
    """Writing and answering; who may is changed by ``Mandates``."""

    def content(self, dice) -> dict:
        return {
            "title": self.choose(dice, TITLES),
            "due_on": self.world.convention.end.isoformat(),
            "measure": self.choose(dice, MEASURES),
            "is_priority": self.seldom(dice),
        }

    def row(self, key: str) -> Objective:
        return Objective.objects.get(pk=self.world.rows[key].pk)

    # Writing ----------------------------------------------------------------------------------

    def two_points_are_discussed(self, dice):
        for _ in range(2):
            self.write_objective(dice, "cora")
        for version in self.versions_in("draft"):
            self.ask(version, "cora")

    @act(when=lambda self: len(self.rules.rows) < len(ROWS))
    def add_objective(self, dice):
        """By one person; now and then a colleague writes another draft of it at once."""
        row = self.write_objective(dice, self.writer(dice))
        if row in self.rules.rows and dice.random() < 1 / 2:
            self.write(dice, row, self.writer(dice))

    def write_objective(self, dice, person):
        row = next(key for key in ROWS if key not in self.rules.rows)
        key, content = self.new_key(), self.content(dice)
        orientation = self.world.committee.orientation
        version = self.do(
            self.rules.add_objective(row, key, person, content),
            lambda: objectives.add_objective(orientation, content, by=self.user(person)),
        )
        if version:
            self.remember(key, version)
            self.world.rows[row] = version.subject
        self.look()
        return row

    @act(4, when=lambda self: self.rules.rows)
    def save_draft(self, dice):
        new = [key for key, row in self.rules.rows.items() if row.shown[1] == "draft"]
        rows = new if new and self.seldom(dice) else self.rules.rows
        self.write(dice, self.choose(dice, rows), self.writer(dice))

    @act(5, when=lambda self: len(self.versions_in("proposed")) < len(self.rules.rows))
    def write_and_propose(self, dice):
        """The next version of something that nobody discusses."""
        idle = [row for row in self.rules.rows if not self.rules.of_row(row, "proposed")]
        row, person = self.choose(dice, idle), self.coordinator(dice)
        self.write(dice, row, person)
        draft = self.rules.draft_of(row, person)
        if draft:
            self.ask(draft, person)

    def write(self, dice, row, person):
        key, content, ends = self.new_key(), self.content(dice), self.seldom(dice)
        subject = self.row(row)
        version = self.do(
            self.rules.save_draft(row, key, person, content, ends=ends),
            lambda: drafts.save_draft(subject, content, ends=ends, by=self.user(person)),
        )
        if key in self.rules.versions:
            self.remember(key, version)
        self.look()

    @act(3, when=lambda self: any(map(self.rules.merge, self.versions_in("draft"))))
    def merge(self, dice):
        draft = self.choose(dice, filter(self.rules.merge, self.versions_in("draft")))
        content, disputed = self.rules.merge(draft)
        ends = bool(content.pop("ends", False))
        merged = drafts.merge_with_current(Version.objects.get(pk=self.version(draft).pk))
        assert (merged.content, set(merged.conflicts)) == (content, disputed - {"ends"})
        subject, base = self.row(draft.row), self.rules.discussed(draft.row)
        expected = self.rules.save_draft(draft.row, draft.key, draft.author, content, ends=ends)
        if expected == TAKEN:
            draft.base = base
        self.play(
            expected,
            lambda: drafts.save_draft(
                subject,
                merged.content,
                ends=ends,
                base=self.version(base),
                by=self.user(draft.author),
            ),
        )

    @act(2, when=lambda self: self.rules.versions)
    def propose(self, dice):
        self.ask(self.some_version(dice, "draft"), self.coordinator(dice))

    def ask(self, draft, person):
        self.play(
            self.rules.propose(draft, person),
            lambda: drafts.propose(self.version(draft), by=self.user(person)),
        )

    @act(2, when=lambda self: self.versions_in("draft"))
    def discard(self, dice):
        draft = self.some_version(dice, "draft")
        person = self.choose(dice, [draft.author, self.writer(dice)])
        self.play(
            self.rules.discard(draft, person),
            lambda: drafts.discard_draft(self.version(draft), by=self.user(person)),
        )
        if draft.key not in self.rules.versions:
            del self.world.versions[draft.key]

    @act(2, when=lambda self: len(self.versions_in("proposed")) > 1)
    def withdraw(self, dice):
        versions = [v for d in self.rules.dossiers.values() for v in d.versions if not d.complete]
        version, person = self.some_version(dice, "proposed"), self.coordinator(dice)
        version = self.mostly(dice, [v for v in versions if v.state == "proposed"], [version])
        reason = self.choose(dice, REASONS)
        self.play(
            self.rules.withdraw(version, person, reason),
            lambda: drafts.withdraw_version(
                self.version(version), reason=reason, by=self.user(person)
            ),
        )

    # Answering --------------------------------------------------------------------------------

    def last_rank(self, dice, version, party: str) -> int:
        """The rank of the party's last word, as a page of now or of earlier showed it."""
        last = version.last(party)
        current = last.rank if last else 0
        return dice.randint(0, current) if self.seldom(dice) else current

    def speaker(self, dice, party: str) -> str:
        """Mostly somebody who may speak for the party; else who has, or had, something there."""
        people = self.rules.people
        able = [person for person in SPEAKERS if people.titles(person, party)]
        seats = [s.person for s in people.seats.values() if s.party == party]
        lent = [
            d.person for d in people.delegations.values() if people.seats[d.seat].party == party
        ]
        near = [p for p in SPEAKERS if p in seats or p in lent or self.seldom(dice)]
        return self.choose(dice, able if able and dice.random() < 2 / 3 else near or SPEAKERS)

    def writer(self, dice) -> str:
        return self.mostly(dice, filter(self.rules.people.prepares, WRITERS), WRITERS)

    def coordinator(self, dice) -> str:
        return self.mostly(dice, filter(self.rules.people.coordinates, WRITERS), WRITERS)

    def all_words(self) -> list[tuple]:
        """All words, each with its version."""
        return [(v, word) for v in self.rules.versions.values() for word in v.words]

    def say(self, version, person, party, answer, *, last_rank, reason="", body_date=None):
        expected = self.rules.answer(
            version, person, party, answer, last_rank=last_rank, reason=reason, body_date=body_date
        )
        body = "Conseil" if body_date else ""
        reply = Reply(self.version(version), answer, last_rank, reason, body, body_date)
        self.do(
            expected,
            lambda: answers.answer(
                reply, by=self.user(person), organisation=self.world.organisations[party]
            ),
        )
        if expected in ("taken", "repeated"):
            self.rules.answered([version])
        self.look()

    @act(6, when=lambda self: self.rules.versions)
    def answer(self, dice):
        version, party = self.some_version(dice, "proposed"), self.choose(dice, PARTIES)
        person, answer = self.speaker(dice, party), self.choose(dice, ANSWERS)
        body_date = self.rules.people.day + 9 * DAY if answer == "deliberation" else None
        self.say(
            version, person, party, answer, last_rank=self.last_rank(dice, version, party),
            reason=self.choose(dice, REASONS), body_date=body_date,
        )  # fmt: skip

    @act(when=lambda self: any(v.words for v in self.rules.versions.values()))
    def answer_again(self, dice):
        """The button was pressed twice, or the page is an old one."""
        version, word = self.choose(dice, self.all_words())
        person = self.mostly(dice, [word.person] if word.person in SPEAKERS else [], SPEAKERS)
        answer = self.mostly(dice, [word.answer] if word.answer in ANSWERS else [], ANSWERS)
        self.say(
            version, person, word.party, answer, last_rank=dice.randint(0, word.rank - 1),
            reason=word.reason, body_date=word.body_date if answer == "deliberation" else None,
        )  # fmt: skip

    @act(2, when=lambda self: self.rules.people.delegations and self.versions_in("proposed"))
    def answer_by_delegation(self, dice):
        """As long as it holds, and the member sits, and the delegate has access."""
        people, version = self.rules.people, self.choose(dice, self.versions_in("proposed"))
        lent = self.choose(dice, people.delegations.values())
        party = people.seats[lent.seat].party
        last_rank = self.last_rank(dice, version, party)
        self.say(
            version, lent.person, party, self.choose(dice, ["agreed", "agenda"]),
            last_rank=last_rank,
        )  # fmt: skip

    @act(6, when=lambda self: self.versions_in("proposed"))
    def all_agree(self, dice):
        """Those who may speak for the parties asked agree, one after the other, or most do."""
        version, asked = self.choose(dice, self.versions_in("proposed")), len(self.rules.required)
        for party in dice.sample(sorted(self.rules.required), asked - self.choose(dice, [0, 0, 1])):
            person, last_rank = self.speaker(dice, party), self.last_rank(dice, version, party)
            self.say(version, person, party, "agreed", last_rank=last_rank)

    @act(3, when=lambda self: self.versions_in("proposed", "in_force"))
    def retract(self, dice):
        version, party = self.some_version(dice, "in_force", "proposed"), self.choose(dice, PARTIES)
        person, reason = self.speaker(dice, party), self.choose(dice, REASONS)
        self.play(
            self.rules.retract(version, person, party, reason),
            lambda: answers.retract(
                self.version(version), reason=reason, by=self.user(person),
                organisation=self.world.organisations[party],
            ),
        )  # fmt: skip

    @act(5, when=lambda self: any(word.day == self.today for _, word in self.all_words()))
    def undo(self, dice):
        """Mostly one's own word of today that stands; now and then an older one, or another's."""
        fresh = [
            (v, w)
            for v, w in self.all_words()
            if w.day == self.today and not w.undone and w.answer != "undone"
        ]
        version, word = self.mostly(dice, fresh, self.all_words())
        holder = [word.person] if word.person in self.world.users else []
        person = self.mostly(dice, holder, SPEAKERS)
        entry = self.entry(version, word)
        self.play(
            self.rules.undo(version, word, person),
            lambda: answers.undo([entry], by=self.user(person)),
        )

    @act(4, when=lambda self: self.rules.versions)
    def record(self, dice):
        version, seats = self.some_version(dice, "proposed"), self.rules.people.seats
        asked = [key for key, seat in seats.items() if seat.party in self.rules.required]
        able = [key for key in asked if self.rules.people.counts(key)]
        # Who has spoken already, perhaps for another party.
        speakers = [(word.person, word.party) for word in version.words]
        again = [
            key
            for key in able
            if any(p == seats[key].person and party != seats[key].party for p, party in speakers)
        ]
        seat = self.choose(dice, self.choose(dice, [able, able, again, seats]) or seats)
        typed_by = self.mostly(dice, ["cora"], RECORDERS)
        party = self.rules.people.seats[seat].party
        recorded = version.recorded(party)
        last_rank = (
            recorded.rank
            if recorded and dice.random() < 1 / 2
            else self.last_rank(dice, version, party)
        )
        received_on = self.rules.people.day + self.choose(dice, [-3, 0, 0, 0, 1]) * DAY
        self.play(
            self.rules.record(
                version, seat, typed_by, last_rank=last_rank, received_on=received_on,
            ),
            lambda: answers.record(
                self.version(version), self.world.seats[seat], last_rank=last_rank,
                received_on=received_on, evidence=self.world.act, by=self.user(typed_by),
            ),
        )  # fmt: skip

    def entry(self, version, word) -> Agreement:
        return Agreement.objects.get(
            version=self.version(version), rank=word.rank,
            organisation=self.world.organisations[word.party],
        )  # fmt: skip

    @act(5, when=lambda self: any(word.pending for _, word in self.all_words()))
    def confirm(self, dice):
        version, word, person = self.settled(dice)
        entry = self.entry(version, word)
        self.play(
            self.rules.confirm(version, word, person),
            lambda: answers.confirm(entry, by=self.user(person)),
        )

    @act(3, when=lambda self: any(word.pending for _, word in self.all_words()))
    def refuse(self, dice):
        version, word, person = self.settled(dice)
        holder = [word.person] if word.person in self.world.users else []
        person = self.choose(dice, [person, *holder])
        entry = self.entry(version, word)
        self.play(
            self.rules.refuse(version, word, person),
            lambda: answers.refuse_all([entry], by=self.user(person)),
        )

    def settled(self, dice) -> tuple:
        """Mostly what waits, by somebody of the party; now and then by who spoke for another."""
        recorded = [(v, w) for v, w in self.all_words() if w.recorded]
        waiting = [(v, w) for v, w in recorded if v.recorded(w.party) is w]
        version, word = self.mostly(
            dice, waiting, self.mostly(dice, [recorded], [self.all_words()])
        )
        able = [p for p in SPEAKERS if self.rules.people.titles(p, word.party)]
        spoke = [p for p in able if version.spoke_for_another(p, word.party)]
        return version, word, self.mostly(dice, self.choose(dice, [able, spoke or able]), SPEAKERS)

    @act(when=lambda self: self.rules.versions)
    def advise(self, dice):
        version = self.some_version(dice, "proposed")
        person = self.mostly(dice, filter(self.rules.people.advises_for, ADVISERS), ADVISERS)
        opinion = self.choose(dice, ["favourable", "reserved", "unfavourable"])
        reason = self.choose(dice, REASONS)
        self.play(
            self.rules.advise(version, person, opinion, reason),
            lambda: answers.advise(
                self.version(version), opinion=opinion, reason=reason, by=self.user(person)
            ),
        )

    # Dossiers ---------------------------------------------------------------------------------

    @act(3, when=lambda self: self.versions_in("proposed") and len(self.rules.dossiers) < 3)
    def send_dossier(self, dice):
        proposed = self.versions_in("proposed")
        chosen = dice.sample(proposed, dice.randint(not self.seldom(dice), len(proposed)))
        if self.seldom(dice):
            chosen = list({v.key: v for v in [*chosen, self.some_version(dice)]}.values())
        key, person = f"dossier {len(self.rules.dossiers)}", self.coordinator(dice)
        dossier = self.do(
            self.rules.send_dossier(key, chosen, person),
            lambda: dossiers.send_dossier(
                self.world.convention, [self.version(v) for v in chosen], title=key,
                by=self.user(person),
            ),
        )  # fmt: skip
        if dossier:
            self.world.dossiers[key] = dossier
        self.look()

    @act(3, when=lambda self: self.rules.dossiers)
    def answer_dossier(self, dice):
        """« D’accord, sauf… » in one act: each point is taken or told."""
        versions = self.rules.dossiers[self.choose(dice, self.rules.dossiers)].versions
        party = self.choose(dice, PARTIES[:2])
        person = self.speaker(dice, party)
        replies, expected = [], []
        for version in versions:
            last_rank = self.last_rank(dice, version, party)
            answer = "change_requested" if self.seldom(dice) else "agreed"
            reason = "Sauf ceci" if answer == "change_requested" else ""
            replies.append(Reply(self.version(version), answer, last_rank, reason))
            expected.append(
                self.rules.answer(
                    version, person, party, answer, last_rank=last_rank, reason=reason
                )
            )
        outcome = self.do(TAKEN, lambda: self.note_and_confirm(replies, person, party))
        # What was said already is no longer to be noted.
        assert len(outcome.entries) == expected.count("taken")
        self.rules.answered(versions)
        self.look()

    def note_and_confirm(self, replies, person, party):
        """As pages do: nothing is said before the recap is confirmed."""
        mine = {"by": self.user(person), "organisation": self.world.organisations[party]}
        count = Agreement.objects.count()
        noted = noting.note_answers(replies, **mine).noted
        assert Agreement.objects.count() == count
        return noting.confirm_noted({one.pk: one.revision for one in noted}, **mine)


# Shrinking takes long on real rows: a failure is told as it was found, and found again alike.
# ``make test-all`` looks further than each run of the tests does.
BOUNDED = settings(
    max_examples=examples(10), stateful_step_count=40,
    deadline=None, derandomize=True, database=None, report_multiple_bugs=False,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_any_interleaving_gives_what_the_rules_give():
    built = world.build()
    run_state_machine_as_test(lambda: Machine(built), settings=BOUNDED)
