from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Notices: who is notified of what, how often, by mail and on the page. Knows no chapter."""

    name = "notifications"
    verbose_name = "Nouvelles"
