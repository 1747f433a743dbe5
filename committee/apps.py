from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """The steering committee (art. 4): who speaks for whom, and what each party agreed to."""

    name = "committee"
    verbose_name = "Comité de pilotage"

    def ready(self):
        # Registers what is agreed to, what the signature has agreed, and what others' pages show.
        from committee.mail.letters import CommitteeLetter  # noqa: PLC0415
        from notifications.registry import register_letter  # noqa: PLC0415

        register_letter(CommitteeLetter)
