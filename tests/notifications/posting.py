"""Sending of due mail in tests."""

from django.core import mail
from django.utils import timezone

from notifications.models import Notice
from notifications.sending import send_due_mail


def sent_with(kind: str, words: str) -> dict[str, str]:
    """Send the notices of a kind as if they were due; return the bodies of the messages that
    contain ``words``, by address."""
    past = timezone.now() - timezone.timedelta(minutes=30)
    Notice.objects.filter(kind=kind).update(not_before=past)
    mail.outbox.clear()
    send_due_mail()
    Notice.objects.filter(kind=kind).update(since=past, not_before=past)
    send_due_mail()
    return {message.to[0]: message.body for message in mail.outbox if words in message.body}
