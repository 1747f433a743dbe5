"""The delay of what was recorded for somebody, once they were told of it as they are."""

from agreements.answers import events as answers
from agreements.models import Agreement
from notifications.models import Notice


def told_at_once() -> None:
    """As if the clock had written, within the minute, to everybody in whose name something was
    recorded."""
    for entry in Agreement.objects.pending().filter(user__isnull=False):
        moment = entry.created_at
        Notice.objects.get_or_create(
            user=entry.user, kind="agreement_recorded", about=str(entry.pk),
            defaults={
                "scope": "", "scope_label": "", "since": moment, "not_before": moment,
                "told_at": moment,
            },
        )  # fmt: skip


def confirm_unchallenged() -> None:
    """What the clock does once delays have passed, of what people were told of."""
    told_at_once()
    answers.confirm_unchallenged()
