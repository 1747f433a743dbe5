from datetime import timedelta

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who you are: users, how they log in, invitations. Nothing about conventions."""

    name = "accounts"
    verbose_name = "Comptes"

    def ready(self):
        from accounts import jobs  # noqa: PLC0415
        from ctg_portal.clock import register_job  # noqa: PLC0415

        register_job("accounts.clear_sessions", jobs.clear_sessions, every=timedelta(hours=6))
