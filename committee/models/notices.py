"""What each person has been told by mail, so that nothing is told twice."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from committee.models.agreements import Agreement, Answer
from committee.models.dossiers import Dossier
from committee.models.versions import State, Version

# How long it is kept that somebody was told; longer while the thing is still under discussion.
KEPT_FOR = datetime.timedelta(days=2 * 365)


class News(models.TextChoices):
    """What people are written to about."""

    AWAITED = "awaited", "un point attend une réponse"
    DUE = "due", "le jour d’une délibération annoncée est passé"
    DOSSIER = "dossier", "un dossier est envoyé"
    CHANGE = "change", "une modification est demandée"
    RECORDED = "recorded", "un accord est saisi au nom de la personne"
    CONTESTED = "contested", "un accord est contesté"
    RETRACTED = "retracted", "un accord est retiré"
    COMPLETE = "complete", "un dossier est complet"

    @classmethod
    def of_version(cls) -> list[str]:
        return [cls.AWAITED]

    @classmethod
    def of_dossier(cls) -> list[str]:
        return [cls.DOSSIER, cls.COMPLETE]

    @classmethod
    def of_agreement(cls) -> list[str]:
        return [cls.DUE, cls.CHANGE, cls.RECORDED, cls.CONTESTED, cls.RETRACTED]

    @classmethod
    def urgent(cls) -> list[str]:
        """A delay runs, or a version is suspended: told at once, whatever the rhythm."""
        return [cls.RECORDED, cls.CONTESTED]

    @classmethod
    def awaiting(cls) -> list[str]:
        """It is the person's turn to answer."""
        return [cls.AWAITED, cls.DUE, cls.DOSSIER]


# What an entry that returns a point is, as news.
RETURNED = {
    Answer.CHANGE_REQUESTED: News.CHANGE,
    Answer.RETRACTED: News.RETRACTED,
    Answer.CONTESTED: News.CONTESTED,
}


class NoticeQuerySet(models.QuerySet):
    def to(self, user):
        return self.filter(user=user)

    def about(self, row):
        """What was told of a version, an entry or a dossier."""
        return self.filter(**{subject_field(row): row})

    def forgettable(self, now: datetime.datetime):
        """Old, and about something that nobody is written to about any more, told or not.

        What is under discussion stays known however old: without it the message would leave again.
        """
        return self.filter(
            Q(version__isnull=False) & ~Q(version__state=State.PROPOSED)
            | Q(agreement__isnull=False) & ~Q(agreement__version__state=State.PROPOSED)
            | Q(dossier__completed_at__isnull=False),
            told_at__lt=now - KEPT_FOR,
        )


class Notice(models.Model):
    """A person knows of something: a message told it, or it was their own doing.

    Written in the transaction that queues the message. Exactly one of ``version``, ``agreement``
    and ``dossier`` is what it is about.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="personne"
    )
    kind = models.CharField("nouvelle", max_length=20, choices=News.choices)
    version = models.ForeignKey(
        Version, models.CASCADE, related_name="notices", null=True, blank=True
    )
    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="notices", null=True, blank=True,
        verbose_name="réponse",
    )  # fmt: skip
    dossier = models.ForeignKey(
        Dossier, models.CASCADE, related_name="notices", null=True, blank=True
    )
    told_at = models.DateTimeField("dit le", default=timezone.now, db_index=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "nouvelle dite"
        verbose_name_plural = "nouvelles dites"
        ordering = ["-told_at", "-pk"]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["user", subject, "kind"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"notice_{subject}_told_once",
                    violation_error_message="Cette personne le sait déjà.",
                )
                for subject in ("version", "agreement", "dossier")
            ),
            models.CheckConstraint(
                name="notice_about_one_thing",
                condition=Q(
                    kind__in=News.of_version(), version__isnull=False,
                    agreement__isnull=True, dossier__isnull=True,
                )
                | Q(
                    kind__in=News.of_agreement(), agreement__isnull=False,
                    version__isnull=True, dossier__isnull=True,
                )
                | Q(
                    kind__in=News.of_dossier(), dossier__isnull=False,
                    version__isnull=True, agreement__isnull=True,
                ),
                violation_error_message="Une nouvelle porte sur une seule chose, de sa nature.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.user} : {self.get_kind_display()}"


def subject_field(row) -> str:
    """The field of a notice that names ``row``."""
    return {Version: "version", Agreement: "agreement", Dossier: "dossier"}[type(row)]
