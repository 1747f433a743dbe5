from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    """The convention as signed, its parties, its territory, and who has access to it."""

    name = "conventions"
    verbose_name = "Conventions"
