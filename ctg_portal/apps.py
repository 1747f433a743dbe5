from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What all rooms share: base templates, filters, mail, the clock."""

    name = "ctg_portal"

    def ready(self):
        from ctg_portal.hosting import checks  # noqa: F401, PLC0415
