from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """The annual evaluation: what a year comes to, its texts, its report (art. 7)."""

    name = "evaluation"
    verbose_name = "Évaluation"
