"""Texts of the final evaluation by criterion: a mark on a scale, and a text."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evaluation.writing.models import Written


class CriterionTextQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def for_criterion(self, code: str):
        return self.filter(criterion=code)

    def written(self):
        """Keep rows that have a text or a mark."""
        return self.exclude(text="", mark="")


class CriterionText(Written):
    """What the whole term comes to by a criterion, « pertinence »: ``criterion`` is its code
    (``evaluation.final.criteria``). ``mark``: the step of the scale, in its words, so that it says
    the same for ever; empty while nobody has chosen."""

    convention = models.ForeignKey(
        "conventions.Convention",
        models.PROTECT,
        related_name="criterion_texts",
        verbose_name="convention",
    )
    criterion = models.SlugField("critère", max_length=60, db_index=False)
    mark = models.CharField("appréciation", max_length=100, blank=True)

    year = None  # it is of the term

    objects = CriterionTextQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte d’un critère d’évaluation"
        verbose_name_plural = "textes des critères d’évaluation"
        ordering = ["convention_id", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "criterion"],
                name="criterion_text_unique",
                violation_error_message="Ce critère a déjà un texte.",
            ),
            models.CheckConstraint(
                condition=~Q(criterion=""),
                name="criterion_text_is_of_one",
                violation_error_message="Ce texte est celui d’un critère.",
            ),
        ]

    def __str__(self):
        return self.criterion
