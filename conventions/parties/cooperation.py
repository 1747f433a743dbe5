"""The posts of cooperation (annexe 1): their employers, full-time equivalents and domains."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

# Far beyond the ranks that a convention file gives: a row that stays although its file has it no
# more stands behind all that could come.
KEPT_RANK = 10_000


class CooperationPostQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def in_text(self):
        """Keep the posts that the convention plans. Twin: ``CooperationPost.is_in_text``."""
        return self.filter(rank__lt=KEPT_RANK)

    def with_parts(self):
        """Join what the pages of a post show, in three queries whatever their number."""
        return self.select_related("convention", "employer").prefetch_related("shares")


class CooperationPost(models.Model):
    """A post of chargé(e) de coopération, in full-time equivalents and euros per year and ETP.

    ``title`` and ``employer``: where the convention gives them; where it has several posts, one or
    the other differs. One that the text has no more, and that others refer to, stays.
    """

    convention = models.ForeignKey(
        "conventions.Convention",
        models.CASCADE,
        related_name="cooperation_posts",
        verbose_name="convention",
    )
    rank = models.PositiveSmallIntegerField("rang", default=1)
    title = models.CharField("intitulé", max_length=300, blank=True)
    employer = models.ForeignKey(
        "conventions.Organisation",
        models.PROTECT,
        related_name="cooperation_posts",
        null=True,
        blank=True,
        verbose_name="employeur",
    )
    fte = models.DecimalField("ETP", max_digits=5, decimal_places=2)
    cost_per_fte = models.DecimalField(
        "coût indicatif par ETP", max_digits=12, decimal_places=2, null=True, blank=True
    )

    objects = CooperationPostQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "poste de coopération"
        verbose_name_plural = "postes de coopération"
        ordering = ["convention_id", "rank", "pk"]
        constraints = [
            models.CheckConstraint(
                name="cooperation_post_amounts_positive",
                condition=Q(fte__gt=0) & (Q(cost_per_fte__isnull=True) | Q(cost_per_fte__gte=0)),
                violation_error_message="Les ETP et le coût sont positifs.",
            )
        ]

    def __str__(self):
        """Return title and employer: « Chargée de coopération petite enfance (CCVE) »."""
        employer = f" ({self.employer.acronym})" if self.employer else ""
        return f"{self.title or 'Poste de coopération'}{employer}"

    @property
    def anchor(self) -> str:
        return f"poste-{self.pk}"

    @property
    def is_in_text(self) -> bool:
        return self.rank < KEPT_RANK

    @property
    def cost(self) -> Decimal | None:
        """Indicative yearly cost of the whole post, in euros; None when the file gives none."""
        return None if self.cost_per_fte is None else self.fte * self.cost_per_fte


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
        """Indicative yearly cost of this part, in euros; None where the file gives none."""
        per_fte = self.post.cost_per_fte
        return None if per_fte is None else self.fte * per_fte
