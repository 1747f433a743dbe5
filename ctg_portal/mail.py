"""The outbox: every message is queued in the database, then delivered by the worker.

The queueing commits with the event that caused it. The worker delivers at once; the clock sends
whatever is left over, so that no worker, a killed worker or a dead mail server loses nothing.
"""

from django.db import transaction
from django.dispatch import receiver
from django_tasks import task
from post_office.mail import send_queued_mail_until_done
from post_office.signals import email_queued


@task()
def deliver_queued_mail() -> None:
    """Send every queued message; a second call at the same time leaves it to the first."""
    send_queued_mail_until_done()


@receiver(email_queued, dispatch_uid="deliver_queued_mail")
def wake_worker(sender, emails, **kwargs) -> None:
    transaction.on_commit(deliver_queued_mail.enqueue)
