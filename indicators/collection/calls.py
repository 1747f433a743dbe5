"""Store deadlines given to single organisations, and reminders. Rows are only added."""

from django.conf import settings
from django.db import models


class OwnDeadlineQuerySet(models.QuerySet):
    def latest_by_organisation(self) -> dict[int, "OwnDeadline"]:
        """Return, by the organisation's key, its last row; none where that row gave the common
        deadline back."""
        last = {row.organisation_id: row for row in self.order_by("pk")}
        return {pk: row for pk, row in last.items() if row.due_on}

    def list_with_organisations(self) -> list["OwnDeadline"]:
        """Return the rows of ``latest_by_organisation``, with their organisations."""
        return list(self.select_related("organisation").latest_by_organisation().values())


class OwnDeadline(models.Model):
    """The deadline of one organisation, where it is not that of the campaign. ``due_on`` None: it
    has the common deadline again."""

    campaign = models.ForeignKey(
        "indicators.Campaign", models.CASCADE, related_name="own_deadlines",
        verbose_name="recueil annuel",
    )  # fmt: skip
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", verbose_name="organisme"
    )
    due_on = models.DateField("à transmettre avant le", null=True, blank=True)
    reason = models.TextField("motif", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="par",
    )  # fmt: skip
    by_name = models.CharField("nom", max_length=300, blank=True)
    created_at = models.DateTimeField("le", auto_now_add=True)

    objects = OwnDeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "échéance d’un organisme"
        verbose_name_plural = "échéances des organismes"
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.organisation} : {self.due_on or 'échéance commune'}"


class ReminderQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(campaign__convention=convention)


class Reminder(models.Model):
    """A reminder that the coordinator sent to an organisation, in her words, with what it owed
    then."""

    campaign = models.ForeignKey(
        "indicators.Campaign", models.CASCADE, related_name="reminders",
        verbose_name="recueil annuel",
    )  # fmt: skip
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", verbose_name="organisme"
    )
    text = models.TextField("texte")
    owed = models.PositiveSmallIntegerField("données dues")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="par",
    )  # fmt: skip
    by_name = models.CharField("nom", max_length=300, blank=True)
    created_at = models.DateTimeField("le", auto_now_add=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "relance"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reminder_of_what_is_owed",
                condition=models.Q(owed__gte=1),
                violation_error_message="On ne relance que qui doit une donnée.",
            ),
            models.CheckConstraint(
                name="reminder_has_text",
                condition=~models.Q(text=""),
                violation_error_message="Une relance dit quelque chose.",
            ),
        ]

    def __str__(self):
        return f"Relance de {self.organisation}"


class ReminderRecipient(models.Model):
    """A person to whom a reminder was addressed: who entered figures for the organisation that
    day."""

    reminder = models.ForeignKey(
        Reminder, models.CASCADE, related_name="recipients", verbose_name="relance"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="personne"
    )

    class Meta:
        verbose_name = "destinataire d’une relance"
        verbose_name_plural = "destinataires des relances"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reminder", "user"],
                name="reminder_recipient_once",
                violation_error_message="Cette relance est déjà adressée à cette personne.",
            )
        ]

    def __str__(self):
        return str(self.user)
