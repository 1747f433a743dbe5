"""What is masked of an indicator's year by commune, and what was found when that was attacked."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from indicators.disclosure.reasons import Reason


class AuditQuerySet(models.QuerySet):
    def waiting(self):
        """Those that no worker has begun."""
        return self.filter(started_at__isnull=True)

    def unfinished(self):
        return self.filter(ended_at__isnull=True)

    def done(self):
        """Those by which figures are shown. Twin: ``Audit.is_done``."""
        return self.exclude(digest="")

    def of(self, campaign):
        return self.filter(campaign_indicator__campaign=campaign)

    def asked_before(self, moment):
        return self.filter(asked_at__lt=moment)


class Audit(models.Model):
    """What was decided of the figures of one indicator and year, and attacked, at one moment.

    ``digest``: of the figures, the perimeter and the rule it is for. Of others it says nothing, and
    all is masked until there is one for them; without a digest it is not made yet, or failed.
    ``stamp``: of the rows that they stood in, which are found without being read (``stamps.py``).
    ``given``, by place: the terms as they were then. What was shown then stays known, so earlier
    ones are kept. ``rounded``: how they were told by a rule that rounds, to ``base``. ``bounds``:
    between what each masked count may be for who has read everything.
    """

    campaign_indicator = models.ForeignKey(
        "indicators.CampaignIndicator", models.CASCADE, related_name="audits",
        verbose_name="indicateur",
    )  # fmt: skip
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    digest = models.CharField("empreinte", max_length=64, blank=True)
    stamp = models.CharField("empreinte des lignes", max_length=64, blank=True, default="")
    is_optimal = models.BooleanField("le moins possible est masqué", default=False)
    cpu = models.FloatField("secondes de calcul", default=0)
    loss = models.FloatField("perte", default=0)
    least_loss = models.FloatField("perte la plus petite possible", default=0)
    exposed = models.JSONField("déjà publiés", default=list)
    bounds = models.JSONField("bornes", default=dict)
    given = models.JSONField("chiffres", default=dict)
    sectors = models.JSONField("secteurs", default=dict)
    rounded = models.JSONField("arrondis", default=dict)
    base = models.PositiveSmallIntegerField("base d’arrondi", null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "examen du secret"
        verbose_name_plural = "examens du secret"
        ordering = ["campaign_indicator_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_indicator"],
                condition=Q(started_at__isnull=True),
                name="audit_waiting_unique",
                violation_error_message="Le secret de cet indicateur est déjà à calculer.",
            ),
            models.CheckConstraint(
                name="audit_ends_once_started",
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False),
                violation_error_message="Un examen commence avant de finir.",
            ),
            models.CheckConstraint(
                name="audit_done_has_ended",
                condition=Q(digest="") | Q(ended_at__isnull=False),
                violation_error_message="Un examen dit de quels chiffres il est quand il est fini.",
            ),
        ]

    def __str__(self):
        return f"{self.campaign_indicator} : {self.state_label}"

    @property
    def is_done(self) -> bool:
        """Whether figures are shown by it. Twin: ``done``."""
        return bool(self.digest)

    @property
    def state_label(self) -> str:
        if self.is_done:
            return "calculé"
        if self.ended_at:
            return "en échec"
        return "en calcul" if self.started_at else "à calculer"


class Mask(models.Model):
    """A figure that is masked: of a commune, of a sector, or without either of the territory."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="masks", verbose_name="examen")
    commune = models.ForeignKey(
        "conventions.Commune", models.CASCADE, related_name="+", null=True, blank=True,
        verbose_name="commune",
    )  # fmt: skip
    sector = models.ForeignKey(
        "conventions.Sector", models.CASCADE, related_name="+", null=True, blank=True,
        verbose_name="secteur",
    )  # fmt: skip
    reason = models.CharField("motif", max_length=20, choices=Reason.choices)

    class Meta:
        verbose_name = "chiffre masqué"
        verbose_name_plural = "chiffres masqués"
        ordering = ["audit_id", "pk"]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["audit", *fields],
                    condition=condition,
                    name=f"mask_{name}_unique",
                    violation_error_message="Ce chiffre est déjà masqué.",
                )
                for name, fields, condition in [
                    ("commune", ["commune"], Q(commune__isnull=False)),
                    ("sector", ["sector"], Q(sector__isnull=False)),
                    ("territory", [], Q(commune__isnull=True, sector__isnull=True)),
                ]
            ),
            models.CheckConstraint(
                name="mask_of_one_place",
                condition=Q(commune__isnull=True) | Q(sector__isnull=True),
                violation_error_message="Un chiffre est d’une commune ou d’un secteur.",
            ),
            models.CheckConstraint(
                name="mask_reason_known",
                condition=Q(reason__in=Reason.values),
                violation_error_message="Ce motif est inconnu.",
            ),
        ]

    def __str__(self):
        return f"{self.audit.campaign_indicator} : {self.commune or self.sector or 'territoire'}"
