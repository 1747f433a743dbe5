"""What is written of a year: of each theme, and of the whole."""

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords


class Written(models.Model):
    """A text of the evaluation, in the coordinator's words. ``text`` is Markdown; ``revision``
    counts its versions, for two who write at once."""

    text = models.TextField("texte", blank=True)
    revision = models.PositiveIntegerField("révision", default=1)
    updated_at = models.DateTimeField("écrit le", default=timezone.now)
    updated_by_name = models.CharField("par", max_length=300, blank=True)

    class Meta:
        abstract = True


class NarrativeQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(theme__axis__convention=convention)

    def of_theme(self, theme, year: int):
        return self.filter(theme=theme, year=year)


class Narrative(Written):
    """What a year has changed in a theme."""

    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="narratives", verbose_name="thématique"
    )
    year = models.PositiveSmallIntegerField("année")

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


class Part(models.TextChoices):
    """The parts of an evaluation that are about the whole year; values are those of addresses."""

    FOREWORD = "mot-des-copresidents", "Mot des coprésidents"
    INTRODUCTION = "introduction", "Introduction"
    CONCLUSION = "conclusion", "Conclusion et perspectives"


OPENING = (Part.FOREWORD, Part.INTRODUCTION)
# An evaluation may do without words of the co-chairs.
AWAITED = (Part.INTRODUCTION, Part.CONCLUSION)


class YearTextQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def of_year(self, year: int):
        return self.filter(year=year)

    def of_part(self, part: Part):
        return self.filter(part=part)

    def written(self):
        return self.exclude(text="")


class YearText(Written):
    """A part of a year's evaluation that is about no theme."""

    convention = models.ForeignKey(
        "conventions.Convention",
        models.PROTECT,
        related_name="year_texts",
        verbose_name="convention",
    )
    year = models.PositiveSmallIntegerField("année")
    part = models.CharField("partie", max_length=30, choices=Part.choices)

    objects = YearTextQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte d’une année"
        verbose_name_plural = "textes des années"
        ordering = ["convention_id", "year", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "year", "part"],
                name="year_text_unique",
                violation_error_message="Cette partie a déjà un texte pour cette année.",
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=Part.values),
                name="year_text_part_known",
                violation_error_message="Cette partie n’existe pas.",
            ),
        ]

    def __str__(self):
        return f"{self.get_part_display()} ({self.year})"
