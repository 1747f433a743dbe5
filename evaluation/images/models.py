"""The images that texts of the evaluation show."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from ctg_portal.forms.revisions import Revised


class IllustrationQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def not_removed(self):
        return self.filter(removed_at__isnull=True)

    def latest_first(self):
        return self.order_by("-added_at", "-pk")

    def published(self):
        """Keep the images that a published evaluation shows, removed ones too."""
        return self.filter(snapshots__editions__state="published").distinct()


class Illustration(Revised):
    """An image that texts refer to by its key; its file never changes, what is said of it may.

    ``alternative`` describes it to those who do not see it; a decoration has none.
    Removed, it is shown no more but by what was frozen with it; the file stays, as all that was
    deposited.
    """

    convention = models.ForeignKey(
        "conventions.Convention",
        models.PROTECT,
        related_name="illustrations",
        verbose_name="convention",
    )
    stored = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", verbose_name="fichier"
    )
    is_decorative = models.BooleanField("image décorative", default=False)
    alternative = models.CharField("texte de remplacement", max_length=500, blank=True)
    caption = models.CharField("légende", max_length=300, blank=True)
    width = models.PositiveIntegerField("largeur en pixels")
    height = models.PositiveIntegerField("hauteur en pixels")
    added_at = models.DateTimeField("ajoutée le", default=timezone.now)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = IllustrationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "image des textes de l’évaluation"
        verbose_name_plural = "images des textes de l’évaluation"
        ordering = ["convention_id", "pk"]
        constraints = [
            models.CheckConstraint(
                name="illustration_is_told_or_decorative",
                condition=Q(is_decorative=True, alternative="")
                | Q(is_decorative=False) & ~Q(alternative=""),
                violation_error_message="Une image a un texte de remplacement, ou est décorative.",
            ),
            models.CheckConstraint(
                name="illustration_has_sides",
                condition=Q(width__gte=1, height__gte=1),
                violation_error_message="Une image a une largeur et une hauteur.",
            ),
        ]

    def __str__(self):
        return f"Image {self.pk}"

    @property
    def reference(self) -> str:
        """« image:12 », by which a text names it."""
        return f"image:{self.pk}"

    @property
    def markdown(self) -> str:
        """The Markdown that shows it in a text; its words help whoever writes the text."""
        words = self.alternative or self.caption or "image"
        plain = "".join(" " if letter in "[]\\`\n\r" else letter for letter in words)
        return f"![{' '.join(plain.split())}]({self.reference})"
