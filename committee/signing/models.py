"""The signature of a convention: what the coordination recorded of it, and who confirmed it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from ctg_portal.forms.revisions import Revised


class SigningQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def standing(self):
        """Keep what was not withdrawn: at most one for each convention."""
        return self.filter(withdrawn_at__isnull=True)

    def open(self):
        """Keep what awaits confirmation. Twin: ``Signing.is_open``."""
        return self.standing().filter(confirmed_at__isnull=True)

    def confirmed(self):
        return self.standing().filter(confirmed_at__isnull=False)


class Signing(Revised):
    """The signature of a convention as the coordination recorded it; the convention is signed by it
    once it is confirmed (``confirmed_at``).

    ``signatories``: by the acronym of each party, its signatories as the convention file writes
    them. ``text_digest``: the SHA-256 of the text that the scan is said to be of. ``edition``: how
    often it was recorded; a confirmation counts for the edition that was read.
    """

    is_begun_anew = True

    convention = models.ForeignKey(
        "conventions.Convention", models.PROTECT, related_name="signings",
        verbose_name="convention",
    )  # fmt: skip
    signed_on = models.DateField("signée le")
    signed_at = models.CharField("signée à", max_length=200)
    signatories = models.JSONField("signataires", default=dict)
    scan = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", verbose_name="document signé"
    )
    text_digest = models.CharField("empreinte du texte", max_length=64, editable=False)
    edition = models.PositiveIntegerField("édition", default=0, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistrée par"
    )
    recorded_by_name = models.CharField("nom de qui l’enregistre", max_length=300)
    recorded_at = models.DateTimeField("enregistrée le")
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)

    objects: ClassVar = SigningQuerySet.as_manager()

    class Meta:
        verbose_name = "signature"
        ordering = ["convention_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(withdrawn_at__isnull=True),
                name="signing_one_standing",
                violation_error_message="La signature de cette convention est déjà enregistrée.",
            ),
            models.CheckConstraint(
                name="signing_withdrawn_before_confirmed",
                condition=Q(withdrawn_at__isnull=True) | Q(confirmed_at__isnull=True),
                violation_error_message="Une signature confirmée ne se retire pas.",
            ),
        ]

    def __str__(self):
        return f"Signature, {self.convention}"

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.confirmed_at is None

    @property
    def updated_by_name(self) -> str:
        """The name of who recorded it last."""
        return self.recorded_by_name


class SigningConfirmation(models.Model):
    """Somebody confirmed a signature as it was recorded then: for a party, or, without
    ``organisation``, for the host on the scan."""

    signing = models.ForeignKey(
        Signing, models.PROTECT, related_name="confirmations", verbose_name="signature"
    )
    edition = models.PositiveIntegerField("édition")
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="pour",
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par"
    )
    by_name = models.CharField("nom", max_length=300)
    capacity = models.CharField("qualité", max_length=300)
    confirmed_at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "confirmation d’une signature"
        verbose_name_plural = "confirmations de signatures"
        ordering = ["signing_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["signing", "edition", "organisation"],
                name="signing_confirmed_once",
                violation_error_message="Cette partie a déjà confirmé la signature.",
            ),
            models.UniqueConstraint(
                fields=["signing", "edition", "by"],
                condition=Q(organisation__isnull=False),
                name="signing_confirmed_for_one_party",
                violation_error_message="Une personne ne confirme que pour une partie.",
            ),
        ]

    def __str__(self):
        return f"{self.by_name}, {self.capacity}"
