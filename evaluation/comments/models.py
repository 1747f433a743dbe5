"""Comments on a text of the evaluation while it is being written."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from committee.comments.models import Remark
from evaluation.period import Period, year_field
from evaluation.texts.models import OfTextQuerySet, Part


class TextCommentQuerySet(OfTextQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def for_year(self, year: int | None):
        return self.filter(year=year)

    def standing(self):
        """Keep the comments that were not withdrawn. Twin: ``TextComment.is_withdrawn``."""
        return self.filter(withdrawn_at__isnull=True)

    def open(self):
        return self.standing().filter(resolved_at__isnull=True)


class TextComment(Remark):
    """A comment on the text of a theme, a part of the whole, or a criterion, for those who write
    and validate it: never in the document.

    ``resolved_at``: when who writes has made something of it. Withdrawn, it is shown no more.
    Nothing was decided by it: the names go with the accounts.
    """

    convention = models.ForeignKey(
        "conventions.Convention", models.PROTECT, related_name="+", verbose_name="convention"
    )
    year = year_field()
    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="thématique",
    )  # fmt: skip
    part = models.CharField("partie", max_length=30, choices=Part.choices, blank=True)
    criterion = models.SlugField("critère", max_length=60, blank=True, db_index=False)
    resolved_at = models.DateTimeField("traité le", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="compte de qui l’a traité",
    )  # fmt: skip
    resolved_by_name = models.CharField("traité par", max_length=300, blank=True)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = TextCommentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Remark.Meta):
        abstract = False
        verbose_name = "commentaire sur un texte de l’évaluation"
        verbose_name_plural = "commentaires sur les textes de l’évaluation"
        indexes = [models.Index(fields=["convention", "year"], name="text_comment_by_year")]
        constraints = [
            *Remark.Meta.constraints,
            models.CheckConstraint(
                name="text_comment_of_one_text",
                condition=Q(theme__isnull=False, part="", criterion="")
                | Q(theme__isnull=True, part__in=Part.values, criterion="")
                | Q(theme__isnull=True, part="", year__isnull=True) & ~Q(criterion=""),
                violation_error_message="Un commentaire est sur une thématique, sur une partie, ou "
                "sur un critère de l’évaluation finale.",
            ),
        ]

    @property
    def about(self) -> dict[str, Any]:
        """The arguments that identify its text for rights and events (``TextEditor.about``)."""
        about = {"convention": self.convention, "year": self.year}
        if self.theme_id:
            return about | {"theme": self.theme}
        if self.criterion:
            return about | {"criterion": self.criterion}
        return about | {"part": Part(self.part)}

    @property
    def place(self) -> tuple[str, int | str]:
        """The route of its text and the key in its address: (« narrative », 12)."""
        if self.theme_id:
            return "narrative", self.theme_id
        return ("criterion", self.criterion) if self.criterion else ("year_text", self.part)

    def get_absolute_url(self) -> str:
        """Return the address of the comments on its text."""
        route, key = self.place
        return reverse(f"evaluation:{route}_comments", args=[self.convention.slug, self.year, key])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def text_title(self) -> str:
        """« le bilan 2024 de « Petite enfance » », « le texte « Introduction » de 2024 »."""
        period = Period(self.year)
        if self.theme_id:
            return f"le {period.account} de « {self.theme} »"
        if self.criterion:
            return f"le texte d’un critère de {period.evaluation}"
        return f"le texte « {self.get_part_display()} » de {period.shortly}"
