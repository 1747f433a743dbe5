"""The outbox sends nothing twice: not after a worker was killed, not from two machines at once."""

import threading

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, connections
from post_office import mail as post_office
from post_office.models import STATUS, Email

from ctg_portal.mail import deliver_queued_mail, delivery_lock
from tests.accounts.conftest import use_transport

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
SUBJECTS = ["un", "deux", "trois"]
PATIENCE = 60  # seconds; ends a test that hangs


@pytest.fixture
def queued(outbox, no_worker):
    for subject in SUBJECTS:
        send_mail(subject, "Un message.", None, ["camille@caf.example"])


def sent():
    return [message.subject for message in mail.outbox]


class Witness(EmailBackend):
    """Notes what the outbox holds as sent when each message is handed over."""

    seen: list[set[str]] = []

    def send_messages(self, messages):
        self.seen.append(
            set(Email.objects.filter(status=STATUS.sent).values_list("subject", flat=True))
        )
        connections.close_all()  # the outbox delivers in a thread
        return super().send_messages(messages)


class Slow(EmailBackend):
    """Holds its first message until it is told to go on."""

    begun = threading.Event()
    go_on = threading.Event()

    def send_messages(self, messages):
        self.begun.set()
        assert self.go_on.wait(PATIENCE)
        return super().send_messages(messages)


# A worker killed -----------------------------------------------------------------------------


@pytest.mark.usefixtures("queued")
def test_each_message_is_marked_as_sent_before_the_next_is_sent(settings, monkeypatch):
    monkeypatch.setattr(Witness, "seen", [])
    use_transport(settings, f"{__name__}.Witness")
    deliver_queued_mail.call()
    assert Witness.seen == [set(), {"un"}, {"un", "deux"}]
    assert sent() == SUBJECTS


@pytest.mark.usefixtures("queued")
def test_killed_worker_leaves_to_the_next_what_it_had_not_sent(monkeypatch):
    send, killed_at = post_office._send_bulk, len(SUBJECTS) - 1

    def send_until_killed(**kwargs):
        if len(mail.outbox) == killed_at:
            raise KeyboardInterrupt
        return send(**kwargs)

    monkeypatch.setattr(post_office, "_send_bulk", send_until_killed)
    with pytest.raises(KeyboardInterrupt):
        deliver_queued_mail.call()
    assert sent() == SUBJECTS[:killed_at]
    monkeypatch.undo()
    deliver_queued_mail.call()
    assert sent() == SUBJECTS


# Two machines --------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.usefixtures("queued")
def test_second_machine_leaves_the_work_to_the_first(settings, monkeypatch):
    use_transport(settings, f"{__name__}.Slow")
    monkeypatch.setattr(Slow, "begun", threading.Event())
    monkeypatch.setattr(Slow, "go_on", threading.Event())

    def first_machine():
        try:
            deliver_queued_mail.call()
        finally:
            connections.close_all()

    first = threading.Thread(target=first_machine)
    first.start()
    try:
        assert Slow.begun.wait(PATIENCE)
        deliver_queued_mail.call()  # returns at once
        assert sent() == []
    finally:
        Slow.go_on.set()
        first.join(PATIENCE)
    assert sent() == SUBJECTS


@pytest.mark.postgresql
def test_lock_is_had_by_one_connection_then_by_another():
    with delivery_lock() as first, delivery_lock() as second:
        assert (first, second) == (True, False)
    with delivery_lock() as third:
        assert third


@pytest.mark.postgresql
def test_lock_of_a_killed_worker_is_free():
    with delivery_lock() as had, connection.cursor() as cursor:
        assert had
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks JOIN pg_database d"
            " ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()"
        )
        with delivery_lock() as next_one:
            assert next_one


@pytest.mark.postgresql
@pytest.mark.usefixtures("queued")
def test_lock_is_not_lost_with_the_connection_that_reads_the_outbox():
    with delivery_lock():
        connection.close()
        deliver_queued_mail.call()
        assert sent() == []
