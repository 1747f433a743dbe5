"""A dossier: points that the coordinator sends together, answered in one act."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q


class DossierQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def open(self):
        """Not yet answered by everybody. Twin: ``Dossier.is_open``."""
        return self.filter(completed_at__isnull=True)

    def completed_since(self, moment):
        return self.filter(completed_at__gte=moment)


class Dossier(models.Model):
    """A frozen list of versions, sent to the committee. ``completed_at``: all have answered."""

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="dossiers", verbose_name="convention"
    )
    title = models.CharField("titre", max_length=200)
    message = models.TextField("message", blank=True)
    answer_by = models.DateField("réponse attendue le", null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_by_name = models.CharField("envoyé par", max_length=300)
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True)
    completed_at = models.DateTimeField("complet le", null=True, blank=True)
    versions = models.ManyToManyField(
        "committee.Version", through="DossierPoint", related_name="dossiers"
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="dossier_titled",
                condition=~Q(title=""),
                violation_error_message="Un dossier a un titre.",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        return self.completed_at is None

    def last_answer(self):
        """The entry with which a complete dossier became so; None when nobody has spoken."""
        said = apps.get_model("committee.Agreement").objects.by_parties()
        held = said.filter(version__dossiers=self, created_at__lte=self.completed_at)
        return held.order_by("-created_at", "-pk").first()


class DossierPoint(models.Model):
    """A version in a dossier, at its place."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="points")
    version = models.ForeignKey("committee.Version", models.PROTECT, related_name="dossier_points")
    rank = models.PositiveIntegerField("rang")

    class Meta:
        verbose_name = "point du dossier"
        verbose_name_plural = "points du dossier"
        ordering = ["dossier", F("rank").asc()]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "version"],
                name="dossier_point_unique",
                violation_error_message="Ce point est déjà dans le dossier.",
            )
        ]

    def __str__(self):
        return str(self.version)
