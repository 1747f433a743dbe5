"""Agreements of the parties on what a passage of the signed text is: an objective, or a text."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from conventions.models import StandingQuerySet, StandingRow


class Nature(models.TextChoices):
    """What a passage is, in the place where objectives stand."""

    TEXT = "text", "du texte, qui ne s’apprécie ni ne se compte"
    OBJECTIVE = "objective", "ce qui s’apprécie et se compte"


class ReclassificationQuerySet(StandingQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)


class Reclassification(StandingRow):
    """A correction of what signed passages are; their words stay as they were signed.

    What the parties agree to last about a passage holds; each correction is a row of its own.
    """

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="reclassifications",
        verbose_name="convention",
    )  # fmt: skip
    objectives = models.ManyToManyField(
        "conventions.Objective", related_name="reclassifications", blank=True,
        verbose_name="passages",
    )  # fmt: skip
    becomes = models.CharField("nature", max_length=20, choices=Nature.choices, default=Nature.TEXT)

    objects = ReclassificationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(StandingRow.Meta):
        abstract = False
        verbose_name = "requalification"
        ordering = ["convention_id", "pk"]
        constraints = [
            *StandingRow.Meta.constraints,
            models.CheckConstraint(
                name="reclassification_nature_known",
                condition=Q(becomes__in=Nature.values),
                violation_error_message="Un passage est un objectif ou un texte.",
            ),
        ]

    def __str__(self):
        return f"requalification {self.pk}"

    def get_absolute_url(self):
        """Return the address of the first passage on the page of the axes."""
        first = self.objectives.in_reading_order().first()
        if first is None:
            return reverse("conventions:axes", args=[self.convention.slug])
        return first.get_absolute_url()
