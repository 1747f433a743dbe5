from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who you are: users, how they log in, invitations. Nothing about conventions."""

    name = "accounts"
    verbose_name = "Comptes"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

        from accounts.events import remember_visit  # noqa: PLC0415

        user_logged_in.connect(remember_visit, dispatch_uid="remember_visit")
