"""Comments, which commit nobody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from ctg_portal.forms.revisions import Revised


class Remark(Revised):
    """A comment on something, with the author's name and capacity at that time. Earlier texts stay
    readable."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_name = models.CharField("nom", max_length=300)
    capacity = models.CharField("qualité", max_length=500, blank=True)
    text = models.TextField("commentaire", max_length=5000)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    edited_at = models.DateTimeField("modifié le", null=True, blank=True)

    class Meta:
        abstract = True
        verbose_name = "commentaire"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_has_text",
                condition=~Q(text=""),
                violation_error_message="Un commentaire a un texte.",
            )
        ]

    def __str__(self):
        return f"{self.person_name} : {self.text[:60]}"


class CommentQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(version__convention=convention)


class Comment(Remark):
    """A comment on a version."""

    version = models.ForeignKey(
        "agreements.Version", models.PROTECT, related_name="comments", verbose_name="version"
    )

    objects = CommentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Remark.Meta):
        abstract = False
