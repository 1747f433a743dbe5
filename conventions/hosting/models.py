"""Designations: the host of the portal makes somebody an organisation's first référent des
accès."""

import datetime
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import digest_of
from conventions.parties.models import Organisation

LIFETIME = datetime.timedelta(days=30)
REMINDED_AFTER = datetime.timedelta(days=10)


class DesignationQuerySet(models.QuerySet):
    def open(self):
        """Keep the links that can still be opened. Twin: ``Designation.is_open``."""
        return self.filter(accepted_at__isnull=True, expires_at__gt=timezone.now())

    def for_token(self, token: str):
        return self.filter(token_digest=digest_of(token))

    def to_remind(self):
        """Keep open links sent more than ten days ago that were not reminded yet."""
        long_ago = timezone.now() - REMINDED_AFTER
        return self.open().filter(sent_at__lt=long_ago, reminded_at__isnull=True).exclude(email="")


class Designation(models.Model):
    """The host makes somebody a référent des accès of an organisation: whoever accepts the link
    that goes to its official address, or the person whom a signed letter names.

    ``organisations``: the same body in several conventions, as the host has ticked them.
    ``operator``: who acted for the host. ``letter``: only of a designation without a link.
    """

    organisations = models.ManyToManyField(
        Organisation, related_name="designations", verbose_name="organismes"
    )
    email = models.EmailField("adresse électronique officielle", blank=True)
    token_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="hébergeur",
    )  # fmt: skip
    letter = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="lettre signée",
    )  # fmt: skip
    sent_at = models.DateTimeField("le", auto_now_add=True)
    expires_at = models.DateTimeField("expire le")
    reminded_at = models.DateTimeField("rappelée le", null=True, blank=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="référent",
    )  # fmt: skip

    objects = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "désignation d’un référent des accès"
        verbose_name_plural = "désignations de référents des accès"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="designation_by_link_or_letter",
                condition=~Q(email="", letter__isnull=True, accepted_by__isnull=True),
                violation_error_message="Un référent est désigné par un lien ou par une lettre.",
            ),
        ]

    def __str__(self):
        return f"Désignation à {self.email}" if self.email else "Désignation sur lettre"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()

    def renew_token(self) -> str:
        """Set a new token and expiry on the unsaved row, and return the token, of which only the
        digest is stored. Earlier links no longer open."""
        token = secrets.token_urlsafe(32)
        self.token_digest, self.expires_at = digest_of(token), timezone.now() + LIFETIME
        return token
