from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Indicators, the yearly collection and the annual evaluation (art. 5 and 7)."""

    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self):
        # Registers what is agreed to about indicators, and what others' pages show of them.
        from evaluation import (  # noqa: PLC0415
            commitments,  # noqa: F401
            demo,  # noqa: F401
            providers_of_campaigns,  # noqa: F401
            providers_of_indicators,  # noqa: F401
            receivers,  # noqa: F401
        )
