"""The list of a party's élus after elections: who stays, who leaves, who comes."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Invitation
from agreements.models import Seat
from ctg_portal.forms.revisions import Revised


class Outcome(models.TextChoices):
    STAYS = "stays", "reste"
    LEAVES = "leaves", "part"


class RenewalQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def renewing(self, organisation):
        """Keep the lists of one organisation, or primary key, the last first."""
        return self.filter(organisation=organisation).order_by("-pk")

    def open(self):
        """Keep the lists that are not confirmed. Twin: ``Renewal.is_open``."""
        return self.filter(confirmed_at__isnull=True)

    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def with_act(self):
        """Keep the lists whose délibération is stored, joined with it."""
        return self.filter(act__isnull=False).select_related("act")


class Renewal(Revised):
    """The list of an organisation's élus after the installation of its council, prepared by the
    coordination or a référent, confirmed in one act by a référent, or for the host
    (``is_by_host``: ``confirmed_by`` is then its operator).

    ``act``: the délibération. ``dated_by``: who wrote ``installed_on``.
    """

    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="renewals",
        verbose_name="organisme",
    )  # fmt: skip
    installed_on = models.DateField("installation du conseil", null=True, blank=True)
    deliberated_on = models.DateField("délibération du", null=True, blank=True)
    act = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="délibération",
    )  # fmt: skip
    dated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="date écrite par",
    )  # fmt: skip
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="préparée par",
    )  # fmt: skip
    prepared_at = models.DateTimeField("préparée le", auto_now=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="confirmée par",
    )  # fmt: skip
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)
    is_by_host = models.BooleanField("confirmée pour l’hébergeur", default=False)

    objects: ClassVar = RenewalQuerySet.as_manager()

    class Meta:
        verbose_name = "liste d’après les élections"
        verbose_name_plural = "listes d’après les élections"
        ordering = ["organisation_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(confirmed_at__isnull=True),
                name="renewal_one_open",
                violation_error_message="Une liste est déjà préparée pour cet organisme.",
            ),
            models.CheckConstraint(
                name="renewal_deliberated_after_installation",
                condition=Q(deliberated_on__isnull=True)
                | Q(installed_on__isnull=True)
                | Q(deliberated_on__gte=F("installed_on")),
                violation_error_message="La délibération précède l’installation du conseil.",
            ),
            models.CheckConstraint(
                name="renewal_confirmed_with_dates",
                condition=Q(confirmed_at__isnull=True)
                | Q(installed_on__isnull=False, deliberated_on__isnull=False),
                violation_error_message="Une liste confirmée dit l’installation et la "
                "délibération.",
            ),
        ]

    def __str__(self):
        return f"Après les élections, {self.organisation}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None

    @property
    def updated_by_name(self) -> str:
        """The name of who saved the list last."""
        return str(self.prepared_by or "")

    @property
    def last_day(self) -> datetime.date | None:
        """The last day of those who leave: the eve of the installation."""
        return self.installed_on and self.installed_on - datetime.timedelta(days=1)


class RenewalLine(models.Model):
    """What becomes of one seat of an élu: nothing said yet (``outcome`` empty), or who stays, or
    leaves, and who comes then.

    ``email``: to invite who comes; emptied once the list is confirmed. ``closes_on``: the day,
    announced to who leaves, on which their access closes; None where it stays.
    """

    renewal = models.ForeignKey(Renewal, models.CASCADE, related_name="lines", verbose_name="liste")
    seat = models.ForeignKey(
        Seat, models.CASCADE, related_name="renewal_lines", verbose_name="siège"
    )
    outcome = models.CharField("devient", max_length=10, choices=Outcome.choices, blank=True)
    name = models.CharField("qui vient", max_length=300, blank=True)
    capacity = models.CharField("sa qualité", max_length=200, blank=True)
    email = models.EmailField("son adresse, pour l’inviter", blank=True)
    new_seat = models.ForeignKey(
        Seat, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="nouveau siège"
    )
    invitation = models.ForeignKey(
        Invitation, models.SET_NULL, related_name="+", null=True, blank=True,
        verbose_name="invitation",
    )  # fmt: skip
    closes_on = models.DateField("accès fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "siège après les élections"
        verbose_name_plural = "sièges après les élections"
        ordering = ["renewal_id", "seat_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["renewal", "seat"],
                name="renewal_line_once",
                violation_error_message="Ce siège est déjà sur la liste.",
            ),
            models.CheckConstraint(
                name="renewal_line_outcome_known",
                condition=Q(outcome__in=["", *Outcome.values]),
                violation_error_message="Ce choix est inconnu.",
            ),
        ]

    def __str__(self):
        return f"{self.seat} : {self.get_outcome_display() or 'à dire'}"

    @property
    def leaves(self) -> bool:
        return self.outcome == Outcome.LEAVES

    @property
    def stays(self) -> bool:
        return self.outcome == Outcome.STAYS

    @property
    def has_newcomer(self) -> bool:
        return self.leaves and bool(self.name)
