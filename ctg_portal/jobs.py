"""What the clock does for all chapters."""

from io import StringIO

from django.core.management import call_command

from ctg_portal.mail import deliver_queued_mail

MAIL_KEPT_DAYS = 30


def send_mail() -> None:
    """Send what the worker has not: it was down, or the mail server was."""
    deliver_queued_mail.call()


def clean_up() -> None:
    """Forget old messages and finished tasks."""
    call_command("cleanup_mail", days=MAIL_KEPT_DAYS, delete_attachments=True, stdout=StringIO())
    call_command("prune_db_task_results", verbosity=0)
