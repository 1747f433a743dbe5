"""Store what everybody reads of protected figures, as it was disclosed: pages decide nothing."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class DisclosureQuerySet(models.QuerySet):
    def done(self):
        """Return the disclosures that everybody reads. Twin: ``Disclosure.is_done``."""
        return self.filter(disclosed_at__isnull=False)

    def of(self, campaign):
        return self.filter(campaign_indicator__campaign=campaign)


class Disclosure(models.Model):
    """What everybody reads of the protected figures of one indicator and year.

    Places are ``"c12"`` for a commune, ``"s3"`` for a sector, ``""`` for the territory; terms are
    the count, or the numerator and denominator of a ratio, as texts. ``given``: the terms that were
    given when they were last looked at; ``shown``: those of the communes that are shown;
    ``counted``: those that totals count for a masked commune, frozen when it was masked;
    ``totals``: what sectors and the territory come to; ``reasons``: why places are masked
    (``Reason``). ``reason``: why who coordinates did not wait for all of it. ``threshold``,
    ``base``: the rule under which it was disclosed; ``perimeter``: the communes of then, the least
    populated first, each with its sector or null. ``exposed``:
    the places that are shown and would be masked, as they were read before the rule that holds now;
    none once its provider has taken note of them.

    Until ``disclosed_at`` it is what was drawn for a preview, which nobody else reads.
    """

    campaign_indicator = models.OneToOneField(
        "indicators.CampaignIndicator", models.CASCADE, related_name="disclosure",
        verbose_name="indicateur",
    )  # fmt: skip
    disclosed_at = models.DateTimeField("diffusé le", null=True, blank=True)
    disclosed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="diffusé par",
    )  # fmt: skip
    disclosed_by_name = models.CharField("nom", max_length=300, blank=True)
    reason = models.TextField("motif", blank=True)
    threshold = models.PositiveSmallIntegerField("seuil", null=True, blank=True)
    base = models.PositiveSmallIntegerField("base d’arrondi", null=True, blank=True)
    perimeter = models.JSONField("communes", default=list, blank=True)
    given = models.JSONField("chiffres donnés", default=dict, blank=True)
    shown = models.JSONField("chiffres montrés", default=dict, blank=True)
    counted = models.JSONField("chiffres masqués", default=dict, blank=True)
    totals = models.JSONField("totaux", default=dict, blank=True)
    reasons = models.JSONField("motifs", default=dict, blank=True)
    exposed = models.JSONField("petits chiffres déjà lus", default=list, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = "diffusion"
        verbose_name_plural = "diffusions"
        ordering = ["campaign_indicator_id"]
        constraints = [
            models.CheckConstraint(
                name="disclosure_masks_or_rounds",
                condition=Q(threshold__isnull=True) | Q(base__isnull=True),
                violation_error_message="Un chiffre est masqué ou arrondi.",
            ),
        ]

    def __str__(self):
        return str(self.campaign_indicator)

    @property
    def is_done(self) -> bool:
        """Whether everybody reads it. Twin: ``done``."""
        return self.disclosed_at is not None

    def was_read_before(self, moment: datetime.datetime) -> bool:
        return self.disclosed_at is not None and self.disclosed_at < moment

    @property
    def perimeter_places(self) -> list[str]:
        """The communes of then, the least populated first."""
        return [place for place, _ in self.perimeter]


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
