from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    """The convention as signed, its parties, its territory, and who has access to it."""

    name = "conventions"
    verbose_name = "Conventions"

    def ready(self):
        # Registers this chapter's own cards, tasks and demonstration.
        from conventions.dashboard import tasks as providers  # noqa: F401, PLC0415
