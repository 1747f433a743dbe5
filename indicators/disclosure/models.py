"""Store what is declared to count the same, and the lock under which tables are disclosed."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class LinkKind(models.TextChoices):
    SAME = "same", "compte la même chose que"
    PART = "part", "est compté dans"


class CountLink(models.Model):
    """What a référent of its provider declares of what an indicator counts: that it is the same as
    what another counts, or counted in it. Secrecy heeds it beside what definitions declare.

    ``term``, ``other_term``: 0 for the count itself or the numerator, 1 for the denominator. It is
    never taken back: what was masked for it stays masked.
    """

    kind = models.CharField("lien", max_length=10, choices=LinkKind.choices)
    indicator = models.ForeignKey(
        "indicators.Indicator", models.CASCADE, related_name="count_links",
        verbose_name="indicateur",
    )  # fmt: skip
    term = models.PositiveSmallIntegerField("terme", default=0)
    other = models.ForeignKey(
        "indicators.Indicator", models.CASCADE, related_name="+", verbose_name="autre indicateur"
    )
    other_term = models.PositiveSmallIntegerField("terme de l’autre", default=0)
    declared_at = models.DateTimeField("déclaré le", default=timezone.now)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="déclaré par",
    )  # fmt: skip
    declared_by_name = models.CharField("nom", max_length=300, blank=True)

    class Meta:
        verbose_name = "lien de secret"
        verbose_name_plural = "liens de secret"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "term", "other", "other_term"],
                name="count_link_once",
                violation_error_message="Ce lien est déjà déclaré.",
            ),
        ]

    def __str__(self):
        return f"{self.indicator} {self.get_kind_display()} {self.other}"


class DisclosureTurn(models.Model):
    """The lock of a year's disclosures: they are decided one after the other. Locked last."""

    campaign = models.OneToOneField(
        "indicators.Campaign", models.CASCADE, related_name="+", verbose_name="recueil annuel"
    )

    class Meta:
        verbose_name = "tour de diffusion"
        verbose_name_plural = "tours de diffusion"

    def __str__(self):
        return str(self.campaign)
