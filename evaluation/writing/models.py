"""What is written of each theme of a year."""

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords


class NarrativeQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(theme__axis__convention=convention)

    def of_theme(self, theme, year: int):
        return self.filter(theme=theme, year=year)


class Narrative(models.Model):
    """What a year has changed in a theme, in the coordinator's words. ``text`` is Markdown."""

    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="narratives", verbose_name="thématique"
    )
    year = models.PositiveSmallIntegerField("année")
    text = models.TextField("texte", blank=True)
    revision = models.PositiveIntegerField("révision", default=1)
    updated_at = models.DateTimeField("écrit le", default=timezone.now)
    updated_by_name = models.CharField("par", max_length=300, blank=True)

    objects = NarrativeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte d’une thématique"
        verbose_name_plural = "textes des thématiques"
        ordering = ["theme_id", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "year"],
                name="narrative_unique",
                violation_error_message="Cette thématique a déjà un texte pour cette année.",
            )
        ]

    def __str__(self):
        return f"{self.theme} ({self.year})"
