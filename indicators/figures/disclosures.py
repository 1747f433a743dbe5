"""Store what everybody reads of protected figures, as it was disclosed: pages decide nothing."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


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
    populated first, each with its sector or null. ``exposed``: the places that are shown and would
    be masked, as they were read before the rule that holds now; none once its provider has taken
    note of them.

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
        """The places of the communes when it was disclosed, the least populated first."""
        return [place for place, _ in self.perimeter]
