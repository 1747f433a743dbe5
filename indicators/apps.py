from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Indicators and the yearly collection of their figures (art. 5 and 7)."""

    name = "indicators"
    verbose_name = "Indicateurs"
