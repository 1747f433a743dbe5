from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """The action plan (art. 4): what the parties undertake, and how far it is."""

    name = "actions"
    verbose_name = "Plan d’actions"
