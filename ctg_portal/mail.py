"""The outbox: every message is queued in the database, then delivered by the worker.

The queueing commits with the event that caused it. The worker delivers at once; the clock sends
whatever is left over, so that no worker, a killed worker or a dead mail server loses nothing.
"""

from copy import copy

from django.db import transaction
from django.dispatch import receiver
from django_tasks import task
from post_office.backends import EmailBackend
from post_office.mail import send_queued_mail_until_done
from post_office.signals import email_queued

# The outbox takes subject and bodies for Django templates; a message is already written.
LITERAL = str.maketrans({"{": "{% templatetag openbrace %}", "}": "{% templatetag closebrace %}"})


class OutboxBackend(EmailBackend):
    """The outbox, where braces in a name, an address or a browser's name stay plain text."""

    def send_messages(self, email_messages):
        return super().send_messages([_literal(message) for message in email_messages])


def _literal(message):
    message = copy(message)
    message.subject = message.subject.translate(LITERAL)
    message.body = message.body.translate(LITERAL)
    message.alternatives = [
        (content.translate(LITERAL), mimetype)
        for content, mimetype in getattr(message, "alternatives", [])
    ]
    return message


@task()
def deliver_queued_mail() -> None:
    """Send every queued message; a second call at the same time leaves it to the first."""
    send_queued_mail_until_done()


@receiver(email_queued, dispatch_uid="deliver_queued_mail")
def wake_worker(sender, emails, **kwargs) -> None:
    transaction.on_commit(deliver_queued_mail.enqueue)
