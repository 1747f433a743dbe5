from datetime import timedelta

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What all chapters share: base templates, filters, mail, the clock."""

    name = "ctg_portal"

    def ready(self):
        from ctg_portal import checks, jobs, long_tags  # noqa: F401, PLC0415  (models must be loaded first)
        from ctg_portal.clock import register_job  # noqa: PLC0415

        long_tags.allow()
        register_job("portal.send_mail", jobs.send_mail, every=timedelta(minutes=1))
        register_job("portal.clean_up", jobs.clean_up, every=timedelta(hours=12))
