from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What is told to whom, how often, by mail and on the page. Knows no chapter."""

    name = "notifications"
    verbose_name = "Nouvelles"
