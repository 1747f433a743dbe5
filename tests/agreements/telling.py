"""The delay of what was recorded for somebody, once they were told of it as they are."""

from post_office.models import STATUS, Email

from agreements.answers import events as answers
from agreements.models import Agreement
from notifications.models import Notice


def told_at_once() -> None:
    """As if the clock had written, within the minute, to everybody in whose name something was
    recorded, and the message had left."""
    for entry in Agreement.objects.pending().filter(user__isnull=False).select_related("user"):
        moment = entry.created_at
        _notice, is_new = Notice.objects.get_or_create(
            user=entry.user, kind="agreement_recorded", about=str(entry.pk),
            defaults={
                "scope": "", "scope_label": "", "since": moment, "not_before": moment,
                "told_at": moment,
            },
        )  # fmt: skip
        if is_new:
            [message] = Email.objects.bulk_create([Email(to=[entry.user.email])])
            left = {"status": STATUS.sent, "created": moment, "last_updated": moment}
            Email.objects.filter(pk=message.pk).update(**left)


def confirm_unchallenged() -> None:
    """What the clock does once delays have passed, of what people were told of."""
    told_at_once()
    answers.confirm_unchallenged()
