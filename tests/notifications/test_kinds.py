"""A room above the committee declares a kind of news, and it is told: nothing else is asked."""

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import MailRhythm
from conventions.models import Membership
from ctg_portal.house import house, overridden
from notifications.jobs import forget_old_notices
from notifications.models import KEPT_FOR, Notice
from notifications.news import News, notify
from notifications.sending import send_due_mail
from tests import factories as f
from tests.actions.factories import action_in_force
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import (
    NOON,
    TERM,
    after,
    at,
    html_of,
    links_in,
    on_one_line,
    recipients,
)
from tests.notifications.kinds import ActionLate, PlanLetter
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    with at(NOON):
        return committee_of(**TERM)


@told_once
def action(committee):
    with at(NOON):
        action = action_in_force(committee, title="Ouvrir une crèche")
    Notice.objects.all().delete()
    return action


@pytest.fixture(autouse=True)
def _declared():
    with overridden(letters=[*house().letters, PlanLetter]):
        yield


def messages_at(moment) -> list:
    before = len(mail.outbox)
    with at(moment):
        assert send_due_mail() == len(mail.outbox) - before
    return mail.outbox[before:]


def notify_late(action, moment=NOON, on=None):
    with at(moment):
        notify(ActionLate(action, on))


def test_a_notice_is_mailed_once_with_a_link_to_its_page(committee, action):
    notify_late(action)
    assert messages_at(NOON) == []
    [message] = messages_at(after(minutes=5))
    assert message.to == [committee.coordinator.email]
    territory = committee.convention.territory
    assert on_one_line(message.subject) == (
        f"L’action « Ouvrir une crèche » est en retard (CTG {territory})"
    )
    assert links_in(message)[0] == (
        f"https://ctg.example/conventions/{committee.convention.slug}/actions/{action.pk}/"
    )
    for sentence in ["Son terme est passé.", "Vous recevez ces messages aussitôt."]:
        assert sentence in on_one_line(message.body)
        assert sentence.split(".")[0] in on_one_line(html_of(message))
    assert messages_at(after(days=1)) == []


def test_a_reminder_is_a_row_with_its_day(committee, action):
    notify_late(action, on=after(days=10))
    assert messages_at(after(days=9)) == []
    # Whoever coordinates on that day is told, not who did when it was written.
    with at(after(days=9)):
        newcomer = f.MembershipFactory(organisation=committee.caf, coordinator=True).user
        Membership.objects.filter(user=committee.coordinator).update(ended_at=NOON)
    messages_at(after(days=10))
    assert recipients(messages_at(after(days=10, minutes=5))) == {newcomer.email}


def test_a_notice_obsolete_on_its_day_is_deleted_unsent(action):
    notify_late(action, on=after(days=10))
    action.title = "Faite"
    action.save()
    assert messages_at(after(days=11)) == []
    assert not Notice.objects.exists()


def test_the_rhythm_of_the_person_is_kept_and_monday_tells_again(committee, action):
    type(committee.coordinator).objects.update(mail_rhythm=MailRhythm.WEEKLY)
    other = action_in_force(committee, title="Former")
    Notice.objects.all().delete()
    notify_late(action)
    assert messages_at(NOON) == []
    assert messages_at(after(days=4)) == []
    assert len(messages_at(after(days=5))) == 1
    notify_late(other, after(days=6))
    assert messages_at(after(days=6)) == []
    [message] = messages_at(after(days=12))
    assert on_one_line(message.subject).startswith("2 actions sont en retard")
    assert "Cela vous a déjà été signalé." in message.body
    # Who would rather be told at once is, of what waited for Monday too.
    third = action_in_force(committee, title="Accueillir")
    Notice.objects.filter(kind__startswith="point").delete()
    notify_late(third, after(days=13))
    assert messages_at(after(days=13, hours=1)) == []
    type(committee.coordinator).objects.update(mail_rhythm=MailRhythm.AT_ONCE)
    assert len(messages_at(after(days=13, hours=2))) == 1


def test_a_kind_that_nobody_declares_any_more_is_sent_no_more(committee, action):
    notify_late(action)
    Notice.objects.update(kind="gone")
    assert messages_at(after(days=1)) == []
    assert Notice.objects.get().told_at is None
    with at(after(days=KEPT_FOR.days + 1)):
        forget_old_notices()
    assert not Notice.objects.exists()


def test_nothing_due_costs_one_question_whatever_the_number_of_conventions(action):
    def cost() -> int:
        with at(after(days=2)), CaptureQueriesContext(connection) as captured:
            assert send_due_mail() == 0
        return len(captured)

    notify_late(action)
    messages_at(NOON)
    messages_at(after(minutes=5))
    assert cost() == 1
    with at(NOON):
        for _ in range(3):
            committee = committee_of(**TERM)
            committee.proposed("Un")
            notify(ActionLate(action, after(days=90)))
            weekly = committee.caf_member
            weekly.mail_rhythm = MailRhythm.WEEKLY
            weekly.save()
    messages_at(after(minutes=6))
    assert Notice.objects.waiting().exists()
    assert cost() == 1


def test_a_clock_killed_between_the_rows_and_the_message_neither_loses_nor_doubles(
    action, monkeypatch
):
    notify_late(action)
    messages_at(NOON)

    def killed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(PlanLetter, "send", killed)
    with at(after(minutes=5)), pytest.raises(KeyboardInterrupt):
        send_due_mail()
    with at(after(minutes=10)), pytest.raises(KeyboardInterrupt):
        send_due_mail()
    monkeypatch.undo()
    assert len(messages_at(after(minutes=15))) == 1
    assert messages_at(after(minutes=16)) == []


def test_notices_of_a_deleted_convention_are_deleted(action):
    notify_late(action)
    elsewhere = {"scope": "convention:0", "scope_label": "?", "since": NOON, "not_before": NOON}
    Notice.objects.create(kind=ActionLate.kind, about="1", **elsewhere)
    Notice.objects.create(kind="turns_changed", about="0", **elsewhere)
    messages_at(NOON)
    assert len(messages_at(after(minutes=5))) == 1
    assert not Notice.objects.of("convention:0").exists()


def test_a_convention_that_cannot_be_read_lets_the_others_go(action, monkeypatch, caplog):
    with at(NOON):
        committee_of(**TERM).proposed("Un")
    notify_late(action)
    messages_at(NOON)

    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(ActionLate, "load", broken)
    assert len(messages_at(after(minutes=6))) == 2
    assert "failed" in caplog.text
    monkeypatch.undo()
    assert len(messages_at(after(minutes=7))) == 1


def test_a_kind_has_a_name_of_its_own():
    with pytest.raises(TypeError, match="no kind of its own"):
        type("Nameless", (News,), {})


def test_the_database_refuses_an_inconsistent_notice(committee):
    def notice(**values):
        return Notice(
            **{"kind": "k", "about": "1", "scope": "s", "scope_label": "S", "since": NOON,
               "not_before": NOON, "user": committee.coordinator} | values
        )  # fmt: skip

    notice().save()
    for wrong in (notice(), notice(user=None, told_at=NOON), notice(about="2", is_own=True)):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()
    notice(user=None).save()
    notice(user=None).save()
