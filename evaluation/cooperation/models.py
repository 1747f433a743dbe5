"""What a year was for a post of cooperation (annexe 1): how much of it was filled, what was done,
what it brought, what it cost and who paid; and what the whole term comes to."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evaluation.period import Period, once_a_period, year_field
from evaluation.texts.models import Written


class PostYearQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(post__convention=convention)

    def for_year(self, year: int | None):
        return self.filter(year=year)

    def with_lines(self):
        return self.prefetch_related("shares", "fundings")


class PostYear(Written):
    """A year of a post, as the coordinator records it. What is not recorded is empty, never zero.

    ``activities``: keys of those of the reference framework that were done (``framework``);
    ``text``: how. All the texts are Markdown. Of the term, there are texts alone: the years have
    said the rest.
    """

    post = models.ForeignKey(
        "conventions.CooperationPost",
        models.PROTECT,
        related_name="years",
        verbose_name="poste de coopération",
    )
    year = year_field()
    activities = models.JSONField("activités du référentiel", default=list, blank=True)
    services = models.TextField("nouveaux services", blank=True)
    partnerships = models.TextField("partenariats", blank=True)
    transfers = models.TextField("transferts de compétence", blank=True)
    cost = models.DecimalField("coût", max_digits=12, decimal_places=2, null=True, blank=True)

    objects = PostYearQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "suivi d’un poste de coopération"
        verbose_name_plural = "suivis des postes de coopération"
        ordering = ["post_id", "year"]
        constraints = [
            *once_a_period(["post"], "post_year_unique", "Ce poste a déjà un suivi pour {}."),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0),
                name="post_year_cost_positive",
                violation_error_message="Un coût est positif.",
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=False) | Q(cost__isnull=True),
                name="post_year_cost_of_a_year",
                violation_error_message="Un coût est celui d’une année.",
            ),
        ]

    def __str__(self):
        return f"{self.post} ({Period(self.year)})"


class PostYearShare(models.Model):
    """How much of the post was filled in a domain, in full-time equivalents: zero where nobody
    held it. ``domain``: as the convention called it when it was recorded, or another."""

    told = models.ForeignKey(
        PostYear, models.CASCADE, related_name="shares", verbose_name="suivi du poste"
    )
    rank = models.PositiveSmallIntegerField("rang")
    domain = models.CharField("domaine", max_length=300)
    fte = models.DecimalField("ETP pourvus", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "part pourvue d’un poste"
        verbose_name_plural = "parts pourvues d’un poste"
        ordering = ["told_id", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["told", "domain"],
                name="post_year_share_once",
                violation_error_message="Les ETP de ce domaine sont déjà dits.",
            ),
            models.CheckConstraint(
                condition=Q(fte__gte=0) & ~Q(domain=""),
                name="post_year_share_positive",
                violation_error_message="Une part pourvue a un domaine, et des ETP positifs.",
            ),
        ]

    def __str__(self):
        return self.domain


class PostYearFunding(models.Model):
    """What a funder paid for the post that year, in euros; nothing while nobody has recorded it."""

    told = models.ForeignKey(
        PostYear, models.CASCADE, related_name="fundings", verbose_name="suivi du poste"
    )
    rank = models.PositiveSmallIntegerField("rang")
    funder = models.CharField("financeur", max_length=300)
    amount = models.DecimalField("montant", max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "financement d’un poste"
        verbose_name_plural = "financements d’un poste"
        ordering = ["told_id", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["told", "funder"],
                name="post_year_funding_once",
                violation_error_message="Ce financeur est déjà dit.",
            ),
            models.CheckConstraint(
                condition=(Q(amount__isnull=True) | Q(amount__gte=0)) & ~Q(funder=""),
                name="post_year_funding_positive",
                violation_error_message="Un financement a un financeur, et un montant positif.",
            ),
        ]

    def __str__(self):
        return self.funder
