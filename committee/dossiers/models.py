"""A dossier: points that the coordinator sends together, answered in one act."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from agreements.models import Agreement
from ctg_portal.transitions import NEW, Step, Transition, Verb


class DossierState(models.TextChoices):
    OPEN = "open", "ouvert"
    COMPLETE = "complete", "complet"
    RECALLED = "recalled", "rappelé"


class DossierVerb(Verb):
    SENT = ("sent", Step([NEW], DossierState.OPEN, "coordination"), "envoyé")
    COMPLETED = (
        "completed",
        Step([DossierState.OPEN], DossierState.COMPLETE, "qui donne ou retire la dernière réponse"),
        "complet",
    )
    REOPENED = (
        "reopened",
        Step([DossierState.COMPLETE], DossierState.OPEN, "qui annule sa réponse"),
        "de nouveau ouvert",
    )
    REMINDED = ("reminded", Step([DossierState.OPEN], None, "coordination"), "relancé")
    RECALLED = (
        "recalled",
        Step([DossierState.OPEN], DossierState.RECALLED, "qui l’a envoyé, ou coordination"),
        "rappelé",
    )


class DossierQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def open(self):
        """Filter dossiers that some party has still to answer. Twin: ``Dossier.is_open``."""
        return self.filter(state=DossierState.OPEN)

    def recalled_since(self, moment):
        """Filter dossiers that were recalled at ``moment`` or later."""
        return self.filter(
            transitions__verb=DossierVerb.RECALLED, transitions__created_at__gte=moment
        )

    def completed_since(self, moment):
        return self.filter(completed_at__gte=moment)


class Dossier(models.Model):
    """A frozen list of versions, sent to the committee. ``completed_at``: since when every party
    has answered."""

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="dossiers", verbose_name="convention"
    )
    title = models.CharField("titre", max_length=200)
    message = models.TextField("message", blank=True)
    state = models.CharField(
        "état", max_length=20, choices=DossierState.choices, default=DossierState.OPEN
    )
    answer_by = models.DateField("réponse attendue le", null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_by_name = models.CharField("envoyé par", max_length=300)
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True)
    completed_at = models.DateTimeField("complet le", null=True, blank=True)
    versions = models.ManyToManyField(
        "agreements.Version", through="DossierPoint", related_name="dossiers"
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
            ),
            models.CheckConstraint(
                name="dossier_complete_has_moment",
                condition=Q(state__in=["open", "recalled"], completed_at__isnull=True)
                | Q(state="complete", completed_at__isnull=False),
                violation_error_message="Un dossier complet l’est depuis un moment.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def entries(self) -> models.QuerySet:
        """The entries that were given in answer to the dossier."""
        return Agreement.objects.filter(dossier_answer__dossier=self)

    @property
    def is_open(self) -> bool:
        return self.state == DossierState.OPEN

    @property
    def is_recalled(self) -> bool:
        """Whether its sender called it back: its points are discussed as before it."""
        return self.state == DossierState.RECALLED

    def is_answered(self) -> bool:
        """Return whether anybody answered a point, or gave an avis, since it was sent."""
        answers = Agreement.objects.standing()
        return answers.filter(version__dossiers=self, created_at__gte=self.sent_at).exists()

    def answered_last_by(self) -> int | None:
        """Return the primary key of who gave or confirmed the answer that completed the dossier.
        None when its last point was settled without an answer of a person."""
        answers = Agreement.objects.by_parties().binding().filter(version__dossiers=self)
        counts_at = Coalesce("confirmation__created_at", "created_at")
        answers = answers.annotate(counts_at=counts_at).filter(counts_at__lte=self.completed_at)
        last = answers.select_related("confirmation").order_by("-counts_at", "-pk").first()
        if last is None:
            return None
        return last.confirmation.by_id if last.is_recorded else last.entered_by_id


class DossierTransition(Transition):
    """A change of state of a dossier, or a reminder of it."""

    verbs = DossierVerb

    dossier = models.ForeignKey(
        Dossier, models.CASCADE, related_name="transitions", verbose_name="dossier"
    )
    verb = DossierVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur un dossier"
        verbose_name_plural = "actes sur les dossiers"
        constraints = DossierVerb.constraints("dossier_transition")


class DossierPoint(models.Model):
    """A version in a dossier, at its place."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="points")
    version = models.ForeignKey("agreements.Version", models.PROTECT, related_name="dossier_points")
    rank = models.PositiveIntegerField("rang")

    class Meta:
        verbose_name = "point du dossier"
        verbose_name_plural = "points du dossier"
        ordering = ["dossier_id", F("rank").asc()]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "version"],
                name="dossier_point_unique",
                violation_error_message="Ce point est déjà dans le dossier.",
            )
        ]

    def __str__(self):
        return str(self.version)


class DossierAnswer(models.Model):
    """An entry that was given in answer to a dossier."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="answers")
    agreement = models.OneToOneField(
        "agreements.Agreement", models.PROTECT, related_name="dossier_answer"
    )

    class Meta:
        verbose_name = "réponse au dossier"
        verbose_name_plural = "réponses au dossier"

    def __str__(self):
        return str(self.agreement)


def dossier_of(agreement) -> Dossier | None:
    """Return the dossier that an entry was part of the answer to, or None."""
    answer = getattr(agreement, "dossier_answer", None)
    return answer.dossier if answer else None


def dossiers_answered_by(entries: Iterable) -> dict[int, Dossier]:
    """Map each entry that was part of the answer to a dossier, by primary key, to that dossier."""
    entries = [entry.pk for entry in entries]
    if not entries:
        return {}
    answers = DossierAnswer.objects.filter(agreement__in=entries).select_related("dossier")
    return {answer.agreement_id: answer.dossier for answer in answers}
