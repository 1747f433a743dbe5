from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """The action plan (art. 4): what the parties undertake, and how far it is."""

    name = "actions"
    verbose_name = "Plan d’actions"

    def ready(self):
        # Registers what is agreed to about actions, and what others' pages show of them.
        pass
