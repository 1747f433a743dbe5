"""The documents made of a year: asked for, composed, kept."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ctg_portal.transitions import NEW, Step, Transition, Verb


class ReportState(models.TextChoices):
    QUEUED = "queued", "en attente"
    COMPOSING = "composing", "en cours"
    READY = "ready", "prêt"
    FAILED = "failed", "en échec"


class ReportVerb(Verb):
    """What becomes of a report: asked for by a person, the rest by the portal."""

    REQUESTED = (
        "requested",
        Step([NEW], ReportState.QUEUED, "coordination"),
        "demandé",
    )
    TAKEN = (
        "taken",
        Step([ReportState.QUEUED, ReportState.COMPOSING], ReportState.COMPOSING, "portail"),
        "pris en charge",
    )
    KEPT = (
        "kept",
        Step([ReportState.COMPOSING], ReportState.READY, "portail"),
        "enregistré",
    )
    PUT_BACK = (
        "put_back",
        Step([ReportState.QUEUED, ReportState.COMPOSING], ReportState.QUEUED, "portail"),
        "remis en attente",
    )
    GIVEN_UP = (
        "given_up",
        Step([ReportState.QUEUED, ReportState.COMPOSING], ReportState.FAILED, "portail"),
        "abandonné",
    )


class Stage(models.TextChoices):
    """How far the composition is, in the order of the work."""

    READING = "reading", "lecture des données"
    WRITING = "writing", "mise en page"
    DRAWING = "drawing", "composition du PDF"
    KEEPING = "keeping", "enregistrement"


def report_name(report: "Report", name: str) -> str:
    """Where a report lies: a folder a year, a name that nobody guesses."""
    return f"reports/{timezone.localdate().year}/{secrets.token_hex(20)}.pdf"


class ReportQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def of_year(self, year: int):
        return self.filter(year=year)

    def ready(self):
        return self.filter(state=ReportState.READY)

    def free(self, now):
        """Those that may be taken to be composed: nobody has begun, or the lease is over."""
        waiting = Q(state=ReportState.QUEUED)
        return self.filter(waiting | Q(state=ReportState.COMPOSING, lease_until__lte=now))

    def unfinished(self):
        """Those that are waited for. Twin: ``Report.is_unfinished``."""
        return self.filter(state__in=[ReportState.QUEUED, ReportState.COMPOSING])

    def abandoned(self, now):
        """Being composed by nobody any more: the lease is over, or nobody took it in time."""
        return self.unfinished().filter(lease_until__lte=now)


class Report(models.Model):
    """One document of a year's evaluation, asked for and composed aside.

    ``digest`` is the SHA-256 of all that the document is made from: the same is not composed
    twice. ``lease_until``: until when whoever composes it, or is to begin, may be waited for.
    """

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="reports", verbose_name="convention"
    )
    year = models.PositiveSmallIntegerField("année")
    state = models.CharField(
        "état", max_length=20, choices=ReportState.choices, default=ReportState.QUEUED
    )
    stage = models.CharField("étape", max_length=20, choices=Stage.choices, blank=True)
    digest = models.CharField("empreinte du contenu", max_length=64, blank=True)
    lease_until = models.DateTimeField("attendu jusqu’au", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="demandé par",
    )  # fmt: skip
    requested_by_name = models.CharField("nom de qui l’a demandé", max_length=300, blank=True)
    requested_at = models.DateTimeField("demandé le", default=timezone.now)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    file = models.FileField("fichier", upload_to=report_name, max_length=120, blank=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField("taille en octets", null=True, blank=True)
    pages = models.PositiveIntegerField("pages", null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "rapport d’évaluation"
        verbose_name_plural = "rapports d’évaluation"
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["convention", "year"], name="report_by_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "year"],
                condition=Q(state__in=["queued", "composing"]),
                name="report_one_unfinished",
                violation_error_message="Le rapport de cette année est déjà en préparation.",
            ),
            models.CheckConstraint(
                name="report_state_known",
                condition=Q(state__in=ReportState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="report_ready_has_file",
                condition=~Q(state="ready") | ~Q(file="") & ~Q(sha256="") & Q(size__gte=1),
                violation_error_message="Un rapport prêt a un fichier et son empreinte.",
            ),
            models.CheckConstraint(
                name="report_unfinished_has_lease",
                condition=~Q(state__in=["queued", "composing"]) | Q(lease_until__isnull=False),
                violation_error_message="Un rapport en préparation est attendu jusqu’à un moment.",
            ),
        ]

    def __str__(self):
        return f"Évaluation {self.year}"

    @property
    def is_ready(self) -> bool:
        return self.state == ReportState.READY

    @property
    def is_failed(self) -> bool:
        return self.state == ReportState.FAILED

    @property
    def is_unfinished(self) -> bool:
        return self.state in (ReportState.QUEUED, ReportState.COMPOSING)


class ReportTransition(Transition):
    """What happened to a report."""

    verbs = ReportVerb

    report = models.ForeignKey(
        Report, models.CASCADE, related_name="transitions", verbose_name="rapport d’évaluation"
    )
    verb = ReportVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur un rapport"
        verbose_name_plural = "actes sur les rapports"
        constraints = ReportVerb.constraints("report_transition")
