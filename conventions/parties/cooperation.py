"""The coordinator's post (annexe 1)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords


class CooperationPost(models.Model):
    """The post of chargé(e) de coopération, in full-time equivalents and euros per year and ETP."""

    convention = models.OneToOneField(
        "conventions.Convention",
        models.CASCADE,
        related_name="cooperation_post",
        verbose_name="convention",
    )
    fte = models.DecimalField("ETP", max_digits=5, decimal_places=2)
    cost_per_fte = models.DecimalField(
        "coût indicatif par ETP", max_digits=12, decimal_places=2, null=True, blank=True
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "poste de coopération"
        verbose_name_plural = "postes de coopération"
        constraints = [
            models.CheckConstraint(
                name="cooperation_post_amounts_positive",
                condition=Q(fte__gt=0) & (Q(cost_per_fte__isnull=True) | Q(cost_per_fte__gte=0)),
                violation_error_message="Les ETP et le coût sont positifs.",
            )
        ]

    def __str__(self):
        return f"Poste de coopération – {self.convention.territory}"


class CooperationShare(models.Model):
    """The part of the post that a domain takes, in full-time equivalents."""

    post = models.ForeignKey(
        CooperationPost, models.CASCADE, related_name="shares", verbose_name="poste"
    )
    rank = models.PositiveSmallIntegerField("rang")
    domain = models.CharField("domaine", max_length=300)
    fte = models.DecimalField("ETP", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "répartition du poste"
        verbose_name_plural = "répartitions du poste"
        ordering = ["post_id", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["post", "rank"], name="cooperation_share_rank_unique"),
            models.CheckConstraint(
                name="cooperation_share_positive",
                condition=Q(fte__gt=0),
                violation_error_message="Une part du poste est positive.",
            ),
        ]

    def __str__(self):
        return self.domain

    @property
    def cost(self) -> Decimal | None:
        """Indicative yearly cost of this part, in euros; None when the file gives none."""
        per_fte = self.post.cost_per_fte
        return None if per_fte is None else self.fte * per_fte
