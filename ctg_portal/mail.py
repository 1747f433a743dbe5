"""The outbox: every message is queued in the database, then delivered by the worker.

The queueing commits with the event that caused it. The worker delivers at once; the clock sends
whatever is left over, so that no worker, a killed worker or a dead mail server loses nothing. Only
one of them delivers at a time, on whichever machine, so that nothing is sent twice.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from copy import copy

from django.db import OperationalError, connection, transaction
from django.dispatch import receiver
from django_tasks import task
from post_office.backends import EmailBackend
from post_office.mail import get_queued, send_queued, send_queued_mail_until_done
from post_office.signals import email_queued

# The outbox takes subject and bodies for Django templates; a message is already written.
LITERAL = str.maketrans({"{": "{% templatetag openbrace %}", "}": "{% templatetag closebrace %}"})


class OutboxBackend(EmailBackend):
    """The outbox, where braces in a name, an address or a browser's name stay plain text."""

    def send_messages(self, email_messages):
        """Queue copies of the messages, whose braces stay plain text."""
        literal = [copy(message) for message in email_messages]
        for message in literal:
            message.subject = message.subject.translate(LITERAL)
            message.body = message.body.translate(LITERAL)
            message.alternatives = [
                (content.translate(LITERAL), mimetype)
                for content, mimetype in getattr(message, "alternatives", [])
            ]
        return super().send_messages(literal)


@task()
def deliver_queued_mail() -> None:
    """Send every queued message; a second call at the same time leaves it to the first."""
    if connection.vendor != "postgresql":
        send_queued_mail_until_done()  # one machine: post_office locks a file
        return
    with delivery_lock() as is_ours:
        while is_ours and get_queued().exists():
            send_queued()


# Any number that nothing else in this database locks: "mail".
LOCK = int.from_bytes(b"mail")
# The server drops the lock of a machine that has vanished within two minutes, not two hours.
NOTICE_ABSENCE = (
    "SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 5"
)


@contextmanager
def delivery_lock() -> Iterator[bool]:
    """Take the lock of delivery; yield whether we have it, of all machines that share this
    PostgreSQL.

    The lock lasts as long as its connection, which is one of its own: nobody else closes it, and
    the server frees the lock of a worker that was killed.
    """
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute(NOTICE_ABSENCE)
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_ours = cursor.fetchone()[0]
        try:
            yield is_ours
        finally:
            # The server hears a little later that a connection is closed: whoever comes next would
            # find the lock taken.
            if is_ours:
                with suppress(OperationalError):
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@receiver(email_queued, dispatch_uid="deliver_queued_mail")
def wake_worker(sender, emails, **kwargs) -> None:
    transaction.on_commit(deliver_queued_mail.enqueue)
