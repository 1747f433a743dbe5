"""In which order rows are locked: always the same, so that nobody waits for somebody who waits.

Seats, then versions by key, then the rows themselves, then dossiers by key (PostgreSQL only). Who
names somebody to a seat locks the convention, then the organisation, and nothing else.
"""

import random
import re
import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers import settlement
from agreements.answers.events import Reply
from agreements.models import Answer, Version
from agreements.seats import events as seats
from agreements.versions import events as drafts
from committee.dossiers import events as dossiers
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.at_once import ON_POSTGRESQL
from tests.committee.scene import a_document
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = ON_POSTGRESQL

ORDER = ["agreements_seat", "agreements_version", "conventions_objective", "committee_dossier"]
LOCKING = re.compile(r'FOR (NO KEY )?UPDATE( OF "(?P<table>\w+)")?')


@told_once
def committee():
    return committee_of()


def locks_of(act) -> list[str]:
    """The tables that an act locks, in order; each with what it is sorted by."""
    with CaptureQueriesContext(connection) as captured:
        act()
    locks = []
    for query in captured:
        sql = query["sql"]
        locking = LOCKING.search(sql)
        if not locking:
            continue
        assert locking["table"], f"locks more than it names: {sql}"
        assert "NO KEY" in locking.group(), f"stands in the way of references: {sql}"
        table = locking["table"]
        is_one_row = f'"{table}"."id" = ' in sql
        by_key = re.search(rf'ORDER BY (1|"{table}"."id") ASC', sql)
        assert is_one_row or by_key, f"in no order: {sql}"
        locks.append(table)
    return locks


def acts_of(committee):
    """Each event of the committee that locks, on points of its own."""
    caf, epci, coordinator = committee.caf_member, committee.epci_member, committee.coordinator
    versions = [committee.proposed(f"Point {n}") for n in range(9)]
    dossiers.send_dossier(committee.convention, versions[::-1], title="Mars", by=coordinator)
    mine = drafts.save_draft(versions[0].subject, versions[0].content, by=coordinator)
    later = committee.draft("Un autre")
    standing = committee.in_force("En vigueur")
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    papers = a_document(coordinator)
    replied = [versions[1], versions[2]]
    recorded = []

    def record():
        recorded.append(answers.record(
            versions[3], committee.caf_seat, received_on=timezone.localdate(), evidence=papers,
            by=coordinator,
        ))  # fmt: skip

    return {
        "answer": lambda: answers.answer(Reply(versions[0]), by=caf),
        "answer a dossier": lambda: answers.answer_all(map(Reply, versions[8:0:-1]), by=epci),
        "answer in force": lambda: answers.answer_all(map(Reply, replied), by=caf),
        "retract": lambda: answers.retract(standing, reason="Non", by=caf),
        "record": record,
        "refuse": lambda: answers.refuse_all(recorded, by=caf),
        "advise": lambda: answers.advise(versions[4], opinion=Answer.FAVOURABLE, by=adviser),
        "save": lambda: drafts.save_draft(
            versions[0].subject, mine.content | {"title": "Autrement"}, by=coordinator
        ),
        "propose": lambda: drafts.propose(mine, by=coordinator),
        "discard": lambda: drafts.discard_draft(later, by=coordinator),
        "withdraw": lambda: drafts.withdraw_version(versions[6], reason="Non", by=coordinator),
        "send": lambda: dossiers.send_dossier(
            committee.convention, [versions[8], versions[7]], title="Avril", by=coordinator
        ),
        "other parties": lambda: settlement.settle_all(committee.convention),
    }


def test_every_event_locks_in_the_same_order_and_never_a_key(committee):
    locked = {name: locks_of(act) for name, act in acts_of(committee).items()}
    for name, tables in locked.items():
        ranks = [ORDER.index(table) for table in tables]
        # Rows are locked one by one, each only under the lock of its versions.
        assert ranks == sorted(ranks), f"{name}: {tables}"
        assert "agreements_version" in tables, name
    assert "agreements_seat" in locked["answer"]
    assert "conventions_objective" in locked["answer in force"]
    assert locked["answer"][-1] == "committee_dossier"


@pytest.mark.parametrize("kind", ["member", "substitute", "adviser"])
def test_naming_locks_the_convention_then_the_organisation_and_nothing_else(committee, kind):
    user = MembershipFactory(organisation=committee.caf, reader=True).user
    stands_for = committee.caf_seat if kind == "substitute" else None
    locked = locks_of(lambda: seats.name_to_seat(
        committee.caf, kind=kind, capacity="Maire", user=user, substitute_for=stands_for,
        by=committee.coordinator,
    ))  # fmt: skip
    assert locked == ["conventions_convention", "conventions_organisation"]


class Crowd:
    """Several people who act at random, all at once."""

    def __init__(self, committee):
        colleague = SeatFactory(organisation=committee.caf).user
        second = MembershipFactory(organisation=committee.caf, coordinator=True).user
        self.committee, self.papers = committee, a_document(second)
        self.members = [committee.caf_member, colleague, committee.epci_member]
        self.coordinators = [committee.coordinator, second]
        self.versions = [committee.proposed(f"Point {n}") for n in range(4)]
        self.rows = [version.subject for version in self.versions]
        self.errors, self.done = [], 0

    def act(self, dice: random.Random) -> None:
        versions = list(Version.objects.from_committee().order_by("pk"))
        chosen, row = dice.choice(versions), dice.choice(self.rows)
        member, coordinator = dice.choice(self.members), dice.choice(self.coordinators)
        content = chosen.content | {"title": dice.choice("ABCDEF")}
        acts = [
            lambda: answers.answer_all(
                [Reply(v, last_rank=dice.randint(0, 2)) for v in dice.sample(versions, 4)],
                by=member,
            ),
            lambda: answers.retract(chosen, reason="Non", by=member),
            lambda: answers.record(
                chosen, self.committee.caf_seat, received_on=timezone.localdate(),
                evidence=self.papers, last_rank=dice.randint(0, 2), by=coordinator,
            ),
            lambda: drafts.propose(
                drafts.save_draft(
                    row, content, base=drafts.latest_live_version(row), by=coordinator
                ),
                by=coordinator,
            ),
            lambda: dossiers.send_dossier(
                self.committee.convention, dice.sample(versions, 2), title="Mars", by=coordinator
            ),
        ]  # fmt: skip
        acts[dice.choice([0, 0, 0, 1, 2, 3, 3, 4])]()

    def run(self, seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311
        try:
            for _ in range(12):
                try:
                    self.act(dice)
                    self.done += 1
                except Refused:
                    pass
        except Exception as error:
            self.errors.append(error)
        finally:
            connections.close_all()


def test_a_crowd_acts_at_random_without_any_deadlock(committee):
    crowd = Crowd(committee)
    threads = [threading.Thread(target=crowd.run, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert crowd.errors == []
    assert crowd.done > 10
    for row in crowd.rows:
        numbers = Version.objects.about(row).numbered().order_by("number")
        assert [v.number for v in numbers] == list(range(1, len(numbers) + 1))
