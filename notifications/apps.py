from datetime import timedelta

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What is told to whom, how often, by mail and on the page. Knows no chapter."""

    name = "notifications"
    verbose_name = "Nouvelles"

    def ready(self):
        from accounts.events import ANONYMISATION_CONSEQUENCES  # noqa: PLC0415
        from ctg_portal.clock import register_job  # noqa: PLC0415
        from notifications.jobs import forget_notices_of, forget_old_notices, tell_people  # noqa: PLC0415

        ANONYMISATION_CONSEQUENCES.append(forget_notices_of)
        register_job("notifications.send_due_mail", tell_people, every=timedelta(minutes=1))
        register_job(
            "notifications.forget_old_notices", forget_old_notices, every=timedelta(hours=12)
        )
