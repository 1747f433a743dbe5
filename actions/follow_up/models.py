"""How an action goes on: milestones, the note of each year, the journal of what was changed."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

HEAVIEST = 100


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

    class Meta:
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        ordering = ["action", "due_on", "pk"]
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
        ordering = ["action", "-year"]
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
        """What addresses and the journal call it: « bilan-2023 »."""
        return f"bilan-{self.year}"


class JournalEntry(models.Model):
    """What somebody changed in the follow-up of an action. Rows are added, and that is all.

    ``part`` names what was changed; ``before`` and ``after`` are its canonical texts, empty for
    nothing. ``day`` is the one from which what is told holds: for the state, as it was stated.
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
        ordering = ["action", "created_at", "pk"]
        indexes = [models.Index(fields=["action", "part"], name="journal_by_part")]

    def __str__(self):
        return f"{self.action} : {self.part}"
