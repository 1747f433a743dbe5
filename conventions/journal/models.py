"""The log of settings: what of a convention was changed from pages, and is not its text."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from conventions.legal.convention import Convention
from conventions.parties.models import Organisation


class Setting(models.TextChoices):
    """What is set from pages, by the name of its column. What is stored is kept for ever."""

    CONTACT = "contact", "contact"
    WORDS = "labels", "mots du territoire"
    NOTICE = "notice_months", "préavis"
    ADDRESS = "address", "siège"
    LOGO = "logo", "logo"
    MENTION = "source_mention", "source à citer"
    OFFICIAL_ADDRESS = "email", "adresse électronique officielle"
    THRESHOLD = "masking_threshold", "seuil de secret"


# Settings of the convention itself; and those of a party that stand on its page.
CONVENTION_SETTINGS = [Setting.CONTACT, Setting.WORDS, Setting.NOTICE]
PARTY_SETTINGS = [Setting.ADDRESS, Setting.LOGO, Setting.MENTION]


class SettingChangeQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def with_all(self):
        """Join what a list shows: the organisation, and what took the change back."""
        return self.select_related("organisation", "undone_by")

    def about(self, organisation: Organisation | None, fields: "list[Setting]"):
        """Keep the changes of these settings of an organisation, or (None) of the convention
        itself."""
        return self.filter(organisation=organisation, setting__in=fields)

    def last_key(self) -> int:
        """Return the primary key of the last change, 0 without any."""
        return self.aggregate(last=models.Max("pk"))["last"] or 0


class SettingChange(models.Model):
    """A change of one setting: from what to what, who, in which capacity, when.

    ``before`` and ``after`` are the values of its column; of a logo the SHA-256 of the image, and
    ``former_logo`` is the image that was there, so that it comes back. ``undoes``: the change that
    this one takes back.
    """

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="setting_changes", verbose_name="convention"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="setting_changes",
        verbose_name="organisme",
    )  # fmt: skip
    setting = models.CharField("réglage", max_length=30, choices=Setting.choices)
    before: "models.JSONField[Any, Any]" = models.JSONField("avant", null=True, blank=True)
    after: "models.JSONField[Any, Any]" = models.JSONField("après", null=True, blank=True)
    former_logo = models.BinaryField("logo précédent", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="par",
    )  # fmt: skip
    by_name = models.CharField("nom", max_length=300, blank=True)
    capacity = models.CharField("qualité", max_length=850, blank=True)
    created_at = models.DateTimeField("le", auto_now_add=True)
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by",
        verbose_name="défait",
    )  # fmt: skip

    objects = SettingChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "réglage modifié"
        verbose_name_plural = "réglages modifiés"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="setting_change_known",
                condition=Q(setting__in=Setting.values),
                violation_error_message="Ce réglage est inconnu.",
            ),
            models.CheckConstraint(
                name="setting_change_of_organisation",
                condition=Q(
                    organisation__isnull=True, setting__in=CONVENTION_SETTINGS
                )
                | (Q(organisation__isnull=False) & ~Q(setting__in=CONVENTION_SETTINGS)),
                violation_error_message="Ce réglage est celui d’un organisme, ou de la convention.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_setting_display()} : {self.before} → {self.after}"
