"""The minutes of a meeting: what is written in them, and each text that the parties were asked to
approve. What happened is in the rows of the meeting."""

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from agreements.models import Version
from committee.meetings.models import Meeting
from ctg_portal.forms.revisions import Revised


class MinutesState(models.TextChoices):
    """Where the minutes of a meeting are, as their version says: nothing is stored twice."""

    DRAFTED = "drafted", "en rédaction"
    SUBMITTED = "submitted", "soumis à l’approbation"
    APPROVED = "approved", "approuvé"
    CORRECTED = "corrected", "approuvé, en correction"


class MinutesQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(meeting__convention=convention)

    def with_meeting(self):
        return self.select_related("meeting__body", "meeting__convention")


class Minutes(Revised):
    """The minutes of a meeting, as the parties approve them. ``introduction`` is written; facts are
    read from the meeting. ``digest``: of the text submitted or approved, empty before; ``changes``:
    what it says, in a few words. ``corrected``: the number of the approved version that is being
    corrected, or was last, None for none; ``correction``: why."""

    KEPT_TEXT = 5000

    meeting = models.OneToOneField(
        Meeting, models.CASCADE, related_name="written_minutes", verbose_name="réunion"
    )
    introduction = models.TextField("introduction", max_length=KEPT_TEXT, blank=True)
    digest = models.CharField("empreinte du texte", max_length=64, blank=True)
    changes = models.TextField("ce qui est soumis", blank=True)

    corrected = models.PositiveIntegerField("version corrigée", null=True, blank=True)
    correction = models.TextField("motif de la correction", max_length=KEPT_TEXT, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = "compte rendu"
        verbose_name_plural = "comptes rendus"
        ordering = ["meeting_id"]
        constraints = [
            models.CheckConstraint(
                name="minutes_correction_has_reason",
                condition=Q(corrected__isnull=True, correction="")
                | Q(corrected__isnull=False) & ~Q(correction=""),
                violation_error_message="La correction d’un compte rendu a un motif.",
            ),
        ]

    def __str__(self):
        return f"Compte rendu : {self.meeting}"

    @cached_property
    def version(self) -> Version | None:
        """The version that the parties are asked to approve, or have approved; None for none."""
        if self.pk is None:
            return None
        return Version.objects.about(self).live().order_by("-number").first()

    @cached_property
    def approved(self) -> Version | None:
        """The version that the parties have approved and that no other has replaced, or None."""
        if self.pk is None:
            return None
        return Version.objects.about(self).in_force().first()

    @property
    def state(self) -> MinutesState:
        """Return where they are; what is corrected stays approved until the next version is."""
        version = self.version
        if version is not None and version.is_in_force and version.number == self.corrected:
            return MinutesState.CORRECTED
        return state_of(version)


class MinutesText(models.Model):
    """A text of minutes, frozen when it was submitted: the canonical text of all that they say, and
    its SHA-256. It never changes."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="texts", verbose_name="compte rendu"
    )
    text = models.TextField("texte")
    digest = models.CharField("empreinte", max_length=64)
    frozen_at = models.DateTimeField("figé le", auto_now_add=True)

    class Meta:
        verbose_name = "texte d’un compte rendu"
        verbose_name_plural = "textes des comptes rendus"
        ordering = ["minutes_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "digest"],
                name="minutes_text_unique",
                violation_error_message="Ce texte est déjà figé.",
            ),
            models.CheckConstraint(
                name="minutes_text_has_digest",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$") & ~Q(text=""),
                violation_error_message="Un compte rendu figé a un texte et son empreinte.",
            ),
        ]

    def __str__(self):
        return f"{self.minutes}, {self.digest[:8]}"


def state_of(version: Version | None) -> MinutesState:
    """Return where minutes are that the parties are asked to approve by this version."""
    if version is None:
        return MinutesState.DRAFTED
    return MinutesState.APPROVED if version.is_in_force else MinutesState.SUBMITTED


def minutes_of(meeting: Meeting) -> Minutes:
    """Return the minutes of a meeting, perhaps not saved yet, with that meeting."""
    minutes = Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting)
    minutes.meeting = meeting
    return minutes
