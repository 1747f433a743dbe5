from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """The workspace of the steering committee (art. 4)."""

    name = "committee"
    verbose_name = "Comité de pilotage"
