from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """The steering committee (art. 4): who speaks for whom, and what each party agreed to."""

    name = "committee"
    verbose_name = "Comité de pilotage"

    def ready(self):
        # Registers what is agreed to, what the signature has agreed, and what others' pages show.
        from committee import (  # noqa: PLC0415
            commitments_of_conventions,  # noqa: F401
            demo,  # noqa: F401
            links,  # noqa: F401
            providers,  # noqa: F401
            receivers,  # noqa: F401
        )
        from committee.mail import CommitteeLetter  # noqa: PLC0415
        from notifications.registry import register_letter  # noqa: PLC0415

        register_letter(CommitteeLetter)
