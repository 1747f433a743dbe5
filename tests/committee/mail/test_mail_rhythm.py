"""When people are written to: at once, what comes together in one message; or on Monday."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import MailRhythm
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from notifications.rhythm import last_monday
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import (
    NOON,
    TERM,
    after,
    at,
    mail_sent_at,
    on_one_line,
    points_in,
)
from tests.committee.scene import a_document
from tests.stories import told_once

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime.datetime(2024, 4, 15, 7, tzinfo=PARIS)
AGAIN = "Ce point vous a déjà été signalé."


@told_once
def committee(db):
    with at(NOON):
        return committee_of(**TERM)


@told_once
def caf(committee):
    return committee.caf_member.email


@told_once
def weekly(committee):
    committee.caf_member.mail_rhythm = MailRhythm.WEEKLY
    committee.caf_member.save()
    return committee.caf_member.email


def propose(committee, title, moment=NOON):
    with at(moment):
        return committee.proposed(title)


# At once ---------------------------------------------------------------------------------------


def test_nothing_is_sent_while_points_are_still_being_proposed(committee, caf):
    propose(committee, "Un")
    assert mail_sent_at(after(minutes=4, seconds=59), caf) == []
    propose(committee, "Deux", after(minutes=4))
    assert mail_sent_at(after(minutes=8), caf) == []
    [message] = mail_sent_at(after(minutes=9), caf)
    assert on_one_line(message.subject).startswith("Deux points attendent")


def test_the_first_point_does_not_wait_more_than_twenty_minutes(committee, caf):
    for minutes in range(0, 25, 4):
        propose(committee, f"Point {minutes}", after(minutes=minutes))
        if minutes < 20:
            assert mail_sent_at(after(minutes=minutes), caf) == []
    [message] = mail_sent_at(after(minutes=24), caf)
    assert on_one_line(message.subject).startswith("Sept points attendent")


# On Monday -------------------------------------------------------------------------------------


def test_a_weekly_reader_is_notified_on_monday_from_seven(committee, weekly):
    propose(committee, "Un")
    propose(committee, "Deux", after(days=2))
    assert mail_sent_at(after(days=4), weekly) == []
    assert mail_sent_at(MONDAY - datetime.timedelta(minutes=1), weekly) == []
    [message] = mail_sent_at(MONDAY, weekly)
    assert on_one_line(message.subject).startswith("Deux points attendent")
    calm = "Vous recevez ces messages le lundi, sauf ce qui ne peut attendre."
    assert calm in on_one_line(message.body)


def test_monday_tells_all_that_still_awaits_when_something_is_new(committee, weekly):
    old, answered = propose(committee, "Ancien"), propose(committee, "Répondu")
    assert len(mail_sent_at(MONDAY, weekly)) == 1
    assert mail_sent_at(after(MONDAY, days=7), weekly) == []
    with at(after(MONDAY, days=8)):
        committee.agree(answered, committee.caf_member)
    propose(committee, "Nouveau", after(MONDAY, days=9))
    [message] = mail_sent_at(after(MONDAY, days=14), weekly)
    assert on_one_line(message.subject).startswith("Deux points attendent")
    assert points_in(message) == ["Nouveau", old.title]


def test_a_clock_that_slept_on_monday_writes_late_rather_than_never(committee, weekly):
    propose(committee, "Un")
    propose(committee, "Mardi", after(MONDAY, days=1))
    [message] = mail_sent_at(after(MONDAY, days=1, hours=2), weekly)
    assert on_one_line(message.subject).startswith("Deux points attendent")
    propose(committee, "Mercredi", after(MONDAY, days=2))
    assert mail_sent_at(after(MONDAY, days=3), weekly) == []


def test_an_answer_to_be_confirmed_is_notified_before_monday(committee, weekly):
    waits = propose(committee, "Attend lundi")
    version = propose(committee, "Recueilli")
    with at(after(minutes=1)):
        answers.record(
            version, committee.caf_seat, received_on=datetime.date(2024, 4, 9),
            evidence=a_document(committee.coordinator), by=committee.coordinator,
        )  # fmt: skip
    assert mail_sent_at(after(minutes=5), weekly) == []
    [message] = mail_sent_at(after(minutes=6), weekly)
    assert on_one_line(message.subject).startswith("Un accord est saisi en votre nom")
    assert waits.title not in message.body
    [message] = mail_sent_at(MONDAY, weekly)
    assert waits.title in message.body
    assert version.title in message.body  # which the party may answer


def test_the_coordinator_who_chose_monday_hears_again_of_changes_still_to_be_made(committee):
    committee.coordinator.mail_rhythm = MailRhythm.WEEKLY
    committee.coordinator.save()
    address = committee.coordinator.email
    for title, moment in [("Un", NOON), ("Deux", after(MONDAY, days=1))]:
        version = propose(committee, title, moment)
        with at(after(moment, minutes=1)):
            answers.answer(
                Reply(version, Answer.CHANGE_REQUESTED, reason="Plus tôt"), by=committee.caf_member
            )
        mail_sent_at(after(moment, hours=1))
        assert mail_sent_at(after(moment, days=1), address) == []
        if title == "Un":
            [message] = mail_sent_at(MONDAY, address)
            assert on_one_line(message.subject).startswith("Une modification est demandée : « Un »")
    [message] = mail_sent_at(after(MONDAY, days=7), address)
    assert on_one_line(message.subject).startswith("Deux points sont à modifier")
    assert message.body.count(AGAIN) == 1


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime.datetime(2024, 4, 15, 6, 59, tzinfo=PARIS), datetime.date(2024, 4, 8)),
        (datetime.datetime(2024, 4, 15, 7, 0, tzinfo=PARIS), datetime.date(2024, 4, 15)),
        (datetime.datetime(2024, 4, 21, 23, 0, tzinfo=PARIS), datetime.date(2024, 4, 15)),
        # 22:30 on Sunday in London is Monday in Paris, before seven.
        (datetime.datetime(2024, 4, 21, 22, 30, tzinfo=datetime.UTC), datetime.date(2024, 4, 15)),
        # The clocks went forward on the last Sunday of March.
        (datetime.datetime(2024, 4, 1, 5, 0, tzinfo=datetime.UTC), datetime.date(2024, 4, 1)),
        (datetime.datetime(2024, 4, 1, 4, 59, tzinfo=datetime.UTC), datetime.date(2024, 3, 25)),
    ],
)
def test_monday_at_seven_is_that_of_paris(moment, monday):
    assert last_monday(moment) == datetime.datetime.combine(monday, datetime.time(7), tzinfo=PARIS)
