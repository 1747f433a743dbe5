from datetime import timedelta

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Indicators, the yearly collection and the annual evaluation (art. 5 and 7)."""

    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self):
        # Registers what is agreed to about indicators, and what others' pages show of them.
        from ctg_portal.clock import register_job  # noqa: PLC0415
        from evaluation.report.jobs import sweep_reports  # noqa: PLC0415

        register_job("evaluation.sweep_reports", sweep_reports, every=timedelta(minutes=1))
