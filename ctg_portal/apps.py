from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What all chapters share: base templates, filters, mail, the clock."""

    name = "ctg_portal"

    def ready(self):
        from ctg_portal import mail  # noqa: F401, PLC0415  (connects the outbox to the worker)
