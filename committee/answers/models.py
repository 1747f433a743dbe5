"""What a person is about to answer: noted point by point, given once it has been read again."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from agreements.models import Answer, Version
from ctg_portal.forms.revisions import Revised

# What a member may say of a point, as the register calls it.
CHOICES = [(value, Answer(value).label) for value in Answer.replies()]


# How long the summary still shows notes that can no longer be given.
LAPSED_KEPT = datetime.timedelta(days=30)


class NotedAnswerQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(version__convention=convention)

    def by(self, user: User, organisation):
        """Filter what a person has noted in the name of an organisation."""
        return self.filter(user=user, organisation=organisation)

    def on(self, version):
        return self.filter(version=version)

    def discussed(self):
        """Filter notes on versions that are still proposed."""
        return self.filter(version__state="proposed")

    def long_lapsed(self, now: datetime.datetime):
        """Filter notes of long ago on points that are no longer proposed: whoever noted them has
        read why. While another version of the point is proposed, the note may still serve for it.
        """
        proposed = Version.objects.filter(
            content_type=OuterRef("version__content_type"),
            object_id=OuterRef("version__object_id"),
            state="proposed",
        )
        return self.exclude(Exists(proposed)).filter(noted_at__lt=now - LAPSED_KEPT)


class NotedAnswer(Revised):
    """An answer that one person has noted in the name of one organisation. Nobody else knows of it,
    and it commits nobody before it is confirmed.

    ``last_rank`` is the rank of the party's last entry as it was shown. ``dossier`` is the one that
    it answers, if any.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="personne"
    )
    organisation = models.ForeignKey(
        "conventions.Organisation", models.CASCADE, related_name="+", verbose_name="organisme"
    )
    version = models.ForeignKey(
        "agreements.Version", models.CASCADE, related_name="noted_answers", verbose_name="version"
    )
    answer = models.CharField("réponse", max_length=20, choices=CHOICES)
    last_rank = models.PositiveIntegerField("rang de la dernière réponse lue", default=0)
    reason = models.TextField("motif", blank=True)
    body = models.CharField("instance", max_length=200, blank=True)
    body_date = models.DateField("date de l’instance", null=True, blank=True)
    act = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="document",
    )  # fmt: skip
    dossier = models.ForeignKey(
        "committee.Dossier", models.SET_NULL, related_name="+", null=True, blank=True,
        verbose_name="dossier",
    )  # fmt: skip
    noted_at = models.DateTimeField("notée le", auto_now=True)

    objects = NotedAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse notée"
        verbose_name_plural = "réponses notées"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "version"],
                name="noted_answer_unique",
                violation_error_message="Vous avez déjà noté une réponse à cette version.",
            ),
            models.CheckConstraint(
                name="noted_answer_known",
                condition=Q(answer__in=Answer.replies()),
                violation_error_message="Cette réponse est inconnue.",
            ),
            models.CheckConstraint(
                name="noted_answer_change_has_reason",
                condition=~Q(answer="change_requested") | ~Q(reason=""),
                violation_error_message="Une demande de modification dit pourquoi.",
            ),
            models.CheckConstraint(
                name="noted_answer_deliberation_has_day",
                condition=~Q(answer="deliberation") | ~Q(body="") & Q(body_date__isnull=False),
                violation_error_message="Une délibération attendue a une instance et une date.",
            ),
        ]

    def __str__(self):
        return f"{self.get_answer_display()} (notée)"


def noted_acts(convention) -> list[models.QuerySet]:
    """Return querysets of the primary keys of files that belong to noted answers."""
    return [NotedAnswer.objects.of(convention).filter(act__isnull=False).values("act")]
