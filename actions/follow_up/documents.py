"""Documents of an action: an agreement with a funder, minutes, a leaflet."""

from django.db import models
from django.db.models import Q


class ActionDocumentQuerySet(models.QuerySet):
    def kept(self):
        """Those that are still on the sheet."""
        return self.filter(withdrawn_at__isnull=True)


class ActionDocument(models.Model):
    """A document on an action sheet, called ``title``. Taken off, it is no longer shown or handed
    out; the row says who took it off, and the file stays, as all that was deposited."""

    action = models.ForeignKey(
        "actions.Action", models.CASCADE, related_name="documents", verbose_name="fiche action"
    )
    document = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", verbose_name="document"
    )
    title = models.CharField("intitulé", max_length=200)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_by_name = models.CharField("retiré par", max_length=300, blank=True)

    objects = ActionDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’une action"
        verbose_name_plural = "documents des actions"
        ordering = ["action", "pk"]
        constraints = [
            models.CheckConstraint(
                name="action_document_has_title",
                condition=~Q(title=""),
                violation_error_message="Un document a un intitulé.",
            )
        ]

    def __str__(self):
        return self.title
