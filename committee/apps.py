from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """The steering committee (art. 4): who speaks for whom, and what each party agreed to."""

    name = "committee"
    verbose_name = "Comité de pilotage"

    def ready(self):
        # Registers what is agreed to, and what the signature has agreed.
        from committee import commitments_of_conventions, demo, receivers  # noqa: F401, PLC0415
