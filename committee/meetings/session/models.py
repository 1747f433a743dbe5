"""What a party said in a meeting, on several points at once: one act, one list."""

from django.db import models

from agreements.models import Agreement


class RecordedListQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(meeting__convention=convention)


class RecordedList(models.Model):
    """The points to which a member, present at a ``meeting``, agreed for their party in one act.

    Each is a recorded answer: it counts once a present member of the party confirms the list with
    their own account, or the party approves the minutes.
    """

    meeting = models.ForeignKey(
        "committee.Meeting", models.PROTECT, related_name="recorded_lists",
        verbose_name="réunion",
    )  # fmt: skip
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", verbose_name="organisme"
    )
    attendee = models.ForeignKey(
        "committee.Attendee", models.PROTECT, related_name="recorded_lists",
        verbose_name="exprimé par",
    )  # fmt: skip
    recorded_at = models.DateTimeField("recueilli le", auto_now_add=True)

    objects = RecordedListQuerySet.as_manager()

    class Meta:
        verbose_name = "accord recueilli en séance"
        verbose_name_plural = "accords recueillis en séance"
        ordering = ["meeting_id", "pk"]

    def __str__(self):
        return f"{self.organisation}, {self.meeting}"

    @property
    def entries(self) -> models.QuerySet[Agreement]:
        """The recorded answers of the list, in the order in which they were recorded."""
        return Agreement.objects.filter(recorded_in__recorded_list=self).order_by("pk")


class RecordedAnswer(models.Model):
    """A recorded answer as it stands in a list."""

    recorded_list = models.ForeignKey(
        RecordedList, models.CASCADE, related_name="answers", verbose_name="accord recueilli"
    )
    agreement = models.OneToOneField(
        "agreements.Agreement", models.PROTECT, related_name="recorded_in", verbose_name="réponse"
    )

    class Meta:
        verbose_name = "réponse d’un accord recueilli"
        verbose_name_plural = "réponses d’accords recueillis"
        ordering = ["recorded_list_id", "pk"]

    def __str__(self):
        return str(self.agreement)
