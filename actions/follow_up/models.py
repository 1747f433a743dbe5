"""How an action goes on: the note of each year, documents, the journal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class FollowUp(models.Model):
    """The note of a year: what was done, what held it back or helped it, what comes next.

    The annual evaluation quotes it.
    """

    action = models.ForeignKey(
        "actions.Action", models.CASCADE, related_name="notes", verbose_name="fiche action"
    )
    year = models.PositiveSmallIntegerField("année")
    text = models.TextField("bilan")
    brakes = models.TextField("freins", blank=True)
    levers = models.TextField("leviers", blank=True)
    prospects = models.TextField("perspectives", blank=True)
    written_at = models.DateTimeField("écrit le", default=timezone.now)
    written_by_name = models.CharField("par", max_length=300, blank=True)

    class Meta:
        verbose_name = "bilan d’une année"
        verbose_name_plural = "bilans annuels"
        ordering = ["action_id", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "year"],
                name="follow_up_year_unique",
                violation_error_message="Cette action a déjà un bilan pour cette année.",
            ),
            models.CheckConstraint(
                name="follow_up_has_text",
                condition=~Q(text=""),
                violation_error_message="Un bilan a un texte.",
            ),
        ]

    def __str__(self):
        return f"{self.action} : bilan {self.year}"

    @property
    def part_key(self) -> str:
        """The key of its part in addresses and in the journal: « bilan-2023 »."""
        return f"bilan-{self.year}"


class ActionDocumentQuerySet(models.QuerySet):
    def on_sheet(self):
        """Keep the documents that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class ActionDocument(models.Model):
    """A document on an action sheet, under ``title``. Once withdrawn it is no longer shown or
    served; the row says who withdrew it, and the stored file stays."""

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
        ordering = ["action_id", "pk"]
        constraints = [
            models.CheckConstraint(
                name="action_document_has_title",
                condition=~Q(title=""),
                violation_error_message="Un document a un intitulé.",
            )
        ]

    def __str__(self):
        return self.title


class JournalEntry(models.Model):
    """What somebody changed in the follow-up of an action. Rows are only ever added.

    ``part`` names what was changed; ``before`` and ``after`` are its canonical texts, empty for
    nothing. ``day`` is the day from which the change holds.
    """

    action = models.ForeignKey(
        "actions.Action", models.CASCADE, related_name="journal", verbose_name="fiche action"
    )
    part = models.CharField("partie", max_length=40)
    day = models.DateField("vaut depuis le")
    before = models.TextField("avant", blank=True)
    after = models.TextField("après", blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="par",
    )  # fmt: skip
    user_name = models.CharField("nom", max_length=300, blank=True)
    created_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "acte de suivi"
        verbose_name_plural = "actes de suivi"
        ordering = ["action_id", "created_at", "pk"]
        indexes = [models.Index(fields=["action", "part"], name="journal_by_part")]

    def __str__(self):
        return f"{self.action} : {self.part}"

    def undoes(self, other: "JournalEntry") -> bool:
        """Return whether it restores, from the same day on, what was there before ``other``."""
        texts = (self.day, self.before, self.after)
        return texts == (other.day, other.after, other.before)


class BroughtPart(models.Model):
    """A part of the follow-up that a file gives an action which is not agreed to yet: kept with
    its draft, read by who may draft, and written to the follow-up once the action is in force.

    ``content`` is canonical. It goes with the draft that is given up.
    """

    action = models.ForeignKey(
        "actions.Action", models.CASCADE, related_name="brought_parts", verbose_name="fiche action"
    )
    part = models.CharField("partie", max_length=40)
    content = models.TextField("contenu")
    brought_at = models.DateTimeField("importé le", default=timezone.now)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="importé par",
    )  # fmt: skip

    class Meta:
        verbose_name = "suivi importé avant l’accord"
        verbose_name_plural = "suivis importés avant l’accord"
        ordering = ["action_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "part"],
                name="brought_part_unique",
                violation_error_message="Cette partie du suivi attend déjà l’accord.",
            ),
        ]

    def __str__(self):
        return f"{self.action} : {self.part}"
