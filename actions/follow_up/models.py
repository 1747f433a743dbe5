"""How an action goes on: milestones, money, the note of each year, documents, the journal."""

import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

HEAVIEST = 100
AMOUNT: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "null": True, "blank": True}
FIRST_YEAR, LAST_YEAR = 1990, 2100


class MilestoneQuerySet(models.QuerySet):
    def unreached(self):
        """Keep the milestones that are not reached."""
        return self.filter(done_on__isnull=True)


class Milestone(models.Model):
    """A step on the way: due, done; ``weight`` is its share in the progress of the action."""

    action = models.ForeignKey(
        "actions.Action", models.CASCADE, related_name="milestones", verbose_name="fiche action"
    )
    title = models.CharField("jalon", max_length=200)
    due_on = models.DateField("échéance")
    done_on = models.DateField("atteint le", null=True, blank=True)
    weight = models.PositiveSmallIntegerField(
        "poids", default=1, validators=[MinValueValidator(1), MaxValueValidator(HEAVIEST)]
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        ordering = ["action_id", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="milestone_weight_from_1_to_100",
                condition=Q(weight__gte=1, weight__lte=HEAVIEST),
                violation_error_message="Le poids d’un jalon va de 1 à 100.",
            ),
            models.CheckConstraint(
                name="milestone_has_title",
                condition=~Q(title=""),
                violation_error_message="Un jalon a un titre.",
            ),
        ]

    def __str__(self):
        return self.title

    def is_overdue(self, on: datetime.date) -> bool:
        return self.done_on is None and self.due_on < on


class Nature(models.TextChoices):
    """Whether money pays for something that lasts, or for running costs."""

    OPERATING = "operating", "fonctionnement"
    INVESTMENT = "investment", "investissement"


class FundingQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(action__convention=convention)


class Funding(models.Model):
    """What one funder gives an action in one year, under one scheme; amounts in euros.

    The line and ``planned`` are agreed; ``granted`` and ``spent`` are its follow-up, and stay when
    a later version does not plan the line any more (``planned`` is then absent). The funder
    is an organisation of the convention, or another, by name.
    """

    KEY = ("funder_id", "funder_name", "year", "nature", "scheme")

    action = models.ForeignKey(
        "actions.Action", models.CASCADE, related_name="fundings", verbose_name="fiche action"
    )
    funder = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="financeur",
    )  # fmt: skip
    funder_name = models.CharField("autre financeur", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    nature = models.CharField(
        "nature", max_length=20, choices=Nature.choices, default=Nature.OPERATING
    )
    scheme = models.CharField("dispositif", max_length=200, blank=True)
    planned = models.DecimalField("prévu", **AMOUNT)
    granted = models.DecimalField("accordé", **AMOUNT)
    spent = models.DecimalField("dépensé", **AMOUNT)

    objects = FundingQuerySet.as_manager()

    class Meta:
        verbose_name = "financement"
        ordering = ["action_id", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                name="funding_one_funder",
                condition=Q(funder__isnull=False, funder_name="")
                | Q(funder__isnull=True) & ~Q(funder_name=""),
                violation_error_message="Un financement a un financeur : un organisme de la "
                "convention, ou un autre.",
            ),
            models.UniqueConstraint(
                fields=["action", "funder", "year", "nature", "scheme"],
                condition=Q(funder__isnull=False),
                name="funding_line_unique",
                violation_error_message="Cette action a déjà cette ligne de financement.",
            ),
            models.UniqueConstraint(
                fields=["action", "funder_name", "year", "nature", "scheme"],
                condition=Q(funder__isnull=True),
                name="funding_other_line_unique",
                violation_error_message="Cette action a déjà cette ligne de financement.",
            ),
            models.CheckConstraint(
                name="funding_amounts_not_negative",
                condition=(Q(planned__isnull=True) | Q(planned__gte=0))
                & (Q(granted__isnull=True) | Q(granted__gte=0))
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                violation_error_message="Un montant n’est pas négatif.",
            ),
            models.CheckConstraint(
                name="funding_nature_known",
                condition=Q(nature__in=Nature.values),
                violation_error_message="Cette nature de financement est inconnue.",
            ),
        ]

    def __str__(self):
        return f"{self.who}, {self.year}"

    @property
    def who(self) -> str:
        """The funder's acronym, or the name of one outside the convention."""
        return str(self.funder) if self.funder_id else self.funder_name

    @property
    def key(self) -> tuple:
        """The values that identify the line within its action."""
        return tuple(getattr(self, name) for name in self.KEY)


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
