from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Indicators, the yearly collection and the annual evaluation (art. 5 and 7)."""

    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self):
        # Registers what is agreed to about indicators.
        from evaluation import commitments  # noqa: F401, PLC0415
