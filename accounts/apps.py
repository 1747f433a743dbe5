from datetime import timedelta

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who you are: users, how they log in, invitations. Nothing about conventions."""

    name = "accounts"
    verbose_name = "Comptes"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

        from accounts import events, jobs  # noqa: PLC0415
        from ctg_portal.clock import register_job  # noqa: PLC0415

        user_logged_in.connect(events.remember_visit, dispatch_uid="remember_visit")
        register_job("accounts.clear_sessions", jobs.clear_sessions, every=timedelta(hours=6))
