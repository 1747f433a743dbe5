"""Jobs of the clock that belong to no room: mail, tasks, clean-up."""

from datetime import datetime
from io import StringIO

from django.core.management import call_command
from django.db.models import Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from post_office.models import STATUS, Email

from ctg_portal.clock.heartbeats import LATE, is_late
from ctg_portal.mail import deliver_queued_mail

MAIL_KEPT_DAYS = 30


def send_mail() -> None:
    """Send what the worker has not: it was down, or the mail server was."""
    deliver_queued_mail.call()


def oldest_mail() -> datetime | None:
    """Return when the oldest message that still waits to be sent was queued; None without one."""
    waiting = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued])
    return waiting.aggregate(since=Min("created"))["since"]


class WorkerLost(Exception):  # noqa: N818  (reads as what happened)
    """The worker that ran a task has had no heartbeat for two minutes."""


def end_lost_tasks() -> None:
    """Mark as failed the tasks of workers that were killed: they would be "running" for ever.

    What they were to do is done otherwise: mail is sent by the clock. A worker that comes back
    after all marks its task itself.
    """
    begun = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LATE)
    for task in begun:
        if is_late(f"worker:{task.worker_ids[-1]}" if task.worker_ids else "worker"):
            task.set_failed(WorkerLost())


def clean_up() -> None:
    """Delete old messages with their attachments, and old results of finished tasks."""
    call_command("cleanup_mail", days=MAIL_KEPT_DAYS, delete_attachments=True, stdout=StringIO())
    call_command("prune_db_task_results", verbosity=0)
