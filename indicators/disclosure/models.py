"""What is masked of an indicator's year by commune, and what was found when that was attacked."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from indicators.disclosure.reasons import Reason


class AuditState(models.TextChoices):
    """How far the choice of what is masked is; only what is ``done`` is shown by."""

    WAITING = "waiting", "à calculer"
    RUNNING = "running", "en calcul"
    DONE = "done", "calculé"
    FAILED = "failed", "en échec"


class AuditQuerySet(models.QuerySet):
    def done(self):
        return self.filter(state=AuditState.DONE)

    def unfinished(self):
        return self.filter(state__in=[AuditState.WAITING, AuditState.RUNNING])

    def begun_before(self, moment):
        return self.filter(asked_at__lt=moment)


class Audit(models.Model):
    """What was decided of the figures of one indicator and year, and attacked, at one moment.

    ``digest``: of the figures, the perimeter and the rule it is for; of others it says nothing, and
    all is masked until one is made for them. ``given``, by place: the terms as they were then. What
    was shown then stays known, so earlier ones are kept. ``rounded``: how they were told by a rule
    that rounds. ``bounds``: between what each masked count may be for who has read everything.
    """

    campaign_indicator = models.ForeignKey(
        "indicators.CampaignIndicator", models.CASCADE, related_name="audits",
        verbose_name="indicateur",
    )  # fmt: skip
    state = models.CharField(
        "état", max_length=20, choices=AuditState.choices, default=AuditState.WAITING
    )
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    digest = models.CharField("empreinte", max_length=64, blank=True)
    is_optimal = models.BooleanField("le moins possible est masqué", default=False)
    cpu = models.FloatField("secondes de calcul", default=0)
    loss = models.FloatField("perte", default=0)
    least_loss = models.FloatField("perte la plus petite possible", default=0)
    exposed = models.JSONField("déjà publiés", default=list)
    bounds = models.JSONField("bornes", default=dict)
    given = models.JSONField("chiffres", default=dict)
    sectors = models.JSONField("secteurs", default=dict)
    rounded = models.JSONField("arrondis", default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "examen du secret"
        verbose_name_plural = "examens du secret"
        ordering = ["campaign_indicator_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_indicator"],
                condition=Q(state="waiting"),
                name="audit_waiting_unique",
                violation_error_message="Le secret de cet indicateur est déjà à calculer.",
            ),
            models.CheckConstraint(
                name="audit_state_known",
                condition=Q(state__in=AuditState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="audit_done_of_something",
                condition=~Q(state="done") | ~Q(digest="") & Q(ended_at__isnull=False),
                violation_error_message="Un examen terminé dit de quels chiffres, et quand.",
            ),
        ]

    def __str__(self):
        return f"{self.campaign_indicator} : {self.get_state_display()}"


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
            models.UniqueConstraint(
                fields=["audit", "commune", "sector"],
                nulls_distinct=False,
                name="mask_place_unique",
                violation_error_message="Ce chiffre est déjà masqué.",
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
