from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who you are: users, how they log in, invitations. Nothing about conventions."""

    name = "accounts"
    verbose_name = "Comptes"

    def ready(self):
        """Connect what follows a log-in (the visit, the browser, the length of the session, the
        log) and a change of what opens an account."""
        from allauth.account import signals  # noqa: PLC0415
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

        from accounts.browsers import note_login  # noqa: PLC0415
        from accounts.events import remember_visit  # noqa: PLC0415
        from accounts.log import follow_signals  # noqa: PLC0415
        from accounts.staying import begin_long_session, end_long_session  # noqa: PLC0415

        user_logged_in.connect(remember_visit, dispatch_uid="remember_visit")
        user_logged_in.connect(note_login, dispatch_uid="note_login")
        user_logged_in.connect(begin_long_session, dispatch_uid="stay")
        for signal in (signals.password_changed, signals.password_reset, signals.password_set):
            signal.connect(end_long_session, dispatch_uid="end_long_session")
        follow_signals()
