"""Once, however often and however many times at once; and nothing lost on the way."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from committee.mail.letters import CommitteeLetter
from ctg_portal.clock.jobs import send_mail as clock_sends_mail
from ctg_portal.house import job
from notifications.models import Notice
from notifications.sending import send_due_mail
from tests.accounts.conftest import MEMORY, outbox, use_transport  # noqa: F401
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import NOON, TERM, after, at, mail_sent_at, recipients
from tests.conventions.test_concurrency import at_once
from tests.stories import told_once

pytestmark = pytest.mark.postgresql

LATER = after(minutes=6)


@told_once
def committee():
    with at(NOON):
        committee = committee_of(**TERM)
        committee.proposed("Un")
    return committee


def run():
    with at(LATER):
        return send_due_mail()


# Both, or neither ------------------------------------------------------------------------------


class CrashError(Exception):
    """What nobody expected."""


@pytest.fixture
def queue(settings):
    """The outbox; messages stay in the database."""
    settings.EMAIL_BACKEND = "ctg_portal.mail.OutboxBackend"


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_message_that_cannot_be_queued_is_not_marked_as_sent(committee, monkeypatch, caplog):
    def crash(*args, **kwargs):
        raise CrashError

    monkeypatch.setattr(CommitteeLetter, "send", crash)
    assert run() == 0
    assert not Notice.objects.known().filter(is_own=False).exists()
    assert not Email.objects.exists()
    assert "failed" in caplog.text
    monkeypatch.undo()
    assert run() == 2
    assert Email.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_message_is_not_queued_when_it_cannot_be_noted(committee, monkeypatch):
    send = CommitteeLetter.send

    def send_then_crash(*args):
        send(*args)
        raise KeyboardInterrupt  # the clock is killed

    monkeypatch.setattr(CommitteeLetter, "send", send_then_crash)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        run()
    assert not Email.objects.exists()
    assert not Notice.objects.known().exists()
    monkeypatch.undo()
    assert run() == 2


@pytest.mark.django_db
def test_a_message_that_fails_lets_the_others_go(committee, monkeypatch, caplog):
    send = CommitteeLetter.send

    def send_but_to_caf(letter, user, *args):
        if user == committee.caf_member:
            raise CrashError
        send(letter, user, *args)

    monkeypatch.setattr(CommitteeLetter, "send", send_but_to_caf)
    assert run() == 1
    assert recipients(mail.outbox) == {committee.epci_member.email}
    [record] = caplog.records
    assert str(committee.caf_member) not in record.getMessage()
    monkeypatch.undo()
    assert recipients(mail_sent_at(LATER)) == {committee.caf_member.email}


# A dead mail server ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("outbox")
def test_a_dead_mail_server_loses_nothing_and_doubles_nothing(committee, settings):
    use_transport(settings, "tests.accounts.test_outbox.DeadServer")
    assert run() == 2
    assert set(Email.objects.values_list("status", flat=True)) == {STATUS.requeued}
    assert run() == 0
    use_transport(settings, MEMORY)
    Email.objects.update(scheduled_time=timezone.now() - timedelta(seconds=1))
    clock_sends_mail()
    members = {committee.caf_member.email, committee.epci_member.email}
    assert recipients(mail.outbox) == members
    assert len(mail.outbox) == 2


# Twice, at once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_two_clocks_at_once_write_once(committee, settings, caplog):
    settings.EMAIL_BACKEND = "ctg_portal.mail.OutboxBackend"
    with at(LATER):
        outcomes = at_once(send_due_mail, send_due_mail)
    assert outcomes == [2, 0]
    assert Email.objects.count() == 2
    assert Notice.objects.known().count() == 2
    assert not Notice.objects.unaddressed().exists()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_somebody_who_answers_is_not_held_up_by_a_message_to_them(committee):
    """A row that names the person locks theirs as the database does here, and does not wait."""

    def name_the_person():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM accounts_user WHERE id = %s FOR KEY SHARE NOWAIT",
                [committee.caf_member.pk],
            )
            return cursor.fetchone()

    with at(LATER):
        sent, named = at_once(send_due_mail, name_the_person)
    assert (sent, named) == (2, (committee.caf_member.pk,))


# The command and the clock ---------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_says_how_many_it_sent(committee):
    printed = io.StringIO()
    with at(LATER):
        call_command("send_due_mail", stdout=printed)
        call_command("send_due_mail", stdout=printed)
    assert printed.getvalue().splitlines() == [
        "2 messages mis en route.", "Aucun message à envoyer.",
    ]  # fmt: skip
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_the_clock_runs_it_every_minute(committee):
    due = job("notifications.send_due_mail")
    assert due.every == timedelta(minutes=1)
    with at(LATER):
        due.run()
    assert len(mail.outbox) == 2
